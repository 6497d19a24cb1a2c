"""Nobody can put words or a phone number of their own on a page of ours by asking for it."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.utils.html import escape

from psychoplastogens.clinics.reading_lists import make_page_code
from psychoplastogens.short_links.models import ShortLink
from tests.factories import make_clinic, make_compound, make_faq, make_pack
from tests.handouts import pdf_reader

pytestmark = pytest.mark.django_db
PHONE, WORDS = "555-0199", "Oakwood Ketamine"
PLANTED = f"{WORDS} {PHONE}"
MARKS = (PHONE, WORDS, WORDS.replace(" ", "-"), quote(WORDS), PHONE.replace("-", ""))
NAMES = "q about code c phone tel name clinic pack greeting note title site_name depth next i item"
HEADERS = {
    "x-forwarded-host": f"{PHONE}.example",
    "x-forwarded-for": PLANTED,
    "x-original-url": f"/c/{PHONE}/",
    "x-rewrite-url": f"/c/{PHONE}/",
    "user-agent": PLANTED,
    "referer": f"https://{PHONE}.example/",
    "accept-language": PLANTED,
    "cookie": f"clinic={quote(PLANTED)}",
    "hx-current-url": f"https://{PHONE}.example/",
    "hx-request": "true",
    "hx-prompt": PLANTED,
    "forwarded": f"host={PHONE}.example",
}


@pytest.fixture
def addresses():
    pack = make_pack(
        make_faq(slug="driving", answer=":::call-clinic\nRing.\n:::"),
        make_compound(slug="ketamine"),
        None,
        clinic=make_clinic(slug="oakside"),
        slug="before",
    )
    link = ShortLink.objects.get_or_create_for(pack).get_absolute_url()
    items = [f"/c/oakside/before/{number}/" for number in (1, 2, 3)]
    pages = ["/questions/driving/", "/compounds/ketamine/", "/help/", "/"]
    return [*items, "/c/oakside/", "/c/oakside/before/", link, "/s/", "/s/zzzzz/", *pages]


def planted_in(response):
    text = response.content.decode() + str(response.headers)
    return [mark for mark in MARKS if mark in text]


def test_not_by_a_query(client, addresses):
    for address in addresses:
        for name in NAMES.split():
            response = client.get(address, {name: PLANTED}, follow=True)
            assert response.status_code in (200, 404)
            assert planted_in(response) == [], (address, name)


def test_not_by_a_header(addresses):
    client = Client(headers=HEADERS)
    for address in addresses:
        assert planted_in(client.get(address, follow=True)) == [], address


@pytest.mark.parametrize("host", [f"{PHONE}.example", f"127.0.0.1:{PHONE}", f"127.0.0.1@{PHONE}"])
def test_not_by_a_host(client, addresses, host):
    for address in addresses:
        response = client.get(address, headers={"host": host})
        assert response.status_code == 400
        assert planted_in(response) == [], address


@pytest.mark.parametrize(
    "path",
    [
        f"/c/{PHONE}/",
        f"/c/oakside/{PHONE}/",
        f"/c/oakside/before/{PHONE}/",
        f"/c/oakside/before/1/{PHONE}/",
        f"/s/{PHONE}/",
        f"/s/{PHONE}",
        f"/{PHONE}/",
        f"/{quote(PLANTED)}/",
        f"/questions/{PHONE}/",
        f"/c/oakside/before/;{PHONE}",
        f"/c/oakside/before/%0a{PHONE}/",
        f"/how/{PHONE}/fragment/",
    ],
)
def test_not_by_a_path(client, addresses, path):
    response = client.get(path)
    assert response.status_code in (400, 404)
    assert planted_in(response) == []


def test_not_by_a_post(client, addresses):
    for address in addresses:
        response = client.post(address, dict.fromkeys(NAMES.split(), PLANTED))
        assert response.status_code == 405
        assert planted_in(response) == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("name", "Moss\u200bClinic"),
        ("name", "Moss\u202eClinic"),
        ("name", "Moss\u2066Clinic"),
        ("name", "Moss\x07Clinic"),
        ("name", "Moss\nClinic"),
        ("name", "Moss\u2028Clinic"),
        ("name", "Mo\u0301\u0302\u0303ss"),
        ("name", "moss.example"),
        ("name", "www.moss clinic"),
        ("name", "https://moss"),
        ("name", "desk@moss"),
        ("name", "ｍｏｓｓ．ｃｏｍ"),
        ("name", "Call 988"),
        ("name", "Moss 9-1-1"),
        ("name", "Moss ９８８"),
        ("name", "Moss ٩٨٨"),
        ("name", "Moss 555-0199 0"),
        ("name", "Understory"),
        ("name", "Ask UNDERSTORY now"),
        ("phone", "988"),
        ("phone", "911"),
        ("phone", "112"),
        ("phone", "1-800-222-1222"),
        ("phone", "+1 800 222 1222"),
        ("phone", "(800) 222-1222 ext. 3"),
        ("phone", "116 123"),
        ("phone", "503-555-0100\u202e"),
        ("phone", "503-555-0100\n900-555-0199"),
        ("phone", "503-555-0100, or 900-555-0199"),
        ("phone", "<b>503-555-0100</b>"),
        ("phone", "tel:503-555-0100"),
        ("phone", "Stop your medicine"),
        ("phone", "5" * 41),
    ],
)
def test_not_on_a_print_beyond_a_name_and_a_phone(client, addresses, field, typed):
    sent = {"name": "Moss Clinic", "phone": "503-555-0100"} | {field: typed}
    code = make_page_code("compound", "ketamine")
    for form in ("/compounds/ketamine/handout/clinic/", f"/list/{code}/hand-out/poster/"):
        response = client.post(form, sent)
        assert response.status_code == 422, form
        assert 'role="alert"' in response.text
        assert '<p class="from">' not in response.text


@pytest.mark.parametrize(
    "typed",
    [
        'Moss #link("x")[y] $z$ \\ `code`',
        '#eval("1+1") [ref]',
        "<script>alert(1)</script>",
        "{{ 7|add:7 }} {% now 'Y' %}",
        "*Moss* _Clinic_ = ~",
        "Clínica Santa María Ñ",
        "St. Mary’s & Sons, 12 Oak St",
        "عيادة القمر",
        "x" * 80,
    ],
)
def test_what_is_typed_is_shown_as_it_is_and_never_run(client, addresses, typed):
    code = make_page_code("compound", "ketamine")
    poster = client.post(f"/list/{code}/hand-out/poster/", {"name": typed})
    assert f'<p class="from">{escape(typed)}</p>' in poster.text
    pdf = client.post("/compounds/ketamine/handout/clinic/", {"name": typed}).content
    assert pdf_reader.faults(pdf) == []
    shown = pdf_reader.words(pdf)
    assert "Added by whoever printed this." in shown
    if typed.isascii():
        assert typed.replace(" ", "") in shown.replace(" ", "")


def test_a_clinics_phone_stands_on_its_own_pages_alone(client, addresses):
    for address in ("/questions/driving/", "/compounds/ketamine/", "/"):
        assert "503-555-0100" not in client.get(address).content.decode()
