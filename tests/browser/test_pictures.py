"""Pictures that change: states and shown parts, by keyboard, without scripts, on bad days."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP, PHONE, SMALL_PHONE

STEP = "/how-ketamine-works/letting-go-of-a-brake/"
BEFORE = "/how-ketamine-works/ketamine-blocks-a-lock/"
OFF = re.compile(r"\?state=off$")


def part(page, name):
    """The part of the drawing that holds these words."""
    return page.locator("#picture > svg .p", has_text=name).first


def expect_hidden(shape):
    """It is gone once the change has ended."""
    expect(shape).to_have_css("visibility", "hidden")


def expect_shown(shape):
    expect(shape).to_have_css("visibility", "visible")
    expect(shape).to_have_css("opacity", "1")


def tab_to(page, selector):
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard.")


def test_the_keyboard_changes_the_state_and_the_control_keeps_the_focus(new_page):
    page = new_page(reduced_motion="reduce")
    page.goto(STEP)
    drawing = page.locator("#picture > svg").element_handle()
    expect_hidden(part(page, "Ketamine"))
    tab_to(page, "#state-off")
    page.keyboard.press("Enter")
    expect(page).to_have_url(OFF)
    expect(page.locator("#state-off")).to_be_focused()
    expect(page.locator("#picture-said")).to_contain_text("It lets go")
    expect(page.locator("#picture-words")).to_contain_text("The brake is off")
    expect_shown(part(page, "Ketamine"))
    expect_hidden(part(page, "Stop"))
    assert drawing.evaluate("one => one.isConnected")


def test_rings_lead_closer_by_keyboard_and_back_leads_out_again(new_page):
    page = new_page(reduced_motion="reduce", viewport=PHONE)
    page.goto("/how-ketamine-works/")
    expect_hidden(part(page, "One brain"))
    tab_to(page, ".zoom a")
    for view, words in (("cell", "One brain"), ("branch", "A spine"), ("gap", "A message")):
        page.locator(".zoom a").filter(visible=True).focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"state={view}$"))
        expect(page.locator(f"#state-{view}")).to_be_focused()
        expect_shown(part(page, words))
        expect(page.locator(".zoom a").filter(visible=True)).to_have_count(1)
    page.go_back()
    expect_shown(part(page, "A spine"))
    expect(page.locator("#picture-said")).to_contain_text("spines")


def test_back_and_forward_go_through_the_states(page):
    page.goto(STEP)
    page.locator("#state-off").click()
    expect(page).to_have_url(OFF)
    page.locator("#state-on").click()
    expect(page).to_have_url(re.compile("state=on$"))
    # The address changes a frame before the picture, more on a busy machine.
    expect(page.locator("#picture-said")).to_contain_text("holds")
    for go, said in (
        (page.go_back, "lets go"),
        (page.go_back, "holds"),
        (page.go_forward, "lets go"),
    ):
        go()
        expect(page.locator("#picture-said")).to_contain_text(said)
        expect(page.locator("header.top")).to_have_count(1)


def test_without_javascript_states_words_and_shapes_are_links_to_the_picture(
    page_without_javascript,
):
    page = page_without_javascript
    page.goto(STEP)
    page.locator("#state-off").click()
    expect(page).to_have_url(re.compile(r"\?state=off#picture$"))
    expect_hidden(part(page, "Stop"))
    page.locator("a.word", has_text="main cells").click()
    expect(page).to_have_url(re.compile(r"\?state=off&show=main#picture$"))
    expect(page.locator("#picture-said")).to_contain_text("Main cell:")
    page.locator("#show-all").click()
    expect(page).to_have_url(re.compile(r"\?state=off#picture$"))


def test_a_word_out_of_sight_of_the_picture_leads_there_and_back(new_page):
    page = new_page(viewport=PHONE)
    page.goto(STEP)
    word = page.locator("a.word", has_text="ketamine")
    word.evaluate(
        "one => { one.scrollIntoView({block: 'start'}); one.focus({preventScroll: true}); }"
    )
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?state=off&show=ket$"))
    expect(page.locator("#picture-said")).to_contain_text("Ketamine: the medicine")
    expect(page.locator("#show-all")).to_be_focused()
    expect(page.locator("#picture > svg")).to_be_in_viewport(ratio=0.9)
    page.keyboard.press("Enter")
    expect(word).to_be_focused()
    expect(word).to_be_in_viewport()


def test_on_a_desk_a_word_keeps_the_focus_beside_the_picture(new_page):
    page = new_page(viewport=DESKTOP)
    page.goto(STEP)
    word = page.locator("a.word", has_text="brakes")
    word.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#picture-said")).to_contain_text("Brake cell:")
    expect(word).to_be_focused()


def test_a_shape_names_itself_where_it_is_pressed_and_focused(page):
    page.goto(STEP)
    shape = page.get_by_role("link", name="NMDA receptor", exact=True).first
    shape.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?state=on&show=nmda$"))
    expect(page.locator("#picture-said")).to_have_text(re.compile("NMDA receptor:"))
    expect(shape).to_be_focused()
    page.locator("#show-all").click()
    expect(shape).to_be_focused()


def test_the_way_from_the_step_before_brings_the_styles_of_the_picture(page):
    page.goto(BEFORE)
    page.locator("#step a[rel=next]").click()
    expect(page.locator("h1")).to_contain_text("brake")
    expect(page.locator(".pick")).to_have_css("display", "flex")
    expect_hidden(part(page, "Ketamine"))


def test_a_change_takes_less_than_a_third_of_a_second_and_no_time_where_none_is_wanted(new_page):
    took = "one => getComputedStyle(one).transitionDuration"
    for motion, time in (("no-preference", "0.25s"), ("reduce", "0s")):
        page = new_page(reduced_motion=motion)
        page.goto(STEP)
        assert part(page, "Stop").evaluate(took) == time
    page = new_page()
    page.goto(STEP)
    page.get_by_role("button", name="Keep pictures still").click()
    assert part(page, "Stop").evaluate(took) == "0s"
    assert (
        page.locator(".run").first.evaluate("one => getComputedStyle(one).animationName") == "none"
    )


@pytest.mark.parametrize("viewport", [SMALL_PHONE, PHONE, DESKTOP], ids=["320", "375", "1280"])
@pytest.mark.parametrize("query", ["", "?state=off", "?state=off&show=ket"])
def test_a_picture_and_its_control_fit_the_screen_together(new_page, axe, viewport, query):
    page = new_page(viewport=viewport)
    page.goto(STEP + query)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    ends = page.locator("#picture-control").bounding_box()
    starts = page.locator("#picture > svg").bounding_box()
    assert ends["y"] + ends["height"] - starts["y"] <= viewport["height"]
    if query and viewport is not PHONE:
        axe(page)


def test_where_a_fragment_cannot_be_had_the_page_itself_opens(new_context):
    page = new_context().new_page()
    page.route("**/fragment/**", lambda route: route.abort())
    page.goto(STEP)
    page.locator("#state-off").click()
    page.wait_for_url("**?state=off#picture")
    page.get_by_role("link", name="Main cell", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**?state=off&show=main#picture")


def test_paper_has_all_states(page):
    page.goto(f"{STEP}?state=off")
    page.emulate_media(media="print")
    expect(page.locator("#picture > svg")).to_be_hidden()
    stills = page.locator("#picture .states figure")
    expect(stills).to_have_count(2)
    expect(stills.nth(0)).to_contain_text("Brake on:")
    expect(stills.nth(1).get_by_text("Ketamine", exact=True)).to_be_visible()
    expect(stills.nth(0).get_by_text("Ketamine", exact=True)).to_be_hidden()
