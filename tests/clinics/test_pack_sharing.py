"""“Hand it out” in the admin: for the editors of the clinic, by the pack's short link."""

import io

import pytest
import zxingcpp
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.short_links.models import ShortLink
from tests.factories import make_clinic, make_compound, make_pack

pytestmark = pytest.mark.django_db
PARTS = ["", "email/", "qr.svg", "qr.png", "poster/"]


def make_editor(name, *clinics, permissions=("view_pack", "change_pack")):
    editor = get_user_model().objects.create_user(name, password="x", is_staff=True)
    editor.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    for clinic in clinics:
        clinic.editors.add(editor)
    return editor


@pytest.fixture
def clinic():
    return make_clinic(name="Oakside", phone="503-555-0100")


@pytest.fixture
def pack(clinic):
    return make_pack(make_compound(name="Ketamine"), None, clinic=clinic, title="First visit")


@pytest.fixture
def editor(client, clinic):
    client.force_login(make_editor("robin", clinic))
    return client


def address_of(pack, part=""):
    return f"/admin/clinics/pack/{pack.pk}/hand-out/{part}"


def test_the_form_of_a_pack_leads_to_it(editor, pack):
    form = editor.get(f"/admin/clinics/pack/{pack.pk}/change/")
    assertContains(form, f'href="{address_of(pack)}"')
    assertContains(form, "Hand it out")


def test_it_hands_out_the_short_link_with_the_clinics_phone(editor, pack):
    page = editor.get(address_of(pack))
    code = ShortLink.objects.get_or_create_for(pack).code
    assertContains(page, f"http://127.0.0.1:8000/s/{code}/")
    assertContains(page, "Questions? Call us: 503-555-0100")
    assertContains(page, "Hand out “First visit”")
    assertNotContains(page, "Put your clinic’s name")


def test_its_code_leads_through_the_short_link_to_the_pack(editor, pack):
    png = editor.get(address_of(pack, "qr.png")).content
    address = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))[0].text
    assert (
        address
        == f"HTTP://127.0.0.1:8000/S/{ShortLink.objects.get_or_create_for(pack).code.upper()}/"
    )
    response = editor.get(address.removeprefix("HTTP://127.0.0.1:8000"))
    assert response["Location"] == pack.get_absolute_url()


def test_the_poster_has_the_clinics_name_and_phone(editor, pack):
    page = editor.get(address_of(pack, "poster/?words=named"))
    for words in ("Oakside", "503-555-0100", "First visit", "Ketamine"):
        assertContains(page, words)


@pytest.mark.parametrize(("discreet", "words"), [(True, "neutral"), (False, "named")])
def test_the_clinic_decides_how_much_is_said_until_an_editor_does(editor, pack, discreet, words):
    pack.clinic.discreet_previews = discreet
    pack.clinic.save()
    assertContains(editor.get(address_of(pack)), f"email/?words={words}")
    assertContains(editor.get(address_of(pack, "?words=named")), "<span>First visit", count=0)
    assertContains(editor.get(address_of(pack, "?words=named")), "email/?words=named")
    assertContains(editor.get(address_of(pack, "?words=neutral")), "email/?words=neutral")


@pytest.mark.parametrize("part", PARTS)
def test_the_editor_of_another_clinic_cannot_open_it(client, pack, part):
    client.force_login(make_editor("kim", make_clinic()))
    assert client.get(address_of(pack, part)).status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_staff_without_permission_on_packs_cannot_open_it(client, clinic, pack, part):
    client.force_login(make_editor("lee", clinic, permissions=()))
    assert client.get(address_of(pack, part)).status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_nobody_else_can_open_it(client, pack, part):
    assert client.get(address_of(pack, part)).status_code == 302
    client.force_login(get_user_model().objects.create_user("patient", password="x"))
    assert "/admin/login/" in client.get(address_of(pack, part))["Location"]


@pytest.mark.parametrize("part", PARTS)
def test_no_cache_keeps_it(editor, pack, part):
    response = editor.get(address_of(pack, part))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("part", PARTS)
def test_a_closed_pack_is_not_handed_out_and_the_form_says_why(editor, pack, part):
    pack.is_live = False
    pack.save()
    response = editor.get(address_of(pack, part), follow=True)
    assert response.redirect_chain == [(f"/admin/clinics/pack/{pack.pk}/change/", 302)]
    assertContains(response, "This list is closed: patients could not open its link.")


def test_a_pack_without_pages_is_not_handed_out(editor, clinic):
    empty = make_pack(clinic=clinic)
    assertContains(editor.get(address_of(empty), follow=True), "Patients would find nothing")


@pytest.mark.parametrize("part", ["x", "email", "../", "qr.gif", "hand-out/"])
def test_there_is_no_other_part(editor, pack, part):
    assert editor.get(address_of(pack, part)).status_code in (301, 302, 404)


def test_a_clinics_words_cannot_break_out_of_the_email(editor, pack):
    pack.title = pack.clinic.name = '<script>alert("1")</script>'
    pack.clinic.save()
    pack.save()
    for part in ("?words=named", "email/?words=named", "poster/?words=named"):
        assertNotContains(editor.get(address_of(pack, part)), "<script>alert")


def test_opening_it_counts_no_opening(editor, pack):
    link = ShortLink.objects.get_or_create_for(pack)
    for part in PARTS:
        editor.get(address_of(pack, part))
    assert not link.days.exists()
