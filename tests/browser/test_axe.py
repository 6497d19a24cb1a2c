"""axe-core finds nothing: in light, in dark, on a small phone, and with all open that opens."""

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import PAGE_ADDRESSES, SECTION, SHORT_ADDRESSES, SMALL_PHONE

SCHEMES = ["light", "dark"]


@pytest.mark.parametrize(
    "address", [SHORT_ADDRESSES.get(address, address) for address in PAGE_ADDRESSES]
)
def test_every_kind_of_page_is_accessible_at_a_desk_and_in_dark_on_a_small_phone(visited, address):
    assert visited(address).violations == []


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
        fold.locator("summary").click()
    page.locator(".asked > input").first.check()
    expect(page.locator(".fold > div").last).to_be_visible()
    axe(page)
