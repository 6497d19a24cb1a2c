"""Marks on a decision: they fill a sheet for the visit, and stay on the device."""

import re
from io import BytesIO

import pikepdf
import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP, PHONE, SMALL_PHONE
from tests.browser.test_request_failures import NO_STORAGE

ADDRESS = "/decide/ketamine-for-depression/"
SHEET = "#my-sheet li:visible"


def mark(page):
    page.locator("#m1-for").check()
    page.locator("#m2-against").check()
    page.locator("#m5-unsure").check()
    page.locator("#q2").check()
    page.get_by_role("radio", name="No ketamine for now").check()


def read_sheet(page):
    return page.locator(SHEET).all_inner_texts()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_is_marked_fills_the_sheet(new_page, scripts):
    page = new_page(java_script_enabled=scripts, viewport=PHONE)
    page.goto(ADDRESS)
    assert read_sheet(page) == []
    mark(page)
    sheet = read_sheet(page)
    assert len(sheet) == 5
    assert sheet[-1] == "No ketamine for now"
    page.get_by_role("radio", name="I am not sure yet").check()
    assert read_sheet(page)[-1] == "I am not sure yet"


def test_marks_stay_on_the_device_and_one_button_clears_them(new_page):
    page = new_page(viewport=PHONE)
    asked = []
    page.on("request", lambda request: asked.append((request.url, request.post_data)))
    page.goto(ADDRESS)
    mark(page)
    page.reload()
    assert len(read_sheet(page)) == 5
    sent = [one for one in asked if re.search(r"for|against|unsure|leaning", str(one[1:]))]
    assert sent == [] and all("?" not in url for url, _ in asked if "/decide/" in url)
    page.get_by_role("button", name="Clear my marks").click()
    assert [line for line in read_sheet(page) if "Which of" not in line] == []
    assert [key for key in page.evaluate("Object.keys(localStorage)") if "mark" in key] == []


def test_marks_are_shared_behind_the_sign_that_no_browser_sends(new_page):
    page = new_page(viewport=DESKTOP)
    page.goto(ADDRESS)
    mark(page)
    page.get_by_text("Share my marks").click()
    address = page.get_by_label("Address with my marks").input_value()
    assert address.split("#")[0].endswith(ADDRESS)
    friend = new_page(viewport=DESKTOP)
    asked = []
    friend.on("request", lambda request: asked.append(request.url))
    friend.goto(address)
    assert len(read_sheet(friend)) == 4
    assert not [url for url in asked if "marks" in url.split("#")[0]]
    assert friend.evaluate("Object.keys(localStorage)") == []


def test_without_storage_the_sheet_fills_and_the_page_says_that_nothing_is_kept(page):
    page.add_init_script(NO_STORAGE)
    page.goto(ADDRESS)
    mark(page)
    assert len(read_sheet(page)) == 5
    expect(page.locator("[data-unkept-marks]")).to_be_visible()


@pytest.mark.parametrize(
    "part", ["#marks&leaning=<b>", "#marks&%E0%A4%A=1", "#marks&__proto__=for", "#marks"]
)
def test_odd_marks_in_an_address_do_no_harm(page, part):
    page.goto(ADDRESS + part)
    assert read_sheet(page) == []


def test_questions_of_other_pages_come_along(page):
    page.goto("/questions/driving-and-work/")
    page.get_by_role("checkbox", name="Take this question along").check()
    page.goto(ADDRESS)
    expect(page.locator("[data-other-questions]")).to_contain_text("Can I drive home?")
    page.locator("#q1").check()
    expect(page.locator("#menu [data-asks]")).to_have_attribute("data-asked", "2")


def count_pages(page):
    with pikepdf.open(BytesIO(page.pdf(format="Letter"))) as paper:
        return len(paper.pages)


def test_the_sheet_is_printed_alone_on_one_side_and_the_page_whole_without_marks(page):
    page.goto(ADDRESS)
    assert count_pages(page) > 3
    for fieldset in page.locator(".pull").all():
        fieldset.get_by_role("radio", name="For", exact=True).check()
    for question in page.locator("#questions input").all():
        question.check()
    page.get_by_role("radio", name="Spravato").check()
    assert count_pages(page) == 1
    page.emulate_media(media="print")
    expect(page.locator("#my-sheet")).to_be_visible()
    expect(page.locator("#options")).to_be_hidden()


def test_every_option_opens_and_on_a_desk_stands_open(new_page):
    page = new_page(viewport=PHONE)
    page.goto(ADDRESS)
    cost = page.locator(".option dl").first
    expect(cost).to_be_hidden()
    page.locator(".option summary").first.click()
    expect(cost).to_be_visible()
    page.set_viewport_size(DESKTOP)
    assert page.locator(".option dl:visible").count() == page.locator(".option").count() == 9


def test_it_fits_a_small_phone(new_page):
    page = new_page(viewport=SMALL_PHONE)
    page.goto(ADDRESS)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL_PHONE["width"]
