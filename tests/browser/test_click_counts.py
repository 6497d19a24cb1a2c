"""How often an editor has to press something: counted, so that it stays as few."""

import time

import pytest
from playwright.sync_api import expect

from tests import server_process
from tests.browser.page_addresses import DESKTOP

# Three people, each with the role that their step takes, and a question that the checks let pass.
PREPARE = """
import json
from django.test import Client
from psychoplastogens.content.models import Faq
from psychoplastogens.editorial.workflow.checks import find_problems
from tests.admin_forms import address_of
from tests.factories import make_staff
from tests.login import sign_in

roles = {"author": "Author", "reviewer": "Reviewer", "publisher": "Publisher"}
people = {name: make_staff(role, name=f"the-{name}") for name, role in roles.items()}
faq = next(faq for faq in Faq.objects.all() if not find_problems(faq))
print(json.dumps({
    "sessions": {n: sign_in(Client(), one).cookies["sessionid"].value for n, one in people.items()},
    "slug": faq.slug, "question": faq.question, "page": faq.get_absolute_url(),
    "form": address_of(faq),
}))
"""
# Counts the presses of a pointer; a press of the Enter key in the search is typing.
COUNT_CLICKS = """
addEventListener("click", (event) => {
  if (!event.isTrusted || !event.detail) return;
  localStorage.setItem("clicks", 1 + Number(localStorage.getItem("clicks")));
}, true)"""
MOST_SECONDS_TO_CITE = 5
# What an author types of a new question: its source, its term, its number and itself.
NEW_SOURCE = {"title": "Moss and sleep", "authors": "Moss", "year": "2026", "kind": "article"}
NEW_SOURCE |= {"publisher": "Journal of Moss", "url": "https://moss.example/1", "funding": "public"}
NEW_SOURCE |= {"verified": "seen"}
NEW_SOURCE |= {"supports": "69 of 100 slept better.", "subject": "people", "funder": "A fund"}
NEW_TERM = {"term": "Moss gate", "meaning": "A gate in the wall of a cell.[^moss-2026:cells]"}
NEW_FINDING = {"name": "Moss sleep", "kind": "benefit", "when": "After 4 weeks"}
NEW_FINDING |= {"happened": "slept better", "timeframe": "4 weeks", "population": "Adults."}
NEW_FINDING |= {"treatment": "took moss", "treatment_events": "69", "treatment_total": "100"}
NEW_FINDING |= {"comparator": "took none", "comparator_events": "52", "comparator_total": "100"}
NEW_FINDING |= {"certainty": "low", "certainty_reason": "One small study.", "source": "Moss and"}
NEW_QUESTION = {"question": "Does moss help?", "topic": "Does it work"}
NEW_QUESTION["answer"] = "It may. It opens a [[moss-gate]].[^moss-2026:people]"
NEW_QUESTION["answer"] += "\n\n{{finding:moss-sleep}}"
MOST_DECISIONS = 4


@pytest.fixture(scope="module")
def prepared_site(tmp_path_factory):
    """A site of its own, since these tests write; `.made` holds addresses and sessions."""
    with server_process.run_site_copy(tmp_path_factory.mktemp("clicked")) as site:
        site.made = server_process.run_script(PREPARE, data=site.data)
        yield site


@pytest.fixture
def open_admin(new_page, prepared_site):
    """open_admin("author"): the first page of the admin, as this person sees it."""

    def open_it(name):
        page = new_page(viewport=DESKTOP)
        value = prepared_site.made["sessions"][name]
        cookie = {"name": "sessionid", "value": value, "url": f"{prepared_site.url}/admin/"}
        page.context.add_cookies([cookie])
        page.add_init_script(COUNT_CLICKS)
        page.goto(f"{prepared_site.url}/admin/")
        return page

    return open_it


def count_clicks(page):
    return page.evaluate("Number(localStorage.getItem('clicks'))")


def find(page, words):
    """Type words into the search over everything, from wherever one is."""
    page.locator("body").press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def type_record(page, site, kind, fields):
    """Fill in the form of a new record without a click, and save its draft."""
    page.goto(f"{site.url}/admin/{kind}/add/")
    for name, value in fields.items():
        field = page.locator(f"#id_{name}")
        if "admin-autocomplete" in (field.get_attribute("class") or ""):
            page.locator(f".field-{name} .select2-selection").press("Enter")
            page.locator(".select2-dropdown .select2-search__field").press_sequentially(value)
            found = page.locator(".select2-results__option--highlighted", has_text=value)
            expect(found).to_be_visible()
            page.keyboard.press("Enter")
        elif field.evaluate("it => it.tagName") == "SELECT":
            field.select_option(value)
        elif field.evaluate("it => it.tagName") == "TEXTAREA":
            field.fill(value)  # as pasted: nothing is chosen from lists
        else:
            field.press_sequentially(value)  # The slug follows what is typed.
    page.locator("#id_evidence_checked_today").press("Space")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved as a draft")).to_be_visible()


def test_a_question_with_new_source_term_and_number_takes_four_decisions(open_admin, prepared_site):
    """Each press counts that sends, confirms, approves or publishes."""
    author = open_admin("author")
    type_record(author, prepared_site, "evidence/source", NEW_SOURCE)
    type_record(author, prepared_site, "content/glossaryterm", NEW_TERM)
    type_record(author, prepared_site, "evidence/finding", NEW_FINDING)
    type_record(author, prepared_site, "content/faq", NEW_QUESTION)
    assert count_clicks(author) == 0
    author.get_by_role("button", name="Send for review").click()
    for named in ("Moss and sleep", "Moss gate", "Moss sleep"):
        expect(author.get_by_role("checkbox", name=named)).to_be_checked()
    author.get_by_role("button", name="Send these together for review").click()
    expect(author.get_by_text("Sent for review together: 4 texts.")).to_be_visible()
    reviewer, publisher = open_admin("reviewer"), open_admin("publisher")
    reviewer.get_by_role("link", name="Does moss help?").first.press("Enter")
    for reason in reviewer.get_by_label("Why may this stand?").all():
        reason.press_sequentially("A child knows it.")
    reviewer.get_by_role("button", name="Approve this and the 3 that go with it").click()
    expect(reviewer.get_by_text("All of them are approved.")).to_be_visible()
    publisher.reload()
    publisher.get_by_role("link", name="Does moss help?").first.press("Enter")
    publisher.get_by_role("button", name="Publish them together").click()
    expect(publisher.get_by_text("Published together")).to_be_visible()
    decisions = sum(count_clicks(page) for page in (author, reviewer, publisher))
    assert decisions == MOST_DECISIONS
    publisher.goto(f"{prepared_site.url}/questions/does-moss-help/")
    expect(publisher.get_by_text("69 out of 100", exact=False).first).to_be_visible()


def test_a_wording_fix_is_live_after_five_clicks_of_three_people(open_admin, prepared_site):
    made = prepared_site.made
    author = open_admin("author")
    find(author, made["question"])
    author.get_by_label("Question:").press("End")
    author.keyboard.type(" (In short)")
    author.get_by_label("Only wording").click()
    author.get_by_role("button", name="Send for review").click()
    expect(author.get_by_text("is in review now")).to_be_visible()
    reviewer = open_admin("reviewer")
    reviewer.get_by_role("link", name=made["question"]).first.click()
    reviewer.get_by_role("button", name="Approve").click()
    expect(reviewer.get_by_text("Approved by the-reviewer")).to_be_visible()
    publisher = open_admin("publisher")
    publisher.get_by_role("button", name="Publish “").click()
    expect(publisher.get_by_text("Published: readers see this text")).to_be_visible()
    assert [count_clicks(page) for page in (author, reviewer, publisher)] == [2, 2, 1]
    publisher.goto(prepared_site.url + made["page"])
    expect(publisher.get_by_role("heading", level=1)).to_contain_text("(In short)")


def test_a_text_is_restored_with_three_clicks(open_admin, prepared_site):
    author = open_admin("author")
    find(author, prepared_site.made["slug"])
    author.locator(".form-menu summary", has_text="More").click()
    author.get_by_role("link", name="History").click()
    author.get_by_role("button", name="Restore").last.click()
    expect(author.get_by_text("is the newest draft now")).to_be_visible()
    assert count_clicks(author) == 3


def test_a_part_is_moved_with_one_click(open_admin, prepared_site):
    author = open_admin("author")
    author.goto(f"{prepared_site.url}/admin/content/explainer/?o=1")
    author.locator("#result_list tbody th a").first.press("Enter")
    author.locator("#sections-1 .part-up").click()
    expect(author.locator("#parts-said")).to_contain_text("is 1 of")
    assert count_clicks(author) == 1


def test_a_source_is_cited_in_seconds_by_who_knows_no_slug(open_admin, prepared_site):
    author = open_admin("author")
    author.goto(f"{prepared_site.url}/admin/content/glossaryterm/add/")
    meaning = author.get_by_label("Meaning:")
    meaning.press_sequentially("It may help.")
    begun = time.monotonic()
    meaning.press_sequentially("[^zarate 2006")
    expect(author.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    author.keyboard.press("Enter")
    taken = time.monotonic() - begun
    assert "It may help.[^zarate-2006" in meaning.input_value()
    assert taken < MOST_SECONDS_TO_CITE
