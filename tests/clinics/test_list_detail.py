"""/list/<codes>/: what a patient opens, years after the link was made."""

import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.reading_lists import MAX_PAGES, make_page_code
from psychoplastogens.content.models import Section
from psychoplastogens.editorial.models import Replacement
from tests.factories import make_compound, make_explainer, make_faq, make_user, make_walkthrough
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
DAY, KETAMINE = make_page_code("explainer", "the-day"), make_page_code("compound", "ketamine")
HOME, QUESTIONS = (
    make_page_code("section", "the-day/going-home"),
    make_page_code("question_list", ""),
)


@pytest.fixture
def day():
    return make_explainer(
        {"slug": "going-home", "title": "Going home"}, slug="the-day", title="The day"
    )


def links(response):
    return re.findall(r'class="go" href="([^"]+)"', response.content.decode())


def test_its_code_is_the_same_in_every_database():
    """Links are in emails: the rule that makes a code never changes."""
    assert make_page_code("explainer", "before-your-first-visit") == "4vc64d"
    assert make_page_code("section", "safety-and-side-effects/long-term-use") == "dp7rpx"
    assert make_page_code("question_list", "") == "nh4vcw"


def test_it_opens_each_page_at_its_own_address(client, day):
    make_compound(slug="ketamine", name="Ketamine")
    make_faq(slug="drive", question="Can I drive?")
    make_walkthrough({}, slug="how", title="How it works")
    codes = (
        HOME
        + KETAMINE
        + make_page_code("faq", "drive")
        + make_page_code("walkthrough", "how")
        + QUESTIONS
    )
    page = client.get(f"/list/{codes}/")
    assert links(page) == [
        "/explainers/the-day/going-home/",
        "/compounds/ketamine/",
        "/questions/drive/",
        "/how/",
        "/ask/",
    ]
    assertContains(page, "3 things")


def test_capitals_from_a_qr_code_lead_to_it(client, day):
    for address in (f"/LIST/{DAY.upper()}/", f"/list/{DAY.upper()}/", f"/LIST/{DAY}/"):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (301, f"/list/{DAY}/")


def test_it_finds_a_page_that_was_renamed(client, day):
    day.slug = "treatment-day"
    day.save()
    assert links(client.get(f"/list/{DAY}/")) == ["/explainers/treatment-day/"]


def test_it_finds_a_part_when_it_and_its_guide_were_renamed(client, day):
    section = Section.objects.get()
    section.slug = "home-again"
    section.save()
    assert links(client.get(f"/list/{HOME}/")) == ["/explainers/the-day/home-again/"]
    day.slug = "treatment-day"
    day.save()
    now = ["/explainers/treatment-day/home-again/"]
    between = make_page_code("section", "the-day/home-again")
    for code in (HOME, between, make_page_code("section", "treatment-day/home-again")):
        assert links(client.get(f"/list/{code}/")) == now


def test_an_old_name_that_another_page_has_now_leads_to_that_one(client, day):
    day.slug = "treatment-day"
    day.save()
    make_explainer(slug="the-day", title="Another day")
    assert links(client.get(f"/list/{DAY}/")) == ["/explainers/the-day/"]


def test_a_renamed_page_is_listed_once_by_its_old_and_its_new_code(client, day):
    day.slug = "treatment-day"
    day.save()
    page = client.get(f"/list/{DAY}{make_page_code('explainer', 'treatment-day')}/")
    assert links(page) == ["/explainers/treatment-day/"]
    assertNotContains(page, "no longer here")


def test_a_withdrawn_page_leaves_no_hole_and_is_told(client, day):
    ketamine = make_compound(slug="ketamine", name="Ketamine")
    ketamine.withdraw(by=make_user(), reason="Out of date.")
    page = client.get(f"/list/{KETAMINE}{DAY}/")
    assert links(page) == ["/explainers/the-day/"]
    assertContains(page, "One page of this list is no longer here. The others are.")


def gone(client, codes, *reasons):
    """The page of a list all of whose pages were withdrawn, after what it must always say."""
    page = client.get(f"/list/{codes}/")
    for said in (*reasons, "were withdrawn", 'href="/"', 'href="/questions/"', "tel:988"):
        assertContains(page, said, status_code=410)
    assertContains(page, "Call your clinic at the number you know", status_code=410)
    assert find_faults(page.content.decode()) == []
    return page


def test_a_list_whose_pages_were_all_withdrawn_says_why_and_leads_on(client, day):
    ketamine = make_compound(slug="ketamine", name="Marmotine")
    instead = make_compound(slug="esketamine", name="Esketamine")
    ketamine.withdraw(by=make_user(), reason="A trial was taken back.")
    Replacement.objects.set_replacement(ketamine, instead)
    day.withdraw(by=make_user(), reason="We write it anew.")
    page = gone(client, KETAMINE + DAY, "A trial was taken back.", "We write it anew.")
    assertContains(page, '<a href="/compounds/esketamine/">Esketamine</a>', status_code=410)
    assertNotContains(page, "Marmotine", status_code=410)
    assert page["Cache-Control"].startswith("public, max-age=60")


def test_a_reason_is_said_once_and_a_part_gives_that_of_its_guide(client, day):
    day.withdraw(by=make_user(), reason="We write it anew.")
    page = gone(client, HOME + DAY)
    assertContains(page, "We write it anew.", count=1, status_code=410)


def test_a_page_that_was_renamed_and_withdrawn_says_why_by_each_of_its_codes(client, day):
    day.slug = "treatment-day"
    day.save()
    day.withdraw(by=make_user(), reason="We write it anew.")
    for code in (DAY, make_page_code("explainer", "treatment-day"), HOME):
        gone(client, code, "We write it anew.")


def test_a_draft_that_readers_never_saw_is_no_withdrawn_page(client):
    make_compound(slug="ketamine", status="draft", withdrawn_because="Marmots.")
    page = client.get(f"/list/{KETAMINE}/")
    assertNotContains(page, "Marmots", status_code=404)


@pytest.mark.parametrize("part", ["hand-out/", "hand-out/email/", "hand-out/qr.svg", "handout.pdf"])
def test_copies_of_a_withdrawn_list_say_why(client, day, part):
    day.withdraw(by=make_user(), reason="We write it anew.")
    assertContains(client.get(f"/list/{DAY}/{part}"), "We write it anew.", status_code=410)


@pytest.mark.parametrize("codes", ["zzzzzz", "c", "cccccc" * 30, "-", "call-900-555-0199-now"])
def test_a_list_of_nothing_is_a_page_that_helps(client, day, codes):
    page = client.get(f"/list/{codes}/")
    assertContains(page, "no longer here, or a letter of its link is missing", status_code=404)
    assertContains(page, "tel:988", status_code=404)
    assert "900-555" not in page.content.decode().split("</head>")[1].split("on-print")[0]


@pytest.mark.parametrize("part", ["", "email/", "qr.svg", "qr.png", "poster/"])
def test_a_list_of_nothing_is_not_handed_out(client, part):
    assert client.get(f"/list/zzzzzz/hand-out/{part}").status_code == 404


def test_a_link_that_lost_its_end_opens_what_is_left(client, day):
    make_compound(slug="ketamine")
    page = client.get(f"/list/{DAY}{KETAMINE[:4]}/")
    assert links(page) == ["/explainers/the-day/"]
    assertContains(page, "One page of this list is no longer here")


def test_it_shows_20_pages_at_most(client):
    for number in range(MAX_PAGES + 1):
        make_compound(slug=f"c-{number}")
    codes = "".join(make_page_code("compound", f"c-{number}") for number in range(MAX_PAGES + 1))
    assert len(links(client.get(f"/list/{codes}/"))) == MAX_PAGES


def test_its_preview_on_a_lock_screen_says_nothing(client, content):
    from psychoplastogens.clinics.list_presets import build_preset_lists
    from psychoplastogens.clinics.reading_lists import ListablePages

    for _, made in build_preset_lists(ListablePages()):
        html = client.get(made.get_absolute_url()).content.decode()
        seen = re.findall(r'<title>(.*?)</title>|<meta[^>]* content="([^"]*)"', html)
        assert not re.search(r"(?i)ketamine|depress|treatment|psych", str(seen))
        assert 'name="robots" content="noindex"' in html


def test_a_scanner_changes_nothing(client, day, django_assert_num_queries):
    """Mail scanners open each link, some by HEAD; the same link is as good afterwards."""
    first = client.get(f"/list/{DAY}/").content
    for agent in ("Mozilla/5.0 OneOutlook", "Barracuda", ""):
        headers = {"user-agent": agent}
        assert client.head(f"/list/{DAY}/", headers=headers).status_code == 200
        assert client.get(f"/list/{DAY}/", headers=headers).content == first
