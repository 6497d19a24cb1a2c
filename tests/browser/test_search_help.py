"""Who to call, where a search speaks of danger: how large it is, and what comes before what."""

import pytest
from playwright.sync_api import expect

PHONE = {"width": 375, "height": 812}
DANGER, QUESTION = "/search/?q=i+want+to+die", "/search/?q=overdose+risk"


def boxes(page, selector):
    return [one.bounding_box() for one in page.locator(selector).all()]


@pytest.mark.parametrize("width", [375, 320])
def test_buttons_are_large_apart_and_in_the_first_view(new_page, width):
    page = new_page(viewport=PHONE | {"width": width})
    page.goto(DANGER)
    buttons = boxes(page, ".help-panel .btn")
    assert len(buttons) == 3
    assert all(box["height"] >= 56 for box in buttons)
    assert all(
        below["y"] - (above["y"] + above["height"]) >= 12
        for above, below in zip(buttons, buttons[1:], strict=False)
    )
    assert buttons[-1]["y"] + buttons[-1]["height"] <= PHONE["height"]
    [folded] = boxes(page, "#search-found > details:last-of-type")
    assert folded["y"] > buttons[-1]["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_comes_while_somebody_types_and_is_said(new_page):
    page = new_page(viewport=PHONE)
    page.goto("/search/")
    page.locator("#q").press_sequentially("i want to die")
    expect(page.get_by_role("link", name="Call 988", exact=True).first).to_be_visible()
    expect(page.locator("#search-status")).to_contain_text("Call 988")
    expect(page.locator("#q")).to_be_focused()
    page.locator("#q").fill("ketamine")
    expect(page.locator(".help-panel")).to_have_count(0)


def test_pages_that_help_open_by_a_tap_without_javascript(page_without_javascript):
    page = page_without_javascript
    page.goto(DANGER)
    page.get_by_text("Pages that may help").click()
    expect(page.locator("main").get_by_role("link", name="Thoughts of suicide")).to_be_visible()


def test_links_of_help_can_be_tapped_everywhere(new_page):
    page = new_page(viewport=PHONE)
    for address in (
        "/",
        "/ask/",
        "/help/",
        "/conditions/suicidal-thoughts/",
        "/search/?q=overdose+risk",
    ):
        page.goto(address)
        links = boxes(page, "main a[href^='tel:'], main a[href^='sms:'], .foot .calls a")
        assert links
        assert all(box["height"] >= 44 for box in links if box), address
