"""A short link for a list that anybody made: one for each list, and nothing of who made it."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.models import SharedList
from psychoplastogens.clinics.reading_lists import MAX_PAGES, PAGE_CODE_LENGTH, make_page_code
from psychoplastogens.content.models import Compound
from psychoplastogens.delivery import rate_limits
from psychoplastogens.short_links.models import ShortLink
from tests.clinics.test_list_sharing import field
from tests.factories import make_compound, make_faq, make_user
from tests.handouts import pdf_reader
from tests.valid_html import problems

pytestmark = pytest.mark.django_db
KETAMINE, ASKED = make_page_code("compound", "ketamine"), make_page_code("faq", "asked")
LIST = KETAMINE + ASKED
PAGE = f"/list/{LIST}/hand-out/"
MAKE = f"{PAGE}short-link/"


@pytest.fixture(autouse=True)
def pages(settings):
    settings.SITE_ORIGIN = "https://understory.example"
    make_compound(slug="ketamine", name="Ketamine")
    make_faq(slug="asked", question="Does it work?")


def make_link(client, codes=LIST):
    response = client.post(f"/list/{codes}/hand-out/short-link/")
    assert response.status_code == 302
    return re.search(
        r'id="address" readonly value="([^"]+)"', client.get(response["Location"]).text
    )[1]


def test_every_copy_has_the_short_link_which_opens_the_list(client):
    address = make_link(client)
    assert re.fullmatch(r"https://understory\.example/s/[a-z0-9]{5}/", address)
    html = client.get(PAGE).text
    for name in ("text", "html", "markdown", "message", "chart", "portal", "phrase"):
        assert address in field(html, name)
        assert f"/list/{LIST}/" not in field(html, name)
    short = address.removeprefix("https://understory.example")
    assertContains(client.get(f"{PAGE}poster/"), f"understory.example/s/<wbr>{short[3:8]}<wbr>")
    assertContains(client.get(f"{PAGE}qr.svg"), f"<title>{address.upper()}</title>")
    printed = pdf_reader.words(client.get(f"/list/{LIST}/handout.pdf").content)
    assert f"understory.example{short.rstrip('/')}" in printed
    assertNotContains(client.get(PAGE), "Make a shorter link")
    opened = client.get(short, follow=True)
    assert opened.redirect_chain == [(f"/list/{LIST}/", 303)]
    assertContains(opened, "Does it work?")


def test_nothing_is_stored_until_somebody_asks(client):
    for address in (PAGE, f"{PAGE}poster/", f"/list/{LIST}/", f"/list/{LIST}/handout.pdf", MAKE):
        client.get(address)
    assert not SharedList.objects.exists()
    assertContains(client.get(PAGE), "Make a shorter link")
    assert problems(client.get(PAGE).text) == []
    assert client.get(MAKE)["Location"] == PAGE


def test_the_same_list_has_one_link_and_another_order_another(client):
    first = make_link(client)
    assert make_link(client) == make_link(client, LIST.upper()) == first
    assert make_link(client, ASKED + KETAMINE) != first
    assert SharedList.objects.count() == 2
    assert ShortLink.objects.count() == 2


def test_it_holds_the_pages_and_nothing_of_who_made_it(client):
    make_link(client)
    fields = {field.name for field in SharedList._meta.get_fields()}
    assert fields == {"id", "codes"}
    assert SharedList.objects.get().codes == LIST


def test_a_page_that_is_not_here_is_no_part_of_it(client):
    assert client.post(f"/list/{LIST}zzzzzz/hand-out/short-link/")["Location"] == PAGE
    assert SharedList.objects.get().codes == LIST
    assert client.post("/list/zzzzzz/hand-out/short-link/").status_code == 404
    assert client.post("/list/call-900-555-0199/hand-out/short-link/").status_code == 404
    assert SharedList.objects.count() == 1


def test_the_list_of_one_page_has_the_link_of_that_page(client):
    link = ShortLink.objects.get_or_create_for(Compound.objects.get())
    address = f"https://understory.example{link.get_absolute_url()}"
    assert make_link(client, KETAMINE) == address
    assert not SharedList.objects.exists()
    other = make_link(client, ASKED)
    assert SharedList.objects.get().codes == ASKED
    assert other != address


def test_it_opens_after_a_page_was_renamed_or_withdrawn(client):
    short = make_link(client).removeprefix("https://understory.example")
    compound = Compound.objects.get()
    compound.slug = "renamed"
    compound.save()
    assertContains(client.get(short, follow=True), 'href="/compounds/renamed/"')
    compound.withdraw(by=make_user(), reason="Wrong.")
    assertContains(client.get(short, follow=True), "One page of this list is no longer here")


def test_it_is_never_deleted():
    link = SharedList.objects.get_or_create_link(LIST)
    for victim in (SharedList.objects.get(), SharedList.objects.all(), link):
        with pytest.raises(ValidationError):
            victim.delete()


def test_the_database_holds_each_list_once_and_none_without_pages():
    SharedList.objects.create(codes=LIST)
    for codes in (LIST, ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            SharedList.objects.create(codes=codes)


def test_the_longest_list_fits(client):
    codes = ""
    for number in range(MAX_PAGES):
        make_faq(slug=f"q-{number}", question=f"Number {number}?")
        codes += make_page_code("faq", f"q-{number}")
    make_link(client, codes)
    assert len(SharedList.objects.get().codes) == MAX_PAGES * PAGE_CODE_LENGTH


def test_one_client_makes_few_and_all_together_a_bounded_number(client, monkeypatch):
    monkeypatch.setattr(rate_limits.SHORT_LISTS, "burst", 1)
    monkeypatch.setattr(rate_limits.SHORT_LISTS_OF_ALL, "burst", 2)
    for _ in range(3):  # The link that is there costs nothing.
        make_link(client)
    make_faq(slug="third")
    others = (ASKED + KETAMINE, KETAMINE + make_page_code("faq", "third"))
    clients = ("127.0.0.1", "203.0.113.8", "203.0.113.9")
    asked = [
        client.post(f"/list/{codes}/hand-out/short-link/", REMOTE_ADDR=address).status_code
        for codes, address in zip((others[0], *others), clients, strict=True)
    ]
    assert asked == [429, 302, 429]
    assert SharedList.objects.count() == 2


def test_no_other_site_makes_one(client):
    response = client.post(MAKE, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert not SharedList.objects.exists()
