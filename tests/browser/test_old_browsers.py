"""What a browser does not know leaves a plain page. It is taken from today's, word by word."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP, PHONE, SECTION

GROWTH = "/how-ketamine-works/new-spines/"
# Renamed wherever pages, styles and scripts have it, a feature is as unknown as in an old browser.
POPOVER = ("popover", "delete HTMLElement.prototype.showPopover")
LIGHT_DARK = ("light-dark", "")
LAYERS = ("@layer", "")
# Newer than all of these; Chromium reports a transition that a slow stylesheet interrupts.
VIEW_TRANSITIONS = ("@view-transition", "")
ON_TOP = """() => {
  const seen = new Set();
  for (let y = 5; y < innerHeight; y += 10) {
    const there = document.elementFromPoint(innerWidth / 2, y);
    const sheet = there?.closest("#help, #menu, #view, #gloss");
    if (sheet && getComputedStyle(sheet).position === "fixed") seen.add(sheet.id);
  }
  return [...seen];
}"""


@pytest.fixture
def old_page(new_page):
    """old_page(feature, ...): a page in a browser from before these features."""

    def open_page(*features, **options):
        page = new_page(**options)

        def answer(route):
            if route.request.resource_type not in ("document", "stylesheet", "script", "xhr"):
                return route.continue_()
            response = route.fetch()
            body = response.text()
            for name, _ in (*features, VIEW_TRANSITIONS):
                body = body.replace(name, name[0] + "old-" + name[1:])
            return route.fulfill(response=response, body=body)

        page.route("**/*", answer)
        for _, script in features:
            page.add_init_script(script)
        return page

    return open_page


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_without_popover_nothing_covers_the_text_and_no_button_is_dead(old_page, scripts, viewport):
    page = old_page(POPOVER, java_script_enabled=scripts, viewport=viewport)
    for address in ("/", SECTION, GROWTH):
        page.goto(address)
        assert page.evaluate(ON_TOP) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        expect(page.locator("[poldopovertarget]").filter(visible=True)).to_have_count(0)
        expect(page.locator("#help, #gloss").filter(visible=True)).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_without_popover_help_and_every_page_of_the_menu_are_a_link_away(
    old_page, scripts, viewport
):
    page = old_page(POPOVER, java_script_enabled=scripts, viewport=viewport)
    page.goto(SECTION)
    menu = page.get_by_role("navigation", name="Main").get_by_role("link")
    assert len(menu.filter(visible=True).all()) == 8
    menu.filter(has_text=re.compile("^Questions$")).click()
    page.wait_for_url("**/questions/")
    page.locator(".top").get_by_role("link", name="Help now").click()
    page.wait_for_url("**/help/")


@pytest.mark.parametrize("scripts", [True, False])
def test_without_popover_a_term_leads_to_its_page(old_page, scripts):
    page = old_page(POPOVER, java_script_enabled=scripts, viewport=PHONE)
    page.goto(SECTION)
    page.locator("a.term").first.click()
    page.wait_for_url("**/glossary/*/")


def test_without_popover_the_reading_options_stand_at_the_foot(old_page):
    page = old_page(POPOVER, viewport=PHONE)
    page.goto(SECTION)
    page.get_by_role("button", name="Forget where I was").click()
    expect(page.get_by_text("Forgotten.")).to_be_visible()


def test_without_scripts_there_are_no_reading_options_that_need_them(old_page):
    page = old_page(POPOVER, java_script_enabled=False, viewport=PHONE)
    page.goto(SECTION)
    expect(page.locator("#view")).to_be_hidden()


def test_with_popover_there_is_one_way_to_help_in_the_header(page):
    page.goto("/")
    expect(page.locator(".top").get_by_text("Help now").filter(visible=True)).to_have_count(1)


def test_without_light_dark_no_choice_of_colors_is_offered(old_page):
    page = old_page(LIGHT_DARK)
    page.goto("/")
    page.get_by_role("button", name="Reading options").click()
    expect(page.get_by_role("button", name="Forget where I was")).to_be_visible()
    expect(page.get_by_role("radio", name="Dark")).to_be_hidden()
    page.goto("/how-ketamine-works/stress-and-lost-connections/")
    for name in ("--wash", "--fern"):
        color = f"getComputedStyle(document.querySelector('.dry')).getPropertyValue('{name}')"
        assert page.evaluate(f"CSS.supports('color', {color})"), name


def test_without_layers_icons_are_no_wider_than_a_line_is_high(old_page):
    page = old_page(LAYERS, viewport=PHONE)
    page.goto(SECTION)
    for icon in page.locator("svg.i").filter(visible=True).all():
        assert icon.bounding_box()["width"] <= 32
    expect(page.locator("[popovertarget]").filter(visible=True).first).to_be_visible()
