"""What pages share is kept for one version, and never shows a draft or what was withdrawn."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.utils import timezone, translation

from psychoplastogens.content.models import Faq, GlossaryTerm
from psychoplastogens.content.rendering.icons import render_source_items
from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.delivery.page_store import versions
from psychoplastogens.editorial import shortcuts, version_cache
from psychoplastogens.editorial.drafts.draft_transaction import draft_applied
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.version_cache import cache_for_version
from psychoplastogens.evidence.models import Source
from tests.factories import (
    make_compound,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_term,
    make_user,
    make_walkthrough,
)


@pytest.fixture
def watcher(db, monkeypatch):
    """As if its thread ran, and read whenever it is told to; the test's own transaction aside."""
    around = len(connection.savepoint_ids)

    class Outside:
        in_atomic_block = property(lambda self: len(connection.savepoint_ids) > around)

    own = versions.VersionWatcher()
    monkeypatch.setattr(version_cache, "connection", Outside())
    monkeypatch.setattr(versions.VersionWatcher, "is_running", True)
    monkeypatch.setattr(versions, "watcher", own)
    own.read()
    return own


@pytest.fixture
def count():
    """A function that is kept, and counts how often it is called."""
    calls = []

    @cache_for_version(maxsize=8)
    def call(*arguments):
        calls.append(arguments)
        return len(calls)

    return call


def test_a_result_is_kept_for_the_version_the_language_and_the_arguments(watcher, count):
    assert [count("a"), count("a"), count("b"), count("a")] == [1, 1, 2, 1]
    with translation.override("es"):
        assert count("a") == 3
    make_faq()
    watcher.read()
    assert count("a") == 4


def test_nothing_is_kept_between_a_change_and_the_reading_after_it(watcher, count):
    count()
    watcher.expect_change()
    assert [count(), count()] == [2, 3]


def test_nothing_is_kept_inside_a_transaction(watcher, count):
    count()
    with transaction.atomic():
        assert [count(), count()] == [2, 3]
    assert count() == 1


def test_nothing_is_kept_while_the_database_is_away_or_where_nobody_reads_the_version(
    watcher, count, monkeypatch
):
    count()
    watcher.has_failed = True
    assert count() == 2
    watcher.has_failed = False
    monkeypatch.setattr(versions.VersionWatcher, "is_running", False)
    assert count() == 3


def test_what_fails_is_not_kept(watcher):
    with pytest.raises(ObjectDoesNotExist):
        shortcuts._get_published(Faq.objects.with_topic, "later")
    faq = make_faq(slug="later")
    assert shortcuts.get_published_or_gone(Faq.objects.with_topic, "later") == faq


def test_a_page_asked_for_again_costs_no_query_for_its_record_and_references(
    watcher, client, django_assert_num_queries
):
    make_source(slug="li-2010")
    make_term(slug="synapse")
    make_faq(slug="it", answer="A [synapse](term:synapse) grows.[^li-2010]")
    watcher.read()
    first = client.get("/questions/it/")
    with django_assert_num_queries(0):
        again = client.get("/questions/it/")
    assert again.content == first.content
    assert b"li-2010" in first.content


def test_a_withdrawn_page_is_gone_at_once_where_it_was_withdrawn(
    watcher, client, django_capture_on_commit_callbacks
):
    faq = make_faq(slug="it")
    watcher.read()
    assert client.get("/questions/it/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        faq.withdraw(by=make_user(), reason="No longer true.")
    assert client.get("/questions/it/").status_code == 410
    watcher.read()
    assert client.get("/questions/it/").status_code == 410


def test_another_process_follows_once_it_has_read_the_version(watcher, client):
    faq = make_faq(slug="it", answer="An old word.")
    watcher.read()
    client.get("/questions/it/")
    faq.answer = "A new word."
    faq.save()
    watcher.read()
    assert "A new word." in client.get("/questions/it/").content.decode()


def test_a_source_that_is_withdrawn_is_no_longer_cited(watcher):
    source = make_source(slug="li-2010")
    watcher.read()
    assert "s1" in ProseRenderer(["It grows.[^li-2010]"]).render("It grows.[^li-2010]")
    source.withdraw(by=make_user(), reason="Retracted.")
    watcher.read()
    assert "s1" not in ProseRenderer(["It grows.[^li-2010]"]).render("It grows.[^li-2010]")


def test_what_was_not_there_is_found_once_it_is_published(watcher):
    assert shortcuts.find_published(GlossaryTerm.objects.for_links, ["synapse"]) == {}
    term = make_term(slug="synapse")
    watcher.read()
    assert shortcuts.find_published(GlossaryTerm.objects.for_links, ["synapse"]) == {
        "synapse": term
    }


def test_a_preview_neither_fills_nor_sees_what_is_kept(watcher, client):
    faq = make_faq(slug="it", answer="What readers read.")
    watcher.read()
    client.get("/questions/it/")
    snapshot = take_snapshot(faq)
    snapshot[0]["fields"]["answer"] = "What a draft says."
    with draft_applied(snapshot):
        shown = client.get("/questions/it/").content.decode()
    assert "What a draft says." in shown
    assert "What a draft says." not in client.get("/questions/it/").content.decode()


@pytest.mark.parametrize("path", ["/", "/compounds/"])
def test_a_list_of_medicines_costs_no_query_again_and_follows_a_withdrawal(
    watcher, client, django_assert_num_queries, path
):
    compound = make_compound(slug="zest", name="Zestamine")
    watcher.read()
    first = client.get(path)
    with django_assert_num_queries(0):
        assert client.get(path).content == first.content
    assert b"Zestamine" in first.content
    compound.withdraw(by=make_user(), reason="No longer true.")
    watcher.read()
    assert b"Zestamine" not in client.get(path).content


@pytest.mark.parametrize("is_first", [True, False])
def test_a_draft_neither_fills_nor_sees_the_kept_lists_of_the_home_page(watcher, client, is_first):
    compound = make_compound(standing_note="What readers read.")
    guide = make_explainer(title="A guide for readers")
    watcher.read()
    if not is_first:
        client.get("/")
    for record, field in ((compound, "standing_note"), (guide, "title")):
        snapshot = take_snapshot(record)
        snapshot[0]["fields"][field] = "What a draft says."
        with draft_applied(snapshot):
            assert "What a draft says." in client.get("/").content.decode()
        assert "What a draft says." not in client.get("/").content.decode()


def test_a_kept_line_of_a_source_is_never_that_of_another_state_of_it(watcher):
    source = make_source(slug="li-2010", title="First title")
    watcher.read()
    assert "First title" in render_source_items([source])
    later = Source.objects.get()
    later.title = "Second title"
    assert "Second title" in render_source_items([later])
    assert "First title" in render_source_items([source])
    assert "Second title" in render_source_items([later])


def test_a_draft_of_a_source_neither_fills_nor_sees_its_kept_line(watcher, client):
    source = make_source(slug="li-2010", title="What readers read.")
    make_faq(slug="it", answer="It grows.[^li-2010]")
    watcher.read()
    client.get("/questions/it/")
    snapshot = take_snapshot(source)
    snapshot[0]["fields"]["title"] = "What a draft says."
    with draft_applied(snapshot):
        assert "What a draft says." in client.get("/questions/it/").content.decode()
    assert "What a draft says." not in client.get("/questions/it/").content.decode()


def test_a_draft_of_a_number_neither_fills_nor_sees_the_kept_picture_of_it(watcher, client):
    finding = make_finding(name="What readers read.")
    make_compound(slug="it", pictured=[finding])
    watcher.read()
    client.get("/compounds/it/")
    for field, said in (("name", "What a draft says."), ("treatment_per100", 61)):
        snapshot = take_snapshot(finding)
        snapshot[0]["fields"] |= {field: said, "treatment_events": None}
        with draft_applied(snapshot):
            shown = client.get("/compounds/it/").content.decode()
        shown_number = said if isinstance(said, str) else f"{said} of 100"
        assert shown_number in shown
        assert shown_number not in client.get("/compounds/it/").content.decode()


def test_a_picture_follows_the_number_and_the_place_of_its_source(watcher, client):
    finding = make_finding(name="First name")
    make_compound(slug="it", pictured=[finding])
    watcher.read()
    assert "First name" in client.get("/compounds/it/").content.decode()
    finding.name, finding.source = "Second name", make_source(slug="later-2020")
    finding.save()
    watcher.read()
    page = client.get("/compounds/it/").content.decode()
    assert ("First name" in page, "Second name" in page) == (False, True)
    assert "/sources/later-2020/" in page


def test_the_kept_body_of_a_step_is_that_of_its_page_and_its_fragment(watcher, client):
    make_walkthrough({"slug": "lock", "plain": "It fits."}, slug="way")
    watcher.read()
    fragment = client.get("/way/lock/fragment/").content.decode()
    body = fragment[fragment.index('id="step"') :]
    assert "It fits." in body
    assert body in client.get("/way/lock/").content.decode()


def test_the_kept_body_of_a_step_becomes_overdue_with_the_day(watcher, client, monkeypatch):
    today = timezone.localdate()
    make_walkthrough({"slug": "lock"}, slug="way", review_due=today)
    watcher.read()
    assert b"overdue" not in client.get("/way/lock/").content
    monkeypatch.setattr(timezone, "localdate", lambda: today + timedelta(days=1))
    assert b"overdue" in client.get("/way/lock/").content


def test_a_draft_of_a_step_neither_fills_nor_sees_its_kept_body(watcher, client):
    way = make_walkthrough({"slug": "lock", "plain": "What readers read."}, slug="way")
    watcher.read()
    client.get("/way/lock/")
    snapshot = take_snapshot(way)
    [step] = [row for row in snapshot if row["model"] == "walkthrough.step"]
    step["fields"]["plain"] = "What a draft says."
    with draft_applied(snapshot):
        assert "What a draft says." in client.get("/way/lock/").content.decode()
    assert "What a draft says." not in client.get("/way/lock/").content.decode()
