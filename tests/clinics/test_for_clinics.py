"""/for-clinics/: the ways to hand these pages out, and what is not collected."""

import re
from html import unescape

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import make_code, make_walkthrough
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
PAGE = "/for-clinics/"


def test_it_names_each_way_in_plain_words_with_its_door(client):
    make_walkthrough({}, slug="how")
    page = client.get(PAGE)
    ways = page.content.decode().partition('<ol class="ways">')[2].partition("</ol>")[0]
    assert re.findall(r'<h2 id="(\w+)">', ways) == [
        "link",
        "own",
        "paper",
        "record",
        "frame",
    ]
    for door in ('href="/clinics/"', 'action="/connect/application"', 'href="/connect/"'):
        assertContains(page, door)
    assertContains(page, "There are five ways.")
    assert find_faults(page.content.decode()) == []


def test_it_says_what_is_not_collected(client):
    page = client.get(PAGE)
    for said in ("What we do not collect", "No names", "no pixels", "counts below ten"):
        assertContains(page, said)


def test_its_form_sends_what_a_record_system_sends(client):
    make_code("F33.1")
    html = client.get(PAGE).content.decode()
    form = re.search(r'<form class="asking-form.*?</form>', html, re.S)[0]
    names = re.findall(r' name="([^"]+)"', form)
    assert names == [f"mainSearchCriteria.v.{part}" for part in ("cs", "c", "dn")]
    sent = dict(zip(names, (re.search(r'value="([\d.]+)"', form)[1], "F33.1", ""), strict=True))
    assert client.get("/connect/application", sent).status_code == 303
    assertContains(client.get("/connect/service", sent), "results for ICD-10-CM F33.1")


def test_the_frame_that_it_offers_is_the_one_of_oembed_and_opens(client):
    make_walkthrough({}, slug="how", title="How it works")
    html = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", client.get(PAGE).text, re.S)[1])
    address = re.search(r'src="http://127.0.0.1:8000([^"]+)"', html)[1]
    assert address == "/embed/how/"
    assert 'sandbox="allow-popups' in html
    assert client.get("/oembed/?url=http://127.0.0.1:8000/how/").json()["html"] == html
    assertContains(client.get(address), "How it works")


def test_without_a_walkthrough_there_is_no_frame_to_copy(client):
    make_walkthrough({}, slug="how", status="draft")
    assertNotContains(client.get(PAGE), "textarea")
