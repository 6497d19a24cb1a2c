"""What people come for, done with the keyboard alone, and without scripts where they only help."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP, SECTION

DRIVING = "Can I drive home? When can I go back to work?"
COUNT_PRINTS = "window.prints = 0; window.print = () => { window.prints += 1 };"
each_way = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@pytest.fixture
def reader(new_page):
    """reader(scripts): a page at a desk, with a keyboard and no mouse."""
    return lambda scripts=True: new_page(java_script_enabled=scripts, viewport=DESKTOP)


def tab_to(page, target, most=80):
    """Press Tab until `target` has the focus; whoever cannot reach it fails."""
    wanted = target.element_handle()
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("one => one === document.activeElement", wanted):
            return
    raise AssertionError(f"{most} times Tab did not lead to {target}")


def go(page, target, key="Enter"):
    tab_to(page, target)
    page.keyboard.press(key)


def heading(page):
    return page.get_by_role("heading", level=1)


def question(page, words):
    """The line of a question, folded or open."""
    return page.locator("summary").filter(has_text=words)


def link(page, name):
    return page.get_by_role("main").get_by_role("link", name=name)


def test_the_first_tab_leads_past_the_menu(page):
    page.goto("/explainers/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@each_way
def test_a_guide_is_read_part_by_part_from_the_home_page(reader, scripts):
    page = reader(scripts)
    page.goto("/")
    go(page, link(page, re.compile("^I have a visit booked")))
    expect(heading(page)).to_have_text("The day of your treatment")
    link(page, "Start here").click()
    for number in (0, 1):
        part = page.locator(".sect").nth(number)
        if not scripts:
            part.locator("summary").click()
        expect(part.locator(".flow p").first).to_be_visible()
        part.get_by_role("link", name=re.compile("^Next:")).click()
    part = page.locator(".sect").nth(2)
    expect(part.locator("summary")).to_be_in_viewport()
    if not scripts:
        part.locator("summary").click()
    go(page, part.get_by_role("link", name=re.compile("^Link to this part")))
    expect(page.get_by_text("Part 3 of")).to_be_visible()


def test_a_term_opens_in_place_and_gives_the_focus_back(reader):
    page = reader()
    page.goto(SECTION)
    term = page.locator(".term").first
    go(page, term)
    meaning = page.get_by_role("dialog", name="Dissociation")
    expect(meaning.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(term).to_be_focused()
    expect(page).to_have_url(re.compile(re.escape(SECTION) + "$"))


def test_a_term_leads_to_its_page_without_scripts(reader):
    page = reader(scripts=False)
    page.goto(SECTION)
    go(page, page.locator(".term").first)
    expect(heading(page)).to_have_text("Dissociation")


def test_more_detail_opens_with_an_arrow_key(reader):
    page = reader()
    page.goto(SECTION)
    more = page.locator(".extra")
    expect(more).to_be_hidden()
    go(page, page.get_by_role("radio", name="Plain"), "ArrowRight")
    expect(more).to_be_visible()


def test_questions_are_sifted_while_one_types(reader):
    page = reader()
    page.goto("/questions/")
    status = page.get_by_role("status")
    everything = status.inner_text()
    tab_to(page, page.get_by_label("Find a question"))
    page.keyboard.type("driv")
    expect(question(page, DRIVING)).to_be_visible()
    expect(question(page, "What is a psychoplastogen?")).to_have_count(0)
    expect(status).to_have_text(re.compile(r"^\d+ questions?$"))
    expect(page.get_by_label("Find a question")).to_be_focused()
    assert status.inner_text() != everything


@each_way
def test_a_search_among_questions_is_a_page_that_back_leaves(reader, scripts):
    page = reader(scripts)
    page.goto("/questions/")
    everything = page.get_by_role("status").inner_text()
    tab_to(page, page.get_by_label("Find a question"))
    page.keyboard.type("driv")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("find=driv"))
    expect(question(page, DRIVING)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("status")).to_have_text(everything)


@each_way
def test_an_answer_folds_open_and_has_a_page_of_its_own(reader, scripts):
    page = reader(scripts)
    page.goto("/questions/?find=driv")
    go(page, question(page, DRIVING))
    go(page, page.get_by_role("link", name=re.compile("Link to this answer")))
    expect(heading(page)).to_have_text(DRIVING)
    page.go_back()
    expect(question(page, DRIVING)).to_be_visible()


@each_way
def test_chosen_questions_make_a_list_for_the_visit(reader, scripts):
    page = reader(scripts)
    page.goto("/questions/?topic=on-the-day")
    chosen = [page.locator(".asked summary").nth(n).inner_text() for n in (0, 2)]
    for one in chosen:
        go(page, page.get_by_role("checkbox", name=one), "Space")
    go(page, page.get_by_role("button", name="Show my list"))
    for one in chosen:
        expect(page.get_by_role("listitem").filter(has_text=one)).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible(visible=scripts)
    go(page, page.get_by_role("link", name="Add questions"))
    kept = page.get_by_role("checkbox", name=chosen[0], include_hidden=True)
    expect(kept).to_be_checked()


def test_a_tick_is_kept_while_questions_are_sifted(reader):
    page = reader()
    page.goto("/questions/")
    page.locator(".topic summary").first.click()
    other = page.locator(".asked a").first.inner_text()
    page.get_by_role("checkbox", name=other).check()
    page.get_by_label("Find a question").fill("driv")
    expect(page.get_by_role("checkbox", name=other)).to_have_count(0)
    page.get_by_role("checkbox", name=DRIVING).check()
    page.get_by_role("button", name="Show my list").click()
    for chosen in (other, DRIVING):
        expect(page.get_by_role("listitem").filter(has_text=chosen)).to_be_visible()


def test_the_list_is_printed_with_a_button_and_keeps_what_one_wrote(reader):
    page = reader()
    page.add_init_script(COUNT_PRINTS)
    page.goto("/ask/?about=ketamine")
    notes = page.get_by_label("Other questions")
    tab_to(page, notes)
    page.keyboard.type("Who drives me?")
    go(page, page.get_by_role("button", name="Print"))
    assert page.evaluate("window.prints") == 1
    page.reload()
    expect(notes).to_have_value("Who drives me?")
    go(page, page.get_by_role("button", name="Clear what I wrote"))
    expect(notes).to_have_value("")
    page.reload()
    expect(notes).to_have_value("")


@each_way
def test_two_medicines_are_compared(reader, scripts):
    page = reader(scripts)
    page.goto("/compounds/compare/")
    go(page, page.locator("main summary").first)
    for name in ("Esketamine", "Psilocybin"):
        go(page, page.get_by_role("checkbox", name=name), "Space")
    go(page, page.get_by_role("button", name="Compare"))
    columns = page.get_by_role("columnheader")
    expect(columns).to_have_text(["Ketamine", "Psilocybin"])


@each_way
def test_a_search_from_the_home_page_leads_to_an_answer(reader, scripts):
    page = reader(scripts)
    page.goto("/")
    tab_to(page, page.get_by_role("searchbox"))
    page.keyboard.type("driving home")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"\d+ results?"))
    go(page, page.get_by_role("main").get_by_role("link", name=DRIVING))
    expect(heading(page)).to_have_text(DRIVING)


def test_results_follow_while_one_types(reader):
    page = reader()
    page.goto("/search/")
    tab_to(page, page.get_by_role("searchbox"))
    page.keyboard.type("bladder")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"\d+ results?"))
    expect(page.get_by_role("main").get_by_role("heading", level=3).first).to_be_visible()


@each_way
def test_help_opens_over_any_page_and_gives_the_focus_back(reader, scripts):
    page = reader(scripts)
    page.goto("/claims/")
    button = page.get_by_role("button", name="Help now")
    go(page, button)
    sheet = page.get_by_role("dialog", name="Help now")
    call = sheet.get_by_role("link", name="Call or text 988")
    expect(call).to_have_attribute("href", re.compile("^(tel|sms):988"))
    tab_to(page, call, most=3)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(button).to_be_focused()
