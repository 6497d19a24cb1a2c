"""Somebody who connects a record system tries a code, in place or without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP, PHONE


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_code_is_tried(new_page, scripts, viewport):
    page = new_page(java_script_enabled=scripts, viewport=viewport)
    page.goto("/connect/")
    page.get_by_label("Code system").select_option("RxNorm")
    page.get_by_label("Code", exact=True).fill("6130")
    page.get_by_label("Answer as").select_option("JSON")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("region", name="The answer")).to_contain_text("RXCUI 6130")
    expect(page.locator(".address code").first).to_contain_text("mainSearchCriteria.v.c=6130")
    page.get_by_role("link", name="Open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ketamine")


def test_what_is_no_code_is_said_and_stays_typed(page):
    page.goto("/connect/")
    page.get_by_label("Code", exact=True).fill("zzz")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("status")).to_have_text(
        "That is no code of ICD-10-CM: they look like F33.2."
    )
    expect(page.get_by_label("Code", exact=True)).to_have_value("zzz")


def test_an_address_is_copied(new_page):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/connect/?system=rxnorm&code=6130")
    page.get_by_role("button", name="Copy this address").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".address code").first.inner_text()


def test_an_address_is_copied_at_a_site_without_https(new_page):
    """There browsers keep navigator.clipboard away."""
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/connect/?system=rxnorm&code=6130")
    page.evaluate("Object.defineProperty(Clipboard.prototype, 'writeText', { value: undefined })")
    page.get_by_label("Answer as").select_option("JSON")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".address code").first).to_contain_text("application/json")
    page.get_by_role("button", name="Copy this address").click()
    expect(page.get_by_text("Copied")).to_be_visible()


def test_an_address_that_cannot_be_copied_is_selected(page):
    page.goto("/connect/?system=rxnorm&code=6130")
    page.evaluate("document.execCommand = () => false")
    page.get_by_role("button", name="Copy this address").click()
    expect(page.get_by_text("Not copied. The address is selected")).to_be_visible()
    selected = page.evaluate("getSelection().toString()")
    assert selected == page.locator("#asks").inner_text()
