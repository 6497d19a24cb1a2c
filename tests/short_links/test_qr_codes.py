"""QR codes, read back by a library that did not make them."""

import io
import re
from xml.etree import ElementTree

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from psychoplastogens.short_links import qr_codes
from psychoplastogens.short_links.models import CODE_ALPHABET

SHORT = "HTTPS://UNDERSTORY.EXAMPLE/S/7KR4H/"
LONG = "HTTPS://UNDERSTORY.EXAMPLE/LIST/" + "7KDC7T" * 20 + "/"


def read(picture):
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1
    return found[0]


def opened(address):
    return Image.open(io.BytesIO(qr_codes.render_png(address)))


def drawn(svg, scale=8):
    """The path of an SVG as a picture: each bar as a rectangle."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    picture = Image.new("1", (round(float(box[1])) * scale, round(float(box[2])) * scale), 1)
    draw = ImageDraw.Draw(picture)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        x, y, width = (int(n) * scale for n in (x, y, width))
        draw.rectangle((x, y, x + width - 1, y + scale - 1), fill=0)
    return picture


@pytest.mark.parametrize("address", [SHORT, LONG, "http://127.0.0.1:8000/s/7kr4h/"])
def test_a_code_is_read_back_as_its_address(address):
    assert read(opened(address)).text == address
    assert read(drawn(qr_codes.render_svg(address))).text == address


@given(st.text(alphabet=CODE_ALPHABET, min_size=1, max_size=120))
def test_any_list_is_read_back(codes):
    address = f"HTTPS://UNDERSTORY.EXAMPLE/LIST/{codes.upper()}/"
    assert read(opened(address)).text == address


def test_it_survives_damage_to_a_tenth_of_it():
    picture = opened(SHORT)
    side = picture.width
    ImageDraw.Draw(picture).rectangle((side // 2, side // 2, side * 0.62, side * 0.62), fill=1)
    assert read(picture).text == SHORT


def test_its_error_level_is_m():
    assert read(opened(SHORT)).ec_level == "M"


def test_capitals_make_a_smaller_code():
    assert len(qr_codes.build_module_rows(SHORT)) < len(qr_codes.build_module_rows(SHORT.lower()))


@pytest.mark.parametrize("address", [SHORT, LONG])
def test_four_modules_around_it_are_empty(address):
    rows = qr_codes.build_module_rows(address)
    edges = [*rows[:4], *rows[-4:], *(row[:4] + row[-4:] for row in rows)]
    assert not any("1" in edge for edge in edges)
    assert "1" in rows[4] and "1" in rows[-5]


@pytest.mark.parametrize("address", [SHORT, LONG])
def test_the_address_stands_beneath_it_whole(address):
    svg = ElementTree.fromstring(qr_codes.render_svg(address))
    lines = [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert "".join(lines) == address.lower().removeprefix("https://").rstrip("/")
    width = float(svg.get("viewBox").split()[2])
    size = float(svg.find("{http://www.w3.org/2000/svg}g").get("font-size"))
    assert max(map(len, lines)) * size * 0.55 <= width - 8


def test_the_address_beneath_the_picture_is_drawn_in_dots():
    """The letters of a picture are compared with those of the table, dot by dot."""
    picture = opened(SHORT)
    below = picture.crop((0, picture.width, picture.width, picture.height))
    assert below.getextrema() == (0, 255)
    plain = opened("HTTPS://UNDERSTORY.EXAMPLE/S/7KR4D/")
    assert below.tobytes() != plain.crop((0, plain.width, plain.width, plain.height)).tobytes()


def test_an_svg_says_its_address_aloud_and_asks_for_nothing():
    svg = qr_codes.render_svg(SHORT)
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.find("{http://www.w3.org/2000/svg}title").text == SHORT
    assert not re.search(r"href|url\(|style|script", svg)


def test_what_is_in_an_address_cannot_leave_its_place():
    svg = qr_codes.render_svg("http://x/</title><script>alert(1)</script>")
    assert "<script" not in svg
    ElementTree.fromstring(svg)
