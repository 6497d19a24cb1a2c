"""What stands around every page: where the reader is, who checked the page, help in a crisis."""

import re

import pytest

from tests.factories import make_condition, make_faq, make_source, make_term

pytestmark = pytest.mark.django_db
CURRENT = re.compile(r'<a\s+href="([^"]*)"\s+aria-current="true"')


def get_html(client, address):
    return client.get(address).text


def get_header(html):
    return html[html.index("<header") : html.index("</header>")]


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/questions/", ["/questions/"]),
        ("/questions/asked/", ["/questions/"]),
        ("/search/?q=ketamine", ["/search/"]),
        ("/for-clinics/", ["/for-clinics/"]),
        ("/", []),
        ("/glossary/", []),
        ("/no-such-page/", []),
    ],
)
def test_the_header_marks_the_part_of_the_site_one_is_in(client, address, current):
    make_faq(slug="asked")
    assert CURRENT.findall(get_header(get_html(client, address))) == current


def test_who_checked_a_page_is_one_line_that_holds_dates_and_sources(client):
    make_source(slug="study")
    make_faq(slug="asked", answer="Yes, for some.[^study]", evidence_checked_on="2026-11-21")
    html = get_html(client, "/questions/asked/")
    review = re.search(r"<details class=\"review.*?</details>", html, re.S)[0]
    summary, _, folded = review.partition("</summary>")
    words = " ".join(re.sub(r"<[^>]+>", " ", summary).split())
    assert words == "Not yet reviewed by a clinician. 1 source. Facts checked 21 November 2026."
    assert 'id="s1"' in folded
    assert "<dt>Written</dt>" in folded


@pytest.mark.parametrize(("day", "is_told"), [("2026-11-22", True), ("2026-11-21", False)])
def test_a_change_after_the_check_stands_beside_it(client, day, is_told):
    make_source(slug="study")
    checked = {"answer": "Yes.[^study]", "evidence_checked_on": "2026-11-21"}
    make_faq(slug="asked", updated_on=day, **checked)
    html = " ".join(get_html(client, "/questions/asked/").split())
    assert ("Changed 22 November 2026. Facts checked 21 November 2026." in html) is is_told
    assert "Facts checked 21 November 2026." in html


def test_a_page_without_sources_names_none(client):
    make_term(slug="spine")
    html = get_html(client, "/glossary/spine/")
    assert "Not yet reviewed by a clinician." in html
    assert not re.search(r"\d+ sources?\.", html)


@pytest.mark.parametrize("address", ["/", "/questions/asked/", "/glossary/", "/no-such-page/"])
def test_the_footer_begins_with_who_to_call(client, address):
    make_faq(slug="asked")
    html = get_html(client, address)
    footer = html[html.index("<footer") :]
    assert footer.index('href="tel:988"') < footer.index("<li>")


def test_a_banner_of_help_stands_only_where_the_page_is_about_suicide(client):
    banner = '<aside class="crisis"'
    make_condition(slug="thoughts", help_first=True)
    make_condition(slug="other", what_it_is="It may bring thoughts of suicide.")
    make_faq(slug="asked", answer="It may bring thoughts of suicide.")
    assert banner in get_html(client, "/conditions/thoughts/")
    for address in ("/", "/conditions/other/", "/questions/asked/", "/sources/", "/no-such-page/"):
        assert banner not in get_html(client, address)
