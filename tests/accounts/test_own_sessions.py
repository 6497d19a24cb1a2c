"""“Where you are signed in”: what is listed, what can be ended, and by whom."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from psychoplastogens.accounts.browsers import describe_browser
from tests.factories import make_staff
from tests.login import is_signed_in, sign_in, submit_password
from tests.valid_html import problems

pytestmark = pytest.mark.django_db
SESSIONS = "/admin/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/138.0 Safari/537.36 Edg/138.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36"


@pytest.fixture
def ada():
    return make_staff("Author")


def come_in(user, agent=FIREFOX):
    client = Client(HTTP_USER_AGENT=agent)
    submit_password(client, user)
    return client


def handles(client):
    return {session.browser: session.handle for session in client.get(SESSIONS).context["sessions"]}


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        (PHONE, "Chrome on Android"),
        ("curl/8", "A browser"),
        ("", "A browser"),
        ("<script>alert('jane')</script> Linux", "A browser on Linux"),
    ],
)
def test_a_browser_is_told_in_words_of_ours(agent, words):
    assert describe_browser(agent) == words


def test_this_one_comes_first_and_the_others_can_be_told_apart(ada):
    come_in(ada, SAFARI)
    here = come_in(ada)
    come_in(make_staff("Author", name="bo"), EDGE)
    page = here.get(SESSIONS)
    found = [(session.browser, session.is_here) for session in page.context["sessions"]]
    assert found == [("Firefox on Windows", True), ("Safari on iPhone", False)]
    assertContains(page, "last used 0")
    assertNotContains(page, "Edge")
    assert problems(page.text) == []
    assertContains(here.get("/admin/"), f'href="{SESSIONS}"')


def test_the_page_holds_no_key_of_a_session(ada):
    come_in(ada, SAFARI)
    page = come_in(ada).get(SESSIONS).text
    keys = Session.objects.values_list("session_key", flat=True)
    assert len(keys) == 2
    assert not [key for key in keys if key in page]


def test_one_is_ended_and_no_other(ada):
    phone, other, here = come_in(ada, SAFARI), come_in(ada, PHONE), come_in(ada)
    answer = here.post(SESSIONS, {"end": handles(here)["Safari on iPhone"]}, follow=True)
    assertContains(answer, "Signed out in 1 browser.")
    assert [is_signed_in(client) for client in (phone, other, here)] == [False, True, True]


def test_all_others_are_ended_those_half_way_too(ada):
    here, phone, half_way = sign_in(Client(), ada), sign_in(Client(), ada), Client()
    submit_password(half_way, ada)
    bo = come_in(make_staff("Author", name="bo"))
    assert is_signed_in(phone)
    assert half_way.session.get("half_way")
    assertContains(here.post(SESSIONS, {"others": "1"}, follow=True), "Signed out in 2 browsers.")
    assert is_signed_in(here)
    assert not is_signed_in(phone)
    assert not half_way.session.get("half_way")
    assert is_signed_in(bo)


def test_this_one_ends_by_signing_out_alone(ada):
    here = come_in(ada)
    here.post(SESSIONS, {"end": handles(here)["Firefox on Windows"]})
    assert is_signed_in(here)


def test_nobody_ends_that_of_another(ada):
    bo = come_in(make_staff("Author", name="bo"), SAFARI)
    (handle,) = handles(bo).values()
    here = come_in(ada)
    for sent in (handle, "", "x" * 5000, Session.objects.first().session_key):
        assertContains(here.post(SESSIONS, {"end": sent}, follow=True), "Signed out in 0 browsers.")
    assert is_signed_in(bo)


def test_a_handle_opens_nothing(ada):
    (handle,) = handles(come_in(ada)).values()
    thief = Client()
    thief.cookies["sessionid"] = handle
    assert not is_signed_in(thief)


@pytest.mark.parametrize(("name", "passed"), [("seen_at", 3601), ("signed_in_at", 8 * 3600 + 1)])
def test_what_is_over_is_not_listed(ada, name, passed):
    phone, here = come_in(ada, SAFARI), come_in(ada)
    session = phone.session
    session[name] -= passed
    session.save()
    assert handles(here).keys() == {"Firefox on Windows"}


def test_one_whose_password_was_changed_since_is_not_listed(ada):
    phone = come_in(ada, SAFARI)
    ada.set_password("lichen on a north wall")
    ada.save()
    here = Client(HTTP_USER_AGENT=FIREFOX)
    submit_password(here, ada, password="lichen on a north wall")
    assert not is_signed_in(phone)
    assert handles(here).keys() == {"Firefox on Windows"}


def test_it_needs_a_sign_in_and_the_token_of_its_page(ada):
    assertRedirects(Client().get(SESSIONS), "/admin/login/")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["sessionid"] = come_in(ada).cookies["sessionid"].value
    assert strict.post(SESSIONS, {"others": "1"}).status_code == 403


def test_nothing_of_the_header_is_kept(ada):
    come_in(ada, f"{FIREFOX} Zyxmarmot/7")
    (session,) = Session.objects.all()
    assert "Zyxmarmot" not in str(session.get_decoded())
    assert session.get_decoded()["browser"] == "Firefox on Windows"
