"""One list of questions for the visit: added to from any page, kept on the device alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP, PHONE, SMALL_PHONE
from tests.browser.test_request_failures import NO_STORAGE

DRIVING, COST = "/questions/driving-and-work/", "/questions/cost-of-spravato/"
TAKE = "Take this question along"
LINES = "[data-my-questions] ol > li"
KEPT = "Object.keys(localStorage)"


@pytest.fixture
def reader(new_page):
    """A page at a desk that notes every address it asks for."""
    page = new_page(viewport=DESKTOP)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    return page


def take(page, address):
    page.goto(address)
    page.get_by_role("checkbox", name=TAKE).check()


def header_link(page):
    return page.locator("#menu [data-asks]")


def test_questions_of_many_pages_come_together_in_one_list(reader):
    page = reader
    take(page, DRIVING)
    take(page, COST)
    page.goto("/questions/?topic=on-the-day")
    page.locator(".asked input").nth(2).check()
    page.goto("/compounds/ketamine/")
    page.locator("main .take input").first.check()
    page.goto("/conditions/treatment-resistant-depression/")
    page.locator("main .take input").last.check()
    expect(header_link(page)).to_have_attribute("data-asked", "5")
    header_link(page).click()
    expect(page).to_have_url(re.compile("/ask/$"))
    expect(page.locator(LINES)).to_have_count(5)
    expect(page.locator(LINES).first).to_contain_text("drive")
    expect(page.locator(LINES).last).to_contain_text("(Treatment-resistant depression)")
    expect(page.locator("[data-empty]")).to_be_hidden()


def test_nothing_that_was_ticked_is_asked_of_the_server(reader):
    page = reader
    take(page, DRIVING)
    page.goto("/questions/")
    page.locator(".topic summary").first.click()
    page.locator(".asked input").first.check()
    with page.expect_response("**/questions/fragment/**"):
        page.get_by_label("Find a question").fill("driv")
    page.get_by_role("button", name="Show my list").click()
    expect(page.locator(LINES)).to_have_count(2)
    sent = [address for address in page.asked if re.search(r"[?&](q|about)=", address)]
    assert sent == []


def test_a_tick_is_there_on_every_page_that_has_the_question(reader):
    page = reader
    take(page, DRIVING)
    page.goto("/questions/?find=driv")
    box = page.get_by_role("checkbox", name="Can I drive home?")
    expect(box).to_be_checked()
    box.uncheck()
    page.goto(DRIVING)
    expect(page.get_by_role("checkbox", name=TAKE)).not_to_be_checked()
    expect(header_link(page)).not_to_have_attribute("data-asked", re.compile("."))


def test_one_question_is_removed_and_one_button_clears_all(reader):
    page = reader
    for address in (DRIVING, COST):
        take(page, address)
    page.goto("/ask/")
    page.get_by_label("Other questions").fill("Who drives me?")
    page.get_by_role("button", name=re.compile("Remove ?: Can I drive")).click()
    expect(page.locator(LINES)).to_have_count(1)
    expect(page.locator("h1")).to_be_focused()
    page.get_by_role("button", name="Clear the list").click()
    expect(page.locator("[data-my-questions]")).to_be_hidden()
    expect(page.locator("[data-empty]")).to_be_visible()
    page.reload()
    expect(page.locator(LINES)).to_have_count(0)
    expect(page.get_by_label("Other questions")).to_have_value("Who drives me?")
    assert page.evaluate(KEPT) == ["notes"]


def test_the_list_is_shared_by_its_address_when_the_reader_decides(reader, new_page):
    page = reader
    take(page, DRIVING)
    page.goto("/compounds/ketamine/")
    page.locator("main .take input").nth(1).check()
    words = page.locator("main .take").nth(1).inner_text()
    page.goto("/ask/")
    page.get_by_text("Share the list").click()
    address = page.get_by_label("Address of the list").input_value()
    friend = new_page(java_script_enabled=False)
    friend.goto(address)
    expect(friend.locator("main ol > li")).to_have_count(2)
    expect(friend.locator("main ol > li").last).to_contain_text(words)


def test_a_shared_list_is_added_only_when_its_reader_says_so(reader):
    page = reader
    take(page, COST)
    page.goto("/ask/?q=driving-and-work&q=cost-of-spravato")
    expect(page.locator("main ol:visible > li")).to_have_count(2)
    assert len(page.evaluate(KEPT)) == 1
    page.get_by_role("button", name="Add these to my list").click()
    page.goto("/ask/")
    expect(page.locator(LINES)).to_have_count(2)


def test_an_old_bookmark_of_chosen_questions_still_ticks_them(reader):
    reader.goto("/questions/?q=driving-and-work")
    expect(reader.locator("#q-driving-and-work")).to_be_checked()
    reader.goto("/ask/")
    expect(reader.locator(LINES)).to_have_count(1)


def test_a_closed_topic_says_how_many_of_its_questions_are_on_the_list(reader, new_page):
    page = reader
    take(page, DRIVING)
    take(page, "/questions/eating-and-drinking-before/")
    page.goto("/questions/")
    topic = page.locator(".topic", has=page.locator("#q-driving-and-work"))
    mark = topic.locator("summary").first.get_by_text("On my list: 2")
    expect(mark).to_be_visible()
    expect(page.get_by_text("On my list:").locator("visible=true")).to_have_count(1)
    topic.locator("summary").first.click()
    page.locator("#q-driving-and-work").uncheck()
    expect(topic.get_by_text("On my list: 1")).to_be_visible()
    page.locator("#q-eating-and-drinking-before").uncheck()
    expect(topic.get_by_text("On my list:")).to_be_hidden()
    with page.expect_response("**/questions/fragment/**"):
        page.get_by_label("Find a question").fill("cost")
    expect(page.locator(".topic").first).to_be_visible()
    expect(page.get_by_text("On my list:").locator("visible=true")).to_have_count(0)
    quiet = new_page(java_script_enabled=False)
    quiet.goto("/questions/?q=driving-and-work")
    expect(quiet.get_by_text("On my list:").first).to_be_hidden()
    expect(quiet.locator("#q-driving-and-work")).to_be_visible()


def test_a_second_tab_adds_to_the_same_list(reader):
    page = reader
    page.goto(DRIVING)
    other = page.context.new_page()
    take(other, COST)
    expect(header_link(page)).to_have_attribute("data-asked", "1")
    page.get_by_role("checkbox", name=TAKE).check()
    expect(header_link(other)).to_have_attribute("data-asked", "2")


def test_the_list_is_printed(reader):
    take(reader, DRIVING)
    reader.goto("/ask/")
    reader.emulate_media(media="print")
    expect(reader.locator(LINES)).to_be_visible()
    expect(reader.get_by_role("button", name="Clear the list")).to_be_hidden()


def test_the_menu_of_a_phone_says_how_many(new_page):
    page = new_page(viewport=PHONE)
    page.goto(DRIVING)
    height = page.locator(".top").bounding_box()["height"]
    take(page, DRIVING)
    assert page.locator(".top").bounding_box()["height"] == height
    menu = page.locator(".top [popovertarget=menu]")
    expect(menu).to_have_accessible_name("Menu. My questions: 1")
    menu.click()
    expect(header_link(page)).to_be_visible()


@pytest.mark.parametrize("viewport, size", [(SMALL_PHONE, "100%"), (PHONE, "200%")])
def test_the_list_fits_a_small_phone_and_large_text(new_page, viewport, size):
    page = new_page(viewport=viewport)
    take(page, DRIVING)
    for address in ("/ask/", "/ask/?q=cost-of-spravato"):
        page.goto(address)
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        main = page.locator("main")
        assert main.evaluate("main => main.scrollWidth <= document.documentElement.clientWidth")


def test_without_storage_the_page_says_so_and_the_address_takes_the_list_along(new_page):
    page = new_page(viewport=DESKTOP)
    page.add_init_script(NO_STORAGE)
    take(page, DRIVING)
    expect(page.locator("[data-unkept]")).to_be_visible()
    expect(header_link(page)).to_have_attribute("data-asked", "1")
    header_link(page).click()
    expect(page).to_have_url(re.compile(r"/ask/\?q=driving-and-work$"))
    expect(page.locator("main ol:visible > li")).to_have_count(1)


ODD = {
    "ask:q=a": "no number",
    "ask:q=b": "1",
    "ask:q=../../x": "1 Up?",
    "ask:about=<b>": "2 Bold?",
    "ask:": "3 None?",
    "ask:q=good": "4 <img src=x onerror=window.hurt=1>",
    "ask:q=long": "5 " + "x" * 5000,
    "ask:q=javascript:alert": "6 Run?",
}


def test_odd_things_in_the_storage_do_no_harm(page):
    page.goto("/ask/")
    page.evaluate("odd => Object.entries(odd).forEach(([k, v]) => localStorage.setItem(k, v))", ODD)
    page.reload()
    expect(page.locator(LINES)).to_have_count(1)
    expect(page.locator(LINES)).to_contain_text("<img src=x")
    assert page.evaluate("window.hurt") is None
    expect(page.locator(f"{LINES} a")).to_have_attribute("href", re.compile(r"/questions/good/$"))


@pytest.mark.parametrize("query", ["q=%3Cscript%3E", "about=..%2F..%2F&q=x", "q=" + "a" * 2000])
def test_odd_things_in_the_address_do_no_harm(page, query):
    page.goto(f"/ask/?{query}")
    expect(page.get_by_text("Your list is empty.")).to_be_visible()
    page.goto(f"/questions/?{query}")
    assert page.evaluate(KEPT) == []


def test_without_scripts_ticks_of_a_medicine_make_the_list_of_an_address(page_without_javascript):
    page = page_without_javascript
    page.goto("/compounds/ketamine/")
    page.locator("main .take input").first.check()
    page.get_by_role("button", name="My questions").click()
    expect(page).to_have_url(re.compile(r"/ask/\?about=ketamine\.\w{4}$"))
    expect(page.locator("main ol > li")).to_have_count(1)
