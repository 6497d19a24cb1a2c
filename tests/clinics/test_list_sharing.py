"""/list/<codes>/hand-out/: the copies of a list, on a page, and each by itself."""

import io
import re
from html import unescape

import pytest
import zxingcpp
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.reading_lists import MAX_PAGES, make_page_code
from tests.factories import make_compound, make_explainer

pytestmark = pytest.mark.django_db
DAY = make_page_code("explainer", "the-day")
PAGE = f"/list/{DAY}/hand-out/"


@pytest.fixture(autouse=True)
def origin(settings):
    settings.SITE_ORIGIN = "https://understory.example"
    make_explainer(("A part", "Rest."), slug="the-day", title="The day of ketamine")


def field(html, name):
    """What stands in the field of a copy, as it is copied."""
    return unescape(re.search(rf'<textarea[^>]* id="{name}"[^>]*>(.*?)</textarea>', html, re.S)[1])


def test_each_copy_stands_in_a_field_that_can_be_selected(client):
    html = client.get(PAGE).content.decode()
    address = f"https://understory.example/list/{DAY}/"
    assert f'id="address" readonly value="{address}"' in html
    for name in ("text", "html", "markdown", "message"):
        assert address in field(html, name)
    assert field(html, "html").startswith("<!--[if mso]><table role=")
    for name in ("chart", "portal", "phrase"):
        assert address in field(html, name)
    assert 'href="mailto:?subject=' in html


def test_it_says_what_to_do_before_sending(client):
    page = client.get(PAGE)
    for words in ("Turn click tracking and open tracking off", "Add no name", "scanners"):
        assertContains(page, words)
    assertContains(page, "Put your clinic’s name and phone number under the words.")


def test_words_are_neutral_unless_the_pages_are_to_be_named(client):
    neutral = field(client.get(PAGE).content.decode(), "text")
    named = field(client.get(f"{PAGE}?words=named").content.decode(), "text")
    assert "The day of ketamine" not in neutral
    assert "1. The day of ketamine" in named
    assert field(client.get(f"{PAGE}?words=other").content.decode(), "text") == neutral


def test_the_preview_is_the_email_and_runs_nothing(client):
    response = client.get(f"{PAGE}email/")
    html = field(client.get(PAGE).content.decode(), "html")
    assert html in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert policy.count("unsafe-inline") == 1
    assert "style-src-attr 'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_only_the_preview_may_be_framed(client):
    for address in (PAGE, f"{PAGE}poster/", f"{PAGE}qr.svg", f"/list/{DAY}/"):
        response = client.get(address)
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert "unsafe-inline" not in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"


def test_the_qr_codes_lead_to_the_list(client):
    svg, png = client.get(f"{PAGE}qr.svg"), client.get(f"{PAGE}qr.png")
    assert svg["Content-Type"] == "image/svg+xml"
    assert png["Content-Type"] == "image/png"
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(png.content)))
    address = found[0].text
    assert address == f"HTTPS://UNDERSTORY.EXAMPLE/LIST/{DAY.upper()}/"
    assert f"<title>{address}</title>" in svg.content.decode()
    response = client.get(address.removeprefix("HTTPS://UNDERSTORY.EXAMPLE"), follow=True)
    assert response.redirect_chain == [(f"/list/{DAY}/", 301)]
    assert response.status_code == 200


def test_a_list_too_long_for_a_text_message_says_so(client):
    for number in range(MAX_PAGES):
        make_compound(slug=f"c-{number}")
    codes = "".join(make_page_code("compound", f"c-{number}") for number in range(MAX_PAGES))
    page = client.get(f"/list/{codes}/hand-out/")
    assertContains(page, "too long for one text message of 160 characters")
    assertNotContains(page, 'id="message"')


@pytest.mark.parametrize(("asked", "paper"), [("a4", "a4"), ("letter", "letter"), ("x", "letter")])
def test_the_poster_is_on_the_paper_that_was_asked_for(client, asked, paper):
    assertContains(client.get(f"{PAGE}poster/?paper={asked}"), f'class="poster {paper}"')


def test_the_poster_names_pages_only_when_asked(client):
    assertNotContains(client.get(f"{PAGE}poster/"), "The day of ketamine")
    assertContains(client.get(f"{PAGE}poster/?words=named"), "The day of ketamine")


def test_the_poster_has_the_code_and_the_address(client):
    page = client.get(f"{PAGE}poster/")
    assertContains(page, f"<title>HTTPS://UNDERSTORY.EXAMPLE/LIST/{DAY.upper()}/</title>")
    assertContains(page, f"understory.example/list/<wbr>{DAY}<wbr>")


@pytest.mark.parametrize("part", ["", "email/", "poster/"])
def test_no_request_puts_words_or_a_phone_number_on_it(client, part):
    planted = "title=Call+900-555-0199&phone=900-555-0199&clinic=Fake&subject=Fake&words=Fake"
    page = client.get(f"{PAGE}{part}?{planted}&paper=Fake", follow=True)
    assert page.status_code == 200
    assertNotContains(page, "900-555")
    assertNotContains(page, "Fake")


def test_the_host_that_asks_does_not_change_the_link(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    page = client.get(PAGE, headers={"host": "evil.example", "x-forwarded-host": "evil.example"})
    assertNotContains(page, "evil.example")


def test_no_search_engine_lists_it(client):
    for part in ("", "email/", "poster/", "qr.svg", "qr.png"):
        assert client.get(f"{PAGE}{part}")["X-Robots-Tag"] == "noindex"
