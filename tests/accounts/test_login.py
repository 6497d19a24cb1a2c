"""The way in, as a person goes it."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from psychoplastogens.accounts import login, second_factor
from psychoplastogens.accounts.models import FirstPassword, RecoveryCode
from tests.factories import make_staff
from tests.login import (
    PASSWORD,
    get_code,
    get_recovery_codes,
    get_shown_key,
    get_wrong_code,
    is_signed_in,
    make_authenticator,
    submit_code,
    submit_password,
)
from tests.short_links.test_privacy import tables

pytestmark = pytest.mark.django_db
CODE, SET_UP = "/admin/second-factor/code/", "/admin/second-factor/set-up/"
CODES = "/admin/second-factor/recovery-codes/"


@pytest.fixture
def publisher():
    return make_staff("Publisher")


def set_up(client):
    """Type the first code of an app that was given the key on the page."""
    key = get_shown_key(client.get(SET_UP))
    return client.post(SET_UP, {"new_code": get_code(key)})


def test_who_may_only_write_needs_a_password_alone(client):
    assertRedirects(submit_password(client, make_staff("Author")), "/admin/")
    assert is_signed_in(client)


def test_who_publishes_sets_up_the_second_factor_first(client, publisher):
    assertRedirects(submit_password(client, publisher), SET_UP)
    assertRedirects(set_up(client), CODES)
    assert not is_signed_in(client)
    assertRedirects(client.post(CODES), "/admin/")
    assert is_signed_in(client)


def test_after_that_a_code_is_asked_for_every_time(client, publisher):
    app = make_authenticator(publisher)
    assertRedirects(submit_password(client, publisher), CODE)
    assert not is_signed_in(client)
    assertRedirects(submit_code(client, get_code(app)), "/admin/")
    assert is_signed_in(client)


def sign_in_as(client, typed, password=PASSWORD):
    return client.post("/admin/login/", {"username": typed, "password": password})


@pytest.mark.parametrize("typed", ["desk@moss.example", "Desk@Moss.example", " DESK@MOSS.EXAMPLE "])
@pytest.mark.parametrize("name", ["desk@moss.example", "bo"])
def test_a_mail_address_will_do_with_capitals_or_without(client, name, typed):
    make_staff("Clinic editor", name=name, email="desk@moss.example")
    assertRedirects(sign_in_as(client, typed), "/admin/")
    assert is_signed_in(client)


def test_an_address_of_two_accounts_opens_neither(client):
    for name in ("bo", "kim"):
        make_staff(name=name, email="desk@moss.example")
    assertContains(sign_in_as(client, "desk@moss.example"), "correct username")
    assert not is_signed_in(client)


def test_the_name_of_an_account_is_not_taken_by_the_address_of_another(client):
    make_staff(name="eve", email="desk@moss.example", password="eve knows this one")
    make_staff("Publisher", name="desk@moss.example")
    assert sign_in_as(client, "desk@moss.example", "eve knows this one").status_code == 200
    assertRedirects(sign_in_as(client, "desk@moss.example"), SET_UP)


def test_guesses_by_name_and_by_address_count_together(client):
    make_staff("Author", name="bo", email="desk@moss.example")
    for typed in ("bo", "BO", "desk@moss.example", "Desk@moss.example"):
        assert sign_in_as(client, typed, "a guess").status_code == 200
    assert sign_in_as(client, "DESK@moss.example", "a guess").status_code == 429
    assert sign_in_as(client, "bo").status_code == 429


@pytest.mark.parametrize("role", ["Reviewer", "Publisher"])
def test_it_is_asked_of_each_role_that_needs_it(client, role):
    assertRedirects(submit_password(client, make_staff(role)), SET_UP)


def test_it_is_asked_of_superusers(client):
    assertRedirects(submit_password(client, make_staff(is_superuser=True)), SET_UP)


@pytest.mark.parametrize("role", ["Author", "Clinic editor"])
def test_others_may_set_it_up_and_are_then_asked(client, role):
    user = make_staff(role)
    submit_password(client, user)
    assertContains(client.get("/admin/second-factor/"), "Set it up")
    assertRedirects(set_up(client), CODES)
    assertRedirects(client.post(CODES), "/admin/second-factor/")
    client.logout()
    assertRedirects(submit_password(client, user), CODE)


def test_it_leads_on_to_the_page_that_was_asked_for(client, publisher):
    asked = "/admin/content/faq/?q=sleep"
    page = client.get(asked, follow=True)
    assertContains(page, '<input type="hidden" name="next" value="/admin/content/faq/?q=sleep">')
    submit_password(client, publisher, next=asked)
    set_up(client)
    assertRedirects(client.post(CODES), asked)


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_it_never_leads_to_another_site(client, elsewhere):
    answer = submit_password(client, make_staff("Author"), next=elsewhere)
    assertRedirects(answer, "/admin/")


def test_the_page_shows_the_same_key_as_picture_text_and_link(client, publisher):
    submit_password(client, publisher)
    page = client.get(SET_UP)
    key = get_shown_key(page).replace(" ", "")
    assert page.context["address"] == (
        f"otpauth://totp/Understory%3Aada?secret={key}&algorithm=SHA1&digits=6&period=30"
        "&issuer=Understory"
    )
    assertContains(page, page.context["address"].replace("&", "&amp;"))
    assertContains(page, "<svg")


def test_a_reload_or_a_mistake_does_not_change_the_key(client, publisher):
    submit_password(client, publisher)
    key = get_shown_key(client.get(SET_UP))
    wrong = client.post(SET_UP, {"new_code": "12 34"})
    assertContains(wrong, "The app shows another code.")
    assertContains(wrong, 'value="12 34"')
    assert get_shown_key(wrong) == get_shown_key(client.get(SET_UP)) == key


def test_ten_recovery_codes_are_shown_until_they_are_kept_and_then_never(client, publisher):
    submit_password(client, publisher)
    set_up(client)
    page = client.get(CODES)
    assertContains(page, "For ada at Understory:")
    codes = page.context["codes"]
    assert len(set(codes)) == 10
    assert client.get(CODES).context["codes"] == codes
    client.post(CODES)
    assertRedirects(client.get(CODES), "/admin/second-factor/")
    assertRedirects(client.get(CODES + "file/"), "/admin/second-factor/")


def test_the_recovery_codes_can_be_kept_as_a_file(client, publisher):
    submit_password(client, publisher)
    set_up(client)
    file = client.get(CODES + "file/")
    assert file["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert file["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in file["Cache-Control"]
    assert file.content.decode().split()[-10:] == client.get(CODES).context["codes"]


def test_a_recovery_code_opens_the_door_and_says_how_many_are_left(client, publisher):
    make_authenticator(publisher)
    code = get_recovery_codes(publisher)[3]
    submit_password(client, publisher)
    page = client.post(CODE, {"code": f" {code.upper()} "}, follow=True)
    assertContains(page, "That was a recovery code; 9 are left.")


def test_a_code_may_be_typed_with_a_space(client, publisher):
    code = get_code(make_authenticator(publisher))
    submit_password(client, publisher)
    submit_code(client, f"{code[:3]} {code[3:]}")
    assert is_signed_in(client)


def test_a_wrong_code_is_told_at_its_field(client, publisher):
    app = make_authenticator(publisher)
    submit_password(client, publisher)
    page = submit_code(client, get_wrong_code(app))
    assertContains(page, "This code is wrong, or was used before.")
    assertContains(page, 'aria-invalid="true"')


def test_moving_to_another_app_ends_the_one_from_before(client, publisher):
    old = make_authenticator(publisher)
    submit_password(client, publisher)
    submit_code(client, get_code(old))
    sent = {"new_code": get_code(get_shown_key(client.get(SET_UP))), "code": get_code(old, ahead=1)}
    assertRedirects(client.post(SET_UP, sent), CODES)
    assert second_factor.get_authenticator(publisher).key != old.key
    assert is_signed_in(client)


def test_new_recovery_codes_need_a_code_and_end_those_from_before(client, publisher):
    app = make_authenticator(publisher)
    before = set(RecoveryCode.objects.values_list("digest", flat=True))
    submit_password(client, publisher)
    submit_code(client, get_code(app))
    assertContains(client.get("/admin/second-factor/"), "10 recovery codes are left.")
    client.post("/admin/second-factor/", {"code": ""})
    assert set(RecoveryCode.objects.values_list("digest", flat=True)) == before
    assertRedirects(client.post("/admin/second-factor/", {"code": get_code(app, ahead=1)}), CODES)
    assert not before & set(RecoveryCode.objects.values_list("digest", flat=True))


def test_who_is_in_is_not_asked_to_sign_in(client):
    submit_password(client, make_staff("Author"))
    assertRedirects(client.get("/admin/login/"), "/admin/")


def test_every_page_of_the_admin_leads_to_ones_own_second_factor(admin_client):
    assertContains(admin_client.get("/admin/content/faq/"), 'href="/admin/second-factor/"')


def test_nobody_without_an_account_of_staff_gets_in(client):
    page = submit_password(client, make_staff(is_staff=False))
    assertContains(page, "for a staff account")
    assertNotContains(page, PASSWORD)
    assert not is_signed_in(client)


CHOOSE, OWN = "/admin/choose-password/", "a heron at the quiet pond"


def choose(client, password=OWN):
    return client.post(CHOOSE, {"new_password1": password, "new_password2": password})


@pytest.fixture
def newcomer():
    """An author with the password that somebody else made."""
    user = make_staff("Author", name="new")
    FirstPassword.objects.create(user=user)
    return user


def test_a_password_that_somebody_else_made_only_lets_its_owner_choose_another(client, newcomer):
    assertRedirects(submit_password(client, newcomer), CHOOSE)
    assert not is_signed_in(client)
    for address in (SET_UP, CODE, CODES):
        assertRedirects(client.get(address), CHOOSE)
    assertRedirects(choose(client), "/admin/")
    assert is_signed_in(client)
    assert not is_signed_in(sign_out_and_in(client, newcomer, PASSWORD))
    assert is_signed_in(sign_out_and_in(client, newcomer, OWN))


def sign_out_and_in(client, user, password):
    client.logout()
    submit_password(client, user, password=password)
    return client


@pytest.mark.parametrize(
    ("password", "said"),
    [(PASSWORD, "others may have seen it"), ("short", "too short"), ("", "This field is required")],
)
def test_the_same_or_a_weak_one_is_refused_and_nobody_is_let_in(client, newcomer, password, said):
    submit_password(client, newcomer)
    assertContains(choose(client, password), said)
    assert not is_signed_in(client)
    assert login.has_first_password(newcomer)


def test_the_second_factor_is_asked_for_after_it(client, publisher):
    FirstPassword.objects.create(user=publisher)
    submit_password(client, publisher)
    assertRedirects(choose(client), SET_UP)
    assert not is_signed_in(client)


def test_nobody_gets_to_it_without_the_first_password(client, newcomer):
    assertRedirects(client.get(CHOOSE), "/admin/login/")
    assertRedirects(choose(client), "/admin/login/")
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)


def test_who_has_an_own_password_is_not_asked(client, publisher):
    submit_password(client, publisher)
    assertRedirects(client.get(CHOOSE), SET_UP)


def test_one_that_is_set_for_somebody_else_is_a_first_password(admin_client, client):
    old = make_staff("Author", name="old")
    page = {"password1": OWN, "password2": OWN, "usable_password": "true"}
    admin_client.post(f"/admin/auth/user/{old.pk}/password/", page)
    assert login.has_first_password(old)
    assertRedirects(submit_password(client, old, password=OWN), CHOOSE)


def test_the_database_has_no_recovery_code(client, publisher):
    submit_password(client, publisher)
    set_up(client)
    codes = client.get(CODES).context["codes"]
    kept = str(tables())
    assert "recoverycode" in kept
    for code in codes:
        assert code not in kept
        assert code.replace("-", "") not in kept
    session = str(client.session.items())
    assert not [code for code in codes if code in session or code.replace("-", "") in session]
