from datetime import date
from xml.etree import ElementTree

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from tests.make import make_compound, make_condition, make_explainer, make_faq, make_term

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client):
    feed = ElementTree.fromstring(client.get("/changes/feed/").content)
    return [{child.tag.removeprefix(ATOM): child for child in e} for e in feed.iter(f"{ATOM}entry")]


def test_the_feed_is_atom_with_all_that_the_standard_asks_for(client):
    make_faq(question="May I <drive> & ride?", updated_on=date(2026, 5, 1), update_note="New <b>.")
    response = client.get("/changes/feed/")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    assert {child.tag for child in feed} >= {ATOM + tag for tag in ("id", "title", "updated")}
    [entry] = entries(client)
    assert entry["title"].text == "May I <drive> & ride?"
    assert entry["summary"].text == "New <b>."
    assert entry["updated"].text == "2026-05-01T00:00:00+00:00"


def test_an_entry_keeps_its_id_when_the_record_is_renamed(client):
    faq = make_faq(slug="drive")
    [before] = entries(client)
    faq.slug, faq.question = "driving", "Another title?"
    faq.save()
    [after] = entries(client)
    assert after["id"].text == before["id"].text
    assert after["link"].get("href").endswith("/questions/driving/")


def test_a_change_of_meaning_is_a_new_entry(client):
    faq = make_faq(written_on=date(2026, 1, 1))
    [before] = entries(client)
    faq.updated_on = date(2026, 2, 1)
    faq.save()
    assert entries(client)[0]["id"].text != before["id"].text


def test_links_and_ids_do_not_depend_on_the_name_a_reader_typed(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_ORIGIN = "https://site.example"
    make_faq(slug="drive")
    feed = client.get("/changes/feed/", headers={"host": "other.example"}).text
    assert "other.example" not in feed
    assert "https://site.example/questions/drive/" in feed


def test_a_control_character_in_a_title_does_not_break_the_feed(client):
    make_faq(question="May I\x0bdrive\x1f?", updated_on=date(2026, 1, 1), update_note="a\x08b")
    assert len(entries(client)) == 1


@pytest.mark.parametrize("address", ["/changes/", "/changes/feed/"])
def test_drafts_and_glossary_terms_are_no_news(client, address):
    make_faq(question="Secret one?", status=Status.DRAFT)
    make_explainer(title="Secret two", status=Status.WITHDRAWN)
    make_term(term="Secret three")
    make_compound(name="Public")
    assertContains(client.get(address), "Public")
    assertNotContains(client.get(address), "Secret")


def test_changes_come_latest_first_under_their_day(client):
    make_faq(question="Old?", written_on=date(2026, 1, 1))
    make_compound(name="New", written_on=date(2025, 1, 1), updated_on=date(2026, 3, 1))
    make_condition(name="Middle", written_on=date(2026, 2, 1))
    html = client.get("/changes/").text
    places = [html.index(words) for words in ("1 March 2026", "New", "Middle", "Old?")]
    assert places == sorted(places)


def test_an_added_page_says_so_and_an_update_says_what_changed(client):
    make_faq()
    make_faq(updated_on=date(2026, 1, 1))
    make_faq(updated_on=date(2026, 1, 1), update_note="A new trial.")
    html = client.get("/changes/").text
    assert "Added." in html
    assert "Updated." in html
    assert "A new trial." in html


@pytest.mark.parametrize("records", [1, 70])
def test_it_is_short_and_takes_a_query_for_each_kind(client, django_assert_num_queries, records):
    for _ in range(records):
        make_faq()
    with django_assert_num_queries(5):
        response = client.get("/changes/")
    assert response.text.count("/questions/faq-") == min(records, 60)


def test_nothing_changed_is_a_page_and_a_feed(client):
    assert client.get("/changes/").status_code == 200
    assert entries(client) == []
