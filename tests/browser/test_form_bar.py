"""The frame of a form of the admin: what stays in sight, its list of parts, parts that close."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP

NARROW = {"width": 320, "height": 640}
IS_COVERED = """field => {
  const { x, y } = field.getBoundingClientRect();
  return document.elementFromPoint(x + 4, y + 4) !== field;
}"""


@pytest.fixture
def open_guide(new_page, superuser):
    """The form of the first explainer, signed in to."""

    def open_it(**options):
        page = new_page(storage_state=superuser, **options)
        page.goto("/admin/content/explainer/")
        page.locator("#result_list tbody th a").first.click()
        return page

    return open_it


@pytest.mark.parametrize("viewport", [DESKTOP, NARROW], ids=["desk", "phone"])
def test_save_and_send_stay_in_sight_down_to_the_end(open_guide, axe, viewport):
    page = open_guide(viewport=viewport)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    for name in ("Save draft", "Send for review"):
        expect(page.get_by_role("button", name=name)).to_be_in_viewport()
    reason = page.locator("#id_change_reason")
    reason.focus()
    assert not reason.evaluate(IS_COVERED)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".form-menu summary", has_text="More").click()
    expect(page.get_by_role("link", name="History")).to_be_visible()
    axe(page, preload=False)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="History")).to_be_hidden()


def test_the_list_of_parts_leads_there_and_marks_where_one_is(open_guide):
    page = open_guide(viewport=DESKTOP)
    contents = page.get_by_role("navigation", name="In this form")
    current = contents.locator("[aria-current]")
    expect(current).to_have_text("What readers see first")
    second = contents.locator("li li a").nth(1)
    second.click()
    expect(page.locator("#sections-1 h3")).to_be_in_viewport()
    expect(current).to_have_text(second.inner_text())


def test_a_part_that_is_closed_shows_what_was_typed(open_guide):
    page = open_guide()
    part = page.locator("#sections-0")
    part.get_by_label("Plain text:").fill("Some **new** words.[^li-2010]")
    part.get_by_text("Close this part").click()
    expect(part.get_by_label("Plain text:")).to_be_hidden()
    expect(part.locator("summary")).to_contain_text("Some new words.")


def test_keys_lead_from_region_to_region_and_send(open_guide):
    page = open_guide()
    expect(page.locator("#open-typed")).to_be_visible()  # The scripts have run.
    for place in (".form-contents", "#content-main", ".form-bar", ".form-contents"):
        page.keyboard.press("F6")
        assert page.evaluate("place => !!document.activeElement.closest(place)", place)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nothing was changed.")).to_be_visible()


def test_the_bar_and_the_list_are_not_printed(open_guide):
    page = open_guide()
    page.emulate_media(media="print")
    expect(page.locator(".form-bar")).to_be_hidden()
    expect(page.locator(".form-contents")).to_be_hidden()
    expect(page.get_by_label("Title:").first).to_be_visible()


def test_the_form_is_whole_without_scripts(open_guide):
    page = open_guide(java_script_enabled=False)
    expect(page.locator("#open-typed")).to_be_hidden()
    page.locator(".form-menu summary", has_text="More").click()
    expect(page.get_by_role("link", name="Preview as a reader: what is saved")).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_text("Close this part").first.click()
    expect(page.locator("#id_sections-0-plain")).to_be_hidden()
    expect(page.locator("#sections-0 .first-words")).to_have_text(re.compile(r"\w{3}"))


def test_what_has_to_be_put_right_comes_in_sight_with_the_focus_and_leads_to_its_field(
    open_guide, axe
):
    page = open_guide(viewport=DESKTOP)
    page.get_by_role("navigation", name="In this form").locator("li li a").nth(1).click()
    title = page.locator("#id_title")
    title.evaluate("field => { field.value = ''; }")
    page.get_by_role("button", name="Save draft").click()
    listed = page.locator("#form-errors")
    expect(listed).to_be_focused()
    expect(listed).to_be_in_viewport(ratio=1)
    axe(page, preload=False)
    listed.get_by_role("link", name="Title", exact=True).click()
    expect(title).to_be_in_viewport()
    assert not title.evaluate(IS_COVERED)


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("viewport", [DESKTOP, NARROW], ids=["desk", "phone"])
def test_what_became_of_a_save_is_in_sight_in_the_middle_of_a_form(
    open_guide, axe, viewport, has_scripts
):
    page = open_guide(viewport=viewport, java_script_enabled=has_scripts)
    page.goto(f"{page.url}#sections-2")
    page.locator("input[name=_save]").click()
    said = page.locator("#form-said")
    expect(said).to_contain_text("Nothing was changed.")
    expect(said).to_be_in_viewport(ratio=1)
    expect(page.locator("#sections-2 h3")).to_be_in_viewport()  # One goes on where one was.
    if has_scripts:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        axe(page, preload=False)
        said.get_by_role("button", name="Close").click()
        expect(said).to_be_hidden()
    page.locator("#id_slug").fill("No slug")
    page.locator("input[name=_save]").click()
    listed = page.get_by_role("heading", name="It was not saved yet")
    if not has_scripts:
        expect(said).to_be_in_viewport(ratio=1)
        said.get_by_role("link", name="one thing to put right").click()
    expect(listed).to_be_in_viewport()


def test_a_new_record_begins_with_its_first_field_to_write_and_enter_sends_nothing(
    new_page, superuser
):
    page = new_page(storage_state=superuser)
    page.goto("/admin/content/glossaryterm/add/?term=Moss")
    expect(page.get_by_label("Pronunciation:")).to_be_focused()
    page.goto("/admin/content/glossaryterm/add/")
    term = page.get_by_label("Term:")
    expect(term).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("Moss")
    expect(term).to_have_value("Moss")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("Saved as a draft")


@pytest.mark.parametrize("viewport", [DESKTOP, NARROW], ids=["desk", "phone"])
def test_a_new_form_says_what_is_needed_and_leaves_no_gap_below_a_text(
    new_page, superuser, viewport
):
    page = new_page(storage_state=superuser, viewport=viewport)
    page.goto("/admin/content/faq/add/")
    expect(page.locator(".prose").first).to_be_visible()
    gap = """box => box.getBoundingClientRect().bottom
        - box.querySelector("textarea").getBoundingClientRect().bottom"""
    assert page.locator(".prose").first.evaluate(gap) < 12
    said = "label => getComputedStyle(label, '::after').content"
    assert page.locator("label[for=id_question]").evaluate(said) == '"needed"'
    assert page.locator("label[for=id_language]").evaluate(said) != '"needed"'
    page.goto("/admin/evidence/source/add/")
    expect(page.get_by_text("Close this note")).to_be_hidden()
