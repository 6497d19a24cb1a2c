"""/clinics/: ticking pages, their order, and the way to the link."""

import re
from html import unescape

import pytest

from psychoplastogens.clinics import reading_lists
from psychoplastogens.clinics.reading_lists import MAX_PAGES, ListablePages, make_page_code
from psychoplastogens.content.models import Compound
from tests.clinics.listable_pages import list_listable_pages
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_pack,
    make_walkthrough,
)

pytestmark = pytest.mark.django_db
DAY, KETAMINE = make_page_code("explainer", "the-day"), make_page_code("compound", "ketamine")
DRIVE, QUESTIONS = make_page_code("faq", "drive"), make_page_code("question_list", "")
HOME = make_page_code("section", "the-day/going-home")


@pytest.fixture
def pages():
    make_explainer({"slug": "going-home", "title": "Going home"}, slug="the-day", title="The day")
    make_compound(slug="ketamine", name="Ketamine")
    make_faq(slug="drive", question="Can I drive?")


def shown(response):
    """The titles in the list, in order, as they can be read."""
    html = response.content.decode()
    part = html[html.index('id="chosen-results"') :].split("chosen-go")[0]
    return [unescape(title) for title in re.findall(r"<p><b>(.*?)</b>", part)]


def ticked(response):
    return re.findall(r'name="p" value="(\w+)" id="[\w-]+" checked', response.content.decode())


def test_every_kind_of_page_can_be_ticked(client):
    make_explainer(("A part", "Rest."), title="A guide")
    make_compound(name="A medicine")
    make_condition(name="A condition")
    make_faq(question="A question?")
    make_walkthrough(title="A walkthrough")
    html = client.get("/clinics/").content.decode()
    for title in ("A guide", "A part", "A medicine", "A condition", "A question?", "A walkthrough"):
        assert f"<span>{title}</span></label>" in html
    assert "<span>My questions for the visit</span></label>" in html


def test_drafts_are_not_on_the_shelves_and_not_in_a_list(client):
    make_compound(slug="draft", name="Secret", status="draft")
    make_explainer({"slug": "part", "title": "Hidden"}, slug="draft", status="draft")
    codes = make_page_code("compound", "draft") + make_page_code("section", "draft/part")
    page = client.get(f"/clinics/?list={codes}")
    assert "Secret" not in page.content.decode()
    assert "Hidden" not in page.content.decode()
    assert "2 pages of this list are no longer here" in page.content.decode()


def test_a_list_in_the_address_is_shown_in_its_order(client, pages):
    page = client.get(f"/clinics/?list={KETAMINE}{DAY}{QUESTIONS}")
    assert shown(page) == ["Ketamine", "The day", "My questions for the visit"]
    assert set(ticked(page)) == {KETAMINE, DAY, QUESTIONS}


def test_ticks_come_after_what_was_there_and_lead_to_a_clean_address(client, pages):
    response = client.get(f"/clinics/?was={KETAMINE}{DAY}&p={DAY}&p={DRIVE}&p={KETAMINE}")
    assert response.status_code == 302
    assert response["Location"] == f"/clinics/?list={KETAMINE}{DAY}{DRIVE}"


def test_what_is_no_longer_ticked_leaves(client, pages):
    response = client.get(f"/clinics/?was={KETAMINE}{DAY}&p={DAY}")
    assert response["Location"] == f"/clinics/?list={DAY}"
    assert client.get(f"/clinics/?was={KETAMINE}")["Location"] == "/clinics/"


@pytest.mark.parametrize(
    ("press", "after"),
    [
        (f"up={DRIVE}", f"{KETAMINE}{DRIVE}{DAY}"),
        (f"up={KETAMINE}", f"{KETAMINE}{DAY}{DRIVE}"),
        (f"drop={DAY}", f"{KETAMINE}{DRIVE}"),
        ("up=nothing&drop=nothing", f"{KETAMINE}{DAY}{DRIVE}"),
    ],
)
def test_a_page_is_moved_up_or_taken_out(client, pages, press, after):
    ticks = f"was={KETAMINE}{DAY}{DRIVE}&p={DAY}&p={DRIVE}&p={KETAMINE}"
    assert client.get(f"/clinics/?{ticks}&{press}")["Location"] == f"/clinics/?list={after}"


def test_the_fragment_is_the_list_and_says_the_address_of_its_page(client, pages):
    response = client.get(f"/clinics/fragment/?was={DAY}&p={DAY}&p={KETAMINE}")
    assert shown(response) == ["The day", "Ketamine"]
    assert response["HX-Replace-Url"] == f"/clinics/?list={DAY}{KETAMINE}"
    assert response["X-Robots-Tag"] == "noindex"
    assert b"<html" not in response.content


def test_what_is_taken_out_loses_its_tick_on_the_shelf(client, pages):
    html = client.get(f"/clinics/fragment/?was={DAY}&p={DAY}&drop={DAY}").content.decode()
    assert f'value="{DAY}" id="p-{DAY}" hx-swap-oob="true">' in html


def test_what_is_dropped_is_never_repeated_unless_it_is_a_page(client, pages):
    html = client.get("/clinics/fragment/?drop=%22%3E%3Cscript%3E").content.decode()
    assert "script" not in html
    assert "hx-swap-oob" not in html


def test_the_button_leads_to_the_copies(client, pages):
    response = client.get(f"/clinics/hand-out/?was=&p={DAY}&p={KETAMINE}")
    assert response["Location"] == f"/list/{DAY}{KETAMINE}/hand-out/"


def test_the_button_with_nothing_ticked_says_what_to_do(client, pages):
    page = client.get("/clinics/hand-out/")
    assert "Nothing is ticked yet" in page.content.decode()
    assert page.status_code == 200


def test_a_fold_with_a_ticked_page_is_open(client, pages):
    assert b"<details open>" not in client.get("/clinics/").content
    assert b"<details open>" in client.get(f"/clinics/?list={HOME}").content


def test_more_than_20_pages_are_too_many(client):
    for number in range(MAX_PAGES + 3):
        make_compound(slug=f"c-{number}", name=f"Compound {number}")
    codes = "".join(make_page_code("compound", f"c-{number}") for number in range(MAX_PAGES + 3))
    page = client.get(f"/clinics/?list={codes}")
    assert len(shown(page)) == MAX_PAGES
    assert "A list holds at most 20 pages" in page.content.decode()


def test_a_page_is_in_a_list_once(client, pages):
    assert shown(client.get(f"/clinics/?list={DAY}{DAY.upper()}{DAY}")) == ["The day"]


@pytest.mark.parametrize(
    "query",
    [
        "list=%3Cscript%3Ealert(1)%3C/script%3E",
        "list=Call+900-555-0199+now",
        "p=Call+900-555-0199+now&p=%22onfocus%3Dalert(1)",
        "was=" + "z" * 3_000,
        "list=" + "%F0%9F%8C%BF" * 300,
        "up=900-555-0199&drop=%3Cimg+src%3Dx%3E",
    ],
)
def test_no_request_puts_words_of_its_own_on_the_page(client, pages, query):
    for address in ("/clinics/", "/clinics/fragment/", "/clinics/hand-out/"):
        page = client.get(f"{address}?{query}", follow=True)
        assert page.status_code == 200
        html = page.content.decode()
        assert not re.search(r"900-555|alert\(1|onfocus|<img src=x|zzzz|🌿", html)


def test_it_takes_as_many_queries_for_one_page_as_for_many(
    client, pages, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as before:
        client.get(f"/clinics/?list={DAY}{KETAMINE}{DRIVE}")
    for number in range(9):
        make_compound(slug=f"more-{number}")
    codes = "".join(make_page_code("compound", f"more-{number}") for number in range(9))
    with django_assert_num_queries(len(before)):
        client.get(f"/clinics/?list={DAY}{KETAMINE}{DRIVE}{codes}")


def test_making_a_list_stores_nothing(client, pages, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as done:
        client.get(f"/clinics/?list={DAY}")
        client.get(f"/clinics/fragment/?p={DAY}")
        client.get(f"/list/{DAY}/hand-out/")
        client.get(f"/list/{DAY}/hand-out/qr.png")
    assert done.captured_queries
    assert all(query["sql"].startswith("SELECT") for query in done.captured_queries)


@pytest.fixture
def short_shelves(monkeypatch):
    """A shelf holds one page: of two guides, two parts and two compounds one each is shown."""
    monkeypatch.setattr(reading_lists, "SHELF_LENGTH", 1)
    make_explainer(("Going home", "Rest."), slug="day", title="A day")
    make_explainer(("Driving home", "Wait."), slug="zeal", title="Zeal")
    make_compound(slug="arketamine", name="Arketamine")
    make_compound(slug="zuranolone", name="Zuranolone")


def choices(response):
    html = response.content.decode()
    return re.findall(r'id="p-\w+"\s*(?:checked)?\s*><span>(.*?)</span></label>', html)


ZURANOLONE = make_page_code("compound", "zuranolone")


def test_a_short_shelf_shows_all_and_has_no_search(client, pages):
    page = client.get("/clinics/").content.decode()
    assert 'name="find"' not in page
    assert "There are more pages" not in page


def test_what_a_long_shelf_leaves_out_is_found_by_words_of_its_title(client, short_shelves):
    page = client.get("/clinics/")
    assert "Zuranolone" not in choices(page)
    assert "There are more pages than are shown here" in page.content.decode()
    assert choices(client.get("/clinics/?find=ZURAN")) == ["Zuranolone"]
    assert choices(client.get("/clinics/?find=home+zeal")) == ["Zeal: Driving home"]
    page = client.get("/clinics/?find=nothing+of+ours")
    assert choices(page) == []
    assert "There is none." in page.content.decode()


def test_a_search_keeps_the_list_and_what_is_found_joins_it(client, short_shelves):
    day = make_page_code("explainer", "day")
    found = client.get(f"/clinics/?was={day}&p={day}&find=zuranolone")
    assert found["Location"] == f"/clinics/?list={day}&find=zuranolone"
    page = client.get(found["Location"])
    assert shown(page) == ["A day"]
    assert f'name="kept" value="{day}"' in page.content.decode()
    after = client.get(f"/clinics/?was={day}&kept={day}&p={ZURANOLONE}&find=")
    assert after["Location"] == f"/clinics/?list={day}{ZURANOLONE}"


def test_what_the_page_has_no_tick_for_stays_until_it_is_taken_out(client, short_shelves):
    page = client.get(f"/clinics/?list={ZURANOLONE}")
    assert shown(page) == ["Zuranolone"]
    assert f'name="kept" value="{ZURANOLONE}"' in page.content.decode()
    sent = f"was={ZURANOLONE}&kept={ZURANOLONE}"
    assert client.get(f"/clinics/?{sent}")["Location"] == f"/clinics/?list={ZURANOLONE}"
    assert client.get(f"/clinics/?{sent}&drop={ZURANOLONE}")["Location"] == "/clinics/"
    fragment = client.get(f"/clinics/fragment/?{sent}&drop={ZURANOLONE}")
    assert shown(fragment) == []
    assert b"hx-swap-oob" not in fragment.content


def test_what_is_found_and_ticked_can_be_unticked(client, short_shelves):
    page = client.get(f"/clinics/?list={ZURANOLONE}&find=zuranolone")
    assert ticked(page) == [ZURANOLONE]
    assert b'name="kept"' not in page.content


def test_words_that_are_looked_for_stand_in_the_field_alone(client, pages):
    page = client.get("/clinics/?find=%22%3E%3Cscript%3E" + "x" * 200).content.decode()
    assert f'value="&quot;&gt;&lt;script&gt;{"x" * 70}"' in page
    assert page.count("x" * 70) == 1


def test_a_page_that_was_withdrawn_a_moment_ago_is_in_no_list(client, pages):
    assert shown(client.get(f"/clinics/?list={KETAMINE}{DAY}")) == ["Ketamine", "The day"]
    Compound.objects.filter(slug="ketamine").update(status="withdrawn")  # No version has moved.
    page = client.get(f"/clinics/?list={KETAMINE}{DAY}")
    assert shown(page) == ["The day"]
    assert "One page of this list is no longer here" in page.content.decode()


def test_it_is_only_read(client):
    for address in ("/clinics/", "/clinics/fragment/", "/clinics/hand-out/", "/for-clinics/"):
        assert client.post(address).status_code == 405


def test_the_lists_that_are_ready_open_with_all_of_their_pages(client, content):
    from psychoplastogens.clinics.list_presets import PRESETS, build_preset_lists

    made = build_preset_lists(ListablePages())
    assert [len(one.pages) for _, one in made] == [len(one.names) for one in PRESETS]
    for title, one in made:
        page = client.get(f"/clinics/?list={one.codes}")
        assert str(title) in page.content.decode()
        assert len(shown(page)) == len(one.pages)


def test_no_two_pages_have_one_code(content):
    codes = [page.code for page in list_listable_pages()]
    assert len(codes) > 100
    assert len(set(codes)) == len(codes)


def test_a_pack_of_a_clinic_is_not_on_the_shelves(client):
    make_pack(title="Before your first visit at Oakside")
    assert b"Oakside" not in client.get("/clinics/").content
