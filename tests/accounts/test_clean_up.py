"""`manage.py clean_up`, and what anonymous visitors can fill a table with before it runs."""

from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from psychoplastogens.accounts import lockout
from psychoplastogens.delivery import rate_limits
from psychoplastogens.infobutton.models import Unanswered
from psychoplastogens.search.models import MissedSearch
from tests.factories import make_staff
from tests.login import is_signed_in, submit_password

pytestmark = pytest.mark.django_db


def said():
    out = StringIO()
    call_command("clean_up", stdout=out)
    return out.getvalue()


def fail(client, name):
    rate_limits.SIGN_IN.reset()
    return client.post("/admin/login/?next=/admin/", {"username": name, "password": "a guess"})


def test_what_is_over_goes_and_the_rest_stays(client):
    user = make_staff("Author")
    fail(client, "ada")
    submit_password(client, user)
    old, now = timezone.localdate() - timedelta(days=400), timezone.now()
    for day in (old, timezone.localdate()):
        MissedSearch.objects.create(words="zebra", day=day, number=5)
        Unanswered.objects.create(system="icd10cm", code="F99", day=day)
    call_command("clean_up", stdout=StringIO())
    assert is_signed_in(client)
    assert AccessFailureLog.objects.count() == AccessLog.objects.count() == 1
    assert MissedSearch.objects.get().day == Unanswered.objects.get().day == timezone.localdate()
    AccessFailureLog.objects.update(attempt_time=now - timedelta(days=91))
    AccessLog.objects.update(attempt_time=now - timedelta(days=366))
    Session.objects.update(expire_date=now - timedelta(minutes=1))
    text = said()
    assert "sessions that are over: 1" in text
    assert "sign-ins and failures: 2" in text
    kept = (AccessFailureLog, AccessLog, Session)
    assert not any(model.objects.exists() for model in kept)


def test_running_it_twice_changes_nothing_more():
    said()
    assert {line.rpartition(": ")[2] for line in said().splitlines()} == {"0"}


def test_a_failure_goes_only_when_it_locks_nobody_out_any_more(client):
    make_staff("Author")
    for _ in range(5):
        page = fail(client, "ada")
    call_command("clean_up", stdout=StringIO())
    assert page.status_code == fail(client, "ada").status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=61))
    call_command("clean_up", stdout=StringIO())
    assert not AccessAttempt.objects.exists()


def test_a_flood_of_made_up_names_fills_no_table_and_hides_no_failure_of_an_account(monkeypatch):
    monkeypatch.setattr(lockout, "MAX_UNKNOWN_NAME_FAILURES", 3)
    make_staff("Author")
    fail(Client(), "ada")
    for number in range(9):
        fail(Client(HTTP_USER_AGENT=f"agent {number}"), f"nobody {number}")
    for model in (AccessAttempt, AccessFailureLog):
        assert model.objects.count() == 4
        assert model.objects.filter(username="ada").count() == 1


def test_of_a_failure_only_name_address_and_time_are_kept():
    make_staff("Author")
    sent = {"HTTP_USER_AGENT": "Marmot", "HTTP_ACCEPT": "text/marmot"}
    client = Client(**sent)
    client.post("/admin/login/?next=/marmot/&name=Marmot", {"username": "ada", "password": "no"})
    client.post("/admin/login/?marmot=1", {"username": "Marmot", "password": "no", "marmot": "a"})
    rows = [*AccessAttempt.objects.values(), *AccessFailureLog.objects.values()]
    assert len(rows) == 4
    assert "marmot" not in str(rows).lower()


def test_of_a_sign_in_neither(client):
    client.defaults |= {"HTTP_USER_AGENT": "Marmot", "HTTP_ACCEPT": "text/marmot"}
    submit_password(client, make_staff("Author"))
    assert "marmot" not in str(AccessLog.objects.values()).lower()
