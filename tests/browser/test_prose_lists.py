"""The lists that the buttons above a text open: the text is whole until something is chosen."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP

PHONE = {"width": 375, "height": 667}
FIRST = 30_000  # milliseconds: a first measure reads the dictionary
WORDS = "Plan to find another adult who can take them home."
MARK = "field => { field.focus(); field.setSelectionRange(8, 26); }"
MARKED = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
BUTTONS = ["Link", "Source", "Term", "Number", "Box"]


def options(page):
    return page.get_by_role("listbox").get_by_role("option")


def finder(page):
    return page.get_by_role("combobox", name=re.compile(r"^(Find|Choose) a"))


def tools(page):
    return page.get_by_role("toolbar", name="Tools: Meaning")


def press(page, button):
    tools(page).get_by_role("button", name=button, exact=True).click()


def click_beside(page):
    page.get_by_role("heading", level=1).first.click()


CLOSE = {
    "Escape": lambda page: page.keyboard.press("Escape"),
    "Tab": lambda page: page.keyboard.press("Tab"),
    "Shift and Tab": lambda page: page.keyboard.press("Shift+Tab"),
    "a click beside": click_beside,
    "a click into the text": lambda page: page.get_by_label("Meaning:").click(
        position={"x": 9, "y": 9}
    ),
    "another field": lambda page: page.get_by_label("Term:").focus(),
    "another button": lambda page: press(page, "I"),
}


@pytest.mark.parametrize("way", CLOSE)
def test_no_button_takes_words_away_until_something_is_chosen(open_form, way):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.fill(WORDS)
    for button in BUTTONS:
        meaning.evaluate(MARK)
        press(page, button)
        expect(finder(page)).to_be_focused()
        expect(meaning).to_have_value(WORDS)
        CLOSE[way](page)
        expect(finder(page)).to_be_hidden()
        if way == "another button":
            expect(meaning).to_have_value(
                WORDS.replace("find another adult", "*find another adult*")
            )
            page.keyboard.press("Control+z")
        expect(meaning).to_have_value(WORDS)
    page.keyboard.press("Control+z")
    page.wait_for_timeout(300)
    expect(options(page)).to_have_count(0)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_list_of_a_button_names_the_words_and_gives_them_back(open_form, axe, viewport, scheme):
    page = open_form("glossaryterm", viewport=viewport, color_scheme=scheme)
    meaning = page.get_by_label("Meaning:")
    meaning.fill(WORDS)
    meaning.evaluate(MARK)
    page.keyboard.press("Control+k")
    asked = page.get_by_role(
        "combobox", name="Find a page or type https://… for “find another adult”"
    )
    expect(asked).to_be_focused()
    page.keyboard.type("going home")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    first = options(page).first.get_attribute("id")
    expect(asked).to_have_attribute("aria-activedescendant", first)
    axe(page, preload=False)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    expect(meaning).to_be_focused()
    assert meaning.evaluate(MARKED) == "find another adult"
    page.keyboard.press("Control+k")
    page.keyboard.type("going home")
    options(page).first.click()
    expect(meaning).to_have_value(
        re.compile(r"^Plan to \[find another adult\]\(/explainers/[\w/-]+/\) who can take")
    )
    expect(meaning).to_be_focused()
    page.keyboard.press("Control+z")
    expect(meaning).to_have_value(WORDS)


def test_a_list_opens_in_sight_for_words_below_the_window(open_form):
    page = open_form("glossaryterm", viewport=DESKTOP)
    meaning = page.get_by_label("Meaning:")
    meaning.fill("A line.\n\n" * 18 + "The last words.")
    meaning.evaluate("field => field.setSelectionRange(field.value.length - 6, field.value.length)")
    page.evaluate("scrollTo(0, 0)")
    tools(page).get_by_role("button", name="Term", exact=True).dispatch_event("click")
    expect(options(page).first).to_be_in_viewport(ratio=1)
    expect(finder(page)).to_be_in_viewport(ratio=1)


def test_a_list_above_the_line_ends_below_the_bar_of_the_form(open_form):
    page = open_form("glossaryterm", viewport={"width": 1280, "height": 360})
    meaning = page.get_by_label("Meaning:")
    meaning.fill("A line.\n" * 30)
    meaning.press("Control+End")
    meaning.press_sequentially("[[s")
    expect(options(page).nth(9)).to_be_attached()
    shown, bar = page.locator(".prose-picker").bounding_box(), page.locator(".form-head")
    assert shown["y"] + shown["height"] <= 360
    assert shown["y"] >= bar.bounding_box()["y"] + bar.bounding_box()["height"]


def test_a_list_never_lies_on_the_tools_of_its_text(open_form):
    page = open_form("glossaryterm", viewport={"width": 1280, "height": 600})
    meaning = page.get_by_label("Meaning:")
    meaning.fill(WORDS)
    meaning.evaluate("field => scrollBy(0, field.getBoundingClientRect().bottom - 480)")
    meaning.evaluate(MARK)
    page.keyboard.press("Control+k")
    expect(options(page).nth(9)).to_be_attached(timeout=FIRST)
    shown, bar = page.locator(".prose-picker").bounding_box(), tools(page).bounding_box()
    assert shown["y"] >= bar["y"] + bar["height"]
    press(page, "I")
    expect(meaning).to_have_value(WORDS.replace("find another adult", "*find another adult*"))


@pytest.mark.parametrize("button", BUTTONS)
def test_a_draft_that_is_saved_beside_an_open_list_has_all_its_words(open_form, button):
    page = open_form("glossaryterm")
    page.get_by_label("Term:").press_sequentially(f"Kept by {button}")
    meaning = page.get_by_label("Meaning:")
    meaning.fill(f"{WORDS}\n\nLast.")
    meaning.evaluate(MARK)
    press(page, button)
    expect(finder(page)).to_be_focused()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Saved as a draft", timeout=FIRST)
    expect(meaning).to_have_value(f"{WORDS}\n\nLast.")
    page.locator(".form-menu summary", has_text="More").click()
    page.get_by_role("link", name="Delete", exact=True).first.click()
    page.get_by_role("button", name="Yes, I’m sure").click()


def test_enter_in_an_empty_list_sends_nothing(open_form):
    page = open_form("glossaryterm")
    press(page, "Link")
    page.keyboard.type("no page is called so")
    expect(page.get_by_role("listbox")).to_have_text(re.compile("No page is called so"))
    page.keyboard.press("Enter")
    expect(finder(page)).to_be_focused()
    assert page.url.endswith("/add/")


def test_many_marked_words_all_stay_in_a_link(open_form):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    long = "a sentence of $& many words " * 5 + "that ends"
    meaning.fill(f"See {long}.")
    meaning.evaluate(f"field => field.setSelectionRange(4, {4 + len(long)})")
    press(page, "Link")
    page.keyboard.type("going home")
    options(page).first.click()
    expect(meaning).to_have_value(re.compile(re.escape(f"See [{long}](/explainers/")))


def test_another_website_is_linked_by_its_address(open_form):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.fill(WORDS)
    meaning.evaluate(MARK)
    press(page, "Link")
    page.keyboard.insert_text("https://www.nami.org/x")
    expect(options(page)).to_have_text(
        re.compile(r"^\s*https://www\.nami\.org/x\s+Another website\.")
    )
    page.keyboard.press("Enter")
    linked = "Plan to [find another adult](https://www.nami.org/x) who can take them home."
    expect(meaning).to_have_value(linked)
    meaning.fill("")
    meaning.press_sequentially("See /https://nami.org/y")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(meaning).to_have_value("See [nami.org](https://nami.org/y)")
    meaning.evaluate("field => field.select()")
    press(page, "Link")
    page.keyboard.type("ftp://nami.org")
    expect(page.get_by_role("listbox")).to_contain_text("type its whole address: https://…")
    page.keyboard.press("Escape")
    expect(meaning).to_have_value("See [nami.org](https://nami.org/y)")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("They may feel [[disso", "They may feel [[dissociation]]"),
        ("(so-called [[Disso", "(so-called [[dissociation]]"),
        ("[[disso", "[[Dissociation]]"),
        ("It ends. [[disso", "It ends. [[Dissociation]]"),
        ("It ends.[^x] [[disso", "It ends.[^x] [[Dissociation]]"),
        ("It ends.[^x][[disso", "It ends.[^x] [[Dissociation]]"),
        ("- [[disso", "- [[Dissociation]]"),
        ("1) [[disso", "1) [[Dissociation]]"),
        ("Sold as [[spravato", "Sold as [[Spravato]]"),
    ],
)
def test_a_term_is_written_as_its_place_in_the_sentence_asks(open_form, typed, expected):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.fill(typed[:-1])
    meaning.press("End")
    page.keyboard.type(typed[-1])
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(meaning).to_have_value(expected)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("It is calmer.", "", "It is calmer.^"),
        ("It is calmer. ", "", "It is calmer.^"),
        ("It is calmer ", ".", "It is calmer.^"),
        ("It is calmer", ". Next.", "It is calmer.^ Next."),
        ("It is calmer ", " . Next.", "It is calmer.^ Next."),
        ("It is calmer. ", "Next.", "It is calmer.^ Next."),
        ("It is calmer ", "than before.", "It is calmer^ than before."),
        ("About 1", ".5 of 100", "About 1^.5 of 100"),
        ("- ", "", "- ^"),
        ("| a | ", "| b |", "| a | ^| b |"),
        ("It is calmer.[^x] ", "", "It is calmer.[^x]^"),
    ],
)
def test_the_mark_of_a_source_stands_as_in_the_texts_of_the_site(
    open_form, before, after, expected
):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.fill(before + after)
    meaning.evaluate(f"field => field.setSelectionRange({len(before)}, {len(before)})")
    press(page, "Source")
    page.keyboard.type("zarate 2006")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    written = re.escape(expected).replace(r"\^", r"\[\^zarate-2006[a-z:-]*\]", 1)
    if "[^x]" in expected:
        written = re.escape("It is calmer.[^x]") + r"\[\^zarate-2006[a-z:-]*\]"
    expect(meaning).to_have_value(re.compile(f"^{written}$"))


def test_a_sign_is_no_mistake_while_its_list_is_open(open_form):
    page = open_form("glossaryterm")
    opener = page.locator("#open-typed")
    if opener.get_attribute("aria-expanded") != "true":
        opener.click()
    meaning = page.get_by_label("Meaning:")
    meaning.press_sequentially("It is calmer now. [^zarate")
    expect(options(page).first).to_be_visible()
    measures = page.locator(".prose-measures").first
    expect(measures).to_contain_text("4 words", timeout=FIRST)
    page.wait_for_timeout(1_500)
    expect(measures).not_to_contain_text("is not closed")
    expect(page.locator("#typed-findings")).not_to_contain_text("is not closed")
    page.keyboard.press("Escape")
    expect(measures).to_contain_text("is not closed", timeout=FIRST)


RETURNS = {
    "the window": lambda page: page.evaluate("dispatchEvent(new Event('focus'))"),
    "the tab": lambda page: page.evaluate(
        "document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))"
    ),
    "the field": lambda page: finder(page).click(),
}


@pytest.mark.parametrize("back", RETURNS)
def test_the_list_asks_again_on_the_way_back_from_the_form_of_a_new_record(open_form, back):
    page = open_form("glossaryterm")
    press(page, "Source")
    page.keyboard.insert_text("never written of")
    expect(options(page)).to_contain_text("Nothing is called so yet")
    made = "<div role=option id=prose-choice-1 data-text='[^made]'>Made meanwhile</div>"
    page.route("**/choices/source/**", lambda route: route.fulfill(body=made))
    RETURNS[back](page)
    expect(options(page)).to_have_text("Made meanwhile")


def test_the_list_of_a_sign_asks_again_too(open_form):
    page = open_form("glossaryterm")
    meaning = page.get_by_label("Meaning:")
    meaning.press_sequentially("It helps [^never written of")
    expect(options(page)).to_contain_text("Nothing is called so yet")
    made = "<div role=option id=prose-choice-1 data-text='[^made]'>Made meanwhile</div>"
    page.route("**/choices/source/**", lambda route: route.fulfill(body=made))
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(options(page)).to_have_text("Made meanwhile")
