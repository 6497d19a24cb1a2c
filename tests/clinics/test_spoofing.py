"""Nobody can put words or a phone number of their own on a page of ours by asking for it."""

from urllib.parse import quote

import pytest
from django.test import Client

from psychoplastogens.short_links.models import ShortLink
from tests.factories import make_clinic, make_compound, make_faq, make_pack

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


def test_a_clinics_phone_stands_on_its_own_pages_alone(client, addresses):
    for address in ("/questions/driving/", "/compounds/ketamine/", "/"):
        assert "503-555-0100" not in client.get(address).content.decode()
