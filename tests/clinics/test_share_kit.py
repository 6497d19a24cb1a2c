"""Each copy against its limits, with the longest titles there are and with hostile ones."""

import re
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Comment

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tinyhtml5.parser import HTMLParser

from psychoplastogens.clinics.reading_lists import MAX_PAGES
from psychoplastogens.clinics.sharing import kit
from psychoplastogens.clinics.sharing.kit import ShareKit
from tests.clinics.listable_pages import list_listable_pages

pytestmark = pytest.mark.django_db
ADDRESS = "https://understory.example/list/" + "7kdc7t" * 4 + "/"
LONGEST = "https://understory.example/list/" + "7kdc7t" * MAX_PAGES + "/"
NASTY = '<script>alert("1")</script> & [a](http://x) *b* _c_ `d` 1. # | \\'
ELEMENTS = {"table", "tbody", "tr", "td", "a", "br"}
ATTRIBUTES = {"role", "lang", "width", "cellpadding", "cellspacing", "border", "align", "bgcolor"}
MEDICAL = r"(?i)ketamine|treatment|depress|psych|suicid|crisis|988"


def made(titles=("Before your first visit",), **fields):
    return ShareKit(**{"address": ADDRESS, "titles": titles, "minutes": 17} | fields)


def named(titles, **fields):
    return made(titles, discreet=False, **fields)


@pytest.fixture(scope="module")
def longest(content, django_db_blocker):
    """The longest real titles, as many as a list may hold, with the address that they need."""
    with django_db_blocker.unblock():
        titles = sorted((page.title for page in list_listable_pages()), key=len, reverse=True)
    clinic = "A name of eighty characters " + "x" * 52
    fields = {"address": LONGEST, "clinic": clinic, "phone": "503-555-0100 ext. 123456"}
    return named(tuple(titles[:MAX_PAGES]), title="T" * 80, **fields)


def parsed(html):
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse(f"<!doctype html><html><head><title>t</title></head><body>{html}</body>")
    assert parser.errors == []
    return root.find("body")


def lines_of(text):
    return [line for line in text.splitlines() if line not in (ADDRESS, LONGEST)]


def test_the_html_stays_below_4_kilobytes_with_the_longest_titles(longest):
    assert 1_000 < len(longest.html.encode()) <= 4_000
    assert all(escape(title) in longest.html for title in longest.titles)


def test_titles_that_do_not_fit_into_4_kilobytes_are_counted():
    html = named(tuple(f"{n} " + "“&”" * 60 for n in range(MAX_PAGES)), address=LONGEST).html
    assert 3_000 < len(html.encode()) <= 4_000
    named_here = html.count("“&amp;”" * 60)
    assert 0 < named_here < MAX_PAGES
    assert f"and {MAX_PAGES - named_here} more pages" in html


def test_the_html_of_a_usual_list_names_all_of_it():
    html = named(("One", "Two", "Three")).html
    assert all(title in html for title in ("1. One", "2. Two", "3. Three"))
    assert "more page" not in html


def test_the_html_is_of_what_every_mail_program_draws(longest):
    for element in parsed(longest.html).iter():
        if element.tag == "body" or not isinstance(element.tag, str):
            continue
        assert element.tag in ELEMENTS
        allowed = ATTRIBUTES | ({"href"} if element.tag == "a" else set()) | {"style"}
        assert element.attrib.keys() <= allowed
        assert element.tag != "table" or element.get("role") == "presentation"


def test_outlook_which_knows_no_largest_width_is_told_one(longest):
    before, after = (element.text for element in parsed(longest.html).iter(Comment))
    assert before.startswith('[if mso]><table role="presentation" width="600"')
    assert before.endswith("<tr><td><![endif]")
    assert after == "[if mso]></td></tr></table><![endif]"
    assert parsed(longest.html).find("table").get("width") == "100%"


def test_the_html_asks_for_nothing_from_outside(longest):
    html = longest.html
    assert not re.search(r"<(style|script|img|link|font)|url\(|@import|src=|class=|on\w+=", html)
    assert set(re.findall(r'href="([^"]*)"', html)) == {LONGEST}


def test_outlook_knows_the_size_of_the_button():
    assert "mso-padding-alt:14px 24px" in made().html
    assert not re.search(r"display:(flex|grid)|position:|float:|margin:(?!0)", made().html)


def test_the_address_can_be_read_in_the_html_too():
    assert f">{ADDRESS}</a>" in made().html


@pytest.mark.parametrize("words", [True, False])
def test_lines_of_text_have_78_columns_at_most(longest, words):
    text = made(longest.titles, discreet=words, clinic=longest.clinic).text
    assert max(map(len, lines_of(text))) <= 78


def test_the_address_stands_on_a_line_of_its_own_in_text(longest):
    assert ADDRESS in made().text.splitlines()
    assert LONGEST in longest.text.splitlines()


def test_a_text_message_is_one_message_in_letters_that_every_phone_has(longest):
    for handout in (made(), named(("A",), clinic="Oakside"), named(("A",), clinic=longest.clinic)):
        assert 0 < len(handout.sms) <= 160
        assert set(handout.sms) <= kit._GSM_7
    assert ADDRESS in made().sms
    assert made().sms != ADDRESS


def test_a_text_message_that_does_not_fit_is_not_offered():
    assert made(address="https://understory.example/" + "x" * 200).sms == ""


def test_a_text_message_is_never_a_bare_link():
    seventeen = "https://understory.example/list/" + "7kdc7t" * 17 + "/"
    assert made(address=seventeen).sms == f"To read: {seventeen}"
    assert made(address=LONGEST).sms == ""


def test_a_clinics_name_goes_into_a_message_in_plainer_letters():
    sms = named(("A",), clinic="Zoë’s “Clinic” – Łódź 診療所 🌿").sms
    assert sms == f'Zoe\'s "Clinic" - odz: something to read. {ADDRESS}'
    assert set(sms) <= kit._GSM_7


@given(st.text(max_size=200))
def test_no_letter_outside_of_gsm_7_remains(text):
    assert set(kit.to_gsm_7(text)) <= kit._GSM_7


def test_markdown_is_read_back_as_what_was_written():
    html = MarkdownIt().render(named((NASTY, "Two")).markdown)
    assert "<script" not in html
    assert html.count("<a href=") == 1
    assert f'<a href="{ADDRESS}">Open your reading list</a>' in html
    assert "<em>" not in html and "<code>" not in html and "<strong>" not in html
    assert "[a](http://x) *b* _c_ `d` 1. # | \\</li>" in html


def test_html_is_free_of_what_a_title_may_hold():
    html = named((NASTY,)).html
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    parsed(html)


def test_a_mailto_link_holds_the_whole_text_with_crlf(longest):
    for handout in (made(), named(("Is 100% & more = “enough”?",)), longest):
        link = handout.mailto
        assert len(link) <= 1_900
        assert re.fullmatch(r"mailto:\?subject=[\w.~%-]+&body=[\w.~%-]+", link)
        query = parse_qs(urlsplit(link).query, keep_blank_values=True)
        assert query["subject"] == [handout.subject]
        body = query["body"][0]
        assert handout.address in body.split("\r\n")
        assert "\n" not in body.replace("\r\n", "")


def test_a_mailto_link_says_what_the_text_says():
    body = parse_qs(urlsplit(made().mailto).query)["body"][0]
    assert body.replace("\r\n", "\n") == made().text


def test_neutral_words_do_not_say_what_it_is_about(content):
    titles = tuple(page.title for page in list_listable_pages()[:MAX_PAGES])
    handout = made(titles, title="Ketamine treatment", phone="503-555-0100")
    for copy in (handout.subject, handout.html, handout.text, handout.sms, handout.markdown):
        assert not re.search(MEDICAL, copy)
        assert not any(title in copy for title in titles if len(title) > 5)


def test_neutral_words_in_a_message_leave_out_the_clinic():
    assert "Bay Ketamine" not in made(clinic="Bay Ketamine Clinic").sms
    assert made(clinic="Bay Ketamine Clinic").text.rstrip().endswith("Bay Ketamine Clinic")


def test_words_that_name_the_pages_say_where_help_is():
    text = named(("Thoughts of suicide",), title="Before your first visit").text
    assert "If you are in crisis: Call or text 988." in text
    assert named(("A",), title="Before your first visit").subject == "Before your first visit"


def test_a_list_that_takes_no_time_says_nothing_of_minutes():
    assert "minute" not in made(minutes=0).text
    assert "about 1 minute in all" in made(minutes=1).text


@pytest.mark.parametrize("country", ["US", "GB", "IE"])
def test_help_is_that_of_the_country(settings, country):
    from psychoplastogens.delivery.crisis_lines import CRISIS_COUNTRIES

    settings.CRISIS_COUNTRY = country
    assert CRISIS_COUNTRIES[country].lines[0].action in named(("A",)).text.replace("\n", " ")
