"""A clinic's editor signs in for the first time: one press makes a list and shows its link."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.models import Pack
from tests.factories import make_clinic, make_explainer, make_pack, make_user, make_walkthrough
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
