"""A forgotten password: a mailed link, and all that it must not open."""

import re
import threading

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.accounts import second_factor
from psychoplastogens.accounts.models import AccountEvent, FirstPassword
from psychoplastogens.accounts.password_reset import reset_password
from psychoplastogens.delivery.mail import wait_for_mail
from tests.factories import make_staff
from tests.login import (
    PASSWORD,
    get_code,
    is_signed_in,
    make_authenticator,
    sign_in,
    submit_code,
    submit_password,
)
from tests.short_links.test_privacy import SCANNERS, tables

pytestmark = pytest.mark.django_db
FORGOT = "/admin/forgot-password/"
EMAIL, NEW = "ada@moss.example", "lichen on a north wall"
CHOSEN = {"new_password1": NEW, "new_password2": NEW}


@pytest.fixture
def publisher():
    return make_staff("Publisher", email=EMAIL)


def ask(client, email=EMAIL):
    mail.outbox.clear()
    answer = client.post(FORGOT, {"email": email})
    wait_for_mail()
    return answer


def link_of():
    return re.search(r"http://127\.0\.0\.1:8000(/admin/\S+)", mail.outbox[0].body)[1]


def test_the_sign_in_leads_to_it(client):
    assertContains(client.get("/admin/login/"), f'href="{FORGOT}"')
    assertContains(client.get(FORGOT), "Mail address of your account")


def test_a_new_password_is_chosen_and_signs_in(
    client, publisher, django_capture_on_commit_callbacks
):
    assertContains(ask(client, "Ada@Moss.example"), "If an account has this address")
    assert [m.to for m in mail.outbox] == [[EMAIL]]
    link = link_of()
    page = client.get(link)
    assertContains(page, "For the account ada.")
    assert "no-store" in page["Cache-Control"]
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assertContains(client.post(link, CHOSEN), "Your password is changed")
    wait_for_mail()
    assert "was changed with a link" in mail.outbox[0].body
    publisher.refresh_from_db()
    assert publisher.check_password(NEW)
    event = AccountEvent.objects.get(kind="password")
    assert (event.account, event.by, event.what) == (
        "ada",
        "ada",
        "Password set with a mailed link",
    )


def test_it_signs_nobody_in_and_the_second_factor_stays(client, publisher):
    app = make_authenticator(publisher)
    ask(client)
    before = client.cookies.get("sessionid")
    client.post(link_of(), CHOSEN)
    assert not is_signed_in(client)
    assert client.cookies.get("sessionid") == before
    assert second_factor.get_authenticator(publisher) == app
    answer = client.post("/admin/login/", {"username": "ada", "password": NEW})
    assert answer["Location"] == "/admin/second-factor/code/"
    submit_code(client, get_code(app))
    assert is_signed_in(client)


def test_it_ends_all_sessions_of_this_account_alone(client, publisher):
    make_authenticator(publisher)
    here, half_way = sign_in(Client(), publisher), Client()
    submit_password(half_way, publisher)
    other = sign_in(Client(), make_staff("Author", name="bo"))
    ask(client)
    client.post(link_of(), CHOSEN)
    assert not is_signed_in(here)
    assert not half_way.session.get("half_way")
    assert is_signed_in(other)


def test_a_lock_out_stays(client, publisher):
    for _ in range(5):
        client.post("/admin/login/", {"username": "ada", "password": "a guess"})
    ask(client)
    client.post(link_of(), CHOSEN)
    assert AccessAttempt.objects.exists()
    assertContains(
        client.post("/admin/login/", {"username": "ada", "password": NEW}),
        "Locked out",
        status_code=429,
    )


def test_a_password_that_was_given_needs_no_other_after_it(client, publisher):
    FirstPassword.objects.create(user=publisher)
    ask(client)
    client.post(link_of(), CHOSEN)
    assert not FirstPassword.objects.exists()


def strip_token(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.text)


@pytest.mark.parametrize("who", ["nobody", "left", "no staff", "invited"])
def test_the_answer_does_not_tell_who_has_an_account(client, who, publisher):
    known = strip_token(ask(client))
    assert len(mail.outbox) == 1
    other = make_staff(name="bo", email="bo@moss.example")
    other.is_active, other.is_staff = who != "left", who != "no staff"
    if who == "invited":
        other.set_unusable_password()
    other.save()
    before = tables()
    answer = ask(client, "nobody@moss.example" if who == "nobody" else "bo@moss.example")
    assert strip_token(answer) == known
    assert answer.status_code == 200
    assert mail.outbox == []
    assert tables() == before


def test_it_tells_nobody_by_its_time(client, publisher, monkeypatch):
    """The answer is there before the mail server is."""
    server_answers, sent = threading.Event(), []

    def send(*mail):
        sent.append(server_answers.wait(5))

    monkeypatch.setattr("psychoplastogens.delivery.mail.send_mail", send)
    client.post(FORGOT, {"email": EMAIL})
    server_answers.set()
    wait_for_mail()
    assert sent == [True]


@pytest.mark.parametrize("agent", SCANNERS)
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_program_that_checks_mail_changes_nothing(client, publisher, agent, method):
    ask(client)
    link, before = link_of(), tables()
    for _ in range(2):
        answer = getattr(client, method)(link, HTTP_USER_AGENT=agent)
        assert answer.status_code == 200
        assert "sessionid" not in answer.cookies
    assert tables() == before
    assertContains(Client().post(link, CHOSEN), "Your password is changed")


def test_it_works_once(client, publisher):
    ask(client)
    link = link_of()
    client.post(link, CHOSEN)
    before = tables()
    for answer in (client.get(link), client.post(link, CHOSEN)):
        assertContains(answer, "This link has ended", status_code=410)
    assert tables() == before


def test_two_who_press_it_at_once_the_second_does_nothing(publisher):
    ask(Client())
    *_, user_id, token, _ = link_of().split("/")
    assert reset_password(int(user_id), token, NEW)
    assert not reset_password(int(user_id), token, PASSWORD)
    publisher.refresh_from_db()
    assert publisher.check_password(NEW)


def test_it_is_for_one_account(client, publisher):
    other = make_staff("Author", name="bo")
    ask(client)
    token = link_of().split("/")[-2]
    for key in (other.pk, 0, 10**30):
        assert client.post(f"/admin/new-password/{key}/{token}/", CHOSEN).status_code == 410
    other.refresh_from_db()
    assert other.check_password(PASSWORD)


def sign_in_since(user, settings):
    submit_password(Client(), user)


def end_account(user, settings):
    type(user).objects.update(is_active=False)


def change_address(user, settings):
    type(user).objects.update(email="eve@moss.example")


def let_time_pass(user, settings):
    settings.PASSWORD_RESET_TIMEOUT = -1


@pytest.mark.parametrize("change", [sign_in_since, end_account, change_address, let_time_pass])
def test_it_ends_with_its_time_and_with_a_change_of_the_account(client, settings, change):
    author = make_staff("Author", email=EMAIL)
    ask(client)
    link = link_of()
    assert client.get(link).status_code == 200
    change(author, settings)
    assert client.get(link).status_code == 410
    assert client.post(link, CHOSEN).status_code == 410
    author.refresh_from_db()
    assert author.check_password(PASSWORD)


def test_it_lasts_for_an_hour(settings):
    assert settings.PASSWORD_RESET_TIMEOUT == 3600


@pytest.mark.parametrize(
    ("first", "second"), [("short", "short"), (NEW, "another"), ("", ""), ("adaadaadaada1", "x")]
)
def test_a_weak_or_mistyped_password_is_refused_and_the_link_stays(
    client, publisher, first, second
):
    ask(client)
    link = link_of()
    client.post(link, {"new_password1": first, "new_password2": second})
    publisher.refresh_from_db()
    assert publisher.check_password(PASSWORD)
    assertContains(client.post(link, CHOSEN), "Your password is changed")


def test_who_is_signed_in_as_another_stays_so(publisher):
    """A link that somebody was made to open takes over no session."""
    bo = sign_in(Client(), make_staff("Author", name="bo"))
    ask(bo)
    bo.post(link_of(), CHOSEN)
    assert bo.get("/admin/").context["user"].username == "bo"


def test_forms_without_the_token_of_their_page_are_refused(publisher):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(FORGOT, {"email": EMAIL}).status_code == 403
    ask(Client())
    assert strict.post(link_of(), CHOSEN).status_code == 403


def test_three_mails_a_day_go_to_one_address_whoever_asks(publisher):
    sent = []
    for number in range(5):
        ask(Client(REMOTE_ADDR=f"192.0.2.{number}"), EMAIL.upper() if number % 2 else EMAIL)
        sent.append(len(mail.outbox))
    assert sent == [1, 1, 1, 0, 0]


def test_a_network_that_asks_too_often_waits(client):
    answers = [client.post(FORGOT, {"email": f"{n}@moss.example"}).status_code for n in range(12)]
    assert answers == [200] * 10 + [429] * 2


def test_the_link_leads_to_the_site_whatever_host_was_asked(client, publisher):
    client.post(FORGOT, {"email": EMAIL}, headers={"host": "localhost"})
    wait_for_mail()
    assert "http://127.0.0.1:8000/admin/new-password/" in mail.outbox[0].body
    assert "localhost" not in mail.outbox[0].body


def test_without_a_mail_server_it_says_whom_to_ask_and_names_nobody(client, publisher, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    make_staff(name="root", is_superuser=True, email="root@moss.example")
    for page in (client.get(FORGOT), client.post(FORGOT, {"email": EMAIL})):
        assertContains(page, "Ask whoever gave you the account")
        assertNotContains(page, "root")
        assertNotContains(page, 'type="email"')


def test_a_mail_that_breaks_is_logged(client, publisher, monkeypatch, caplog):
    def send(*mail):
        raise ValueError("a heading of two lines")

    monkeypatch.setattr("psychoplastogens.delivery.mail.send_mail", send)
    client.post(FORGOT, {"email": EMAIL})
    wait_for_mail()
    assert "a heading of two lines" in caplog.text
