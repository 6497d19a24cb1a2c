"""Readers guess a number and say the story back: by keyboard, by tap, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP, SMALL_PHONE

GUESS = "/how-ketamine-works/new-spines/"
PEOPLE = "/how-ketamine-works/the-days-after/?guess=30"
CARDS = "/how-ketamine-works/say-it-back/"
SWAPPED = f"{CARDS}?order=brake.nmda.burst.ampa.bdnf.trkb.mtor.spines"


def focused_id(page):
    return page.evaluate("document.activeElement.id")


def test_a_guess_by_keyboard_is_answered_in_place_and_the_figure_can_be_had(page):
    page.goto(GUESS)
    expect(page.locator("#growth-shown")).to_have_count(0)
    expect(page.locator("#guess-shown figure")).to_be_hidden()
    page.locator("#guess input").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert focused_id(page) == "guess-ask"
    page.keyboard.press("Enter")
    expect(page.locator("#guess-status")).to_contain_text("You said 25. It was 8 more")
    expect(page.locator("#guess-shown figure")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?guess=25$"))
    assert focused_id(page) == "guess-ask"
    page.reload()
    expect(page.locator("#guess-status")).to_contain_text("You said 25.")
    expect(page.locator("#growth-shown")).to_be_visible()
    page.goto(GUESS)
    page.get_by_role("link", name="See both branches through time").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#growth-shown")).to_be_visible()
    expect(page.locator("#at-24h")).to_be_focused()


def test_without_javascript_a_guess_and_a_card_are_pages(page_without_javascript):
    page = page_without_javascript
    page.goto(GUESS)
    page.locator("#guess label").nth(3).click()
    page.get_by_role("button", name="Show the number").click()
    expect(page).to_have_url(re.compile(r"\?guess=50#guess$"))
    expect(page.locator("#guess-status")).to_contain_text("You said 50.")
    page.goto(GUESS)
    page.get_by_text("Show me without a guess").click()
    expect(page.locator("#guess-shown figure")).to_be_visible()
    page.goto(CARDS)
    page.locator("#card-nmda").click()
    expect(page).to_have_url(re.compile(r"\?order=nmda$"))
    expect(page.locator("#cards-status")).to_contain_text("NMDA lock is number 1.")


def test_cards_are_put_taken_back_and_swapped_and_the_focus_stays(page):
    page.goto(CARDS)
    page.locator("#own").fill("A lock, and more.")
    for slug in ("brake", "nmda", "burst", "ampa", "bdnf", "trkb", "mtor", "spines"):
        page.locator(f"#card-{slug}").focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"#card-{slug}.said")).to_be_visible()
        assert focused_id(page) == f"card-{slug}"
    expect(page.locator("#cards-status")).to_contain_text("NMDA lock comes before Brake cell")
    page.locator("#card-spines").click()
    expect(page.locator("#cards-status")).to_contain_text("1 card is left.")
    page.go_back()
    expect(page.locator("#swap")).to_be_visible()
    page.locator("#swap").click()
    expect(page.locator("#cards-status")).to_contain_text("in the order in which the story is told")
    page.go_back()
    expect(page.locator("#swap")).to_be_visible()
    page.go_forward()
    expect(page.locator("#cards-status")).to_contain_text("in the order in which the story is told")


def test_the_own_words_stay_while_cards_move_and_are_kept_nowhere(page):
    page.goto(CARDS)
    page.locator("#own").fill("A lock, and more.")
    page.locator("#card-nmda").click()
    expect(page.locator("#card-nmda.said")).to_be_visible()
    expect(page.locator("#own")).to_have_value("A lock, and more.")
    assert "A lock" not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")


def test_paper_holds_question_answer_and_story(page):
    page.goto(GUESS)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#guess-t")).to_be_visible()
    expect(page.locator("#guess-shown")).to_contain_text("8 more spines for every 100")
    expect(page.locator("#guess-shown figure")).to_be_visible()
    expect(page.locator("#guess form")).to_be_hidden()
    page.goto(SWAPPED)
    expect(page.locator("#cards")).to_contain_text("My order: Brake cell, NMDA lock")
    expect(page.locator("#to-take-along")).to_be_visible()
    expect(page.locator("#card-nmda")).to_be_hidden()


@pytest.mark.parametrize("viewport", [SMALL_PHONE, DESKTOP], ids=["320", "1280"])
@pytest.mark.parametrize("address", [f"{GUESS}?guess=25", PEOPLE, CARDS, SWAPPED])
def test_nothing_is_wider_than_the_screen_and_axe_is_content(new_page, axe, viewport, address):
    page = new_page(viewport=viewport)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    axe(page)


def test_where_a_fragment_cannot_be_had_the_page_itself_opens(new_context):
    page = new_context().new_page()
    page.route("**/fragment/**", lambda route: route.abort())
    page.goto(GUESS)
    page.locator("#guess input").nth(2).check()
    page.get_by_role("button", name="Show the number").click()
    page.wait_for_url("**?guess=25#guess")
    page.goto(CARDS)
    page.locator("#card-nmda").click()
    page.wait_for_url("**?order=nmda")
