"""/c/<clinic>/<pack>/: a clinic's words, its phone, and the pages that it chose."""

import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from psychoplastogens.editorial.models import Replacement
from psychoplastogens.short_links.models import ShortLink
from tests.factories import (
    make_clinic,
    make_compound,
    make_explainer,
    make_faq,
    make_pack,
    make_user,
)
from tests.html_outline import find_faults, parse_outline

pytestmark = pytest.mark.django_db
LIST = "/c/oakside/before/"


def oakside(*pages, clinic=None, **fields):
    standard = {"slug": "oakside", "name": "Oakside Clinic"}
    return make_pack(
        *pages, clinic=make_clinic(**standard | (clinic or {})), slug="before", **fields
    )


def test_it_shows_the_clinics_words_and_phone_and_the_pages_in_order(client):
    words = {"greeting": "Welcome.", "hours": "Weekdays.", "emergency": "Call 911."}
    oakside(make_faq(question="Can I drive?"), make_compound(name="Ketamine"), None, clinic=words)
    page = client.get(LIST)
    for shown in (
        "Welcome.",
        "Weekdays.",
        "Call 911.",
        'href="tel:+15035550100"',
        "2 minutes",
    ):
        assertContains(page, shown)
    html = page.content.decode()
    assert html.index("/c/oakside/before/1/") < html.index("/c/oakside/before/2/")
    assert html.index("Can I drive?") < html.index("<b>Ketamine") < html.index("My questions for")
    assert find_faults(html) == []


def test_its_own_greeting_comes_before_the_clinics(client):
    oakside(greeting="Just for you.", clinic={"greeting": "Welcome."})
    assertContains(client.get(LIST), "Just for you.")
    assertNotContains(client.get(LIST), "Welcome.")


def test_what_a_clinic_typed_is_shown_as_typed_and_marked_as_its_own(client):
    typed = "<script>alert(1)</script> **bold** [x](https://example.com) {{ site_name }}"
    pack = oakside(make_faq(), clinic={"greeting": typed})
    pack.items.update(note=typed)
    page = client.get(LIST)
    assertNotContains(page, "<script>alert")
    assertNotContains(page, "https://example.com)</a>")
    assertContains(page, "&lt;script&gt;alert(1)&lt;/script&gt; **bold** [x](https", count=2)
    assertContains(page, "In the words of Oakside Clinic")
    assertContains(page, "<i>Oakside Clinic:</i>")
    assertContains(page, "a clinic cannot change them")


def test_lines_of_a_greeting_stay_lines(client):
    oakside(greeting="One.\nTwo.")
    assertContains(client.get(LIST), "One.<br>Two.")


def test_previews_name_nothing_unless_the_clinic_asks_for_it(client):
    pack = oakside(title="Ketamine: before your visit")
    page = parse_outline(client.get(LIST).content.decode())
    head = client.get(LIST).content.decode().split("</head>")[0].lower()
    assert "ketamine" not in head.replace("how-ketamine-works", "")
    assert "oakside clinic" not in head
    assert "brain" not in head
    assert 'property="og:title" content="before your visit"' in head
    assert page
    pack.clinic.discreet_previews = False
    pack.clinic.save()
    assertContains(client.get(LIST), 'property="og:title" content="Ketamine: before your visit"')


def test_no_search_engine_lists_it(client):
    oakside()
    page = client.get(LIST)
    assert page["X-Robots-Tag"] == "noindex"
    assertContains(page, '<meta name="robots" content="noindex">')
    assertNotContains(client.get("/sitemap.xml"), "oakside")


def test_an_empty_list_says_so(client):
    oakside()
    assertContains(client.get(LIST), "nothing to read here just now")


def withdrawn_list(pack, reason="A trial was taken back."):
    for item in pack.items.with_page():
        item.page.withdraw(by=make_user(), reason=reason)


def test_a_list_whose_pages_were_all_withdrawn_says_why_and_whom_to_call(client):
    pack = oakside(make_faq(question="Marmots?"), make_compound(name="Marmotine"))
    withdrawn_list(pack)
    page = client.get(LIST)
    for said in ("were withdrawn", "503-555-0100", 'href="/questions/"', 'href="/"', "tel:988"):
        assertContains(page, said, status_code=410)
    assertContains(page, "A trial was taken back.", count=1, status_code=410)
    assertContains(page, "Ask Oakside Clinic what to read now.", status_code=410)
    assertNotContains(page, "Marmot", status_code=410)
    assert find_faults(page.content.decode()) == []
    assertRedirects(client.get(f"{LIST}1/"), LIST, target_status_code=410)


def test_it_opens_again_once_the_clinic_adds_a_page(client):
    pack = oakside(make_faq())
    withdrawn_list(pack)
    assert client.get(LIST).status_code == 410
    pack.items.create(question_list=True)
    assertNotContains(client.get(LIST), "withdrawn")


def test_what_is_read_instead_of_a_withdrawn_page_is_named(client):
    faq, instead = make_faq(slug="old"), make_faq(slug="new", question="Better?")
    oakside(faq)
    faq.withdraw(by=make_user(), reason="Old.")
    Replacement.objects.set_replacement(faq, instead)
    assertContains(client.get(LIST), '<a href="/questions/new/">Better?</a>', status_code=410)


def test_a_part_of_a_withdrawn_guide_gives_the_reason_of_the_guide(client):
    guide = make_explainer(("Rest", "Lie down."))
    oakside(guide.sections.get())
    guide.withdraw(by=make_user(), reason="We write it anew.")
    assertContains(client.get(LIST), "We write it anew.", status_code=410)


def test_a_draft_is_not_there_and_a_closed_list_gives_the_phone(client):
    pack = oakside(make_faq(), is_live=False, clinic={"hours": "Weekdays."})
    assert client.get(LIST).status_code == 404
    pack.is_live = True
    pack.save()
    pack.is_live = False
    pack.save()
    for address in (LIST, f"{LIST}1/"):
        page = client.get(address)
        assertContains(page, "This reading list is closed", status_code=410)
        assertContains(page, "503-555-0100", status_code=410)
        assertNotContains(page, pack.title, status_code=410)


def test_earlier_addresses_of_clinic_and_list_lead_to_it_in_one_hop(client):
    pack = oakside(make_faq())
    pack.clinic.slug, pack.slug = "oakside-health", "first-visit"
    pack.clinic.save()
    pack.save()
    now = "/c/oakside-health/first-visit/"
    for old in (LIST, "/c/oakside-health/before/", "/c/oakside/first-visit/"):
        assertRedirects(client.get(old), now, status_code=301)
        assertRedirects(client.get(f"{old}1/"), f"{now}1/", status_code=301)
    assertRedirects(client.get("/c/oakside/"), "/c/oakside-health/", status_code=301)


def test_what_was_never_there_is_404(client):
    oakside()
    for address in ("/c/", "/c/moss/", "/c/moss/before/", "/c/oakside/after/", "/c/moss/before/1/"):
        assert client.get(address).status_code == 404


def test_the_page_of_a_clinic_lists_its_open_lists(client):
    pack = oakside(title="Before")
    make_pack(clinic=pack.clinic, title="Not yet", is_live=False)
    make_pack(title="Of another clinic")
    page = client.get("/c/oakside/")
    assertContains(page, 'href="/c/oakside/before/"')
    assertNotContains(page, "Not yet")
    assertNotContains(page, "Of another clinic")


def test_a_long_list_takes_no_more_queries_than_a_short_one(client, django_assert_max_num_queries):
    guide = make_explainer(("Rest", "Lie down."))
    oakside(*(make_faq() for _ in range(12)), guide, guide.sections.get(), make_compound(), None)
    with django_assert_max_num_queries(11):
        client.get(LIST)


def test_a_withdrawn_page_leaves_no_hole(client):
    first, second = make_faq(question="First?"), make_faq(question="Second?")
    oakside(first, second)
    first.withdraw(by=make_user(), reason="Old.")
    assertNotContains(client.get(LIST), "First?")
    assertContains(client.get("/c/oakside/before/1/"), "Second?")
    assertRedirects(client.get("/c/oakside/before/2/"), LIST)


def folded(html):
    """The titles of the items that stand behind "If you want more"."""
    fold = html.partition("If you want more</b>")[2].partition("</details>")[0]
    return re.findall(r"<b>(.*?)</b>", fold)


def test_without_a_choice_the_first_three_pages_are_read_first(client):
    pack = oakside(None, *(make_faq(question=f"Q{n}?") for n in range(4)), title="Before")
    html = client.get(LIST).text
    title = re.sub(r"<[^>]+>", "", re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)[1])
    assert title == "Before: 3 things, 3 minutes"
    assert folded(html) == ["My questions for the visit", "Q3?"]
    start = re.search(r'class="btn" href="([^"]+)"', html)[1]
    assert start == pack.get_absolute_url() + "2/"


def test_what_the_clinic_chose_is_read_first_at_its_own_address(client):
    pack = oakside(*(make_faq(question=f"Q{n}?") for n in range(4)))
    pack.items.filter(order__in=[2, 4]).update(read_first=True)
    html = client.get(LIST).text
    assert "2 things" in re.search(r"<h1>.*?</h1>", html, re.S)[0]
    assert folded(html) == ["Q0?", "Q2?"]
    links = re.findall(r'class="go" href="([^"]+)"', html)
    assert links == [f"{LIST}{number}/" for number in (2, 4, 1, 3)]


def test_the_phone_comes_before_all_else_and_a_long_greeting_is_folded(client):
    pack = oakside(make_faq(), greeting="Hello there. " * 20)
    html = client.get(LIST).text
    assert html.index('href="tel:+15035550100"') < html.index("<h1>")
    assert re.search(r"<details>\s*<summary>\s*<span>Hello there.", html)
    pack.greeting = "Hello there."
    pack.save()
    assert "<p>Hello there.</p>" in client.get(LIST).text


def test_its_code_on_paper_leads_to_its_short_link(client):
    pack = oakside(make_faq())
    link = ShortLink.objects.get_or_create_for(pack).get_absolute_url()
    assertContains(client.get(LIST), f"<title>http://127.0.0.1:8000{link}</title>")
