import pytest

from psychoplastogens.content.checks.links import get_link_targets
from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.evidence import link_checker
from tests.check_helpers import get_text_problems
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_link,
    make_source,
    make_term,
    make_user,
    make_walkthrough,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](https://a.org/)", ["https://a.org/"]),
        ("<https://a.org/b?c=d&e=f>", ["https://a.org/b?c=d&e=f"]),
        ("[a](https://a.org/a_(b))", ["https://a.org/a_(b)"]),
        ("[a](/b/) and [c](#d)", ["/b/", "#d"]),
        ("[a](javascript:alert) `[a](/b/)`", []),
        ("https://a.org/ in words", []),
        ("Words.[^a]", []),
    ],
)
def test_links_are_found_as_browsers_get_them(text, found):
    assert get_link_targets(text) == found


def test_a_broken_link_is_a_warning_and_says_what_to_do():
    make_link("https://a.org/b", suggested_fix="Look for its new address.")
    [problem] = get_text_problems("[The label](https://a.org/b)", CheckRule.LINKS)
    assert (problem.severity, problem.excerpt) == ("warning", "https://a.org/b")
    assert problem.message == "There is no such page any more. Look for its new address."


@pytest.mark.parametrize("state", ["ok", "caution", "pending"])
def test_links_that_may_be_well_are_let_be(state):
    make_link("https://a.org/b", state)
    assert get_text_problems("[The label](https://a.org/b)", CheckRule.LINKS) == []


def test_links_into_this_site_lead_to_published_pages():
    make_compound(slug="ketamine")
    make_explainer({"slug": "rest"}, slug="the-day")
    make_walkthrough({"slug": "lock"}, slug="how-it-works")
    for path in (
        *("/compounds/ketamine/", "/explainers/the-day/", "/explainers/the-day/rest/"),
        *("/explainers/the-day/all/", "/how-it-works/lock/", "/", "/questions/?topic=x#y"),
        *("#sources", "/glossary/"),
    ):
        assert get_text_problems(f"[a page]({path})", CheckRule.LINKS) == [], path


@pytest.mark.parametrize("path", ["/compounds/nothing/", "/compound/", "/compounds/draft/"])
def test_a_link_to_no_published_page_is_a_warning(path):
    make_compound(slug="draft", status=Status.DRAFT)
    [problem] = get_text_problems(f"[a page]({path})", CheckRule.LINKS)
    assert (problem.severity, problem.excerpt) == ("warning", path)


def test_a_link_to_a_withdrawn_page_is_a_warning():
    make_compound(slug="gone").withdraw(by=make_user(), reason="Out of date.")
    assert len(get_text_problems("[a page](/compounds/gone/)", CheckRule.LINKS)) == 1


def test_an_old_address_still_leads_somewhere():
    compound = make_compound(slug="old-name")
    compound.slug = "new-name"
    compound.save()
    assert get_text_problems("[a page](/compounds/old-name/)", CheckRule.LINKS) == []


def test_all_that_readers_may_follow_is_listed_for_the_command():
    make_source(doi="10.1000/182", url="https://a.org/not-shown")
    make_source(url="https://a.org/source")
    make_source()
    make_faq(answer="[a](https://a.org/faq) [b](/inside/) [c](tel:988)")
    make_condition(options=[{"good": "[a](https://a.org/option)"}])
    make_walkthrough({"plain": "[a](https://a.org/step)", "check": {"a_because": "No link."}})
    make_term(meaning="[a](https://a.org/term)", status=Status.DRAFT)
    addresses = {address for lister in link_checker._providers for address in lister()}
    assert addresses == {
        *("https://doi.org/10.1000/182", "https://a.org/source", "https://a.org/faq"),
        *("https://a.org/option", "https://a.org/step", "https://a.org/term"),
    }
