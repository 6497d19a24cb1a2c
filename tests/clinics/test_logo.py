"""A clinic's logo: what is taken, what is kept of it, and where it stands."""

import struct
import zlib
from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from PIL import Image, PngImagePlugin
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics import logo_images
from psychoplastogens.clinics.logo_images import read_logo
from psychoplastogens.clinics.models import Clinic, Logo
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import make_clinic, make_compound, make_pack, make_staff
from tests.handouts import pdf_reader
from tests.login import make_authenticator, sign_in

RED = (200, 30, 40)


def draw(size=(300, 100), color=RED, kind="PNG", mode="RGB", **options):
    out = BytesIO()
    Image.new(mode, size, color).save(out, kind, **options)
    return out.getvalue()


def read(data):
    return read_logo(BytesIO(data))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width, height, *chunks):
    """A PNG that says it has this size, with nothing in it but these chunks."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_is_kept_is_a_small_png(kind):
    kept = read(draw((1200, 600), kind=kind))
    with Image.open(BytesIO(kept.png)) as picture:
        assert (picture.format, picture.size) == ("PNG", (320, 160))
        assert picture.size == (kept.width, kept.height)


def test_nothing_of_the_file_is_kept_but_its_pixels():
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("Comment", "marmot")
    exif = Image.Exif()
    exif[0x010E] = "marmot"
    sent = draw(pnginfo=hidden, exif=exif, icc_profile=b"marmot" * 40) + b"<script>marmot</script>"
    kept = read(sent)
    assert b"marmot" in sent
    assert b"marmot" not in kept.png
    with Image.open(BytesIO(kept.png)) as picture:
        picture.load()
        assert not picture.info
        assert picture.convert("RGB").getpixel((9, 9)) == RED


def test_what_is_see_through_is_white_and_what_was_turned_stands():
    clear = read(draw(mode="RGBA", color=(0, 0, 0, 0)))
    with Image.open(BytesIO(clear.png)) as picture:
        assert picture.convert("RGB").getpixel((9, 9)) == (255, 255, 255)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = read(draw((100, 40), kind="JPEG", exif=exif))
    assert (turned.width, turned.height) == (40, 100)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"", "no PNG or JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no PNG or JPEG"),
        (b"GIF89a" + b"\0" * 90, "no PNG or JPEG"),
        (draw(kind="GIF"), "no PNG or JPEG"),
        (draw(kind="TIFF"), "no PNG or JPEG"),
        (draw()[:-40], "no PNG or JPEG"),
        (png_of(300, 100), "no PNG or JPEG"),
        (png_of(300, 100, chunk(b"IDAT", b"nothing"), chunk(b"IEND", b"")), "no PNG or JPEG"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        (png_of(60_000, 60_000, chunk(b"IDAT", b"")), "3000 pixels"),
        (png_of(3_001, 20, chunk(b"IDAT", b"")), "3000 pixels"),
        (draw((15, 300)), "16 pixels"),
        (draw((3000, 16)), None),
    ],
)
def test_what_is_no_logo_is_refused_with_the_reason(sent, said):
    if said is None:
        assert read(sent).height >= 1
        return
    with pytest.raises(ValidationError, match=said):
        read(sent)


def test_a_text_that_unpacks_to_a_hundred_megabytes_is_not_unpacked():
    bomb = zlib.compress(b"\0" * 100_000_000, 9)
    text = chunk(b"zTXt", b"Comment\0\0" + bomb)
    with pytest.raises(ValidationError):
        read(png_of(300, 100, text, chunk(b"IDAT", b""), chunk(b"IEND", b"")))


def test_a_picture_with_much_detail_is_kept_in_fewer_colors():
    noise = Image.effect_noise((480, 160), 90).convert("RGB")
    out = BytesIO()
    noise.save(out, "PNG")
    assert len(read(out.getvalue()).png) <= logo_images.MAX_KEPT_BYTES


@pytest.fixture
def oakside(db):
    return make_clinic(slug="oakside", name="Oakside Clinic")


@pytest.fixture
def shown(oakside):
    oakside.set_logo(read(draw()))
    make_pack(make_compound(slug="ketamine"), clinic=oakside, slug="before")
    return oakside


@pytest.fixture
def editor(client, oakside):
    user = make_staff("Clinic editor")
    oakside.editors.add(user)
    make_authenticator(user, days_ago=4)
    return sign_in(client, user)


def send(client, clinic, data=None, **fields):
    if data is not None:
        # Its name and type are what the browser says, and false.
        fields["logo_file"] = SimpleUploadedFile("logo.html", data, "text/html")
    page = client.get(address_of(clinic))
    return client.post(address_of(clinic), typed(page) | fields)


@pytest.mark.parametrize(
    ("png", "width", "height"), [(b"x" * 100_001, 9, 9), (b"x", 0, 9), (b"x", 9, 161)]
)
def test_the_database_keeps_no_other_picture(db, png, width, height):
    with pytest.raises(IntegrityError):
        Logo.objects.create(png=png, width=width, height=height)


def test_it_stands_on_the_list_with_the_name_as_its_alternative(client, shown):
    page = client.get("/c/oakside/before/")
    assertContains(page, f'src="{shown.logo_address}"')
    assertContains(page, 'alt="Oakside Clinic"')
    response = client.get(shown.logo_address)
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Robots-Tag"] == "noindex"
    assert response.content == bytes(shown.logo.png)


def test_it_stands_on_no_page_of_ours_and_at_no_other_clinic(client, shown):
    other = make_pack(make_compound(slug="esketamine"), clinic=make_clinic(slug="fern"), slug="x")
    for address in ("/", "/compounds/ketamine/", other.get_absolute_url()):
        assertNotContains(client.get(address), "logo/")
    assert client.get(shown.logo_address.replace("oakside", "fern")).status_code == 404


def test_another_picture_has_another_address_and_the_old_one_ends(client, shown):
    before = shown.logo_address
    shown.set_logo(read(draw(color=(1, 2, 3))))
    assert client.get(before).status_code == 404
    assert client.get(shown.logo_address).status_code == 200
    assert Logo.objects.count() == 1
    shown.set_logo(None)
    assertNotContains(client.get("/c/oakside/before/"), "logo/")
    assert not Logo.objects.exists()


@pytest.mark.parametrize("query", ["", "?length=each", "?length=full", "?size=large"])
def test_it_stands_on_handouts_with_the_name_as_its_alternative(client, shown, query):
    pdf = client.get(f"/c/oakside/before/handout.pdf{query}").content
    assert pdf_reader.faults(pdf) == []
    with pikepdf.open(BytesIO(pdf)) as document:
        kinds = [thing.get("/Subtype") for thing in document.objects if hasattr(thing, "get")]
    assert "/Image" in kinds
    ours = client.get("/compounds/ketamine/handout.pdf").content
    with pikepdf.open(BytesIO(ours)) as document:
        kinds = [thing.get("/Subtype") for thing in document.objects if hasattr(thing, "get")]
    assert "/Image" not in kinds


def test_it_stands_on_the_poster(editor, shown):
    pack = shown.packs.get()
    poster = editor.get(f"/admin/clinics/pack/{pack.pk}/hand-out/poster/")
    assertContains(poster, f'src="{shown.logo_address}"')


def test_an_editor_sends_one_and_takes_it_away(editor, oakside):
    assert send(editor, oakside, draw()).status_code == 302
    clinic = Clinic.objects.get()
    assert clinic.logo.width == 300
    assertContains(editor.get(address_of(clinic)), clinic.logo_address)
    assert send(editor, clinic).status_code == 302
    assert Clinic.objects.get().logo_id == clinic.logo_id
    assert send(editor, clinic, remove_logo="on").status_code == 302
    assert Clinic.objects.get().logo is None


def test_what_cannot_be_read_is_said_beside_the_field(editor, oakside):
    page = send(editor, oakside, b"<svg/>")
    assert "no PNG or JPEG" in str(errors_of(page)["logo_file"])
    assert not Logo.objects.exists()


def test_without_a_settled_second_factor_nobody_changes_it(client, shown):
    user = make_staff("Clinic editor")
    shown.editors.add(user)
    client = sign_in(client, user)
    assertNotContains(client.get(address_of(shown)), "logo_file")
    for fields in ({"data": draw(color=(1, 2, 3))}, {"remove_logo": "on"}):
        assert send(client, shown, **fields).status_code == 403
    assert Clinic.objects.get().logo_id == shown.logo_id


def test_an_editor_of_another_clinic_cannot_change_it(editor, shown):
    other = make_clinic(name="Fern Clinic")
    editor.post(address_of(other), {"logo_file": SimpleUploadedFile("a", draw())})
    assert Logo.objects.count() == 1
