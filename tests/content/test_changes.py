from datetime import UTC, date, datetime
from unittest.mock import patch
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.drafts.draft_transaction import draft_applied
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.models import Revision, Status
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.checks import find_problems
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_term,
    make_user,
)
from tests.workflow_helpers import publish_draft, save_draft

pytestmark = pytest.mark.django_db
LONG_AGO = date(2025, 1, 1)
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
    assert feed.find(f"{ATOM}author/{ATOM}name").text == "Understory"
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
    client.get("/changes/")
    with django_assert_num_queries(6):
        response = client.get("/changes/")
    assert response.text.count("/questions/faq-") == min(records, 60)


def test_nothing_changed_is_a_page_and_a_feed(client):
    assert client.get("/changes/").status_code == 200
    assert entries(client) == []


def save(record, change="meaning", **fields):
    """A draft of `record` with other fields."""
    snapshot = take_snapshot(record)
    snapshot[0]["fields"] |= fields
    transitions.save_draft(record, snapshot, by=make_user("author"), change=change)


def lines(client):
    """(day, title, note) of each entry of the feed."""
    return [(e["updated"].text[:10], e["title"].text, e["summary"].text) for e in entries(client)]


def today():
    return str(timezone.localdate())


def test_a_page_is_added_on_the_day_it_is_first_published_not_written(client):
    faq = make_faq(question="New?", written_on=LONG_AGO, status=Status.DRAFT)
    save(faq)
    assert lines(client) == []
    publish_draft(faq)
    assert lines(client) == [(today(), "New?", "Added.")]


def test_wording_alone_is_no_news_of_a_page_that_came_with_the_site(client):
    faq = make_faq(question="Old?", written_on=LONG_AGO)
    save(faq, change="wording", answer="Better said.")
    publish_draft(faq)
    assert lines(client) == [("2025-01-01", "Old?", "Added.")]


def test_a_change_of_meaning_is_told_when_it_is_published_and_not_before(client):
    faq = make_faq(question="Old?", written_on=LONG_AGO)
    save(faq, answer="Other.", question="Zebra?", update_note="A zebra.")
    assert lines(client) == [("2025-01-01", "Old?", "Added.")]
    assertNotContains(client.get("/changes/"), "ebra")
    publish_draft(faq)
    assert lines(client) == [(today(), "Zebra?", "A zebra.")]


def test_a_withdrawn_page_is_told_with_its_reason_and_is_no_link(client):
    faq = make_faq(question="Old?", slug="old", written_on=LONG_AGO)
    save(faq, question="Zebra?", update_note="A zebra.")
    transitions.withdraw(faq, by=make_user(), reason="It was wrong.")
    assert lines(client) == [(today(), "Old?", "Withdrawn: It was wrong.")]
    page = client.get("/changes/")
    assertContains(page, "Withdrawn: It was wrong.")
    assertNotContains(page, "/questions/old/")
    assertNotContains(page, "ebra")


def test_a_withdrawal_on_the_day_of_a_change_is_an_entry_of_its_own(client):
    faq = make_faq(updated_on=timezone.localdate())
    [before] = entries(client)
    transitions.withdraw(faq, by=make_user(), reason="It was wrong.")
    [after] = entries(client)
    assert after["id"].text != before["id"].text


def test_two_changes_of_a_day_are_two_entries_and_wording_is_none(client):
    faq, ids = make_faq(question="Old?", written_on=LONG_AGO), []
    for change, answer in (("meaning", "One."), ("meaning", "Two."), ("wording", "Two!")):
        save(faq, change=change, answer=answer, update_note="News.")
        publish_draft(faq)
        [entry] = entries(client)
        ids.append(entry["id"].text)
    first, second, reworded = ids
    assert first != second == reworded


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
@pytest.mark.parametrize("hour", [0, 12, 23])
def test_the_feed_never_speaks_of_a_time_to_come(client, settings, zone, hour):
    settings.TIME_ZONE = zone
    now = datetime(2026, 11, 28, hour, 39, tzinfo=UTC)
    with patch.object(timezone, "now", return_value=now):
        faq = make_faq(question="Old?", written_on=timezone.localdate())
        assert entry_moment(client) <= now
        save(faq, answer="Other.")
        publish_draft(faq)
        assert entry_moment(client) == now
        transitions.withdraw(faq, by=make_user(), reason="It was wrong.")
        assert entry_moment(client) == now


def entry_moment(client):
    [entry] = entries(client)
    return datetime.fromisoformat(entry["updated"].text)


def test_a_page_that_is_back_is_told_even_where_only_wording_changed(client):
    faq = make_faq(question="Old?", written_on=LONG_AGO)
    transitions.withdraw(faq, by=make_user(), reason="It was wrong.")
    save(faq, change="wording", update_note="It is on sale again.")
    publish_draft(faq)
    assert lines(client) == [(today(), "Old?", "It is on sale again.")]


def test_a_restored_text_is_told_as_such_and_not_as_what_was_new_then(client):
    faq = make_faq(question="Old?", update_note="A first trial.", updated_on=LONG_AGO)
    save(faq, question="Newer?", answer="Newer.", update_note="A second trial.")
    publish_draft(faq)
    transitions.restore(Revision.objects.about(faq).last(), by=make_user("author"))
    assert lines(client) == [(today(), "Newer?", "A second trial.")]
    publish_draft(faq)
    assert lines(client) == [(today(), "Old?", "An earlier text of this page is back.")]


def test_a_restored_name_or_address_is_no_text_that_is_back(client):
    faq = make_faq(question="Old?", slug="old", written_on=LONG_AGO)
    save(faq, change="wording", question="Newer?", slug="newer")
    publish_draft(faq)
    back = transitions.restore(Revision.objects.about(faq).last(), by=make_user("author"))
    assert back.change == "wording"
    publish_draft(faq)
    faq.refresh_from_db()
    assert (faq.question, faq.slug) == ("Old?", "old")
    assert lines(client) == [(LONG_AGO.isoformat(), "Old?", "Added.")]


@pytest.mark.parametrize(
    ("field", "change"), [("slug", "wording"), ("title", "meaning"), ("plain", "meaning")]
)
def test_of_a_restored_part_only_the_address_is_no_text(field, change):
    guide = make_explainer(("Part", "Words."), summary="S.", key_points="K.")
    first, part = take_snapshot(guide)
    renamed = part | {"fields": part["fields"] | {field: "another"}}
    transitions.save_draft(guide, [first, renamed], by=make_user("author"), change="wording")
    publish_draft(guide)
    back = transitions.restore(Revision.objects.about(guide).last(), by=make_user("author"))
    assert back.change == change


def test_a_restored_name_and_text_of_a_withdrawn_page_are_back(client):
    faq = make_faq(question="Old?")
    save(faq, change="wording", question="Newer?")
    publish_draft(faq)
    faq.refresh_from_db()
    transitions.withdraw(faq, by=make_user(), reason="It was wrong.")
    back = transitions.restore(Revision.objects.about(faq).last(), by=make_user("author"))
    assert back.change == "meaning"


def test_a_restored_text_that_is_changed_again_is_not_told_as_the_earlier_one():
    faq = make_faq(question="Old?", answer="Yes.")
    save(faq, question="Newer?", answer="No.", update_note="A second trial.")
    publish_draft(faq)
    transitions.restore(Revision.objects.about(faq).last(), by=make_user("author"))
    assert not find_notes(Revision.objects.get_open_draft(faq))
    save_draft(faq, question="Third?")
    assert find_notes(Revision.objects.get_open_draft(faq)) == ["update_note"]
    save_draft(faq, question="Third?", update_note="It has another title.")
    assert not find_notes(Revision.objects.get_open_draft(faq))


def test_wording_can_be_changed_after_a_restored_text_was_published():
    faq = make_faq(question="Old?", answer="Yes.")
    save(faq, question="Newer?", answer="No.", update_note="A second trial.")
    publish_draft(faq)
    transitions.restore(Revision.objects.about(faq).last(), by=make_user("author"))
    publish_draft(faq)
    save(faq, change="wording", answer="Yes!")
    assert not find_notes(Revision.objects.get_open_draft(faq))
    publish_draft(faq)
    transitions.restore(Revision.objects.about(faq).get(number=2), by=make_user("author"))
    save_draft(faq, question="Third?")
    assert find_notes(Revision.objects.get_open_draft(faq)) == ["update_note"]


def find_notes(draft):
    """Where the checks find that readers would be told of an earlier text."""
    with draft_applied(draft.snapshot) as record:
        found = find_problems(record)
    return [one.field for one in found if "earlier text is back" in one.message]


def test_a_typed_text_that_readers_never_saw_keeps_its_note_when_it_is_restored(client):
    faq = make_faq()
    save(faq, answer="Mine.", update_note="Mine is new.")
    mine = Revision.objects.get_open_draft(faq)
    save(faq, answer="Theirs.")
    transitions.restore(mine, by=make_user("author"))
    publish_draft(faq)
    assert lines(client)[0][2] == "Mine is new."


def test_changes_of_another_language_are_told_to_its_own_readers(client):
    faq = make_faq(question="Spanish?", language="es")
    faq.withdraw(by=make_user(), reason="It was wrong.")
    assert lines(client) == []
