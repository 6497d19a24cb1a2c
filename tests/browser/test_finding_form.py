"""The form of a number: what follows from its counts, and how it is drawn beside them."""

from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP


def test_a_number_is_computed_and_drawn_beside_its_form(new_page, superuser, axe):
    page = new_page(storage_state=superuser, viewport=DESKTOP)
    page.goto("/admin/evidence/finding/?q=transform2-response")
    page.locator("#result_list tbody th a").first.click()
    drawn = page.frame_locator("#typed-frame").locator(".draft-drawn")
    events, total, per100 = (
        page.locator(f"#id_treatment_{name}") for name in ("events", "total", "per100")
    )
    expect(drawn).to_contain_text("69 of 100")
    total.fill("90")
    events.fill("45")
    expect(per100).to_have_value("50")
    expect(drawn).to_contain_text("50 of 100")
    expect(per100).to_have_attribute("readonly", "")
    events.fill("91")
    expect(page.get_by_text("Check the count.")).to_be_visible()
    expect(per100).to_have_value("")
    expect(page.locator("#typed-findings")).to_contain_text("More than the 90 people")
    axe(page, preload=False)
    events.fill("")
    per100.fill("33")
    expect(page.get_by_text("Check the count.")).to_be_hidden()
    expect(drawn).to_contain_text("33 of 100")


def test_a_new_number_is_called_no_mistake_before_a_word_is_typed(new_page, superuser):
    page = new_page(storage_state=superuser, viewport=DESKTOP)
    page.goto("/admin/evidence/finding/add/")
    said, findings = page.locator("#typed-state"), page.locator("#typed-findings")
    expect(said).to_have_text("Nothing is typed yet.")
    expect(findings).to_be_empty()
    name = page.get_by_label("Name:")
    name.fill("Calmer after a day")
    expect(findings).to_contain_text("To mend")
    name.fill("")
    page.get_by_label("Slug:").fill("")
    expect(said).to_have_text("Nothing is typed yet.")
    expect(findings).to_be_empty()
