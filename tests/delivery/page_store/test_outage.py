"""While the database is away readers get the last good copy, and never what was withdrawn."""

import sqlite3
import stat
from email.utils import parsedate_to_datetime
from time import monotonic

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import CommandError, call_command
from django.db import OperationalError

from psychoplastogens.delivery import sqlite_file
from psychoplastogens.delivery.page_store import disk, store, upkeep, versions
from psychoplastogens.delivery.page_store.policies import CONTENT
from psychoplastogens.delivery.page_store.requests import StoreKey, find_target
from psychoplastogens.editorial.models import Status
from tests.factories import make_faq, make_user

pytestmark = pytest.mark.django_db
KEY = StoreKey("http", "localhost", "/questions/it/")


class Breakable:
    """Django, whose queries fail while `is_broken`."""

    def __init__(self):
        self.django, self.is_broken = WSGIHandler(), False

    def __call__(self, environ, start_response):
        from django.db import connection

        def fail(execute, *args):
            raise OperationalError("away")

        if not self.is_broken:
            return self.django(environ, start_response)
        with connection.execute_wrapper(fail):
            return self.django(environ, start_response)


@pytest.fixture
def faq(numbers):
    return make_faq(slug="it", question="Is it a marmot?")


@pytest.fixture
def make_breakable(make_site):
    return lambda: make_site(Breakable())


@pytest.fixture
def broken_later(make_breakable, faq, numbers):
    """A site that has answered, and whose database then goes away."""
    site = make_breakable()
    site.look()
    site.get("/questions/it/")
    site.look()

    def go_away(*sites):
        numbers["away"] = 1
        for one in (site, *sites):
            one.application.is_broken = True
            one.look()

    site.go_away = go_away
    return site


def test_a_page_stays_and_says_when_it_was_current(broken_later):
    good = broken_later.get("/questions/it/")
    broken_later.go_away()
    copy = broken_later.get("/questions/it/", accept_encoding="br")
    assert copy.status == 200
    assert parsedate_to_datetime(copy.headers["understory-copy"])
    assert int(copy.headers["age"]) >= 0
    assert "stale-if-error" in copy.headers["cache-control"]
    assert broken_later.get("/questions/it/").body == good.body
    assert "understory-copy" not in good.headers
    held = {"accept_encoding": "br", "if_none_match": copy.headers["etag"]}
    assert broken_later.get("/questions/it/", **held).status == 304


def test_what_was_never_stored_is_the_page_of_an_error(broken_later):
    make_faq(slug="other")
    broken_later.go_away()
    assert broken_later.get("/questions/other/").status == 503


def test_a_process_that_starts_without_its_database_has_all_pages(broken_later, make_breakable):
    good = broken_later.get("/questions/it/")
    later = make_breakable()
    broken_later.go_away(later)
    copy = later.get("/questions/it/")
    assert (copy.status, copy.body) == (200, good.body)
    assert "understory-copy" in copy.headers


def test_a_copy_made_by_other_code_will_do_then_and_only_then(
    broken_later, make_breakable, monkeypatch
):
    monkeypatch.setattr(disk, "compute_release", lambda: "another")
    later = make_breakable()
    later.look()
    assert later.store.load_copy(find_target(KEY)) is None
    broken_later.go_away(later)
    assert later.get("/questions/it/").status == 200


def test_another_process_takes_the_copy_from_disk(broken_later, make_breakable):
    other = make_breakable()
    other.look()
    assert other.get("/questions/it/") == broken_later.get("/questions/it/")
    assert not other.asked


def test_a_withdrawn_page_never_comes_back_once_the_withdrawal_was_seen(
    broken_later, make_breakable, faq, numbers
):
    """Seen by one process, before it or another has rendered anything again."""
    faq.withdraw(by=make_user(), reason="Wrong.")
    numbers["content"] += 1
    broken_later.look()
    started = make_breakable()
    broken_later.go_away(started)
    for site in (broken_later, started):
        assert site.get("/questions/it/").status == 503


def test_nor_when_the_change_was_made_here_and_could_not_be_read_any_more(broken_later):
    broken_later.store.watcher.expect_change()
    broken_later.go_away()
    assert broken_later.get("/questions/it/").status == 503


def test_nor_when_the_number_of_before_returns(broken_later, make_breakable, faq, numbers):
    """As after restoring a backup: the numbers are counted once more, with other texts."""
    numbers["content"] += 1
    broken_later.look()
    type(faq).objects.update(status=Status.WITHDRAWN)
    numbers["content"] -= 1
    started = make_breakable()
    started.look()
    assert started.get("/questions/it/").status == 410
    broken_later.look()
    assert broken_later.get("/questions/it/").status == 410


def test_a_page_of_a_withdrawal_is_a_copy_too(broken_later, make_breakable, faq, numbers):
    faq.withdraw(by=make_user(), reason="Wrong.")
    numbers["content"] += 1
    broken_later.look()
    assert broken_later.get("/questions/it/").status == 410
    broken_later.look()
    started = make_breakable()
    broken_later.go_away(started)
    assert started.get("/questions/it/").status == 410


def test_when_it_is_back_pages_are_made_as_ever(broken_later, numbers):
    broken_later.go_away()
    del numbers["away"]
    broken_later.application.is_broken = False
    numbers["content"] += 1
    broken_later.look()
    answer = broken_later.get("/questions/it/")
    assert answer.status == 200
    assert "understory-copy" not in answer.headers


def test_a_frozen_database_is_one_that_is_away(broken_later, monkeypatch):
    then = broken_later.store.watcher.read_at
    monkeypatch.setattr(versions, "monotonic", lambda: then + versions.AWAY_SECONDS + 0.1)
    assert "understory-copy" in broken_later.get("/questions/it/").headers


def test_a_view_that_breaks_is_answered_with_its_copy(broken_later, make_breakable):
    """Before the thread has noticed that the database is away."""
    other = make_breakable()
    other.look()
    other.application.is_broken = True
    other.store.load_copy = lambda target: None
    assert other.get("/questions/it/").status == 200
    assert len(other.asked) == 1


def test_yesterdays_page_is_better_than_none(broken_later, monkeypatch):
    from psychoplastogens.delivery.page_store import store

    broken_later.go_away()
    monkeypatch.setattr(store, "time", lambda: 2e10)
    assert broken_later.get("/questions/it/").status == 200


def test_only_the_owner_reads_the_copies(broken_later):
    path = broken_later.store.copies.path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("harm", ["full", "garbage", "folder"])
def test_a_disk_that_fails_harms_no_reader(broken_later, make_breakable, harm, monkeypatch):
    path = broken_later.store.copies.path
    if harm == "garbage":
        path.write_bytes(b"no database" * 1_000)
    elif harm == "folder":
        broken_later.store.copies.delete()
        path.mkdir()
    else:

        def fail(*args, **options):
            raise sqlite3.OperationalError("database or disk is full")

        monkeypatch.setattr(disk.sqlite3, "connect", fail)
    other = make_breakable()
    other.look()
    assert other.is_stored("/questions/it/")
    other.look()


def test_where_the_version_seen_cannot_be_written_the_copies_go(broken_later, numbers, monkeypatch):
    def fail(*args, **options):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as context:
        context.setattr(disk.sqlite3, "connect", fail)
        numbers["content"] += 1
        broken_later.look()
    assert broken_later.store.copies.load_seen_version((CONTENT,)) == ""
    assert broken_later.store.copies.list_keys() == []


def test_the_copies_are_bounded_and_the_oldest_go(broken_later, make_breakable):
    copies = broken_later.store.copies
    [(key, entry)] = [p for p in broken_later.store.memory.list_most_read() if p[0] == KEY]
    copies.max_bytes = 3 * entry.size
    for number in range(5):
        entry.stored_at += 1
        copies.save([(key._replace(path=f"/{number}/"), entry)])
    assert {key.path for key in copies.list_keys()} == {"/2/", "/3/", "/4/"}


def test_the_background_makes_what_is_read_most_first_and_what_was_kept(broken_later, numbers):
    site, upkeep = broken_later, broken_later.store.upkeep
    for _ in range(3):
        site.get("/about/")
    site.look()
    site.store.memory.get(KEY).reads = 1
    numbers["content"] += 1
    site.look()
    upkeep.plan()
    assert [key.path for key in upkeep.planned] == ["/about/", "/questions/it/"]
    asked = len(site.asked)
    while upkeep.planned:
        upkeep.step()
    assert len(site.asked) == asked + 2
    assert site.is_stored("/about/")
    assert len(site.asked) == asked + 2


def test_where_the_setting_says_so_only_what_is_asked_for_is_made(broken_later, settings):
    settings.SITE_ORIGIN, settings.PAGE_STORE_WARM_UP = "http://localhost", False
    broken_later.get("/about/")
    asked, upkeep = len(broken_later.asked), broken_later.store.upkeep
    upkeep.handle_change()
    for _ in range(10):
        upkeep.step()
    assert not upkeep.planned
    assert len(broken_later.asked) == asked
    assert upkeep.is_ready.is_set()


def test_the_background_makes_every_page_that_the_sitemap_names(broken_later, settings):
    settings.SITE_ORIGIN = "http://localhost"
    make_faq(slug="never-read")
    upkeep = broken_later.store.upkeep
    upkeep.plan()
    for _ in range(200):
        upkeep.step()
        if not upkeep.planned and upkeep._has_crawled:
            break
    asked = len(broken_later.asked)
    broken_later.get("/questions/never-read/")
    assert len(broken_later.asked) == asked


@pytest.mark.parametrize("is_away", [False, True])
def test_a_process_is_ready_once_it_knows_the_version_or_that_nothing_can_be_known(
    make_breakable, numbers, monkeypatch, is_away
):
    listened = []
    monkeypatch.setattr(upkeep, "_listeners", [lambda: listened.append(1)])
    site = make_breakable()
    site.store.watcher.read_at = monotonic()  # as its thread does when it starts
    site.store.upkeep.step()
    assert not site.store.upkeep.is_ready.is_set()
    if is_away:
        numbers["away"] = 1
    site.look()
    site.store.upkeep.step()
    assert site.store.upkeep.is_ready.is_set()
    assert bool(listened) != is_away


def test_one_process_of_a_machine_prepares_pages_at_a_time(broken_later, make_breakable):
    first, second = broken_later.store.upkeep, make_breakable().store.upkeep
    assert first.take_turn()
    assert not second.take_turn()
    first.end_turn()
    assert second.take_turn()
    second.end_turn()


@pytest.mark.parametrize("has_copies", [True, False])
def test_a_server_starts_without_its_database_where_it_has_copies(
    make_site, numbers, monkeypatch, capsys, has_copies
):
    site = make_site()
    site.look()
    if has_copies:
        site.get("/about/")
        site.look()
    monkeypatch.setattr(store, "open_copies", lambda: site.store.copies)
    monkeypatch.setattr(sqlite_file, "is_database_file_missing", lambda: True)
    if has_copies:
        call_command("ready")
        assert "last good copies" in capsys.readouterr().err
    else:
        with pytest.raises(CommandError, match="The file of the database is not there"):
            call_command("ready")
