"""The parts of a guide in its form: moved by buttons, keys and dragging, taken out, put back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP

ORDER = """() => [...document.querySelectorAll("#sections-group .inline-related:not(.empty-form)")]
  .map(part => Number(part.id.split("-")[1]))"""


@pytest.fixture
def page(new_page, superuser):
    """The form of the first guide, signed in to. Nothing of it is saved."""
    page = new_page(storage_state=superuser, viewport=DESKTOP)
    page.goto("/admin/content/explainer/")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator("#sections-0 .part-up")).to_be_visible()
    return page


def part(page, number):
    return page.locator(f"#sections-{number}")


def order(page):
    """The numbers of the parts, as they were when the form was opened, in the order they have."""
    shown = page.evaluate(ORDER)
    fields = [page.locator(f"#id_sections-{number}-order").input_value() for number in shown]
    assert fields == sorted(fields, key=int)
    return shown


def test_a_part_is_moved_by_a_button_and_by_a_key(page, axe):
    first = order(page)
    expect(page.locator("#id_sections-0-order")).to_be_hidden()
    part(page, 0).get_by_role("button", name="Move down").press("Enter")
    assert order(page) == [1, 0, *first[2:]]
    expect(part(page, 0).get_by_role("button", name="Move down")).to_be_in_viewport(ratio=1)
    part(page, 0).get_by_role("button", name="Move up").press("Enter")
    expect(part(page, 0).get_by_role("button", name="Move up")).to_be_in_viewport(ratio=1)
    part(page, 0).get_by_role("button", name="Move down").press("Enter")
    expect(page.locator("#parts-said")).to_have_text(re.compile(r"” is 2 of \d now\.$"))
    expect(part(page, 0).get_by_role("button", name="Move down")).to_be_focused()
    page.locator("#id_sections-0-title").press("Alt+ArrowUp")
    assert order(page) == first
    expect(page.locator("#id_sections-0-title")).to_be_focused()
    page.locator("#id_sections-0-title").press("Alt+ArrowUp")  # It is the first one.
    assert order(page) == first
    axe(page, preload=False)


def test_a_part_is_dragged_to_another_place_or_back(page):
    first = order(page)
    grip = part(page, 2).locator(".part-grip")
    for ending, result in (("Escape", first), ("", [2, *first[:2], *first[3:]])):
        grip.scroll_into_view_if_needed()
        grip.hover()
        page.mouse.down()
        target = part(page, 0).locator("h3").bounding_box()
        page.mouse.move(target["x"] + 5, target["y"] + 2, steps=4)
        if ending:
            page.keyboard.press(ending)
        page.mouse.up()
        assert order(page) == result


def test_a_part_that_is_taken_out_can_be_put_back(page, axe):
    part(page, 0).get_by_role("button", name="Take out").press("Enter")
    back = part(page, 0).get_by_role("button", name="Put it back")
    expect(back).to_be_focused()
    expect(page.locator("#id_sections-0-title")).to_be_hidden()
    expect(page.locator("#id_sections-0-DELETE")).to_be_checked()
    line = page.locator('.form-contents a[href="#sections-0"]')
    expect(line).to_have_css("text-decoration-line", "line-through")
    axe(page, preload=False)
    back.press("Enter")
    expect(line).not_to_have_css("text-decoration-line", "line-through")
    expect(page.locator("#id_sections-0-title")).to_be_visible()
    expect(page.locator("#id_sections-0-DELETE")).not_to_be_checked()


def test_what_was_moved_and_taken_out_is_kept_on_the_device(page):
    count = len(order(page))
    page.get_by_text("Add another Section").click()
    page.locator(f"#id_sections-{count}-title").fill("New part")
    part(page, count).get_by_role("button", name="Move up").click()
    part(page, 0).get_by_role("button", name="Take out").click()
    moved = order(page)
    page.wait_for_timeout(600)  # It is kept a moment after the last change.
    page.reload()
    page.get_by_role("button", name="Bring it back").click()
    expect(page.locator(f"#id_sections-{count}-title")).to_have_value("New part")
    expect(part(page, 0).get_by_role("button", name="Put it back")).to_be_visible()
    assert order(page) == moved


def test_without_scripts_there_are_numbers_and_boxes(new_page, superuser):
    page = new_page(storage_state=superuser, java_script_enabled=False)
    page.goto("/admin/content/explainer/")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator("#id_sections-0-order")).to_be_visible()
    expect(page.locator("#id_sections-0-DELETE")).to_be_visible()
    expect(page.locator("#sections-0 .part-up")).to_be_hidden()


def test_a_new_part_is_in_the_list_of_parts_by_its_heading(page, axe):
    count = len(order(page))
    page.get_by_text("Add another Section").click()
    line = page.locator(f".form-contents a[href='#sections-{count}']")
    expect(line).to_have_text(f"#{count + 1}")
    page.locator(f"#id_sections-{count}-title").press_sequentially("Going <b>home")
    expect(line).to_have_text("Going <b>home")
    expect(part(page, count).locator("h3 .inline_label")).to_have_text("Going <b>home")
    part(page, count).get_by_role("button", name="Move up").click()
    lines = page.locator(".form-contents a[href^='#sections-']:not([href$=group])")
    expect(lines.nth(count - 1)).to_have_text("Going <b>home")
    expect(lines).to_have_count(count + 1)
    line.click()
    expect(line).to_have_attribute("aria-current", "true")
    axe(page, preload=False)
    page.locator(f"#id_sections-{count}-title").fill("")
    expect(line).to_have_text(f"#{count + 1}")
