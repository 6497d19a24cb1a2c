"""A clinic's reading list as one handout, with the clinic's name, phone and own words."""

import pytest
from django.core.cache import caches

from psychoplastogens.clinics.models import PackItem
from psychoplastogens.content.models import Explainer, Faq, Section
from psychoplastogens.editorial.models import Publishable, Status
from psychoplastogens.short_links.models import ShortLink
from tests.factories import (
    make_clinic,
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_pack,
    make_source,
    make_user,
    make_walkthrough,
)
from tests.handouts import pdf_reader

pytestmark = pytest.mark.django_db
ADDRESS = "/c/oakside/first/handout.pdf"
FULL = f"{ADDRESS}?length=full"


@pytest.fixture(autouse=True)
def pack():
    caches["handouts"].clear()
    clinic = make_clinic(
        slug="oakside",
        name="Oakside Clinic",
        phone="503-555-0100 ext. 12",
        hours="Weekdays, 8 to 5",
        out_of_hours="Leave a message",
        emergency="Go to the front door",
        greeting="Welcome to us",
    )
    make_source(slug="li-2010", title="On spines")
    make_source(slug="katz-2021", title="On rest")
    finding = make_finding(slug="number", source=make_source(title="On counts"))
    guide = make_explainer(
        {"slug": "one", "title": "The morning", "plain": "Rest.[^li-2010]"},
        {"slug": "two", "title": "The evening", "plain": ":::call-clinic Call if\nit hurts\n:::"},
        slug="the-day",
        title="The day of it",
    )
    return make_pack(
        guide,
        Section.objects.get(slug="two"),
        make_compound(pictured=[finding], name="Ketamine"),
        make_condition(name="Depression", options=[{"good": "It helps."}]),
        make_faq(slug="asked", question="Does it work?", answer="For some.[^katz-2021][^li-2010]"),
        make_walkthrough({"title": "Pour it"}, slug="tea", title="Making tea"),
        None,
        clinic=clinic,
        slug="first",
        title="Before you come",
    )


def words_of(client, address=ADDRESS):
    response = client.get(address)
    assert response.status_code == 200
    return pdf_reader.words(response.content)


@pytest.mark.parametrize("query", ["", "?length=full&paper=a4&size=large"])
def test_it_is_sound_and_opens_the_list(client, pack, query):
    pdf = client.get(ADDRESS + query).content
    assert pdf_reader.faults(pdf) == []
    code = ShortLink.objects.get_or_create_for(pack).code
    assert pdf_reader.first_page_codes(pdf) == [f"http://127.0.0.1:8000/s/{code}/"]


def test_it_holds_every_page_of_the_list_in_order(client):
    marks = pdf_reader.bookmarks(pdf_reader.opened(client.get(FULL).content))
    assert [mark for mark in marks if mark[:1].isdigit()] == [
        "1. The day of it",
        "2. The evening",
        "3. Ketamine",
        "4. Depression",
        "5. Does it work?",
        "6. Making tea",
        "1. Pour it",
        "7. My questions for the visit",
    ]
    assert marks[-3:] == ["Help now", "Who checked this", "Sources"]


def test_the_numbers_of_the_sources_run_through_in_reading_order(client):
    sources = words_of(client, FULL).rpartition("Sources")[2]
    titles = ["On spines", "On counts", "On rest"]
    assert [sources.index(title) for title in titles] == sorted(map(sources.index, titles))
    assert sources.count("On spines") == 1


@pytest.mark.parametrize(("length", "times"), [("short", 0), ("full", 3)])
def test_it_says_who_hands_it_out_and_whom_to_call(client, length, times):
    words = words_of(client, f"{ADDRESS}?length={length}")
    assert words.index("Oakside Clinic 503-555-0100 ext. 12") < words.index("Before you come")
    assert "In the words of Oakside Clinic Welcome to us When we answer the phone: " in words
    assert "Weekdays, 8 to 5" in words
    assert "Oakside Clinic chose these pages; a clinic cannot change them." in words
    assert "When nobody answers: Leave a message In an emergency: Go to the front door" in words
    # In both callouts, and beside the crisis lines.
    assert words.count("Call Oakside Clinic: 503-555-0100 ext. 12") == times
    assert "Call or text 988" in words


def test_every_sheet_names_the_clinic_and_its_number(client):
    pdf = client.get(f"{ADDRESS}?length=each").content
    assert pdf_reader.faults(pdf) == []
    words = pdf_reader.words(pdf)
    assert words.count("Oakside Clinic 503-555-0100 ext. 12") == 7
    assert words.count("Call Oakside Clinic: 503-555-0100 ext. 12") == 2
    assert "In the words of" not in words


def test_the_number_can_be_called_from_the_screen(client):
    pdf = pdf_reader.opened(client.get(ADDRESS).content)
    links = {str(a.A.URI) for page in pdf.pages for a in page.get("/Annots", []) if "/A" in a}
    assert "tel:+15035550100,12" in links
    assert "tel:988" in links


def test_the_notes_of_the_clinic_are_marked_as_its_own_words(client, pack):
    PackItem.objects.pointing_at(Faq.objects.all()).update(note="#panic() *Read* this")
    for length in ("short", "each", "full"):
        words = words_of(client, f"{ADDRESS}?length={length}")
        assert "Oakside Clinic: #panic() *Read* this" in words


def test_its_own_greeting_comes_before_that_of_the_clinic(client, pack):
    pack.greeting = "Hello,\nsee you soon."
    pack.save()
    words = words_of(client)
    assert "Hello, see you soon." in words
    assert "Welcome to us" not in words


def test_a_page_that_was_withdrawn_leaves_no_hole(client):
    Explainer.objects.get().withdraw(by=make_user(), reason="Wrong.")
    words = words_of(client)
    assert "The day of it" not in words
    assert "The evening" not in words
    assert "1. Ketamine" in words


def test_a_list_of_which_nothing_is_left_says_on_its_own_page_whom_to_call(client, pack):
    for item in pack.items.all():
        if item.question_list:
            item.delete()
        elif isinstance(item.page, Publishable):
            item.page.status = Status.DRAFT
            item.page.save()
    response = client.get(ADDRESS, follow=True)
    assert response.redirect_chain == [("/c/oakside/first/", 302)]
    assert "503-555-0100" in response.content.decode()


def test_a_closed_list_says_so_on_its_own_page(client, pack):
    pack.is_live = False
    pack.save()
    response = client.get(ADDRESS)
    assert (response.status_code, response["Location"]) == (302, "/c/oakside/first/")


def test_one_that_was_never_open_is_not_there(client):
    make_pack(clinic=make_clinic(slug="other"), slug="secret", is_live=False)
    for address in ("/c/other/secret/", "/c/other/none/", "/c/none/first/", "/c/oakside/secret/"):
        assert client.get(f"{address}handout.pdf").status_code == 404


def test_old_names_lead_to_it(client, pack):
    pack.slug = "now"
    pack.save()
    pack.clinic.slug = "oakside-street"
    pack.clinic.save()
    response = client.get(ADDRESS)
    assert response.status_code == 301
    assert response["Location"] == "/c/oakside-street/now/handout.pdf"


def test_the_list_of_one_clinic_is_not_at_the_address_of_another(client):
    make_clinic(slug="hillside")
    assert client.get("/c/hillside/first/handout.pdf").status_code == 404


def test_a_request_can_put_no_words_and_no_number_on_it(client):
    response = client.get(f"{ADDRESS}?phone=555-0199&clinic=Marmots&greeting=Marmots")
    assert (response.status_code, response["Location"]) == (302, ADDRESS)
