"""What readers try beside the steps of a walkthrough: the clock and the chain."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP, SMALL_PHONE

CLOCK, CHAIN = "/how-ketamine-works/clock/", "/how-ketamine-works/chain/"


def test_another_time_keeps_the_focus_tells_the_change_and_comes_back(page):
    page.goto(CLOCK)
    page.locator("#at-10m").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#at-40m")).to_have_attribute("aria-current", "true")
    expect(page.locator("#at-40m")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?at=40m$"))
    expect(page.locator("#clock-status")).to_contain_text("40 min")
    expect(page.locator("#clock-shown")).to_contain_text("raise a hand")
    page.go_back()
    expect(page.locator("#clock-status")).to_contain_text("Start")
    expect(page.locator("header.top")).to_have_count(1)
    page.go_forward()
    expect(page.locator("#clock-status")).to_contain_text("40 min")


def test_the_plate_stays_where_it_is_while_its_times_are_pressed(new_page):
    page = new_page(viewport={"width": 375, "height": 667})
    page.goto(CLOCK)
    place = page.locator("#clock-plate").bounding_box()
    for at in ("10m", "24h", "7d"):
        page.locator(f"#at-{at}").click()
        expect(page.locator(f"#at-{at}")).to_have_attribute("aria-current", "true")
        assert page.locator("#clock-plate").bounding_box() == place


def test_times_are_links_without_javascript_or_where_the_fragment_fails(
    page_without_javascript, new_context
):
    page = page_without_javascript
    page.goto(CLOCK)
    page.locator("#at-24h").click()
    expect(page).to_have_url(re.compile(r"\?at=24h$"))
    expect(page.locator("#clock-shown")).to_contain_text("No driving")
    page = new_context().new_page()
    page.route("**/fragment/**", lambda route: route.abort())
    page.goto(CLOCK)
    page.locator("#at-2h").click()
    page.wait_for_url("**/clock/?at=2h")
    expect(page.locator("header.top")).to_be_visible()


def test_a_link_taken_away_by_chip_or_picture_keeps_the_focus(page):
    page.goto(CHAIN)
    page.locator("#without-mtor").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chain-status")).to_contain_text("Taken away: mTOR.")
    expect(page.locator("#without-mtor")).to_be_focused()
    page.locator("#chain-whole").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chain-status")).to_contain_text("the whole chain")
    expect(page.locator("#chain-whole")).to_be_focused()
    page.locator("#plate-ampa").click()
    expect(page.locator("#chain-status")).to_contain_text("Taken away: AMPA.")
    expect(page.locator("#plate-ampa")).to_be_focused()


@pytest.mark.parametrize("viewport", [SMALL_PHONE, DESKTOP], ids=["320", "1280"])
@pytest.mark.parametrize("address", [f"{CLOCK}?at=40m", f"{CHAIN}?without=mtor"])
def test_nothing_is_wider_than_the_screen_and_axe_is_content(new_page, axe, viewport, address):
    page = new_page(viewport=viewport)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    axe(page)


def test_the_first_screen_of_the_start_has_picture_sentence_and_button(new_page):
    page = new_page(viewport={"width": 375, "height": 667})
    page.goto("/how-ketamine-works/")
    for part in (".scene svg", "#picture-said", "a.btn >> nth=0"):
        box = page.locator(f"main {part}").first.bounding_box()
        assert box["y"] + box["height"] <= 667, part
