"""With the starter content: plates and figure draw as many spines as the records say."""

import re

import brotli
import pytest

from psychoplastogens.evidence.models import SpineChange

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]

STORY = "/how-ketamine-works/"
GROWTH = f"{STORY}new-spines/"
START = 12
MOMENTS = {"before": 0, "2h": None, "24h": 24, "72h": 72, "2w": 360}


def count_recorded(hours):
    """Spines left of START in (the comparison, those given it), from the record of this time."""
    if not hours:
        return START, START
    record = SpineChange.objects.get(hours=hours, percent__isnull=False)
    left = START * (1 + record.compared_change / 100)
    return round(left), round(left * (1 + record.percent / 100))


def count_drawn(svg):
    return len(re.findall(r'<g class="(?:mush|thin|kept)"', svg))


def read_branches(page):
    """(drawn spines, the number beside them) of each branch of the growth figure."""
    drawing = page[
        page.index('<g id="compared"') : page.index("</svg>", page.index('id="treated"'))
    ]
    for branch in drawing.split('<g id="treated"'):
        number = re.search(r'<text class="n"[^>]*>([^<]+)', branch)[1]
        yield count_drawn(branch), number


@pytest.mark.parametrize(("moment", "hours"), MOMENTS.items())
@pytest.mark.parametrize("fragment", ["", "growth/fragment/"])
def test_each_branch_has_the_spines_of_its_record_and_says_how_many(
    client, moment, hours, fragment
):
    page = client.get(f"{GROWTH}{fragment}?time={moment}").content.decode()
    recorded = count_recorded(hours)
    if hours is None:
        assert list(read_branches(page)) == [(START, "?"), (START, "?")]
        assert "no number" in page
    else:
        assert list(read_branches(page)) == [(count, str(count)) for count in recorded]
    if hours:
        compared, treated = recorded
        assert f"{treated} spines beside {compared} without it. In mice, not people." in page


def read_plate(client, step):
    page = client.get(f"{STORY}{step}/").content.decode()
    return re.search(r'<svg viewBox="0 0 360 380".*?</svg>', page, re.DOTALL)[0]


@pytest.mark.parametrize(("step", "hours"), [("new-spines", 24), ("the-days-after", 360)])
def test_the_plate_of_a_step_has_as_many_spines_as_the_figure(client, step, hours):
    assert count_drawn(read_plate(client, step)) == count_recorded(hours)[1]


def test_stress_takes_as_many_spines_as_it_leaves_outlines(client):
    before, after = read_plate(client, "stress-and-lost-connections").split('<g class="dry">')
    outlines = after.count('<g class="ghost"')
    assert outlines
    assert count_drawn(before) == count_drawn(after) + outlines
    assert count_drawn(after) == START


def test_the_start_tells_the_count_of_its_record(client):
    record = SpineChange.objects.get(hours=24, percent__isnull=False)
    points = client.get(STORY).content.decode().split('id="points"')[1].split("</section>")[0]
    assert f"there were {100 + record.percent} with ketamine for every 100 without" in points
    assert ("That may be luck alone" in points) == record.may_be_chance


@pytest.mark.parametrize("moment", MOMENTS)
def test_another_moment_is_sent_in_six_kilobytes(client, moment):
    part = client.get(f"{GROWTH}growth/fragment/?time={moment}").content
    assert len(brotli.compress(part)) <= 6_000
