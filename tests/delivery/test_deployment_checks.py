"""`manage.py check --deploy`: each check fires, and is silent when what it names is mended."""

import os
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.checks import run_checks
from django.utils import timezone

from psychoplastogens.evidence.models import LinkCheck
from tests.factories import make_user
from tests.login import make_authenticator

pytestmark = pytest.mark.django_db


def find_all():
    """What our checks have to say, by id."""
    found = run_checks(tags=["deployment"], include_deployment_checks=True)
    return {message.id: message for message in found}


def find(*ids):
    """Those of these ids that have something to say."""
    return find_all().keys() & {f"understory.{one}" for one in ids}


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    """A machine as it should be, but for what a test changes."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)
    (settings.DATA_DIR / "last_backup").touch()
    settings.DEBUG = False
    settings.HTTPS = settings.BEHIND_PROXY = True
    settings.SITE_ORIGIN = "https://learn.example.org"
    settings.SITE_FUNDING = "Example Clinic pays for this site."
    settings.ALLOWED_HOSTS = ["learn.example.org", "127.0.0.1"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    LinkCheck.objects.create(address="https://a.example", state="ok", checked_at=timezone.now())
    return settings.DATA_DIR


def test_a_machine_as_it_should_be_is_told_nothing():
    assert find_all() == {}


def test_every_hint_names_a_command_or_a_setting(settings, data):
    settings.DEBUG, settings.HTTPS, settings.ALLOWED_HOSTS = True, False, ["*"]
    settings.SITE_ORIGIN = "http://127.0.0.1:8000"
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    settings.METRICS_TOKEN = "short"
    settings.SITE_FUNDING = ""
    LinkCheck.objects.all().delete()
    (data / "last_backup").unlink()
    data.chmod(0o755)
    found = find_all()
    assert len(found) == 10
    for message in found.values():
        assert any(way in message.hint for way in ("=", "DEBUG", "python3 ", "chmod")), message


@pytest.mark.parametrize(
    "id, change",
    [
        ("E101", {"DEBUG": True}),
        ("E102", {"ALLOWED_HOSTS": ["*"]}),
        ("E103", {"SITE_ORIGIN": "http://127.0.0.1:8000"}),
        ("E103", {"SITE_ORIGIN": "http://[::1]:8000"}),
        ("E104", {"ALLOWED_HOSTS": ["localhost"]}),
        ("E105", {"HTTPS": False}),
        ("E106", {"BEHIND_PROXY": False}),
        ("W107", {"SITE_ORIGIN": "http://learn.example.org"}),
        ("W108", {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}),
        ("W114", {"METRICS_TOKEN": "a" * 31}),
    ],
)
def test_a_setting_that_is_missing_is_named(settings, id, change):
    for name, value in change.items():
        setattr(settings, name, value)
    assert find(id)


def test_a_token_that_cannot_be_guessed_is_fine(settings):
    settings.METRICS_TOKEN = "a" * 32
    assert find_all() == {}


def test_a_host_below_an_allowed_domain_is_fine(settings):
    settings.ALLOWED_HOSTS = [".example.org"]
    assert find_all() == {}


@pytest.fixture
def static(settings, tmp_path):
    hashed = "psychoplastogens.delivery.storage.HashedStaticFilesStorage"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": hashed}}
    return settings.STATIC_ROOT


def test_static_files_that_are_not_collected_are_named(static):
    assert find("E109", "W110") == {"understory.E109"}


def test_static_files_that_changed_since_are_named(static):
    manifest = static / "staticfiles.json"
    manifest.write_text('{"version": "1.1", "paths": {}, "hash": ""}')
    assert find("E109", "W110") == set()
    os.utime(manifest, (0, 0))
    assert find("E109", "W110") == {"understory.W110"}


@pytest.mark.parametrize("name", ["secret_key", "db.sqlite3", "db.sqlite3-wal"])
def test_data_that_others_may_read_is_named(data, name):
    (data / name).touch(mode=0o600)
    assert find("E111", "W112") == set()
    data.chmod(0o711)
    assert find("E111", "W112") == {"understory.W112"}
    (data / name).chmod(0o640)
    assert find("E111", "W112") == {"understory.E111"}
    data.chmod(0o700)
    assert find("E111", "W112") == set()


def test_a_backup_that_is_old_or_was_never_made_is_named(data):
    stamp, days = data / "last_backup", 24 * 3600
    os.utime(stamp, (time.time() - 1.9 * days,) * 2)
    assert not find("W113")
    os.utime(stamp, (time.time() - 2.1 * days,) * 2)
    assert find("W113")
    stamp.unlink()
    assert find("W113")


def test_accounts_without_the_second_factor_that_they_need_are_named():
    user = make_user("superuser")
    user.is_staff = user.is_superuser = True
    user.save()
    assert "superuser" in find_all()["understory.E120"].msg
    user.is_active = False
    user.save()
    assert not find("E120")
    user.is_active = True
    user.save()
    make_authenticator(user)
    assert not find("E120")


def test_staff_who_need_no_second_factor_are_not_named():
    user = make_user("clinic-editor")
    user.is_staff = True
    user.save()
    assert not find("E120")


def test_a_clean_up_that_does_not_run_is_named():
    over = Session.objects.create(
        session_key="a", session_data="", expire_date=timezone.now() - timedelta(days=4)
    )
    assert find("W121")
    over.expire_date = timezone.now() - timedelta(days=2)
    over.save()
    assert not find("W121")


def test_a_link_check_that_does_not_run_is_named():
    LinkCheck.objects.update(checked_at=timezone.now() - timedelta(days=4))
    assert find("W122")
    LinkCheck.objects.all().delete()
    assert find("W122")


def test_a_database_that_cannot_be_read_is_named_once(monkeypatch):
    from django.db import OperationalError, connection

    def fail(*arguments, **options):
        raise OperationalError

    monkeypatch.setattr(connection.introspection, "table_names", fail)
    monkeypatch.setattr(LinkCheck.objects, "aggregate", fail)
    assert find_all().keys() == {"understory.E100"}


def test_an_exception_that_an_operator_decided_on_is_silenced(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    settings.SILENCED_SYSTEM_CHECKS = [*settings.SILENCED_SYSTEM_CHECKS, "understory.W108"]
    assert find_all()["understory.W108"].is_silenced()
