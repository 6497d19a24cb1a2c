"""Groups of clinics: one list, handed out by each clinic with its own name and phone."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.models import Clinic, ClinicGroup, Pack
from psychoplastogens.editorial.models import ContentVersion, Status
from psychoplastogens.short_links.models import ShortLink
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import (
    make_clinic,
    make_faq,
    make_group_list,
    make_pack,
    make_staff,
)
from tests.login import sign_in

pytestmark = pytest.mark.django_db
PACKS = "/admin/clinics/pack/"


@pytest.fixture
def group():
    return ClinicGroup.objects.create(name="Valley Health")


@pytest.fixture
def oakside(group):
    return make_clinic(name="Oakside Clinic", slug="oakside", phone="503-555-0100", group=group)


@pytest.fixture
def fern(group):
    return make_clinic(name="Fern Clinic", slug="fern", phone="503-555-0177", group=group)


@pytest.fixture
def shared(group, oakside, fern):
    faq = make_faq(question="May I drive?")
    return make_group_list(faq, None, group=group, slug="first-visit", title="First visit")


@pytest.fixture
def group_editor(client, group):
    user = make_staff("Clinic editor")
    group.editors.add(user)
    return sign_in(client, user)


@pytest.fixture
def clinic_editor(client, oakside):
    user = make_staff("Clinic editor")
    oakside.editors.add(user)
    return sign_in(client, user)


def sent_for(pack, **changes):
    fields = {"title": pack.title, "slug": pack.slug, "greeting": "", "is_live": "on"}
    return fields | {"items-TOTAL_FORMS": 0, "items-INITIAL_FORMS": 0} | changes


@pytest.mark.parametrize(
    ("address", "name", "phone", "other"),
    [
        ("/c/oakside/first-visit/", "Oakside Clinic", "503-555-0100", "503-555-0177"),
        ("/c/fern/first-visit/", "Fern Clinic", "503-555-0177", "503-555-0100"),
    ],
)
def test_each_clinic_shows_the_list_with_its_own_name_and_phone(
    client, shared, address, name, phone, other
):
    page = client.get(address)
    for shown in (name, phone, "First visit", "May I drive?", "Valley Health chose these pages"):
        assertContains(page, shown)
    assertNotContains(page, other)
    assertContains(client.get(f"{address}1/"), phone)
    assertContains(client.get(address.removesuffix("first-visit/")), "First visit")


def test_the_handout_of_each_clinic_has_its_own_name(client, shared, handouts_as_text):
    text = client.get("/c/fern/first-visit/handout.pdf").content.decode()
    for said in ("Fern Clinic", "503-555-0177", "May I drive?", "Valley Health chose"):
        assert said in text
    assert "Oakside" not in text


def test_each_clinic_has_a_short_link_of_its_own(client, shared):
    links = [ShortLink.objects.get_or_create_for(copy) for copy in shared.copies.all()]
    led = {client.get(f"/s/{link.code}/")["Location"] for link in links}
    assert led == {"/c/oakside/first-visit/", "/c/fern/first-visit/"}
    assert ShortLink.objects.count() == 2


def test_what_the_group_changes_is_changed_at_each_clinic(client, shared):
    shared.title, shared.greeting = "Your first visit", "Take a friend along."
    shared.save()
    shared.items.filter(question_list=True).delete()
    for address in ("/c/oakside/first-visit/", "/c/fern/first-visit/"):
        page = client.get(address)
        assertContains(page, 'Your first visit: <span class="nowrap">1 thing')
        assertContains(page, "Take a friend along.")
        assertContains(page, "In the words of Valley Health")


def test_words_of_the_group_are_shown_as_its_own(client, fern, shared, handouts_as_text):
    shared.items.filter(order=1).update(note="Read this twice.")
    assertContains(client.get("/c/fern/first-visit/"), "<i>Valley Health:</i>\nRead this twice.")
    assertContains(client.get("/c/fern/first-visit/1/"), "<i>Valley Health:</i>\nRead this twice.")
    shared.greeting = "Take a friend along."
    shared.save()
    text = client.get("/c/fern/first-visit/handout.pdf").content.decode()
    assert "Valley Health: Read this twice." in text
    assert "In the words of Valley Health" in text


def test_a_clinic_greets_in_its_own_words_where_the_group_says_none(client, fern, shared):
    fern.greeting = "We look forward to you."
    fern.save()
    page = client.get("/c/fern/first-visit/")
    assertContains(page, "In the words of Fern Clinic")
    assertContains(page, "We look forward to you.")


def test_a_list_that_the_group_closes_says_so_at_each_clinic(client, shared):
    shared.is_live = False
    shared.save()
    page = client.get("/c/fern/first-visit/")
    assertContains(page, "503-555-0177", status_code=410)
    shared.is_live = True
    shared.save()
    assert client.get("/c/fern/first-visit/").status_code == 200


def test_a_page_that_is_withdrawn_leaves_each_copy(client, shared):
    page = shared.items.first().page
    page.status = Status.DRAFT
    page.save()
    assertNotContains(client.get("/c/fern/first-visit/"), "May I drive?")


def test_a_clinic_that_joins_later_hands_it_out_too(client, group, shared):
    make_clinic(name="Moss Clinic", slug="moss", group=group)
    assert client.get("/c/moss/first-visit/").status_code == 200
    assert client.get("/c/elm/first-visit/").status_code == 404


def test_a_clinic_that_leaves_closes_it_and_keeps_its_own(client, fern, shared):
    make_pack(clinic=fern, slug="own")
    fern.group = None
    fern.save()
    assert client.get("/c/fern/first-visit/").status_code == 410
    assert client.get("/c/fern/own/").status_code == 200
    assert client.get("/c/oakside/first-visit/").status_code == 200
    shared.save()
    assert client.get("/c/fern/first-visit/").status_code == 410
    fern.group = shared.group
    fern.save()
    assert client.get("/c/fern/first-visit/").status_code == 200
    assert shared.copies.count() == 2


def test_a_clinic_of_another_group_has_nothing_of_it(client, shared):
    make_clinic(slug="elm", group=ClinicGroup.objects.create(name="Hill Health"))
    make_clinic(slug="ash")
    for address in ("/c/elm/first-visit/", "/c/ash/first-visit/"):
        assert client.get(address).status_code == 404


def test_addresses_that_a_clinic_uses_or_used_stay_its_own(client, group, oakside):
    own = make_pack(make_faq(question="Mine?"), clinic=oakside, slug="first-visit")
    renamed = make_pack(clinic=oakside, slug="first-visit-2")
    renamed.slug = "else"
    renamed.save()
    copy = make_group_list(group=group, slug="first-visit").copies.get()
    assert copy.slug == "first-visit-3"
    assertContains(client.get(own.get_absolute_url()), "Mine?")
    assert client.get("/c/oakside/first-visit-2/")["Location"] == "/c/oakside/else/"


def test_saving_changes_what_stored_pages_depend_on(shared):
    def version_after(change):
        change()
        return ContentVersion.objects.get().lists_number

    before = ContentVersion.objects.get().lists_number
    assert before < version_after(shared.save) < version_after(shared.group.save)


@pytest.mark.parametrize("broken", ["neither", "both", "copy of nobody", "twice", "same slug"])
def test_the_database_refuses_lists_that_belong_to_nobody_or_twice(shared, fern, broken):
    changes = {
        "neither": {"clinic": None, "group": None},
        "both": {"clinic": fern, "group": shared.group},
        "copy of nobody": {"clinic": None, "group": shared.group, "source": shared},
        "twice": {"clinic": fern, "source": shared},
        "same slug": {"clinic": None, "group": shared.group, "slug": shared.slug},
    }[broken]
    pack = Pack(**{"slug": "x", "title": "X"} | changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pack.objects.bulk_create([pack])


def test_a_form_says_what_a_list_needs():
    with pytest.raises(ValidationError, match="Choose the clinic of this list, or a group"):
        Pack(title="X", slug="x").full_clean()


def test_a_group_with_clinics_or_lists_is_not_deleted(shared):
    with pytest.raises(ProtectedError):
        shared.group.delete()
    with pytest.raises(ProtectedError):
        shared.delete()


def test_an_editor_of_the_group_makes_and_changes_its_lists(group_editor, group, oakside):
    page = group_editor.get(f"{PACKS}add/")
    lines = {"items-0-page": "question_list"}
    sent = typed(page, title="Before", slug="before", is_live="on", group=group.pk, **lines)
    assert group_editor.post(f"{PACKS}add/", sent).status_code == 302
    source = Pack.objects.get(group=group)
    assertContains(group_editor.get("/c/oakside/before/"), "My questions for the visit")
    sent = typed(group_editor.get(address_of(source)), title="Before you come")
    assert group_editor.post(address_of(source), sent).status_code == 302
    assertContains(group_editor.get("/c/oakside/before/"), "Before you come")
    shown = group_editor.get(f"{PACKS}{source.pk}/hand-out/", follow=True)
    assertContains(shown, "Each clinic of the group hands it out")


def test_an_editor_of_the_group_sees_nothing_else_of_its_clinics(group_editor, shared, fern):
    own = make_pack(clinic=fern, title="Of Fern alone")
    page = group_editor.get(PACKS)
    assertContains(page, "1 reading list")
    assertNotContains(page, "Of Fern alone")
    hidden = (fern, own, shared.copies.first(), shared.group)
    for record in (*hidden, ShortLink.objects.get_or_create_for(own)):
        response = group_editor.get(address_of(record))
        assert response.status_code in (302, 403)
        assert response.get("Location", "/admin/") == "/admin/"


def test_an_editor_of_another_group_reaches_nothing(client, shared):
    user = make_staff("Clinic editor")
    ClinicGroup.objects.create(name="Hill Health").editors.add(user)
    client = sign_in(client, user)
    assertContains(client.get(PACKS), "0 reading lists")
    client.post(address_of(shared), sent_for(shared, title="Mine"))
    sent = sent_for(shared, slug="fake", group=shared.group.pk)
    assert "Select a valid choice" in str(errors_of(client.post(f"{PACKS}add/", sent))["group"])
    shared.refresh_from_db()
    assert shared.title == "First visit"
    assert Pack.objects.filter(source=None).count() == 1


def test_an_editor_of_a_clinic_hands_a_copy_out_and_cannot_change_it(clinic_editor, shared):
    copy = shared.copies.get(clinic__slug="oakside")
    form = clinic_editor.get(address_of(copy))
    assertContains(form, "Valley Health keeps this list")
    assertNotContains(form, 'name="title"')
    assertContains(clinic_editor.get(f"{PACKS}{copy.pk}/hand-out/"), "503-555-0100")
    for changes in ({"title": "Mine"}, {"is_live": ""}, {"source": ""}):
        response = clinic_editor.post(address_of(copy), sent_for(copy, **changes))
        assert response.status_code == 403
    line = shared.items.get(question_list=True)
    stolen = {
        "items-TOTAL_FORMS": 1,
        "items-INITIAL_FORMS": 1,
        "items-0-id": line.pk,
        "items-0-pack": copy.pk,
        "items-0-DELETE": "on",
    }
    clinic_editor.post(address_of(copy), sent_for(copy, **stolen))
    copy.refresh_from_db()
    assert (copy.title, copy.is_live, copy.source) == ("First visit", True, shared)
    assert shared.items.count() == 2


def test_an_editor_of_a_clinic_reaches_neither_the_group_nor_its_other_clinics(
    clinic_editor, shared, oakside, fern
):
    page = clinic_editor.get(PACKS)
    assertContains(page, "1 reading list")
    assertNotContains(page, "Fern")
    other = shared.copies.get(clinic=fern)
    for record in (shared, shared.group, other, fern):
        assert clinic_editor.get(address_of(record)).status_code in (302, 403)
    assertNotContains(clinic_editor.get(f"{PACKS}add/"), 'name="group"')
    sent = sent_for(shared, slug="mine", clinic=oakside.pk, group=shared.group.pk)
    clinic_editor.post(f"{PACKS}add/", sent)
    assert Pack.objects.filter(group__isnull=False).count() == 1
    oakside.group = None
    oakside.save()
    clinic_editor.post(address_of(oakside), {"name": "Oakside Clinic", "group": shared.group.pk})
    assert Clinic.objects.get(pk=oakside.pk).group is None


def test_a_superuser_makes_a_group_and_puts_a_clinic_into_it(admin_client, shared, group):
    clinic = make_clinic(name="Moss Clinic", slug="moss")
    sent = typed(admin_client.get("/admin/clinics/clinicgroup/add/"), name="Hill Health")
    assert admin_client.post("/admin/clinics/clinicgroup/add/", sent).status_code == 302
    sent = typed(admin_client.get(address_of(clinic)), group=group.pk)
    assert admin_client.post(address_of(clinic), sent).status_code == 302
    assert admin_client.get("/c/moss/first-visit/").status_code == 200
    assertContains(admin_client.get(PACKS), "Moss Clinic (from Valley Health)")


def test_the_list_of_lists_asks_no_more_for_more_copies(
    admin_client, shared, group, django_assert_max_num_queries
):
    make_clinic(slug="moss", group=group)
    with django_assert_max_num_queries(40):
        admin_client.get(PACKS)
