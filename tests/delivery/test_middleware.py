"""What every answer has in common: headers, compression, clean addresses."""

import gzip
import os
import subprocess
import sys
from io import BytesIO

import brotli
import pytest
from django.conf import settings as project
from PIL import Image

from tests.factories import make_explainer, make_faq, make_term, make_user

pytestmark = pytest.mark.django_db

ANSWERS = {
    "/": 200,
    "/questions/fragment/": 200,
    "/changes/feed/": 200,
    "/sitemap.xml": 200,
    "/robots.txt": 200,
    "/favicon.ico": 302,
    "/apple-touch-icon.png": 302,
    "/healthz": 200,
    "/nothing/": 404,
    "/compounds/nothing/": 404,
    "/questions/withdrawn/": 410,
    "/questions/old/": 301,
    "/questions": 301,
    "/?utm_source=mail": 302,
    "/?q=%FF": 400,
    "/%00": 400,
    "/questions/?find=a%00b": 400,
    "/admin/": 302,
    "/admin/login/": 200,
}


@pytest.fixture(autouse=True)
def content():
    faq = make_faq(slug="old")
    faq.slug = "new"
    faq.save()
    make_faq(slug="withdrawn").withdraw(by=make_user(), reason="Wrong.")


@pytest.mark.parametrize(("address", "status"), ANSWERS.items())
def test_every_answer_has_the_headers_that_protect_readers(visitor, address, status):
    response = visitor.get(address)
    assert response.status_code == status
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "geolocation=()" in response["Permissions-Policy"]
    assert response["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", [a for a in ANSWERS if not a.startswith("/admin")])
def test_no_public_answer_sets_or_depends_on_a_cookie(visitor, address):
    visitor.cookies["sessionid"] = visitor.cookies["csrftoken"] = "a" * 32
    response = visitor.get(address)
    assert not [c for c in response.cookies if response.cookies[c].value != "a" * 32]
    assert "Set-Cookie" not in response.headers
    assert "cookie" not in response.get("Vary", "").lower()


def headers_with(https, tmp_path):
    """The headers of an answer in a process whose environment says HTTPS or not."""
    code = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "answer = Client().get('/robots.txt', secure=True, headers={'host': 'localhost'})\n"
        "print(answer.headers)\n"
        "print(Client().get('/robots.txt', headers={'host': 'localhost'}).status_code)"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "psychoplastogens.settings",
        "HTTPS": https,
        "UNDERSTORY_DATA": str(tmp_path),
    }
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=project.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_only_a_site_with_https_promises_https(tmp_path):
    without = headers_with("0", tmp_path)
    assert "Strict-Transport-Security" not in without
    assert without.endswith("200\n")
    promised = headers_with("1", tmp_path)
    assert "'Strict-Transport-Security': 'max-age=63072000; includeSubDomains'" in promised
    assert promised.endswith("301\n")


@pytest.mark.parametrize(
    ("asked", "clean"),
    [
        ("/?utm_source=mail&utm_medium=email", "/"),
        ("/questions/?gclid=1&q=a&fbclid=2&q=b&find=%C3%A9+x", "/questions/?q=a&q=b&find=%C3%A9+x"),
        ("/questions/new/?mc_eid=1", "/questions/new/"),
        ("/compounds/compare/?c=a&utm_id=1&c=b", "/compounds/compare/?c=a&c=b"),
        ("/changes/feed/?utm_source=feed", "/changes/feed/"),
        ("/questions/?q=a%26utm_source%3D1&x", "/questions/?q=a%26utm_source%3D1"),
        ("/search/?q=a&__hstc=1", "/search/?q=a"),
        ("/?=1", "/"),
        ("/healthz?a=1", "/healthz"),
    ],
)
def test_an_unknown_parameter_is_dropped_and_a_known_one_kept(visitor, asked, clean):
    response = visitor.get(asked)
    assert (response.status_code, response["Location"]) == (302, clean)
    assert visitor.get(clean).status_code == 200


@pytest.mark.parametrize("address", ["/questions/?q=a&q=b", "/?", "/?&&", "/questions/?q="])
def test_a_clean_address_is_answered_at_once(visitor, address):
    assert visitor.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/admin/login/?next=/admin/&utm_source=a", "/admin/?a=b"])
def test_addresses_of_staff_are_left_as_they_are(visitor, address):
    response = visitor.get(address)
    assert response.status_code == 200 or "a%3Db" in response["Location"]


def test_a_parameter_on_a_page_that_is_not_there_is_no_redirect(visitor):
    assert visitor.get("/nothing/is/here/at/all/?utm_source=a").status_code == 404


@pytest.fixture
def guide():
    make_explainer(("A part", "Words. " * 200), slug="guide")
    return "/explainers/guide/all/"


DECODED = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize("coding", DECODED)
@pytest.mark.parametrize("others", ["{}", "deflate, {}", "{};q=1.0, *;q=0.1", "identity;q=0.5,{}"])
def test_every_coding_holds_the_same_bytes(visitor, guide, coding, others):
    plain = visitor.get(guide)
    packed = visitor.get(guide, headers={"accept-encoding": others.format(coding)})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == coding
    assert len(packed.content) < len(plain.content) / 2
    assert DECODED[coding](packed.content) == plain.content
    assert int(packed["Content-Length"]) == len(packed.content)
    assert "Accept-Encoding" in plain["Vary"]
    assert packed["Vary"] == plain["Vary"]


@pytest.mark.parametrize("accepted", ["", "identity", "deflate", "zstd", "abracadabra", "br;q=0"])
def test_a_browser_gets_only_what_it_reads(visitor, guide, accepted):
    assert "Content-Encoding" not in visitor.get(guide, headers={"accept-encoding": accepted})


def test_brotli_is_the_first_choice(visitor, guide):
    response = visitor.get(guide, headers={"accept-encoding": "gzip, deflate, br"})
    assert response["Content-Encoding"] == "br"
    response = visitor.get(guide, headers={"accept-encoding": "gzip, br;q=0"})
    assert response["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("accepted", ["identity", "gzip", "br"])
def test_a_copy_that_is_still_good_is_not_sent_again(visitor, guide, accepted):
    first = visitor.get(guide, headers={"accept-encoding": accepted})
    headers = {"accept-encoding": accepted, "if-none-match": first["ETag"]}
    again = visitor.get(guide, headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"]
    assert again["Vary"] == first["Vary"]
    headers["if-none-match"] = '"other"'
    assert visitor.get(guide, headers=headers).status_code == 200


def test_a_packed_copy_has_a_weak_etag(visitor, guide):
    plain = visitor.get(guide)["ETag"]
    packed = visitor.get(guide, headers={"accept-encoding": "br"})["ETag"]
    assert packed.startswith('W/"')
    assert not plain.startswith("W/")


@pytest.mark.parametrize("address", [*ANSWERS, "/explainers/guide/all/"])
@pytest.mark.parametrize("accepted", ["identity", "br"])
def test_head_has_the_headers_of_get_and_no_body(visitor, guide, address, accepted):
    got = visitor.get(address, headers={"accept-encoding": accepted})
    head = visitor.head(address, headers={"accept-encoding": accepted})
    assert head.status_code == got.status_code
    assert head.content == b""
    of_the_moment = {"Content-Length", "Set-Cookie", "ETag", "Expires"}
    unlike = of_the_moment if address.startswith("/admin") else set()
    for name, value in got.headers.items():
        assert name in unlike or head.headers.get(name) == value


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("address", ["/", "/questions/", "/ask/?q=a", "/glossary/x/fragment/"])
def test_a_public_page_is_only_read(visitor, method, address):
    make_term(slug="x")
    response = getattr(visitor, method)(address)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("address", ["/", "/questions/new/", "/questions/fragment/"])
def test_htmx_gets_the_same_bytes(visitor, address):
    swapped = visitor.get(address, headers={"hx-request": "true", "hx-target": "main"})
    assert swapped.content == visitor.get(address).content


def test_a_page_is_kept_for_a_short_time_and_an_error_is_not(visitor):
    control = "public, max-age=60, stale-while-revalidate=30, stale-if-error=3600"
    assert visitor.get("/")["Cache-Control"] == control
    for address in ("/nothing/", "/questions/withdrawn/", "/%00"):
        assert "public" not in visitor.get(address).get("Cache-Control", "")


def test_a_moved_address_is_not_kept_for_ever(visitor):
    """A new page may take the old address: browsers keep a 301 without an age for years."""
    assert "max-age=" in visitor.get("/questions/old/")["Cache-Control"]


@pytest.mark.parametrize(
    ("address", "sizes"),
    [("/favicon.ico", {(16, 16), (32, 32), (48, 48)}), ("/apple-touch-icon.png", {(180, 180)})],
)
def test_a_browser_without_svg_icons_finds_one_at_the_root(visitor, address, sizes):
    icon = Image.open(BytesIO(b"".join(visitor.get(address, follow=True).streaming_content)))
    assert icon.info.get("sizes", {icon.size}) == sizes
