"""oEmbed 1.0: a site asks how to show one of our pages."""

import re
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest

from psychoplastogens.content.models import Section
from psychoplastogens.editorial.models import Status
from tests.factories import make_compound, make_explainer, make_faq, make_user, make_walkthrough

pytestmark = pytest.mark.django_db
OURS = "http://127.0.0.1:8000"
PAGES = {
    "/explainers/the-day/morning/": "/embed/explainers/the-day/morning/",
    "/explainers/the-day/morning": "/embed/explainers/the-day/morning/",
    "/explainers/the-day/morning/?depth=more&utm_source=mail#s1": (
        "/embed/explainers/the-day/morning/"
    ),
    "/tea/": "/embed/tea/",
    "/tea/pour/": "/embed/tea/pour/",
    "/tea/1/": "/embed/tea/pour/",
}


@pytest.fixture(autouse=True)
def pages():
    make_explainer({"slug": "morning", "title": "The morning"}, slug="the-day")
    make_walkthrough({"slug": "pour", "title": "Pour it"}, slug="tea", title="Making tea")
    make_compound(slug="ketamine")
    make_faq(slug="asked")


def ask(client, url, **more):
    return client.get("/oembed/", {"url": url} | more)


@pytest.mark.parametrize(("page", "frame"), PAGES.items())
def test_it_tells_how_to_show_a_page(client, page, frame):
    response = ask(client, OURS + page)
    found = response.json()
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert {name: found[name] for name in ("version", "type", "provider_name", "provider_url")} == {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Understory",
        "provider_url": f"{OURS}/",
    }
    assert f'<iframe src="{OURS}{frame}"' in found["html"]
    assert f'width="{found["width"]}" height="{found["height"]}"' in found["html"]
    assert client.get(frame).status_code == 200


def test_the_frame_it_offers_is_in_a_sandbox_and_tells_us_nothing(client):
    html = ask(client, f"{OURS}/tea/").json()["html"]
    sandbox = re.search(r'sandbox="([^"]*)"', html)[1].split()
    assert sandbox == ["allow-popups", "allow-popups-to-escape-sandbox"]
    assert 'referrerpolicy="no-referrer"' in html
    assert 'title="Making tea"' in html


def test_it_speaks_xml(client):
    response = ask(client, f"{OURS}/tea/pour/", format="xml", maxwidth="300")
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    found = {element.tag: element.text for element in root}
    assert root.tag == "oembed"
    json = ask(client, f"{OURS}/tea/pour/", maxwidth="300").json()
    assert found == {name: str(value) for name, value in json.items()}


@pytest.mark.parametrize(
    ("asked", "width", "height"),
    [
        ({}, 640, 720),
        ({"maxwidth": "320"}, 320, 720),
        ({"maxheight": "100", "maxwidth": "9999999999999"}, 640, 100),
        ({"maxwidth": "1", "maxheight": "1"}, 1, 1),
        ({"maxwidth": ""}, 640, 720),
    ],
)
def test_it_is_no_larger_than_there_is_room(client, asked, width, height):
    found = ask(client, f"{OURS}/tea/", **asked).json()
    assert (found["width"], found["height"]) == (width, height)


@pytest.mark.parametrize("size", ["0", "-1", "1.5", "wide", "٣", "00", '1" onload="x'])
def test_a_size_that_is_none_is_refused_by_its_name(client, size):
    for name in ("maxwidth", "maxheight"):
        response = ask(client, f"{OURS}/tea/", **{name: size})
        assert response.status_code == 400
        assert response.content.decode().startswith(name)


@pytest.mark.parametrize(
    "url",
    [
        f"{OURS}/",
        f"{OURS}/nothing/",
        f"{OURS}/compounds/ketamine/",
        f"{OURS}/explainers/the-day/",
        f"{OURS}/explainers/the-day/none/",
        f"{OURS}/questions/asked/",
        f"{OURS}/embed/tea/",
        f"{OURS}/admin/",
        f"{OURS}/tea/%00/",
        f"{OURS}/tea/..%2f..%2f/",
        f"{OURS}//tea/",
        "https://example.org/tea/",
        "http://127.0.0.1:8000.example.org/tea/",
        "http://127.0.0.1:8000@example.org/tea/",
        "http://user@127.0.0.1:8000/tea/",
        "http://127.0.0.1/tea/",
        "//127.0.0.1:8000/tea/",
        "/tea/",
        "tea",
        "javascript:alert(1)",
        "ftp://127.0.0.1:8000/tea/",
        "http://[::1/tea/",
        "http://[",
    ],
)
def test_what_is_no_page_to_frame_is_not_found(client, url):
    response = ask(client, url)
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")
    assert b"example.org" not in response.content


def test_it_needs_an_address(client):
    assert client.get("/oembed/").status_code == 400
    assert client.get("/oembed/?url=").status_code == 400


@pytest.mark.parametrize("form", ["yaml", "JSON", "jsonp", "", "../json"])
def test_other_formats_are_not_offered(client, form):
    assert ask(client, f"{OURS}/tea/", format=form).status_code == 501


def test_drafts_and_withdrawn_pages_are_not_found(client):
    guide = Section.objects.get().explainer
    guide.status = Status.DRAFT
    guide.save()
    assert ask(client, f"{OURS}/explainers/the-day/morning/").status_code == 404
    guide.publish(by=make_user())
    guide.withdraw(by=make_user(), reason="Wrong.")
    assert ask(client, f"{OURS}/explainers/the-day/morning/").status_code == 404


def test_an_old_address_leads_to_the_page_of_today(client):
    section = Section.objects.get()
    section.slug = "dawn"
    section.save()
    section.explainer.slug = "the-time"
    section.explainer.save()
    found = ask(client, f"{OURS}/explainers/the-day/morning/").json()
    assert f'src="{OURS}/embed/explainers/the-time/dawn/"' in found["html"]


def test_a_title_is_the_record_s_and_stays_a_title(client):
    Section.objects.update(title='"><script>alert(1)</script>\x08 & so')
    page = f"{OURS}/explainers/the-day/morning/?title=Marmots"
    found = ask(client, page).json()
    assert found["title"] == '"><script>alert(1)</script>\x08 & so'
    assert "<script" not in found["html"]
    assert "Marmots" not in str(found)
    xml = ElementTree.fromstring(ask(client, page, format="xml").content)
    assert xml.findtext("title") == '"><script>alert(1)</script>  & so'


@pytest.mark.parametrize("page", ["/explainers/the-day/morning/", "/tea/", "/tea/pour/"])
def test_a_page_that_can_be_framed_says_so(client, page):
    html = client.get(page).content.decode()
    links = dict(
        re.findall(r'<link rel="alternate" type="([a-z/]+\+oembed)" href="([^"]+)">', html)
    )
    for form, kind in (("json", "application/json+oembed"), ("xml", "text/xml+oembed")):
        address = links[kind].replace("&amp;", "&")
        assert quote(OURS + page, safe="") in address
        answer = client.get(f"{urlsplit(address).path}?{urlsplit(address).query}")
        assert answer.status_code == 200
        assert form in answer["Content-Type"]


@pytest.mark.parametrize("page", ["/", "/compounds/ketamine/", "/questions/asked/"])
def test_other_pages_do_not(client, page):
    assert "oembed" not in client.get(page).content.decode()
