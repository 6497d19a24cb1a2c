"""What messages, people and paper leave on an address is forgiven, where a page is meant by it."""

from urllib.parse import quote

import pytest
from django.core.signing import Signer

from psychoplastogens.delivery import meant_addresses
from psychoplastogens.short_links.models import ShortLink
from tests.factories import (
    make_clinic,
    make_compound,
    make_explainer,
    make_faq,
    make_pack,
    make_user,
    make_walkthrough,
)
from tests.short_links.conftest import clicks

__all__ = ["clicks"]

pytestmark = pytest.mark.django_db
KETAMINE = "/compounds/ketamine/"


@pytest.fixture(autouse=True)
def pages():
    make_compound(slug="ketamine")
    make_compound(slug="5-meo-dmt")
    guide = make_explainer({"slug": "rest"}, slug="after")
    make_walkthrough({"slug": "gate"}, slug="how-it-works")
    make_pack(guide, clinic=make_clinic(slug="oakside"), slug="before")
    make_faq(slug="gone").withdraw(by=make_user(), reason="Wrong.")
    renamed = make_faq(slug="old")
    renamed.slug = "new"
    renamed.save()


def meant(client, address, **asked):
    response = client.get(address, **asked)
    return response["Location"] if response.status_code == 302 else response.status_code


@pytest.mark.parametrize(
    "typed",
    [
        *(f"/compounds/ketamine{mark}" for mark in ".,;:!?)]}'\"”’»>…*_`|\\-—"),
        *(f"/compounds/ketamine/{mark}" for mark in ".,)'\">”"),
        *("/compounds/ketamine&gt;", "/compounds/ketamine/&quot;.", "/compounds/ketamine).”"),
        *("/compounds/“ketamine”/", "/compounds/ketamine /", "/compounds/ketamine\u00a0"),
        *("/compounds/keta\u200bmine/", "/compounds/keta\u00admine/", "/\ufeffcompounds/ketamine/"),
        *("/compounds/Ketamine/", "/COMPOUNDS/KETAMINE", "/Compounds/Ketamine."),
        *("/compounds//ketamine/", "/ compounds/ketamine/", "/compounds/ｋｅｔａｍｉｎｅ/"),
        *("/http://testserver/compounds/ketamine/", "/https:/testserver/compounds/ketamine)"),
        *("/s/http://127.0.0.1:8000/compounds/ketamine/", "/testserver/compounds/Ketamine/"),
        "/compounds/http://testserver/compounds/ketamine/",
    ],
)
def test_what_is_left_on_an_address_is_forgiven_by_one_redirect(client, typed):
    assert meant(client, quote(typed, safe="/&;")) == KETAMINE


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("/compounds/5\u2011MeO\u2013DMT/", "/compounds/5-meo-dmt/"),
        ("/explainers/after/rest.", "/explainers/after/rest/"),
        ("/How-It-Works)", "/how-it-works/"),
        ("/how-it-works/Gate.", "/how-it-works/gate/"),
        ("/c/Oakside/Before/", "/c/oakside/before/"),
        ("/c/oakside/before/1.", "/c/oakside/before/1/"),
        ("/c/oakside/before/handout.pdf.", "/c/oakside/before/handout.pdf"),
        ("/compounds/ketamine/handout.pdf)", "/compounds/ketamine/handout.pdf"),
        ("/Compounds/Ketamine/Handout.PDF", "/compounds/ketamine/handout.pdf"),
        ("/Embed/explainers/after/rest.", "/embed/explainers/after/rest/"),
        ("/help.", "/help/"),
        ("/connect/service.", "/connect/service"),
        ("/sitemap.xml,", "/sitemap.xml"),
        ("/)", "/"),
        ("/Questions/Gone/", "/questions/gone/"),
        ("/Questions/Old.", "/questions/new/"),
    ],
)
def test_every_kind_of_address_is(client, typed, address):
    assert meant(client, quote(typed)) == address


def test_a_question_behind_it_is_kept(client):
    assert meant(client, "/search.?q=driving&name=marmot") == "/search/?q=driving"
    assert meant(client, "/compounds/Ketamine.?name=marmot") == KETAMINE
    asked = "?mainSearchCriteria.v.dn=ketamine"
    assert meant(client, f"/connect/service.{asked}") == f"/connect/service{asked}"


@pytest.mark.parametrize(
    "typed",
    [
        *("/compounds/nothing.", "/compounds/Nothing/", "/nothing)", "/compounds/keta.mine/"),
        *("/compounds/nothing/handout.pdf.", "/explainers/after/nothing.", "/c/oakside/none."),
        *("/https://evil.example/", "/https://evil.example)", "/s/https://testserver/s/zzzzz/"),
        *("/\\evil.example/", "/evil.example/compounds/ketamine", "/s/http://evil.example/s/"),
        *("/@evil.example/", "/compounds/../compounds/ketamine/", f"/{'.' * 400}"),
        *("/compounds/ketamine/edit/", "/KETAMINE/"),
    ],
)
def test_what_means_no_page_of_ours_stays_lost(client, typed):
    assert client.get("/" + quote(typed[1:], safe="/")).status_code == 404


def test_no_address_leads_to_another_site(client):
    for before in ("/", "//", "/\\", "/http:", "/https://", "/testserver/", "/testserver//", "/./"):
        for site in ("evil.example", "//evil.example", "\\\\evil.example", "evil.example/help."):
            response = client.get("/", PATH_INFO=before + site)
            location = response.headers.get("Location", "/")
            assert location.startswith("/")
            assert not location.startswith(("//", "/\\"))


def test_a_short_link_within_a_link_opens_and_is_not_counted_twice(client, clicks):
    code = ShortLink.objects.get_or_create_for(make_faq(slug="driving")).code
    for typed in (
        f"/http://testserver/s/{code}/",
        f"/s/http://testserver/s/{code}.",
        f"/S//{code}",
    ):
        assert meant(client, quote(typed)) in (f"/s/{code}", f"/s/{code}/", f"/S/{code}"), typed
    assert clicks.pending_clicks.count_pending() == 0


def test_only_a_missing_slash_is_left_to_django(client):
    assert client.get("/compounds/ketamine").status_code == 301


def test_the_staffs_pages_and_signed_links_are_not_guessed_at(client, admin_client):
    assert admin_client.get("/admin/Nothing.").status_code == 404
    token = Signer().sign("marmot")
    assert client.get(f"/review/{token}/page/1.").status_code == 404


def test_an_address_that_is_only_wrong_costs_no_look(client, django_assert_num_queries):
    client.get("/nothing/at/all/")
    with django_assert_num_queries(0):
        client.get("/nothing/at/all/here/")
    with django_assert_num_queries(0):
        client.get(f"/{'Nothing/' * 40}")


def test_nothing_of_it_is_stored(client):
    response = client.get("/compounds/Ketamine/")
    assert response["Cache-Control"] == "no-store"


def test_a_head_is_answered_alike_and_a_post_is_not(client):
    assert client.head("/compounds/Ketamine/")["Location"] == KETAMINE
    assert client.post("/compounds/Ketamine.").status_code == 404


def test_long_nonsense_takes_no_time():
    for text in ("." * 299 + "a", "&gt" * 90 + "a", "(" * 290, ")(" * 140):
        readings = list(meant_addresses._iter_readings(f"/{text}", "testserver"))
        assert len(readings) <= 4
