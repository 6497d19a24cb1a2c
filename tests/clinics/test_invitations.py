"""An editor invites a colleague, by a link that works once and stores nothing before that."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics import sign_up
from psychoplastogens.clinics.dashboard import MOST_INVITATIONS
from tests.clinics.test_contact import editor_of, with_settled_app
from tests.factories import make_clinic, make_user
from tests.login import sign_in
from tests.short_links.test_privacy import tables
from tests.valid_html import problems

pytestmark = pytest.mark.django_db
EMAIL, PASSWORD = "bo@moss.example", "a-heron-on-the-pier"
CHOSEN = {"password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def clinic():
    return make_clinic(slug="moss", name="Moss Clinic")


@pytest.fixture
def ada(clinic):
    user = with_settled_app(editor_of(clinic, "ada"))
    user.email = "ada@moss.example"
    user.save()
    return user


def invite(user, clinic, email=EMAIL):
    mail.outbox.clear()
    address = f"/admin/clinics/clinic/{clinic.pk}/invite/"
    return sign_in(Client(), user).post(address, {"email": email}, follow=True)


def link_of():
    return re.search(r"http://127\.0\.0\.1:8000(/for-clinics/invited/\S+)", mail.outbox[0].body)[1]


def test_a_colleague_gets_an_account_for_this_clinic_alone(client, clinic, ada):
    other = make_clinic(slug="other", name="Other Clinic")
    assertContains(invite(ada, clinic, "Bo@moss.example"), "We mailed bo@moss.example a link")
    assert [m.to for m in mail.outbox] == [[EMAIL]]
    link = link_of()
    page = client.get(link)
    assertContains(page, "Edit the lists of Moss Clinic")
    assert page["Cache-Control"] == "no-store"
    assert problems(page.text) == []
    assertContains(client.post(link, CHOSEN), "Your clinic is here")
    bo = get_user_model().objects.get(username=EMAIL)
    assert bo.check_password(PASSWORD)
    assert set(clinic.editors.all()) == {ada, bo}
    assert not other.editors.exists()
    assert [group.name for group in bo.groups.all()] == ["Clinic editor"]


def test_the_other_editors_are_told(client, clinic, ada, django_capture_on_commit_callbacks):
    invite(ada, clinic)
    link = link_of()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(link, CHOSEN)
    assert [m.to for m in mail.outbox] == [["ada@moss.example"]]
    assert "bo@moss.example was invited by ada" in mail.outbox[0].body


def test_who_has_an_account_keeps_it_and_its_password(client, clinic, ada):
    bo = make_user("bo")
    bo.email, bo.password = EMAIL, "kept"
    bo.save()
    invite(ada, clinic)
    link = link_of()
    assertNotContains(client.get(link), 'type="password"')
    client.post(link, CHOSEN)
    bo.refresh_from_db()
    assert bo.password == "kept"
    assert clinic.editors.contains(bo)
    assert get_user_model().objects.filter(email=EMAIL).count() == 1


def test_opening_the_link_stores_nothing(client, clinic, ada):
    invite(ada, clinic)
    before = tables()
    for _ in range(2):
        client.get(link_of())
    client.post(link_of(), {"password": "short", "again": "short"})
    assert tables() == before


def test_it_works_once(client, clinic, ada):
    invite(ada, clinic)
    client.post(link_of(), CHOSEN)
    before = tables()
    for answer in (client.get(link_of()), client.post(link_of(), CHOSEN)):
        assertContains(answer, "This link has ended", status_code=410)
    assert tables() == before


def test_it_ends_with_its_time_its_sender_and_any_change(client, clinic, ada, monkeypatch):
    invite(ada, clinic)
    link = link_of()
    for altered in (f"{link[:-4]}/", "/for-clinics/invited/none/"):
        assert client.get(altered).status_code == 410
    clinic.editors.remove(ada)
    assert client.post(link, CHOSEN).status_code == 410
    clinic.editors.add(ada)
    ada.is_active = False
    ada.save()
    assert client.post(link, CHOSEN).status_code == 410
    ada.is_active = True
    ada.save()
    assert client.get(link).status_code == 200
    monkeypatch.setattr(sign_up, "MAX_TOKEN_AGE_SECONDS", -1)
    assert client.post(link, CHOSEN).status_code == 410
    assert not get_user_model().objects.filter(username=EMAIL).exists()


def test_a_link_to_join_is_no_invitation(client, clinic, ada):
    token = sign_up.make_token({"clinic": str(clinic.pk), "email": EMAIL, "by": ada.pk})
    assert client.get(f"/for-clinics/invited/{token}/").status_code == 410


def test_a_stolen_password_invites_nobody(clinic):
    fresh = editor_of(clinic, "eve")
    assertContains(invite(fresh, clinic), "second factor that was set up at least 3 days ago")
    assert mail.outbox == []


def test_nobody_invites_to_the_clinic_of_another(clinic, ada):
    other = make_clinic(slug="other", name="Other Clinic")
    assert invite(ada, other).status_code == 404
    assert mail.outbox == []


def test_without_a_mail_server_nobody_is_invited(clinic, ada, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assertContains(invite(ada, clinic), "No mail can be sent here")


def test_the_form_of_a_clinic_leads_to_it(clinic, ada):
    staff = sign_in(Client(), ada)
    page = staff.get(f"/admin/clinics/clinic/{clinic.pk}/change/")
    address = f"/admin/clinics/clinic/{clinic.pk}/invite/"
    assertContains(page, f'href="{address}"')
    assertContains(staff.get(address), "Mail the link")
    assertContains(staff.post(address, {"email": "bo"}), "Enter a valid email address.")


def test_the_way_to_it_is_on_the_first_page_and_in_the_search(clinic, ada):
    make_clinic(name="Of Others")
    browser = sign_in(Client(), ada)
    address = f"/admin/clinics/clinic/{clinic.pk}/invite/"
    for page in (browser.get("/admin/"), browser.get("/admin/find/", {"q": "invite colleague"})):
        assertContains(page, f'href="{address}">Invite a colleague to Moss Clinic')
        assertNotContains(page, "Of Others")


def test_the_first_page_of_who_edits_many_clinics_lists_none_of_them(clinic, ada):
    for number in range(MOST_INVITATIONS):
        make_clinic(name=f"Branch {number}").editors.add(ada)
    browser = sign_in(Client(), ada)
    assertNotContains(browser.get("/admin/"), "Invite a colleague")
    assertContains(browser.get("/admin/find/", {"q": "invite branch 3"}), "to Branch 3")


def test_no_way_is_shown_that_ends_at_a_refusal(clinic):
    browser = sign_in(Client(), editor_of(clinic, "young"))
    for page in (browser.get("/admin/"), browser.get("/admin/find/", {"q": "invite"})):
        assertNotContains(page, "Invite a colleague")
