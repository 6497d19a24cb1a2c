"""How patients reach a clinic: not to be changed with a password alone, and never in silence."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.accounts import second_factor
from psychoplastogens.clinics import contact
from psychoplastogens.clinics.models import ContactChange, Pack
from psychoplastogens.editorial.exceptions import WorkflowError
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import make_clinic, make_pack, make_staff, make_user
from tests.login import get_code, get_shown_key, make_authenticator, sign_in, submit_password

pytestmark = pytest.mark.django_db
REAL, WRONG = "503-555-0100", "503-555-0199"
WORDS = {"phone": WRONG, "out_of_hours": "Ring Mallory.", "emergency": "Ring Mallory."}


@pytest.fixture
def clinic():
    return make_clinic(name="Oakside", slug="oakside", phone=REAL)


def editor_of(clinic, name, **fields):
    user = make_staff("Clinic editor", name=name, email=f"{name}@oakside.example", **fields)
    clinic.editors.add(user)
    return user


def with_settled_app(user):
    make_authenticator(user, days_ago=4)
    return user


@pytest.fixture
def colleague(clinic):
    """A browser of an editor who has had a second factor for some days."""
    return sign_in(Client(), with_settled_app(editor_of(clinic, "bea")))


def change(client, clinic, **changes):
    form = client.get(address_of(clinic))
    return client.post(address_of(clinic), typed(form, **changes), follow=True)


def now(clinic):
    clinic.refresh_from_db()
    return clinic.phone, clinic.out_of_hours, clinic.emergency


def test_a_stolen_password_does_not_change_the_phone(client, clinic):
    submit_password(client, editor_of(clinic, "ada"))
    change(client, clinic, name="Mallory's", greeting="Hello.", **WORDS)
    assert now(clinic) == (REAL, "", "")
    assert (clinic.name, clinic.greeting) == ("Oakside", "Hello.")
    page = client.get(address_of(clinic))
    assertContains(page, "second factor that was set up at least 3 days ago")
    assertNotContains(page, 'name="phone"')


def test_who_stole_a_password_and_sets_up_a_second_factor_has_to_wait(client, clinic):
    user = editor_of(clinic, "ada")
    submit_password(client, user)
    key = get_shown_key(client.get("/admin/second-factor/set-up/"))
    client.post("/admin/second-factor/set-up/", {"new_code": get_code(key)})
    assert second_factor.get_authenticator(user)
    assert client.get(address_of(clinic)).status_code == 200
    change(client, clinic, **WORDS)
    assert now(clinic) == (REAL, "", "")
    TOTPDevice.objects.update(created_at=timezone.now() - timedelta(days=4))
    change(client, clinic, **WORDS)
    assert now(clinic) == tuple(WORDS.values())


def test_a_second_factor_that_moved_to_another_phone_has_not_to_wait(clinic):
    user = with_settled_app(editor_of(clinic, "ada"))
    app = second_factor.get_authenticator(user)
    key = second_factor.generate_key()
    moved = second_factor.set_up_authenticator(user, key, "000000", "a seed", instead_of=app)
    assert moved.created_at == app.created_at


def test_the_verb_itself_asks_for_the_second_factor(clinic):
    user = with_settled_app(editor_of(clinic, "ada"))  # But not signed in with it.
    clinic.phone = WRONG
    with pytest.raises(PermissionDenied):
        contact.save_clinic(clinic, by=user)
    assert now(clinic)[0] == REAL


def test_an_editor_without_a_second_factor_still_makes_reading_lists(client, clinic):
    submit_password(client, editor_of(clinic, "ada"))
    form = client.get("/admin/clinics/pack/add/")
    sent = typed(
        form, title="Before", slug="before", is_live="on", **{"items-0-page": "question_list"}
    )
    client.post("/admin/clinics/pack/add/", sent)
    assert Pack.objects.get().clinic == clinic


@pytest.mark.parametrize("field", ["greeting", "title"])
def test_no_number_to_call_is_put_into_the_words_of_a_reading_list(client, clinic, field):
    submit_password(client, editor_of(clinic, "ada"))
    pack = make_pack(clinic=clinic)
    form = client.get(address_of(pack))
    words = "New number: (503) 555-0199, any time"
    page = client.post(address_of(pack), typed(form, **{field: words}))
    assert "Leave the number out" in errors_of(page)[field][0]
    assert page.context["adminform"].form[field].value() == words


@pytest.mark.parametrize(
    ("words", "is_fine"),
    [
        ("Call 911, or 988.", True),
        ("On 2026-11-28 at 10:30, for 2 hours.", True),
        ("Rooms 12, 14 and 16 on floor 3.", True),
        ("Ring 5035550199.", False),
        ("Ring +353 1 555 0100.", False),
        ("Ring 503.555.0199", False),
    ],
)
def test_days_and_crisis_lines_are_no_numbers_to_leave_out(clinic, words, is_fine):
    clinic.greeting = words
    if is_fine:
        return clinic.full_clean()
    with pytest.raises(ValidationError, match="Leave the number out"):
        clinic.full_clean()


def test_the_other_editors_are_told_with_before_and_after(
    clinic, colleague, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ada = with_settled_app(editor_of(clinic, "ada"))
    stranger = make_staff("Clinic editor", name="eve")
    with django_capture_on_commit_callbacks(execute=True):
        change(sign_in(Client(), ada), clinic, phone=WRONG)
    for shown in ("Others changed how patients reach your clinic", REAL, WRONG, "ada"):
        assertContains(colleague.get("/admin/"), shown)
    for reader in (sign_in(Client(), ada), sign_in(Client(), stranger)):
        assertNotContains(reader.get("/admin/"), "Others changed how")
    told = mail.outbox
    assert [message.to for message in told] == [["bea@oakside.example"]]
    assert REAL in told[0].body and WRONG in told[0].body
    assertContains(colleague.get(address_of(clinic)), WRONG)


def test_a_mail_that_cannot_be_sent_does_not_stop_the_change(
    clinic, colleague, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "tests.clinics.test_contact.BrokenBackend"
    editor_of(clinic, "ada")
    with django_capture_on_commit_callbacks(execute=True):
        change(colleague, clinic, phone=WRONG)
    assert now(clinic)[0] == WRONG


class BrokenBackend:
    def __init__(self, *args, **kwargs):
        raise OSError("no way out")


@pytest.fixture
def changed(clinic):
    """What ada changed at the clinic."""
    ada = with_settled_app(editor_of(clinic, "ada"))
    change(sign_in(Client(), ada), clinic, phone=WRONG)
    return ContactChange.objects.get()


def undo(client, change, method="post"):
    address = f"/admin/clinics/clinic/{change.clinic_id}/undo-contact/{change.pk}/"
    return getattr(client, method)(address, follow=True)


def test_one_press_undoes_it_and_that_is_told_too(clinic, colleague, changed):
    page = colleague.get("/admin/")
    address = f"/admin/clinics/clinic/{clinic.pk}/undo-contact/{changed.pk}/"
    assertContains(page, f'action="{address}"')
    assertContains(undo(colleague, changed), "Undone")
    assert now(clinic)[0] == REAL
    assertContains(colleague.get("/admin/"), "bea undid it.")
    ada = sign_in(Client(), changed.by)
    assertContains(ada.get("/admin/"), "Others changed how patients reach your clinic")
    assertContains(undo(colleague, changed), "undid it already.")
    assert ContactChange.objects.count() == 2


def test_nobody_undoes_with_a_password_alone_or_at_another_clinic(clinic, changed):
    cy, eve = editor_of(clinic, "cy"), make_staff("Clinic editor", name="eve")
    with_password = Client()
    submit_password(with_password, cy)
    assertNotContains(with_password.get("/admin/"), "undo-contact")
    assert undo(with_password, changed).status_code == 403
    assert undo(sign_in(Client(), with_settled_app(eve)), changed).status_code == 404
    assert now(clinic)[0] == WRONG


def test_it_is_undone_by_a_press_and_not_by_opening_an_address(clinic, colleague, changed):
    assert undo(colleague, changed, "get").status_code == 403
    assert now(clinic)[0] == WRONG


def test_what_was_changed_again_since_is_not_undone(clinic, colleague, changed):
    change(colleague, clinic, phone="503-555-0111")
    assertContains(undo(colleague, changed), "It was changed again since.")
    assert now(clinic)[0] == "503-555-0111"


def test_the_audit_list_has_it_with_before_and_after(admin_client, changed):
    page = admin_client.get("/admin/accounts/accountevent/")
    assertContains(page, "Phone: “503-555-0100” → “503-555-0199”")


def test_a_change_of_other_words_is_told_to_nobody(clinic, colleague):
    change(colleague, clinic, greeting="Hello.")
    assert not ContactChange.objects.exists()


def test_the_database_wants_both_who_undid_it_and_when(changed):
    with pytest.raises(IntegrityError, match="undone_at_and_by"):
        ContactChange.objects.update(undone_at=timezone.now())


def test_a_superuser_does_not_wait(admin_client, clinic):
    change(admin_client, clinic, phone=WRONG)
    assert now(clinic)[0] == WRONG
    with pytest.raises(WorkflowError):
        contact.undo_contact_change(_undone(ContactChange.objects.get()), by=make_user())


def _undone(change):
    change.undone_by, change.undone_at = change.by, timezone.now()
    change.save()
    return change
