"""A link opens and is counted whatever happens to the database, the process or the server."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import date
from threading import Thread
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from psychoplastogens.short_links.models import DailyCount, ShortLink
from tests import server_process
from tests.factories import make_faq, make_pack

DAY = date(2026, 11, 21)


def away(execute, sql, params, many, context):
    raise OperationalError("the database is away")


@pytest.fixture
def link(db):
    return ShortLink.objects.get_or_create_for(make_faq(slug="driving"))


def counted(link):
    return sum(DailyCount.objects.filter(link=link).values_list("number", flat=True))


def test_an_opening_is_counted_on_its_day_and_in_no_other_way(client, link, clicks):
    for _ in range(3):
        client.get(link.get_absolute_url())
    clicks.click_writer.step()
    row = DailyCount.objects.get()
    assert (row.link, row.day, row.number) == (link, timezone.localdate(), 3)
    assert [field.name for field in DailyCount._meta.fields] == ["id", "link", "day", "number"]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-purpose": "prefetch"},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x-purpose": "preview"},
        {"x-moz": "prefetch"},
        {"range": "bytes=0-0"},
        {"user-agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        {"user-agent": "facebookexternalhit/1.1 Facebot Twitterbot/1.0"},
        {"user-agent": "WhatsApp/2.23.20.0"},
        {"user-agent": "TelegramBot (like TwitterBot)"},
        {"user-agent": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    ],
)
def test_what_no_reader_asks_for_opens_and_is_not_counted(client, link, clicks, headers):
    response = client.get(link.get_absolute_url(), headers=headers)
    assert (response.status_code, response["Location"]) == (303, "/questions/driving/")
    client.head(link.get_absolute_url(), headers=headers)
    clicks.click_writer.step()
    assert counted(link) == 0


def test_a_head_opens_and_is_not_counted(client, link, clicks):
    assert client.head(link.get_absolute_url()).status_code == 303
    clicks.click_writer.step()
    assert counted(link) == 0


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG 9) AppleWebKit/537.36 Chrome/124.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
        "",
    ],
)
def test_a_readers_browser_counts(client, link, clicks, agent):
    client.get(link.get_absolute_url(), headers={"user-agent": agent, "purpose": "navigation"})
    clicks.click_writer.step()
    assert counted(link) == 1


def test_what_is_written_is_added_to_what_is_there(link):
    for number in (3, 4):
        DailyCount.objects.add_clicks(Counter({(link.code, DAY): number}))
    assert counted(link) == 7


def test_a_code_that_no_link_has_holds_nothing_up(link):
    DailyCount.objects.add_clicks(Counter({(link.code, DAY): 2, ("zzzzz", DAY): 9}))
    assert counted(link) == 2
    assert DailyCount.objects.count() == 1


def test_only_the_first_opening_asks_the_database(client, link, django_assert_num_queries):
    client.get(link.get_absolute_url())
    with django_assert_num_queries(0):
        assert client.get(link.get_absolute_url()).status_code == 303


def test_while_the_database_is_away_links_open_and_openings_wait(client, link, clicks, caplog):
    client.get(link.get_absolute_url())
    with connection.execute_wrapper(away):
        for _ in range(4):
            assert client.get(link.get_absolute_url())["Location"] == "/questions/driving/"
            clicks.click_writer.step()
    assert clicks.pending_clicks.count_pending() == 5
    clicks.click_writer.step()
    assert counted(link) == 5
    assert clicks.pending_clicks.count_pending() == 0
    told = [record.message for record in caplog.records if "pening" in record.message]
    assert len(told) == 2


def test_what_cannot_be_written_for_another_reason_is_not_lost(link, clicks, monkeypatch):
    clicks.pending_clicks.add(link.code)
    with monkeypatch.context() as patch:
        patch.setattr(DailyCount.objects, "add_clicks", lambda openings: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            clicks.pending_clicks.write()
    assert clicks.pending_clicks.count_pending() == 1


def test_openings_of_many_threads_at_once_are_all_held(clicks):
    threads = [
        Thread(target=lambda: [clicks.pending_clicks.add("cdfgh") for _ in range(2_000)])
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clicks.pending_clicks.count_pending() == 16_000


def test_what_comes_at_the_very_end_of_a_process_is_written(link, clicks, monkeypatch):
    """An opening after the last regular write, while the main thread ends."""
    alive = iter([True, False])
    main = SimpleNamespace(is_alive=lambda: next(alive))
    late = iter([lambda: clicks.pending_clicks.add(link.code), lambda: None])
    monkeypatch.setattr(clicks.threading, "main_thread", lambda: main)
    monkeypatch.setattr(clicks.destination_cache, "refresh", lambda: next(late)())
    monkeypatch.setattr(clicks, "WRITE_INTERVAL_SECONDS", 0)
    monkeypatch.setattr(clicks.connections, "close_all", lambda: None)
    clicks.click_writer._run()
    assert counted(link) == 1


def test_memory_is_bounded(link, clicks, monkeypatch):
    monkeypatch.setattr(clicks, "MAX_CACHED_DESTINATIONS", 3)
    links = [ShortLink.objects.get_or_create_for(make_faq()) for _ in range(5)]
    for one in links:
        clicks.resolve_and_count(one.code)
    assert len(clicks.destination_cache._cached) == 3


def test_it_looks_again_only_when_the_content_changed(link, clicks, django_assert_num_queries):
    pack = make_pack()
    clicks.resolve_and_count(ShortLink.objects.get_or_create_for(pack).code)
    clicks.destination_cache.refresh()
    with django_assert_num_queries(1):
        clicks.destination_cache.refresh()
    pack.slug = "first-visit"
    pack.save()
    clicks.destination_cache.refresh()
    code = ShortLink.objects.get_or_create_for(pack).code
    assert clicks.destination_cache.get_destination(code).endswith("/first-visit/")


# From here on with processes of their own, on an SQLite database of their own.


def database(data):
    return sqlite3.connect(data / "db.sqlite3", isolation_level=None)


def in_file(data, sql):
    connection = database(data)
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.close()


class Opener:
    def __init__(self, data):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.short_links.click_process"],
            cwd=server_process.PROJECT_DIR, text=True,
            env=server_process.build_environment(data),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __call__(self, command):
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def test_only_what_a_killed_process_held_is_lost(started_before):
    """Three processes; the database is locked for a while, and one process ends by kill -9."""
    code = in_file(started_before, "SELECT code FROM short_links_shortlink ORDER BY code")
    openers = [Opener(started_before) for _ in range(3)]
    try:
        redirected = sum(int(opener(f"open {code} 30")) for opener in openers)
        assert {opener("write") for opener in openers} == {"written"}
        lock = database(started_before)
        lock.execute("BEGIN EXCLUSIVE")
        redirected += sum(int(opener(f"open {code} 20")) for opener in openers)
        assert {opener("write") for opener in openers} == {"away"}
        lost = int(openers[0]("held"))
        openers[0].process.kill()
        lock.execute("ROLLBACK")
        lock.close()
        redirected += sum(int(opener(f"open {code} 10")) for opener in openers[1:])
        assert {opener("write") for opener in openers[1:]} == {"written"}
    finally:
        for opener in openers:
            opener.end()
    found = in_file(started_before, "SELECT sum(number) FROM short_links_dailycount")
    print(f"redirected {redirected}, counted {found}, the killed process held {lost}")
    assert (redirected, lost) == (170, 20)
    assert found == redirected - lost


def test_a_server_that_is_told_to_stop_writes_what_it_holds(started_before):
    with server_process.run_site(started_before) as site:
        code = in_file(started_before, "SELECT code FROM short_links_shortlink ORDER BY code")
        for _ in range(25):
            assert site.get(f"/s/{code}/").status == 200  # after the redirect
        assert site.stop(signal.SIGTERM) == 0
    assert in_file(started_before, "SELECT sum(number) FROM short_links_dailycount") == 25


def test_a_child_process_begins_with_nothing():
    """Else it would write its parent's openings a second time."""
    script = (
        "import django, os; django.setup();"
        "from psychoplastogens.short_links import click_counting;"
        "click_counting.pending_clicks.add('cdfgh'); child = os.fork();"
        "child or os._exit(click_counting.pending_clicks.count_pending());"
        "print(os.waitpid(child, 0)[1], click_counting.pending_clicks.count_pending())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=server_process.PROJECT_DIR,
        capture_output=True, text=True, check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "psychoplastogens.settings"},
    )  # fmt: skip
    assert done.stdout.split() == ["0", "1"]
