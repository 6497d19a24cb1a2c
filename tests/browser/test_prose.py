"""Writing prose by its tools and lists: by keyboard and by pointer, undone, pasted, measured."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP

PHONE = {"width": 375, "height": 667}
LOOKS = [(DESKTOP, "light"), (PHONE, "dark")]
looks = pytest.mark.parametrize(("viewport", "scheme"), LOOKS, ids=["desk", "phone"])
LINE = 25  # pixels
FIRST = 30_000  # milliseconds: a first measure reads the dictionary, and a save takes its time


def options(page):
    return page.get_by_role("listbox").get_by_role("option")


def said(page):
    return page.locator("#prose-said")


@looks
def test_a_source_is_cited_by_who_knows_no_slug(open_form, axe, viewport, scheme):
    page = open_form("glossaryterm", viewport=viewport, color_scheme=scheme)
    meaning = page.get_by_label("Meaning:")
    meaning.press_sequentially("It may help.[^zarate 2006")
    expect(options(page).first).to_contain_text("2006")
    expect(said(page)).to_have_text(re.compile(r"Sources: \d+\."))
    first = options(page).first.get_attribute("id")
    expect(meaning).to_have_attribute("aria-activedescendant", first)
    axe(page, preload=False)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Enter")
    expect(meaning).to_have_value(re.compile(r"^It may help\.\[\^[a-z0-9-]+:people\]$"))
    expect(options(page)).to_have_count(0)
    expect(meaning).to_be_focused()
    page.keyboard.type(" So it is said.")
    expect(meaning).to_have_value(re.compile(r"\] So it is said\.$"))


def test_what_was_put_in_is_undone_by_the_browser(open_form):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.press_sequentially("At a [[synapses")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    expect(meaning).to_have_value("At a [[Synapse|synapses]]")
    page.keyboard.press("Control+z")
    expect(meaning).to_have_value("At a [[synapses")


def test_a_list_is_left_with_the_caret(open_form):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.press_sequentially("At a [[synapses")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Home")
    expect(options(page)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(meaning).to_have_value("\nAt a [[synapses")


def test_escape_closes_a_list_and_keeps_what_is_typed(open_form):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.press_sequentially("So [^ket")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    page.keyboard.type("amine")
    expect(meaning).to_have_value("So [^ketamine")
    expect(options(page)).to_have_count(0)
    expect(meaning).not_to_have_attribute("aria-activedescendant", re.compile("."))


def test_a_line_that_closes_a_box_opens_no_list(open_form):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.press_sequentially(":::call-c")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.type("Fever.")
    expect(meaning).to_have_value(":::call-clinic Call your clinic\nFever.\n:::")
    meaning.fill(":::advice\nRest.\n")
    meaning.press_sequentially(":::")
    page.wait_for_timeout(500)
    expect(options(page)).to_have_count(0)


def test_a_box_goes_round_the_marked_lines(open_form):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.fill("First.\n\nRest at home.\nDrink water.\n\nLast.")
    meaning.evaluate("field => field.setSelectionRange(13, 27)")
    page.get_by_role("toolbar", name="Tools: Meaning").get_by_role("button", name="Box").click()
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    options(page).filter(has_text="advice").first.click()
    boxed = "First.\n\n:::advice\nRest at home.\nDrink water.\n:::\n\nLast."
    expect(meaning).to_have_value(boxed)
    meaning.fill("Rest.")
    meaning.evaluate("field => field.setSelectionRange(0, 5)")
    page.get_by_role("toolbar", name="Tools: Meaning").get_by_role("button", name="Box").click()
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(meaning).to_have_value("Rest.")


def test_what_a_check_finds_leads_to_the_words_that_it_quotes(open_form):
    page = open_form("glossaryterm")
    page.get_by_label("Term:").fill("Found words")
    meaning = page.get_by_label("Meaning:")
    meaning.fill("A word.\n\n" * 30 + "It is a *proven* (100%) cure for all of us.\n\nLast.")
    opener = page.locator("#open-typed")
    if opener.get_attribute("aria-expanded") != "true":
        opener.click()
    findings = page.locator("#typed-findings")
    found = findings.locator("li", has_text="proven").first.get_by_role("link")
    found.click(timeout=FIRST)
    expect(meaning).to_be_focused()
    marked = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert "cure for all of us." in meaning.evaluate(marked)


def test_the_toolbar_works_by_arrows_and_keeps_the_marked_words(open_form):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.fill("Where connection points meet")
    meaning.evaluate("field => field.setSelectionRange(6, 23)")
    tools = page.get_by_role("toolbar", name="Tools: Meaning")
    tools.get_by_role("button", name="B", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(tools.get_by_role("button", name="I", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(meaning).to_have_value("Where *connection points* meet")
    meaning.evaluate("field => field.setSelectionRange(7, 24)")
    page.keyboard.press("Control+i")
    expect(meaning).to_have_value("Where connection points meet")
    meaning.evaluate("field => field.setSelectionRange(6, 23)")
    tools.get_by_role("button", name="Term").click()
    new = page.get_by_role("option", name="Add “connection points” as a new term")
    with page.expect_popup() as opened:
        new.click()
    expect(opened.value.get_by_label("Term:")).to_have_value("connection points")
    opened.value.close()
    for _ in "connection points":
        page.keyboard.press("Backspace")
    page.keyboard.type("synap")
    options(page).filter(has_text="Synapse").first.click()
    expect(meaning).to_have_value("Where [[Synapse|connection points]] meet")


def test_a_number_is_drawn_on_a_line_of_its_own(open_form):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.press_sequentially("Some felt better. {{halved")
    options(page).filter(has_text="Picture").first.click()
    page.keyboard.type("So it was.")
    below = r"^Some felt better\. \n\n\{\{finding:[\w-]+\}\}\n\nSo it was\.$"
    expect(meaning).to_have_value(re.compile(below))


def test_a_page_is_linked_by_its_title(open_form):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.press_sequentially("See /going home")
    options(page).first.click()
    expect(meaning).to_have_value(
        re.compile(r"^See \[Going home[\w ,]*\]\(/explainers/[\w/-]+/\)$")
    )


def test_a_part_that_was_just_added_has_the_tools(open_form):
    page = open_form("explainer")
    page.get_by_text("Add another Section").click()
    page.locator("#id_sections-0-plain").press_sequentially("[[synaps")
    expect(options(page).first).to_contain_text("Synapse")
    expect(page.locator(".prose #id_sections-0-plain")).to_have_count(1)


def test_a_hard_text_is_told_beside_it_and_leads_to_the_sentence(open_form, axe):
    page = open_form("glossaryterm")
    long = "It is so and " * 8 + "it ends."
    meaning = page.get_by_label("Meaning:")
    meaning.fill(f"Rest [[synapse|a while]]. {long} Rest.")
    measures = page.locator(".prose-measures").first
    expect(measures).to_contain_text("grade", timeout=FIRST)
    measures.get_by_role("button", name="It is so and").click()
    expect(meaning).to_be_focused()
    marked = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert meaning.evaluate(marked) == long
    axe(page, preload=False)


def test_ctrl_s_saves_and_comes_back_to_the_place(open_form):
    page = open_form("glossaryterm")
    page.get_by_label("Term:").press_sequentially("Saved by keys")
    expect(page.get_by_label("Slug:")).to_have_value("saved-by-keys")
    page.get_by_label("Meaning:").fill("A word.[^none]")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved as a draft", timeout=FIRST)
    meaning = page.get_by_label("Meaning:")
    of_save = page.locator("#stops-saved")
    expect(page.locator("#stops summary")).to_contain_text("before sending")
    expect(of_save).to_be_hidden()
    meaning.focus()
    meaning.press("End")
    page.keyboard.type(" Two.")
    expect(of_save).to_be_visible()
    expect(page.locator("#stops summary")).to_contain_text("before sending when last saved")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved as a draft", timeout=FIRST)
    expect(meaning).to_be_focused()
    page.keyboard.type(" Three.")
    expect(meaning).to_have_value("A word.[^none] Two. Three.")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved as a draft", timeout=FIRST)
    page.locator(".form-menu summary", has_text="More").click()
    page.get_by_role("link", name="Delete", exact=True).first.click()
    page.get_by_role("button", name="Yes, I’m sure").click()


def test_the_keys_are_listed_outside_of_fields_alone(open_form, axe):
    page = open_form("glossaryterm")
    page.get_by_label("Meaning:").press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Keys").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    axe(page, preload=False)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Keys")).to_be_focused()


@pytest.mark.parametrize("height", [740, 400], ids=["phone", "above its keyboard"])
@pytest.mark.parametrize("before", ["", "A line.\n" * 30], ids=["first line", "last line"])
def test_on_a_phone_a_list_covers_neither_what_is_typed_nor_ends_under_the_bar(
    open_form, height, before
):
    viewport = {"width": 375, "height": height}
    page = open_form("glossaryterm", viewport=viewport, has_touch=True, is_mobile=True)
    meaning = page.get_by_label("Meaning:")
    meaning.fill(before)
    meaning.press("Control+End")
    meaning.press_sequentially("[[s")
    expect(options(page).nth(9)).to_be_attached()
    shown, field = page.locator(".prose-picker").bounding_box(), meaning.bounding_box()
    top, bottom = shown["y"], shown["y"] + shown["height"]
    if before:
        assert 0 <= top < bottom <= field["y"] + field["height"] - LINE
    else:
        assert field["y"] + LINE <= top
    bar = page.locator(".form-bar-verbs").bounding_box()
    assert bottom <= bar["y"]
    assert all(option.bounding_box()["height"] >= 44 for option in options(page).all()[:3])
    options(page).nth(9).tap()
    expect(meaning).to_have_value(re.compile(r"\[\[.+\]\]$"))
    expect(meaning).to_be_focused()
