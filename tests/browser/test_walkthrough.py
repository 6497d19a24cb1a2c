"""Going through the walkthrough as readers do: by keyboard, without scripts, on bad days."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP, PHONE, SMALL_PHONE

START = "/how-ketamine-works/"
FIRST, SECOND = f"{START}stress-and-lost-connections/", f"{START}ketamine-blocks-a-lock/"
GROWTH, LAST = f"{START}new-spines/", f"{START}the-days-after/"
BLOCKED = """Object.defineProperty(window, 'localStorage', {
  get() { throw new DOMException('blocked', 'SecurityError'); } })"""


def tab_to(page, name):
    """Press Tab until the link or button with this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"{name} cannot be reached by keyboard.")


def next_link(page):
    return page.locator("#step a[rel=next]")


def focused(page):
    return page.evaluate("document.activeElement.tagName")


def test_keyboard_alone_leads_from_the_start_to_the_end(page):
    page.goto(START)
    tab_to(page, "Start with step 1")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{FIRST}")
    seen = [page.locator("h1").inner_text()]
    while next_link(page).count():
        page.keyboard.press("ArrowRight")
        expect(page.locator("h1")).not_to_have_text(seen[-1])
        expect(page.locator("h1")).to_be_focused()
        seen.append(page.locator("h1").inner_text())
        assert page.evaluate("scrollY") == 0
        assert seen[-1] in page.title()
    assert len(seen) == 8
    assert LAST in page.url
    page.keyboard.press("ArrowLeft")
    expect(page.locator("h1")).to_have_text(seen[-2])
    expect(page.locator("h1")).to_be_focused()
    tab_to(page, "Next:")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(seen[-1])
    expect(page.locator("h1")).to_be_focused()
    tab_to(page, "The day of your treatment")
    page.keyboard.press("Enter")
    page.wait_for_url("**/explainers/the-day-of-your-treatment/")


def test_going_on_asks_for_the_fragment_alone_and_only_once(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(FIRST)
    page.wait_for_load_state("networkidle")
    fragments = [url for url in asked if "/fragment/" in url]
    assert [url.removesuffix("fragment/") for url in fragments] == [page.url.replace(FIRST, SECOND)]
    next_link(page).click()
    expect(page).to_have_url(re.compile(f"{SECOND}$"))
    assert not [url for url in asked if url.endswith(SECOND)]


def test_a_click_for_another_tab_opens_one_and_leaves_this_page_as_it_is(page):
    page.goto(FIRST)
    page.wait_for_load_state("networkidle")
    with page.context.expect_page() as opened:
        next_link(page).click(modifiers=["ControlOrMeta"])
    opened.value.wait_for_url(f"**{SECOND}")
    assert page.url.endswith(FIRST)


def test_back_and_forward_show_whole_pages(page):
    page.goto(START)
    page.get_by_role("link", name="Start with step 1").click()
    page.wait_for_url(f"**{FIRST}")
    first = page.locator("h1").inner_text()
    next_link(page).click()
    expect(page).to_have_url(re.compile(SECOND))
    second = page.locator("h1").inner_text()
    next_link(page).click()
    expect(page.locator("h1")).not_to_have_text(second)
    for go, title in ((page.go_back, second), (page.go_back, first), (page.go_forward, second)):
        go()
        expect(page.locator("h1")).to_have_text(title)
        expect(page.locator("header.top")).to_have_count(1)
        expect(page.locator("footer.foot")).to_have_count(1)
    next_link(page).click()
    expect(page.locator("h1")).not_to_have_text(second)
    expect(page.locator("h1")).to_be_focused()


def test_without_javascript_links_check_and_moments_work(page_without_javascript):
    page = page_without_javascript
    page.goto(FIRST)
    page.locator("#check label").nth(1).click()
    page.get_by_role("button", name="See what we think").click()
    expect(page).to_have_url(re.compile(r"\?answer=b$"))
    expect(page.locator("#check-because")).not_to_be_empty()
    expect(page.get_by_role("button", name="Listen")).to_be_hidden()
    next_link(page).click()
    expect(page).to_have_url(re.compile(f"{SECOND}$"))
    page.goto(GROWTH)
    page.get_by_role("link", name="See both branches through time").click()
    page.locator("#at-72h").click()
    expect(page).to_have_url(re.compile(r"\?time=72h$"))
    expect(page.locator("#at-72h")).to_have_attribute("aria-current", "true")


def test_a_check_is_explained_in_place_and_the_focus_stays(page):
    page.goto(FIRST)
    page.locator("#check input").nth(0).check()
    ask = page.get_by_role("button", name="See what we think")
    ask.click()
    expect(page.locator("#check-said")).not_to_be_empty()
    expect(page).to_have_url(re.compile(r"\?answer=a$"))
    expect(ask).to_be_focused()
    first = page.locator("#check-said").inner_text()
    page.get_by_role("radio", name=re.compile("marker")).first.check()
    ask.click()
    expect(page.locator("#check-said")).not_to_have_text(first)


def test_arrow_keys_in_a_radio_group_choose_an_answer(page):
    page.goto(FIRST)
    page.locator("#check input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#check input").nth(1)).to_be_checked()
    expect(page).to_have_url(re.compile(f"{FIRST}$"))


def test_a_moment_redraws_the_branch_by_button_and_by_slider(page):
    page.goto(f"{GROWTH}?time=24h")
    page.locator("#at-2w").click()
    expect(page.locator("#at-2w")).to_have_attribute("aria-current", "true")
    expect(page.locator("#at-2w")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?time=2w$"))
    slider = page.locator("#growth-slide")
    expect(slider).to_have_value("4")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#at-72h")).to_have_attribute("aria-current", "true")
    expect(slider).to_be_focused()
    expect(page.locator("#growth-status")).to_contain_text("not people")


def test_another_moment_leaves_the_figure_where_it_was_on_the_screen(new_page):
    page = new_page(viewport=PHONE)
    page.goto(f"{GROWTH}?time=24h")
    page.locator("#growth-shown").evaluate("one => one.scrollIntoView()")
    before = page.evaluate("scrollY")
    page.locator("#at-72h").click()
    expect(page.locator("#at-72h")).to_have_attribute("aria-current", "true")
    assert abs(page.evaluate("scrollY") - before) < 100


def test_where_nothing_moves_no_button_offers_still_pictures(new_page):
    page = new_page(reduced_motion="reduce")
    page.goto(FIRST)
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("button", name="Keep pictures still")).to_be_hidden()


def test_pictures_stand_still_when_told_to_and_stay_so(page):
    page.goto(FIRST)
    page.get_by_role("button", name="Keep pictures still").click()
    expect(page.locator(":root")).to_have_class(re.compile("still"))
    page.goto(SECOND)
    expect(page.locator(":root")).to_have_class(re.compile("still"))
    button = page.get_by_role("button", name="Keep pictures still")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(page.locator(":root")).not_to_have_class(re.compile("still"))


@pytest.mark.parametrize("viewport", [SMALL_PHONE, PHONE, DESKTOP], ids=["320", "375", "1280"])
@pytest.mark.parametrize("address", [START, FIRST, GROWTH, f"{START}all/"])
def test_nothing_is_wider_than_the_screen_and_axe_is_content(new_page, axe, viewport, address):
    page = new_page(viewport=viewport)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    if viewport is not PHONE:
        axe(page)


def test_where_storage_is_blocked_nothing_but_memory_is_lost(new_page):
    page = new_page()
    page.add_init_script(BLOCKED)
    page.goto(FIRST)
    page.get_by_role("button", name="Keep pictures still").click()
    expect(page.locator(":root")).to_have_class(re.compile("still"))
    page.get_by_role("radio", name="More detail").check()
    expect(page.locator(".extra").first).to_be_visible()
    next_link(page).click()
    expect(page.locator("h1")).to_be_focused()
    page.goto(START)
    expect(page.get_by_role("link", name="Go on with part")).to_be_hidden()


def test_where_a_fragment_cannot_be_had_the_page_itself_opens(new_context):
    page = new_context().new_page()
    page.route("**/fragment/**", lambda route: route.abort())
    page.goto(FIRST)
    next_link(page).click()
    page.wait_for_url(f"**{SECOND}")
    expect(page.locator("header.top")).to_be_visible()
    page.goto(f"{GROWTH}?time=24h")
    page.locator("#at-72h").click()
    page.wait_for_url("**?time=72h")
    page.goto(FIRST)
    page.locator("#check input").nth(1).check()
    page.get_by_role("button", name="See what we think").click()
    page.wait_for_url("**?answer=b")
    expect(page.locator("#check-because")).not_to_be_empty()
