"""A treatment by the clock: what one may feel, beside what is thought to go on in the brain."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import VisitMoment
from psychoplastogens.editorial.models import Status
from psychoplastogens.walkthrough.clock import STEP_TIMES, Clock
from psychoplastogens.walkthrough.models import Step
from tests.factories import make_explainer, make_source, make_walkthrough
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
PAGE = "/tea/clock/"
STATES = ["", "?at=0", "?at=40m", "?at=2h", "?at=24h", "?at=10m"]
MOMENTS = [
    {"time": "Before", "feels": "You wait."},
    {"time": "First sip", "at": "0", "feels": "It is hot.[^li-2010:people]"},
    {"time": "Half a cup", "at": "40m", "feels": "You are awake.", "strength": 4, "varies": True},
    {"time": "Later", "at": "2h", "feels": "You rest.", "strength": 1, "staff": "clear up."},
    {"time": "Tomorrow", "at": "24h", "feels": "You may smile.", "lift": 3},
    {"treatment": "By spoon", "time": "Half a cup", "at": "40m", "feels": "You dribble."},
]


@pytest.fixture
def tea():
    make_source(slug="li-2010")
    guide = make_explainer(("Cups", "Rinse."), slug="tea-time", title="Tea time", moments=MOMENTS)
    steps = [
        {"title": "Water is cold", "time": "before"},
        {"title": "Leaves open", "time": "during", "seen_in_people": "Seen by eye."},
        {"title": "Leaves open twice", "time": "during", "side_path": True},
        {"title": "Color spreads", "time": "2h", "seen_in_animals": "Seen in mice."},
    ]
    links = [
        {"name": "Leaf", "time": "during", "people": "yes", "seen_in_people": "Seen by eye."},
        {"name": "Stalk", "time": "during"},
        {"name": "Color", "time": "2h"},
        {"name": "Biscuit"},
    ]
    return make_walkthrough(*steps, links=links, guide=guide, slug="tea", title="Making tea")


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def shown(client, query):
    """The part of the page that tells of one time."""
    page = text_of(client, PAGE + query)
    return page[page.index('id="clock-shown"') : page.index('id="guide"')]


def roots(client, query):
    """{name: classes} of the links in the picture."""
    pattern = r'class="link ([\w ]*)"(?:(?!<text).)*<text[^>]*>\s*(\w+)'
    found = re.findall(pattern, text_of(client, PAGE + query), re.DOTALL)
    return {name: classes.split() for classes, name in found}


@pytest.mark.parametrize("query", STATES)
def test_every_time_is_a_sound_page_of_its_own(client, tea, query):
    assert find_faults(text_of(client, PAGE + query)) == []


@pytest.mark.parametrize("query", STATES)
def test_a_fragment_holds_the_parts_of_its_page_to_the_byte(client, tea, query):
    response = client.get(f"{PAGE}fragment/{query}")
    assert response["X-Robots-Tag"] == "noindex"
    page, html = text_of(client, PAGE + query), response.content.decode()
    status, body = html.index('<p id="clock-status"'), html.index('<div id="clock-shown"')
    for part in (html[:status], html[status:body], html[body:]):
        assert part.strip() in page


def test_a_time_tells_what_one_feels_and_what_may_go_on_and_no_other(client, tea):
    now = shown(client, "?at=40m")
    for text in ("You are awake.", "You dribble.", "Leaves open", "Seen by eye."):
        assert text in now
    for text in ("You rest.", "It is hot.", "Color spreads", "Water is cold", "Leaves open twice"):
        assert text not in now
    assert re.search(
        r"You rest\..*Staff.*clear up\..*Color spreads.*In animals.*Seen in mice\.",
        shown(client, "?at=2h"),
        re.S,
    )


def test_only_times_that_the_guide_has_are_offered(client, tea):
    page = text_of(client, PAGE)
    assert re.findall(r'id="at-(\w+)"', page) == ["0", "40m", "2h", "24h"]
    assert "You wait." not in page


@pytest.mark.parametrize("query", ["?at=10m", "?at=", "?at=%22", "?at=week", "?at=7d&at=x"])
def test_a_time_that_there_is_not_shows_the_first_and_names_no_other(client, tea, query):
    assert shown(client, query) == shown(client, "")
    assert re.search(r'id="at-0"[^>]*aria-current="true"', text_of(client, PAGE + query), re.S)


def test_roots_are_lit_at_their_time_and_tell_whether_people_showed_it(client, tea):
    expected = {"Leaf": ["yes"], "Stalk": ["no"], "Color": ["no"]}
    assert roots(client, "?at=0") == expected
    assert roots(client, "?at=40m") == expected | {"Leaf": ["yes", "lit"], "Stalk": ["no", "lit"]}


def test_hills_rise_by_the_record_and_are_dotted_where_time_differs(tea):
    clock = Clock(tea.guide.moments.all(), [], [], "")
    drip, spoon = clock.lanes
    heights = re.findall(r" (\d+)(?=[CV])", drip.strange)
    assert drip.treatment == "By drip"
    assert str(drip.baseline - 40) in drip.strange
    assert str(drip.baseline - 30) in drip.lift
    assert drip.dotted.count("M") == 1 and drip.edge.count("M") == 2, heights
    assert spoon.strange == spoon.lift == ""


def test_the_whole_time_stands_on_the_page_for_paper(client, tea):
    page = text_of(client, f"{PAGE}?at=24h")
    table = page[page.index('id="times"') :]
    assert all(text in table for text in ("It is hot.", "You dribble.", "You rest.", "Leaves open"))


def test_the_start_and_the_last_step_lead_to_the_clock_and_the_guide(client, tea):
    make_walkthrough({}, slug="water")
    for address in ("/tea/", "/tea/step-4/"):
        assertContains(client.get(address), PAGE)
    last = text_of(client, "/tea/step-4/")
    assert re.search(r'href="/explainers/tea-time/"[^>]*><span>Next.*Tea time', last, re.S)
    assertNotContains(client.get("/water/"), "/water/clock/")
    assertNotContains(client.get("/tea/step-1/"), "Tea time")


@pytest.mark.parametrize(("status", "code"), [(Status.DRAFT, 404), (Status.WITHDRAWN, 410)])
def test_a_guide_that_is_not_published_leaves_no_mark(client, tea, status, code):
    tea.guide.status, tea.guide.withdrawn_because = status, "It is out of date."
    tea.guide.save()
    for address in (PAGE, f"{PAGE}fragment/"):
        response = client.get(address)
        assert response.status_code == code
        assert ("It is out of date." in response.content.decode()) is (code == 410)
    for address in ("/tea/", "/tea/step-4/"):
        page = text_of(client, address)
        assert "Tea time" not in page
        assert PAGE not in page


def test_the_sitemap_and_search_name_the_clock_of_a_published_guide(client, tea):
    from psychoplastogens.search.documents import build_documents

    assert f"{PAGE}</loc>" in text_of(client, "/sitemap.xml")
    assert PAGE in {document.address for document in build_documents()}
    tea.guide.status = Status.WITHDRAWN
    tea.guide.save()
    assert PAGE not in text_of(client, "/sitemap.xml")
    assert PAGE not in {document.address for document in build_documents()}


def test_without_a_time_on_the_clock_there_is_no_clock(client, tea):
    VisitMoment.objects.update(at="")
    assert client.get(PAGE).status_code == 404
    assertNotContains(client.get("/tea/"), PAGE)


def test_longer_days_take_no_more_queries(client, tea, django_assert_num_queries):
    client.get(PAGE)
    with CaptureQueriesContext(connection) as short:
        client.get(f"{PAGE}?at=2h")
    queries = len(short)
    for n in range(4):
        tea.guide.moments.create(
            treatment=f"Way {n}", time="Now", at="2h", feels="Warm.", strength=n
        )
    client.get(PAGE)
    with django_assert_num_queries(queries):
        client.get(f"{PAGE}?at=2h")


def test_a_treatment_has_one_moment_at_a_time(tea):
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitMoment.objects.filter(time="Tomorrow").update(at="2h")
    VisitMoment.objects.filter(time="Tomorrow").update(at="")
    VisitMoment.objects.filter(time="Later").update(at="")


@pytest.mark.parametrize("field", ["strength", "lift"])
def test_a_hill_is_at_most_four_high(tea, field):
    with pytest.raises(IntegrityError):
        VisitMoment.objects.update(**{field: 5})


def test_every_time_of_the_clock_has_steps_of_a_time_that_there_is():
    assert list(STEP_TIMES) == VisitMoment.At.values
    assert set(STEP_TIMES.values()) <= set(Step.Time.values)


def test_no_step_takes_the_address_of_the_clock(tea):
    step = tea.steps.first()
    step.slug = "clock"
    with pytest.raises(ValidationError, match="The site uses this address itself"):
        step.full_clean()
