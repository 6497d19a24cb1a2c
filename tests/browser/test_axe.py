"""axe-core finds nothing with all open that opens, in light and in dark.

Every kind of page as it comes: test_reading.py.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import SECTION, SMALL_PHONE

SCHEMES = ["light", "dark"]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("sheet", ["help", "menu", "view"])
def test_a_sheet_is_accessible_while_it_is_open(new_page, axe, sheet, scheme):
    page = new_page(color_scheme=scheme, viewport=SMALL_PHONE)
    page.goto("/help/")
    if sheet == "view":
        page.locator(".top [popovertarget=menu]").click()
    page.locator(f"[popovertarget={sheet}]:visible").first.click()
    expect(page.locator(f"#{sheet}")).to_be_visible()
    axe(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_term_is_accessible_while_it_is_open(new_page, axe, scheme):
    page = new_page(color_scheme=scheme)
    page.goto(SECTION)
    page.locator(".term").first.click()
    expect(page.locator("#gloss")).to_be_visible()
    axe(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_part_is_accessible_with_more_detail_and_its_contents_open(new_page, axe, scheme):
    page = new_page(color_scheme=scheme, viewport=SMALL_PHONE)
    page.goto(SECTION)
    page.locator(".toc summary").click()
    page.get_by_role("radio", name="More detail").check(force=True)
    expect(page.locator(".extra")).to_be_visible()
    axe(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_questions_are_accessible_with_answers_open_and_some_ticked(new_page, axe, scheme):
    page = new_page(color_scheme=scheme, viewport=SMALL_PHONE)
    page.goto("/questions/?topic=does-it-work")
    for fold in page.locator(".fold").all():
        if fold.get_attribute("open") is None and fold.is_visible():
            fold.locator("> summary").click()
    page.locator(".asked > input:visible").first.check()
    expect(page.locator(".fold[open] > div").first).to_be_visible()
    axe(page)
