import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from tests.factories import make_claim, make_source

pytestmark = pytest.mark.django_db
BOTH = ["/claims/", "/claims/fragment/"]


@pytest.mark.parametrize("address", BOTH)
def test_it_shows_verdict_reason_and_sources(client, address):
    source = make_source(authors="Li N", year=2010)
    make_claim([source], text="It cures.", verdict="overstated", why="No cure was seen.")
    response = client.get(address)
    for words in ("It cures.", "Says too much", "No cure was seen.", "Li N, 2010"):
        assertContains(response, words)
    assertContains(response, source.get_absolute_url())


@pytest.mark.parametrize("address", BOTH)
def test_it_hides_drafts_of_claims_and_of_sources(client, address):
    make_claim([make_source(slug="secret", status=Status.DRAFT)], text="Shown.")
    make_claim(text="Not yet.", status=Status.DRAFT)
    response = client.get(address)
    assertContains(response, "Shown.")
    assertContains(response, "1 claim<")
    assertNotContains(response, "Not yet.")
    assertNotContains(response, "secret")


@pytest.mark.parametrize("address", BOTH)
def test_a_verdict_filters(client, address):
    make_claim(text="Right.", verdict="supported")
    make_claim(text="Old.", verdict="outdated")
    response = client.get(address, {"verdict": "outdated"})
    assertContains(response, "Old.")
    assertNotContains(response, "Right.")


@pytest.mark.parametrize("verdict", ["", "nonsense", "' OR 1=1 --", "<b>"])
def test_an_unknown_verdict_shows_all(client, verdict):
    make_claim(text="Right.", verdict="supported")
    make_claim(text="Old.", verdict="outdated")
    assertContains(client.get("/claims/", {"verdict": verdict}), "2 claims")


def test_the_chosen_verdict_is_checked(client):
    html = client.get("/claims/?verdict=nuance").content.decode()
    assert '<input type="radio" name="verdict" value="nuance" checked>' in html
    assert html.count(" checked>") == 1 + html.count('name="theme" value="auto" checked>')


def test_markup_in_a_claim_is_shown_as_text(client):
    make_claim(text="<b>Bold</b>", why="<script>alert(1)</script>")
    assertNotContains(client.get("/claims/"), "<b>Bold")
    assertNotContains(client.get("/claims/"), "<script>alert")


def test_more_claims_need_no_more_queries(client, django_assert_num_queries):
    for _ in range(3):
        make_claim([make_source(), make_source()])
    with django_assert_num_queries(2):
        client.get("/claims/")


def test_the_part_is_not_indexed(client):
    assert client.get("/claims/fragment/")["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/claims/")
