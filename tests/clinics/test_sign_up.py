"""A clinic makes itself: by a link in a mail, once, and nothing before that."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics import sign_up
from psychoplastogens.clinics.models import Clinic, ClinicRequest
from psychoplastogens.delivery import rate_limits
from tests.factories import make_clinic, make_user
from tests.login import sign_in
from tests.short_links.test_privacy import tables
from tests.valid_html import problems

pytestmark = pytest.mark.django_db
JOIN = "/for-clinics/join/"
SENT = {"name": "Moss Clinic", "phone": "503-555-0100", "email": "Desk@moss.example"}
PASSWORD = "a-heron-on-the-pier"
CHOSEN = {"password": PASSWORD, "again": PASSWORD}
REQUESTS = "/admin/clinics/clinicrequest/"


@pytest.fixture
def open_to_all(settings):
    settings.CLINIC_SIGN_UP = "open"


def ask(client, **changed):
    """The path of the link in the mail that the form sends, or '' where there is none."""
    mail.outbox.clear()
    client.post(JOIN, SENT | changed)
    found = re.search(r"http://127\.0\.0\.1:8000(/for-clinics/join/\S+)", mail.outbox[0].body)
    return found[1] if found else ""


def account():
    return get_user_model().objects.filter(username="desk@moss.example").first()


def test_nothing_is_stored_before_the_link_is_opened_and_a_password_chosen(client):
    before = tables()
    link = ask(client)
    assert mail.outbox[0].to == ["desk@moss.example"]
    assert "Moss" not in mail.outbox[0].body
    for _ in range(3):  # Programs that check mail open links too.
        page = client.get(link)
        assertContains(page, "For Moss Clinic, 503-555-0100")
        assert page["Cache-Control"] == "no-store"
        assert not page.cookies
    client.post(link, {"password": "short", "again": "short"})
    assert tables() == before


def test_where_it_is_open_the_clinic_is_there_at_once(client, open_to_all):
    assertContains(client.post(ask(client), CHOSEN), "Your clinic is here")
    clinic = Clinic.objects.get()
    assert (clinic.name, clinic.phone, clinic.slug) == (SENT["name"], SENT["phone"], "moss-clinic")
    user = account()
    assert [*clinic.editors.all()] == [user]
    assert [group.name for group in user.groups.all()] == ["Clinic editor"]
    assert user.is_staff
    assert not user.is_superuser
    assert user.check_password(PASSWORD)
    assert not ClinicRequest.objects.exists()
    signed_in = client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert signed_in.status_code == 302
    assertContains(client.get("/admin/clinics/clinic/"), "Moss Clinic")


def test_otherwise_it_waits_for_a_superuser_who_is_told(client, admin_client, admin_user):
    admin_user.email = "owner@understory.example"
    admin_user.save()
    link = ask(client)
    mail.outbox.clear()
    assertContains(client.post(link, CHOSEN), "Somebody looks at it now")
    assert [m.to for m in mail.outbox] == [["owner@understory.example"]]
    assert account() is None
    assert client.get("/c/moss-clinic/").status_code == 404
    waiting = ClinicRequest.objects.get()
    listed = admin_client.get(REQUESTS)
    assertContains(listed, "desk@moss.example")
    assertNotContains(listed, waiting.password)
    mail.outbox.clear()
    chosen = {"action": "accept", "_selected_action": str(waiting.pk)}
    assertContains(admin_client.post(REQUESTS, chosen, follow=True), "Moss Clinic is here.")
    assert [m.to for m in mail.outbox] == [["desk@moss.example"]]
    assert account().check_password(PASSWORD)
    assert client.get("/c/moss-clinic/").status_code == 200
    assert not ClinicRequest.objects.exists()


def test_a_superuser_without_an_address_sees_on_the_first_page_that_clinics_wait(
    client, admin_client
):
    assertNotContains(admin_client.get("/admin/"), "to join")
    client.post(ask(client), CHOSEN)
    assertContains(admin_client.get("/admin/"), "A clinic asks to join")
    client.post(ask(client, name="Fern Clinic", email="fern@fern.example"), CHOSEN)
    page = admin_client.get("/admin/")
    assertContains(page, "2 clinics ask to join")
    assertContains(page, f'href="{REQUESTS}"')


def test_a_declined_one_leaves_nothing(client, admin_client):
    client.post(ask(client), CHOSEN)
    chosen = {"action": "decline", "_selected_action": str(ClinicRequest.objects.get().pk)}
    admin_client.post(REQUESTS, chosen)
    assert not ClinicRequest.objects.exists()
    assert not Clinic.objects.exists()
    assert account() is None


def test_nobody_but_a_superuser_sees_who_waits(client):
    client.post(ask(client), CHOSEN)
    for role in ("Clinic editor", "Author"):
        user = make_user(role)
        user.groups.add(Group.objects.get(name=role))
        staff = sign_in(Client(), user)
        assert staff.get(REQUESTS).status_code == 403
        for words in ("Clinics that wait", "asks to join"):
            assertNotContains(staff.get("/admin/"), words)
    assert client.get(REQUESTS).status_code == 302


@pytest.mark.parametrize("way", ["open", "approve"])
def test_a_link_works_once(client, settings, way):
    settings.CLINIC_SIGN_UP = way
    link = ask(client)
    client.post(link, CHOSEN)
    before = tables()
    for answer in (client.get(link), client.post(link, CHOSEN)):
        assertContains(answer, "This link has ended", status_code=410)
    assert tables() == before


def test_two_links_for_one_address_make_one_account(client, open_to_all):
    first, second = ask(client), ask(client, name="Fern Clinic")
    client.post(first, CHOSEN)
    assert client.post(second, CHOSEN).status_code == 410
    assert Clinic.objects.count() == 1


def test_a_link_ends_after_48_hours_and_cannot_be_altered(client, monkeypatch):
    link = ask(client)
    for altered in (link[:-3] + "/", link.replace(":", "a:", 1), f"{JOIN}none/"):
        assertContains(client.get(altered), "This link has ended", status_code=410)
    monkeypatch.setattr(sign_up, "MAX_TOKEN_AGE_SECONDS", -1)
    assertContains(client.post(link, CHOSEN), "This link has ended", status_code=410)
    assert not ClinicRequest.objects.exists()


def test_the_answer_does_not_tell_whether_an_address_is_known(client):
    get_user_model().objects.create(username="known", email="Desk@Moss.example")
    known = client.post(JOIN, SENT)
    unknown = client.post(JOIN, SENT | {"email": "other@moss.example"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    told, link = mail.outbox
    assert "which has one" in told.body
    assert "/for-clinics/join/" not in told.body
    assert "/for-clinics/join/" in link.body


def test_one_address_gets_few_mails_whoever_asks(client):
    answers = {client.post(JOIN, SENT, REMOTE_ADDR=f"203.0.113.{n}").content for n in range(9)}
    assert len(mail.outbox) == 3
    assert len(answers) == 1


def test_one_client_asks_a_few_times(client, monkeypatch):
    monkeypatch.setattr(rate_limits.SIGN_UPS, "burst", 2)
    statuses = [client.post(JOIN, SENT | {"email": f"{n}@m.example"}).status_code for n in range(3)]
    assert statuses == [200, 200, 429]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "https://moss.example"),
        ("name", "Call 900-555-0199"),
        ("name", "Understory"),
        ("name", "taken clinic"),
        ("phone", "988"),
        ("phone", ""),
        ("email", "desk"),
        ("email", "a@b.example\nBcc: c@d.example"),
        ("email", ""),
    ],
)
def test_what_is_wrong_is_said_and_no_mail_is_sent(client, field, typed):
    make_clinic(name="Taken Clinic", slug="taken")
    response = client.post(JOIN, SENT | {field: typed})
    assert response.status_code == 422
    named = "Another clinic has this name." if "taken" in typed else f'id="id_{field}_error"'
    assert named in response.text
    assert problems(response.text) == []
    assert mail.outbox == []


def test_a_weak_or_mistyped_password_is_refused(client, open_to_all):
    link = ask(client)
    for sent in ({"password": "12345678901", "again": "12345678901"}, CHOSEN | {"again": "x"}):
        response = client.post(link, sent)
        assert response.status_code == 422
        assert PASSWORD not in response.text
        assert problems(response.text) == []
    assert account() is None


def test_the_page_says_how_long_a_password_is(client, open_to_all):
    link = ask(client)
    page = client.get(link)
    assertContains(page, "At least 12 characters")
    assertContains(page, 'aria-describedby="id_password_helptext"')
    assert problems(page.text) == []
    assert client.post(link, {"password": "heron+pier1", "again": "heron+pier1"}).status_code == 422
    assert (
        client.post(link, {"password": "heron+pier12", "again": "heron+pier12"}).status_code == 200
    )


def test_a_name_taken_meanwhile_is_said(client, open_to_all):
    link = ask(client)
    make_clinic(name="Moss Clinic", slug="moss")
    assertContains(client.post(link, CHOSEN), "Another clinic has this name", status_code=422)
    assert account() is None


def test_addresses_of_clinics_are_told_apart(client, open_to_all):
    make_clinic(name="Another", slug="moss-clinic")
    client.post(ask(client), CHOSEN)
    assert Clinic.objects.get(name="Moss Clinic").slug == "moss-clinic-2"


@pytest.mark.parametrize(
    "changed",
    [
        {"CLINIC_SIGN_UP": "off"},
        {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"},
    ],
)
def test_where_it_is_closed_there_is_neither_form_nor_link(client, settings, changed):
    link = ask(client)
    assertContains(client.get("/for-clinics/"), f'href="{JOIN}"')
    for name, value in changed.items():
        setattr(settings, name, value)
    assertNotContains(client.get("/for-clinics/"), f'href="{JOIN}"')
    assert client.get(JOIN).status_code == client.post(JOIN, SENT).status_code == 404
    assert client.get(link).status_code == 410


def test_no_other_site_fills_it_in(client):
    link = ask(client)
    mail.outbox.clear()
    for address, sent in ((JOIN, SENT), (link, CHOSEN)):
        response = client.post(address, sent, headers={"sec-fetch-site": "cross-site"})
        assert response.status_code == 403
    assert mail.outbox == []
    assert not ClinicRequest.objects.exists()


def test_a_clinic_that_nobody_accepts_is_forgotten_after_90_days(client):
    client.post(ask(client), CHOSEN)
    waiting = ClinicRequest.objects.get()
    for days, left in ((90, 1), (91, 0)):
        day = timezone.localdate() - timedelta(days=days)
        ClinicRequest.objects.filter(pk=waiting.pk).update(asked_on=day)
        call_command("clean_up", stdout=StringIO())
        assert ClinicRequest.objects.count() == left
