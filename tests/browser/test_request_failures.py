"""When the network fails or the browser keeps nothing, readers lose nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import SECTION

NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {get() { throw new DOMException("no", "SecurityError") }});
"""


def lose(route):
    route.abort()


def break_down(route):
    route.fulfill(status=500, body="")


@pytest.fixture
def page_that_fails(new_context):
    """Not watched: the console complains of each request that fails, as it should."""

    def open_page(how, address):
        page = new_context().new_page()
        page.route("**/fragment/**", how)
        page.goto(address)
        return page

    return open_page


each_failure = pytest.mark.parametrize("how", [lose, break_down])


@each_failure
def test_sifting_questions_ends_on_a_real_page(page_that_fails, how):
    page = page_that_fails(how, "/questions/")
    page.get_by_label("Find a question").fill("driv")
    expect(page).to_have_url(re.compile(r"/questions/\?.*find=driv"))
    expect(page.locator("summary").filter(has_text="Can I drive home?")).to_be_visible()


@each_failure
def test_a_verdict_ends_on_a_real_page(page_that_fails, how):
    page = page_that_fails(how, "/claims/")
    page.get_by_role("radio", name="Holds up").check(force=True)
    expect(page).to_have_url(re.compile(r"/claims/\?verdict=supported"))


@each_failure
def test_a_search_ends_on_a_real_page(page_that_fails, how):
    page = page_that_fails(how, "/search/")
    page.get_by_role("searchbox").fill("bladder")
    expect(page).to_have_url(re.compile(r"/search/\?q=bladder"))
    expect(page.get_by_role("status")).to_have_text(re.compile(r"\d+ results?"))


@each_failure
def test_a_term_ends_on_its_own_page(page_that_fails, how):
    page = page_that_fails(how, SECTION)
    page.locator(".term").first.click()
    expect(page).to_have_url(re.compile("/glossary/dissociation/$"))


@pytest.fixture
def page_without_storage(page):
    page.add_init_script(NO_STORAGE)
    return page


def test_questions_can_be_chosen_without_storage(page_without_storage):
    page = page_without_storage
    page.goto("/questions/?find=driv")
    page.get_by_role("checkbox", name="Can I drive home?").check()
    page.get_by_role("button", name="Show my list").click()
    expect(page.get_by_role("listitem").filter(has_text="drive home")).to_be_visible()


def test_what_one_writes_stays_on_the_page_without_storage(page_without_storage):
    page = page_without_storage
    page.goto("/ask/")
    notes = page.get_by_label("Other questions")
    notes.press_sequentially("Who drives me?")
    expect(notes).to_have_value("Who drives me?")
    page.get_by_role("button", name="Clear what I wrote").click()
    expect(notes).to_have_value("")


def test_colors_change_without_storage_for_as_long_as_the_page_is_open(page_without_storage):
    page = page_without_storage
    page.goto("/about/")
    page.get_by_role("button", name="Reading options").click()
    page.get_by_role("radio", name="Dark").check(force=True)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_term_opens_without_storage(page_without_storage):
    page_without_storage.goto(SECTION)
    page_without_storage.locator(".term").first.click()
    expect(page_without_storage.get_by_role("dialog", name="Dissociation")).to_be_visible()


def test_detail_that_the_address_asks_for_is_there_from_the_first_paint_without_storage(page):
    page.add_init_script(
        NO_STORAGE
        + """document.addEventListener("readystatechange", () => {
          if (document.readyState === "interactive")
            window.first = document.documentElement.dataset.depth;
        });"""
    )
    page.goto(f"{SECTION}?depth=more")
    assert page.evaluate("window.first") == "more"


@pytest.mark.parametrize("part", ["100%", "%E0%A4%A", "%"])
def test_a_part_that_cannot_be_decoded_loses_nothing_that_was_written(page, part):
    page.goto(f"/ask/#{part}")
    notes = page.get_by_label("Other questions")
    notes.press_sequentially("Who drives me?")
    page.reload()
    expect(notes).to_have_value("Who drives me?")


def test_a_part_that_cannot_be_decoded_keeps_nothing_off_the_paper(page):
    page.goto("/compounds/ketamine/#100%")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("main details:not([open])")).to_have_count(0)


def test_where_the_browser_cannot_print_there_is_no_button(page):
    page.add_init_script("Object.defineProperty(window, 'print', { value: undefined })")
    page.goto("/ask/?q=can-i-drive-home")
    expect(page.get_by_label("Other questions")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
