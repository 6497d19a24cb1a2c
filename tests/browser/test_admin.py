"""The admin under our Content-Security-Policy: `page` fails a test whose console shows an error."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def admin_page(new_page, superuser):
    """The admin, signed in to."""
    page = new_page(storage_state=superuser)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="What readers read")).to_be_visible()
    return page


def test_lists_and_forms_of_every_kind_open(admin_page):
    links = admin_page.locator("#content-main th a").evaluate_all("all => all.map(a => a.pathname)")
    assert len(links) >= 11
    for address in links:
        admin_page.goto(address)
        first = admin_page.locator("#result_list tbody th a").first
        if first.count():
            first.click()
            save = admin_page.get_by_role("button", name=re.compile("^Save( draft)?$"))
            only_read = admin_page.get_by_role("link", name="Close", exact=True)
            expect(save.or_(only_read).first).to_be_visible()


def test_a_section_that_is_added_is_open_comes_last_and_gets_its_address(admin_page):
    admin_page.goto("/admin/content/explainer/")
    admin_page.locator("#result_list tbody th a").first.click()
    expect(
        admin_page.get_by_text("Add another Section")
    ).to_be_visible()  # the form's scripts have run
    before = admin_page.locator(".inline-related.has_original").count()
    admin_page.get_by_text("Add another Section").click()
    section = admin_page.locator(f"#sections-{before}")
    section.get_by_label("Title:").press_sequentially("A new part")
    expect(section.get_by_label("Slug:")).to_have_value("a-new-part")
    expect(section.get_by_label("Order:")).to_have_value(str(before + 1))
    expect(section.get_by_label("Plain text:")).to_be_visible()


def test_a_compound_is_found_by_typing_a_part_of_its_name(admin_page):
    admin_page.goto("/admin/content/faq/add/")
    admin_page.locator(".field-compounds .select2-selection").click()
    admin_page.keyboard.type("sketam")
    admin_page.get_by_role("option", name="Esketamine").click()
    expect(admin_page.locator(".field-compounds .select2-selection")).to_contain_text("Esketamine")


def test_withdrawing_can_be_thought_better_of(admin_page):
    admin_page.goto("/admin/content/topic/")
    admin_page.locator("#result_list tbody input").first.check()
    admin_page.get_by_label("Action:").select_option("Withdraw")
    admin_page.get_by_role("button", name="Go").click()
    expect(admin_page.get_by_label("Why is it withdrawn?")).to_be_visible()
    admin_page.get_by_role("link", name="No, take me back").click()
    expect(admin_page).to_have_url(re.compile("/admin/content/topic/$"))
