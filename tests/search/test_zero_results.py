"""Searches that found nothing are counted for editors, and nothing personal is."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.search import zero_results
from psychoplastogens.search.models import MissedSearch, MissedSearchQuerySet
from tests.factories import make_faq, make_staff
from tests.login import sign_in

pytestmark = pytest.mark.django_db


def ask(client, words, times=zero_results.MIN_DAILY_COUNT, **more):
    """As often, each time from another network."""
    for number in range(times):
        address = f"203.0.113.{number}"
        answer = client.get("/search/", {"q": words} | more, REMOTE_ADDR=address)
        assert answer.status_code == 200


def kept():
    return list(MissedSearch.objects.values_list("words", "number"))


def test_what_few_asked_is_written_nowhere(client):
    ask(client, "zebra fish", times=zero_results.MIN_DAILY_COUNT - 1)
    assert kept() == []


def test_what_several_asked_on_a_day_is_written_with_its_number(client):
    ask(client, "zebra fish", times=2 * zero_results.MIN_DAILY_COUNT)
    assert kept() == [("zebra fish", 2 * zero_results.MIN_DAILY_COUNT)]


def test_the_same_words_count_together_however_they_are_typed(client):
    for number, words in enumerate(
        ("zebra fish", "Zébra  FISH!", "Is a zebra a fish?", "ZEBRA.fish", "the zebra fish")
    ):
        client.get("/search/", {"q": words}, REMOTE_ADDR=f"203.0.113.{number}")
    assert kept() == [("zebra fish", 5)]


def test_one_person_counts_once_in_a_quarter_of_an_hour(client, monkeypatch):
    for _ in range(4 * zero_results.MIN_DAILY_COUNT):
        client.get("/search/", {"q": "zebra fish"}, REMOTE_ADDR="203.0.113.77")
    assert zero_results._counts.total() == 1
    now = zero_results.repeat_limit.clock()
    monkeypatch.setattr(
        zero_results.repeat_limit, "clock", lambda: now + zero_results.REPEAT_WINDOW_SECONDS + 1
    )
    client.get("/search/", {"q": "zebra fish"}, REMOTE_ADDR="203.0.113.77")
    assert zero_results._counts.total() == 2


def test_who_asked_is_forgotten_at_the_end_of_the_quarter(client, monkeypatch):
    client.get("/search/", {"q": "zebra fish"}, REMOTE_ADDR="203.0.113.77")
    kept_in_memory, key = repr(vars(zero_results.repeat_limit)), zero_results.repeat_limit._key
    assert "203.0.113" not in kept_in_memory
    assert "zebra" not in kept_in_memory
    now = zero_results.repeat_limit.clock()
    monkeypatch.setattr(
        zero_results.repeat_limit, "clock", lambda: now + zero_results.REPEAT_WINDOW_SECONDS + 1
    )
    client.get("/search/", {"q": "snake"}, REMOTE_ADDR="203.0.113.78")
    assert zero_results.repeat_limit._key != key
    assert len(zero_results.repeat_limit._buckets) == 1


@pytest.mark.parametrize(
    "words",
    [
        "Zbigniew Wojciechowski",
        "John Smith",
        "john smith zebra",
        "josé",
        "José García tinnitus",
        "Mark Baker",
        "Will May",
        "Rose Price",
        "Grace",
        "Иван Петров",
        "山田太郎",
        "fibromyalgia Szczepański",
        "john.smith@mail.example",
        "503 555 0100",
        "(503) 555-0100 tinnitus",
        "12/03/1984",
        "born march 3 1984",
        "4 Oak Street",
        "zebra\twojciechowski",
        "zebra😀kowalska",
    ],
)
def test_names_numbers_and_addresses_are_kept_nowhere(client, words):
    ask(client, words, times=2 * zero_results.MIN_DAILY_COUNT)
    assert kept() == []
    assert not zero_results._counts


def test_the_list_holds_small_plain_words_and_no_common_name():
    names = """anna baker bill brown carter cook daniel dawn emma faith frank grace green hill hope
        hunter iris ivan ivy jack john jose joy king lee lily maria mark martin mason may miller
        mohammed olga rose smith summer taylor violet wang white will wood young"""
    assert all(
        word.isascii() and word.isalpha() and word.islower()
        for word in zero_results.load_allowed_words()
    )
    assert not zero_results.load_allowed_words() & set(names.split())
    assert len(zero_results.load_allowed_words()) > 1_000


@pytest.mark.parametrize(
    "words",
    [
        "call 5035550100",
        "john at example dot org please",
        "zz1",
        "…",
        "",
        "z" * 81,
        "want to die zebra",
        "suicde",
    ],
)
def test_digits_long_texts_and_crises_are_never_counted(client, words):
    ask(client, words)
    assert kept() == []
    assert not zero_results._counts


def test_a_search_that_found_something_is_not_counted(client):
    make_faq(question="May I drive?")
    ask(client, "drive")
    assert not zero_results._counts


def test_typing_and_its_results_in_place_are_not_counted(client):
    for _ in range(zero_results.MIN_DAILY_COUNT):
        client.get("/search/fragment/", {"q": "zebra"})
    assert not zero_results._counts


def test_yesterday_is_not_added_to_today(client, monkeypatch):
    today = timezone.localdate()
    ask(client, "zebra", times=zero_results.MIN_DAILY_COUNT - 1)
    monkeypatch.setattr(timezone, "localdate", lambda: today + timedelta(days=1))
    ask(client, "zebra", times=zero_results.MIN_DAILY_COUNT - 1)
    assert kept() == []


def test_a_database_that_fails_is_no_matter_to_the_reader(client, monkeypatch, caplog):
    def fail(*args):
        raise DatabaseError("locked")

    monkeypatch.setattr(MissedSearchQuerySet, "add_count", fail)
    ask(client, "zebra")
    assert "were not counted: DatabaseError" in caplog.text


def test_it_is_written_after_the_answer_and_not_before():
    for number in range(zero_results.MIN_DAILY_COUNT):
        zero_results.count_zero_result_search("zebra", str(number))
    assert kept() == []
    zero_results.save_pending_counts()
    assert kept() == [("zebra", zero_results.MIN_DAILY_COUNT)]


def test_many_different_words_fill_neither_memory_nor_table(monkeypatch):
    monkeypatch.setattr(zero_results, "MAX_COUNTS_IN_MEMORY", 3)
    for word in ("frog", "bee", "cat", "dog"):
        zero_results.count_zero_result_search(word, "a")
    assert len(zero_results._counts) == 1
    monkeypatch.setattr(MissedSearchQuerySet, "MAX_ROWS_PER_DAY", 2)
    for word in ("ape", "bee", "cat"):
        MissedSearch.objects.add_count(word, timezone.localdate(), 5)
    assert len(kept()) == 2


def test_what_is_old_goes():
    today = timezone.localdate()
    for days in (MissedSearchQuerySet.RETENTION_DAYS + 1, 1, 0):
        MissedSearch.objects.add_count("ape", today - timedelta(days=days), 5)
    assert kept() == [("ape", 5), ("ape", 5)]


def test_the_first_page_shows_what_readers_miss(admin_client):
    assertContains(admin_client.get("/admin/"), "No words were searched for in vain repeatedly.")
    today = timezone.localdate()
    for days in (0, 1):
        MissedSearch.objects.add_count("zebra fish", today - timedelta(days=days), 5)
    MissedSearch.objects.add_count("long ago", today - timedelta(days=40), 5)
    page = admin_client.get("/admin/")
    assertContains(page, ">zebra fish</a>")
    assertContains(page, "10 times, last on")
    assertNotContains(page, "long ago")


def test_it_is_read_only_and_for_those_who_may(admin_client, client):
    MissedSearch.objects.add_count("zebra", timezone.localdate(), 5)
    assertContains(admin_client.get("/admin/search/missedsearch/"), "zebra")
    assert admin_client.get("/admin/search/missedsearch/add/").status_code == 403
    for role, status in (("Author", 200), ("Clinic editor", 403)):
        sign_in(client, make_staff(role, name=role))
        assert client.get("/admin/search/missedsearch/").status_code == status


def test_readers_are_told(client):
    assertContains(client.get("/privacy/"), "keep those words and their number")
