"""Who has just added a clinic corrects how patients reach it; a stolen password later does not."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics import contact
from psychoplastogens.clinics.models import Clinic, ClinicRequest, ContactChange
from tests.admin_forms import address_of, typed
from tests.factories import make_clinic, make_staff, make_user
from tests.login import make_authenticator, sign_in, submit_password

pytestmark = pytest.mark.django_db
ADD = "/admin/clinics/clinic/add/"
MISTYPED, RIGHT = "503-555-0100", "503-555-0101"
TRUSTED = "second factor that was set up at least 3 days ago"


@pytest.fixture
def ada(client):
    """An editor who signs in with a password, in `client`."""
    user = make_staff("Clinic editor", name="ada")
    submit_password(client, user)
    return user


@pytest.fixture
def added(client, ada):
    sent = {"name": "Oakside", "slug": "oakside", "phone": MISTYPED}
    client.post(ADD, typed(client.get(ADD), **sent))
    return Clinic.objects.get()


def change(client, clinic, **changes):
    form = client.get(address_of(clinic))
    client.post(address_of(clinic), typed(form, **changes))
    clinic.refresh_from_db()
    return clinic.phone


def test_the_form_for_adding_says_what_will_be_locked(client, ada):
    page = client.get(ADD)
    assertContains(page, "Check the number before you save.")
    assertContains(page, "You can correct them for 3 days")
    assertContains(page, TRUSTED)


def test_who_is_never_locked_out_is_told_of_no_lock(client):
    user = make_staff("Clinic editor", name="bea")
    make_authenticator(user, days_ago=4)
    assertNotContains(sign_in(client, user).get(ADD), TRUSTED)


def test_a_mistyped_number_is_corrected_and_both_stay_on_record(client, added):
    assertContains(client.get("/admin/"), "Check the phone, add your words and hours")
    assertContains(client.get(address_of(added)), "You can correct them until")
    assert change(client, added, phone=RIGHT, hours="9 to 5") == RIGHT
    kept = ContactChange.objects.get()
    assert (kept.before["phone"], kept.after["phone"]) == (MISTYPED, RIGHT)
    logged = LogEntry.objects.filter(action_flag=CHANGE).get()
    assert MISTYPED in logged.change_message and RIGHT in logged.change_message
    assert change(client, added, phone=MISTYPED) == MISTYPED  # Once more.


def test_a_fresh_second_factor_is_no_worse_than_none(added, ada):
    assert change(sign_in(Client(), ada), added, phone=RIGHT) == RIGHT


def grow_old(clinic):
    LogEntry.objects.update(action_time=timezone.now() - timedelta(days=3))


def touch(clinic):
    LogEntry.objects.log_actions(make_user("bea").pk, [clinic], CHANGE, "Greeting changed.")


def undo_of_another(clinic):
    ContactChange.objects.create(clinic=clinic, by=make_user("bea"), before={}, after={})


@pytest.mark.parametrize("end", [grow_old, touch, undo_of_another])
def test_it_ends_with_its_days_and_with_the_first_change_of_somebody_else(client, added, end):
    end(added)
    assert change(client, added, phone=RIGHT) == MISTYPED
    page = client.get(address_of(added))
    assertContains(page, TRUSTED)
    assertNotContains(page, "You can correct them")
    first = client.get("/admin/")
    assertNotContains(first, "hours")
    assertContains(first, "Add a greeting and a color")


def test_a_form_that_was_opened_before_the_lock_says_what_it_did_not_take(client, added):
    sent = typed(client.get(address_of(added)), phone=RIGHT, greeting="Hello.")
    grow_old(added)
    page = client.post(address_of(added), sent, follow=True)
    added.refresh_from_db()
    assert (added.phone, added.greeting) == (MISTYPED, "Hello.")
    assertContains(page, "What you typed there was not taken")
    sent = typed(client.get(address_of(added)), greeting="Hello again.")
    page = client.post(address_of(added), sent, follow=True)
    assertNotContains(page, "was not taken")


def test_an_own_later_change_starts_no_new_days(client, added, ada):
    grow_old(added)
    change(client, added, greeting="Hello.")
    assert contact.get_end_of_corrections(ada, added) is None
    added.phone = RIGHT
    with pytest.raises(PermissionDenied):
        contact.save_clinic(added, by=ada)


def test_nobody_corrects_what_somebody_else_added(added):
    bea = make_staff("Clinic editor", name="bea")
    added.editors.add(bea)
    browser = Client()
    submit_password(browser, bea)
    assert change(browser, added, phone=RIGHT) == MISTYPED


def test_a_clinic_of_ones_own_opens_no_other(client, added, ada):
    old = make_clinic(name="Elm", phone=MISTYPED)
    old.editors.add(ada)
    assert change(client, old, phone=RIGHT) == MISTYPED


def test_no_logo_and_no_colleague_before_the_second_factor_is_trusted(client, added):
    page = client.get(address_of(added))
    assertNotContains(page, 'name="logo_file"')
    invited = client.get(f"/admin/clinics/clinic/{added.pk}/invite/", follow=True)
    assertNotContains(invited, "Mail address of your colleague")


@pytest.mark.parametrize("was_looked_at", [False, True])
def test_who_joined_corrects_what_nobody_has_looked_at(client, was_looked_at, admin_user):
    waiting = ClinicRequest(name="Fern", phone=MISTYPED, email="fern@fern.example", password="!")
    clinic = waiting.accept(by=admin_user if was_looked_at else None)
    can_correct = contact.get_end_of_corrections(clinic.editors.get(), clinic) is not None
    assert can_correct is not was_looked_at
