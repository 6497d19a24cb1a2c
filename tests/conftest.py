"""What every test may ask for. Browser fixtures are in browser/conftest.py."""

import gc
from contextlib import ExitStack

import pytest
from hypothesis import settings as hypothesis

from tests import database_cache, server_process

# The same examples in every run: a suite that passed says the same tomorrow. New ones, and many:
# python3 manage.py test --hypothesis-profile=long
hypothesis.register_profile("same", deadline=None, derandomize=True)
hypothesis.register_profile("long", deadline=None, max_examples=2000)
hypothesis.load_profile("same")


def pytest_configure(config):
    """Settings that only tests have: plain names of static files, a fast hash, no kept handouts."""
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT = settings.BASE_DIR / "static"  # WhiteNoise warns where there is none
    kept = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "handouts"}
    settings.CACHES = {**settings.CACHES, "handouts": kept}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_finish():
    """What was imported lives to the end: the collector does not look through it each time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture
def admin_client(admin_user):
    """A superuser at work; the one of pytest-django has no second factor."""
    from django.test import Client

    from tests.login import sign_in

    return sign_in(Client(), admin_user)


@pytest.fixture(autouse=True)
def clear_cache():
    """Each test's database counts from the same number: what was kept under it is of another."""
    from django.core.cache import cache

    from psychoplastogens.clinics.reading_lists import clear_page_keys
    from psychoplastogens.editorial.version_cache import clear_version_caches

    cache.clear()
    clear_page_keys()
    clear_version_caches()


@pytest.fixture(autouse=True)
def reset_rate_limits(monkeypatch):
    """Every test is the same client to the limits, which count in memory. Some ask for it all.

    Their clocks stand still: on a slow machine a limit would be lifted before a test reaches it.
    """
    from psychoplastogens.delivery.rate_limits import HANDOUTS, LIMITS, LISTS

    for limit in (HANDOUTS, LISTS):
        monkeypatch.setattr(limit, "burst", 10_000)
    for limit in LIMITS:
        monkeypatch.setattr(limit, "clock", lambda: 0)
        limit.reset()


@pytest.fixture(autouse=True)
def disable_page_store_threads(monkeypatch):
    """A thread that reads the version would outlive the test, and know that of its database."""
    from psychoplastogens.delivery.page_store import versions
    from psychoplastogens.delivery.page_store.upkeep import Upkeep

    for thread in (Upkeep, versions.VersionWatcher):
        monkeypatch.setattr(thread, "start", lambda self: None)
    # Nobody reads the version again, and a slow test is no outage.
    monkeypatch.setattr(versions, "AWAY_SECONDS", 3600)


@pytest.fixture(autouse=True)
def disable_click_writer_thread(monkeypatch):
    """A thread that writes openings of short links would outlive the test that opened one."""
    from psychoplastogens.short_links.click_counting import ClickWriter

    monkeypatch.setattr(ClickWriter, "start", lambda self: None)


@pytest.fixture
def handouts_as_text(monkeypatch):
    """Handouts are not drawn but answered as their text: much quicker, and it can be searched.

    What was drawn before is not answered instead, and no test after this one is answered a text.
    """
    from django.core.cache import caches

    from psychoplastogens.handouts import pdf_rendering

    monkeypatch.setattr(
        pdf_rendering, "_run_typst_worker", lambda document, **options: b"%PDF-" + document.encode()
    )
    caches["handouts"].clear()
    yield
    caches["handouts"].clear()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site as `python3 manage.py serve` starts it: the real server, content and static files.

    One for the whole run, so tests only read from it. `site.url` ends without a slash.
    """
    with server_process.run_site_copy(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def started_before(tmp_path):
    """The data of a site that was started once, and has ended: a test's own."""
    return server_process.copy_started_site(tmp_path / "data")


@pytest.fixture(scope="session")
def migrated():
    """On SQLite: the test database as the migrations leave it, if there is a copy of it.

    Where there is none, other processes wait until what this yields is closed.
    """
    from django.db import connection

    with database_cache.connect_to_memory() as memory, ExitStack() as while_others_wait:
        if connection.vendor == "sqlite":
            while_others_wait.enter_context(database_cache.lock("empty"))
        if database_cache.is_saved("empty"):
            database_cache.restore("empty", memory)
            while_others_wait.close()
        yield while_others_wait


@pytest.fixture(scope="session")
def django_db_setup(migrated, django_db_setup, django_db_blocker):
    """pytest-django's own, which finds nothing left to migrate in a copy."""
    with django_db_blocker.unblock():
        if not database_cache.is_saved("empty"):
            database_cache.save("empty")
    migrated.close()


@pytest.fixture(scope="module")
def restored_database(django_db_setup, django_db_blocker):
    """Tests with real transactions empty the database; the next module finds it as it was."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    yield
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            database_cache.restore_connected("empty")
            ContentType.objects.clear_cache()


@pytest.fixture(scope="module")
def content(django_db_setup, django_db_blocker):
    """The real content of fixtures/ in the test database, for one module; undone after it."""
    from django.conf import settings
    from django.db import connection, transaction

    from psychoplastogens.editorial import content_loader

    with django_db_blocker.unblock():
        if connection.vendor != "sqlite":
            with transaction.atomic():
                content_loader.load_content(settings.FIXTURES)
                yield
                transaction.set_rollback(True)
            return
        with database_cache.lock("content"):
            if database_cache.is_saved("content"):
                database_cache.restore_connected("content")
            else:
                content_loader.load_content(settings.FIXTURES)
                # Outside of any transaction: SQLite would wait for its end.
                database_cache.save("content")
        yield
        database_cache.restore_connected("empty")
