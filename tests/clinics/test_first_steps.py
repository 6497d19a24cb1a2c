"""A clinic's editor signs in for the first time: one press makes a list and shows its link."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.models import Pack
from tests.admin_forms import address_of, typed
from tests.factories import (
    make_clinic,
    make_compound,
    make_condition,
    make_explainer,
    make_pack,
    make_user,
    make_walkthrough,
)
from tests.login import sign_in

pytestmark = pytest.mark.django_db
STEPS = "Your first link, in two minutes"
READY = "/admin/clinics/pack/ready/"


@pytest.fixture
def editor():
    user = make_user("moss")
    user.groups.add(Group.objects.get(name="Clinic editor"))
    return user


@pytest.fixture
def clinic(editor):
    make_explainer(
        {"slug": "part", "title": "A part"}, slug="before-your-first-visit", title="Come"
    )
    make_walkthrough({}, slug="how-ketamine-works", title="How")
    found = make_clinic(slug="moss", name="Moss Clinic")
    found.editors.add(editor)
    return found


@pytest.fixture
def staff(editor):
    return sign_in(Client(), editor)


def press(staff, clinic, ready=0, **options):
    return staff.post(READY, {"clinic": str(clinic.pk), "ready": str(ready)}, **options)


def test_one_press_leads_to_the_link(staff, clinic, client):
    page = staff.get("/admin/")
    assertContains(page, STEPS)
    assertContains(page, "Before a first visit")
    shared = press(staff, clinic, follow=True)
    assertContains(shared, "Hand out “Before a first visit”")
    assertContains(shared, '<a class="more-link" href="/admin/">Another list')
    assertContains(shared, "This is your list.")
    pack = Pack.objects.get()
    assert [item.title for item in pack.get_visible_items()] == [
        "Come",
        "How",
        "My questions for the visit",
    ]
    assertContains(client.get("/c/moss/before-a-first-visit/"), clinic.phone)
    assertNotContains(staff.get("/admin/"), STEPS)


def test_a_second_press_makes_no_second_list(staff, clinic):
    addresses = {press(staff, clinic)["Location"] for _ in range(2)}
    assert len(addresses) == 1
    assert Pack.objects.count() == 1


def test_each_ready_list_can_be_taken(staff, clinic):
    for number in range(4):
        assert press(staff, clinic, number).status_code == 302
    assert Pack.objects.count() == 4


def test_a_clinic_with_lists_is_offered_those_that_it_has_not_made(staff, clinic):
    press(staff, clinic, 0)
    page = staff.get("/admin/")
    assertContains(page, "Another ready list for Moss Clinic")
    assertContains(page, "After treatment")
    assertNotContains(page, 'value="0">')
    for number in range(1, 4):
        press(staff, clinic, number)
    assertNotContains(staff.get("/admin/"), "Another ready list")


def test_an_address_that_a_list_gave_up_is_told_and_nothing_is_made(staff, clinic):
    press(staff, clinic)
    pack = Pack.objects.get()
    pack.slug = "come"
    pack.save()
    told = press(staff, clinic, follow=True)
    assertContains(told, "links to it are in old emails and on paper")
    assert [pack.slug for pack in Pack.objects.all()] == ["come"]


def test_without_a_clinic_the_first_step_is_to_add_it(staff):
    assertContains(staff.get("/admin/"), "Add your clinic")


def test_nobody_makes_a_list_for_the_clinic_of_another(staff, clinic):
    other = make_clinic(slug="other", name="Other Clinic")
    assertNotContains(staff.get("/admin/"), "Other Clinic")
    assert press(staff, other).status_code == 404
    assert not Pack.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"ready": "9"}, {"ready": "-1"}, {"clinic": "none"}])
def test_what_names_no_clinic_or_list_makes_none(staff, clinic, sent):
    sound = {"clinic": str(clinic.pk), "ready": "0"}
    assert staff.post(READY, (sound | sent) if sent else {}).status_code == 404
    assert staff.get(READY).status_code == 403
    assert not Pack.objects.exists()


def test_it_needs_the_permission_and_a_token(clinic, editor):
    author = make_user("author")
    author.groups.add(Group.objects.get(name="Author"))
    clinic.editors.add(author)
    signed_in = sign_in(Client(), author)
    assertNotContains(signed_in.get("/admin/"), STEPS)
    assert press(signed_in, clinic).status_code == 403
    checked = sign_in(Client(enforce_csrf_checks=True), editor)
    assert press(checked, clinic).status_code == 403
    assert not Pack.objects.exists()


def test_who_has_lists_and_who_runs_the_site_are_not_shown_it(staff, clinic, admin_client):
    make_pack(clinic=clinic)
    assertNotContains(staff.get("/admin/"), STEPS)
    assertNotContains(admin_client.get("/admin/"), STEPS)


def add_list(staff, title, **fields):
    page = staff.get("/admin/clinics/pack/add/")
    sent = {"items-0-page": "question_list", "is_live": "on", "title": title} | fields
    return staff.post("/admin/clinics/pack/add/", typed(page, **sent), follow=True)


def test_a_saved_clinic_leads_on_to_its_first_list(staff, client):
    page = staff.get("/admin/clinics/clinic/add/")
    sent = typed(page, name="Fern Clinic", slug="fern", phone="503-555-0122", _save="Save")
    answer = staff.post("/admin/clinics/clinic/add/", sent)
    assert answer["Location"] == "/admin/#first-steps"
    assertContains(staff.get("/admin/"), 'id="first-steps"')


def test_a_saved_list_leads_on_to_what_is_handed_out(staff, clinic):
    assertContains(add_list(staff, "After", _save="Save"), "Hand out “After”")
    form = staff.get(address_of(clinic))
    sent = typed(form, hours="Weekdays", _save="Save")
    assert staff.post(address_of(clinic), sent)["Location"] == "/admin/clinics/clinic/"


def test_the_address_of_a_list_names_no_medicine_and_no_illness(staff, clinic):
    make_compound(name="Esketamine", brand="Spravato", other_names=["nasal ketamine"])
    make_condition(name="Depression", short_name="MDD")
    for title, slug in (
        ("Before your first Spravato visit", "before-your-first-visit"),
        ("Before your first visit", "before-your-first-visit-2"),
        ("Nasal ketamine for depression: at home", "for-at-home"),
        ("Spravato", "reading-list"),
        ("Depressions and esketamines", "depressions-and-esketamines"),
    ):
        add_list(staff, title, _save="Save")
        assert Pack.objects.get(title=title).slug == slug


def test_an_address_that_was_typed_is_kept_and_what_it_tells_is_said(staff, clinic):
    make_compound(name="Esketamine", brand="Spravato")
    page = add_list(staff, "After", slug="spravato-after", _save="Save")
    assertContains(page, "names “spravato”")
    pack = Pack.objects.get(slug="spravato-after")
    sent = typed(staff.get(address_of(pack)), slug="", title="Spravato, after")
    assertNotContains(staff.post(address_of(pack), sent, follow=True), "names “")
    assert Pack.objects.get().slug == "spravato-after"


@pytest.mark.parametrize("note", ["Bring the **list**", "[Map](https://example.org)", "# Come"])
def test_a_note_with_marks_that_patients_would_read_is_refused(staff, clinic, note):
    page = add_list(staff, "After", **{"items-0-note": note})
    assertContains(page, "patients would read it as it stands")
    assert not Pack.objects.exists()


def test_a_note_of_plain_words_and_lines_is_taken(staff, clinic):
    note = "Bring:\n- your list (all of it)\n- 2 * 1 bottle of water, #1\nName: ____"
    add_list(staff, "After", **{"items-0-note": note})
    assert Pack.objects.get().items.get().note == note
