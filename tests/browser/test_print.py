"""What is printed: everything that was folded, where it is from, and nothing to press."""

import re

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import SECTION

AFTER = "one => getComputedStyle(one, '::after').content"


@pytest.fixture
def on_paper(new_page):
    """on_paper(address): the page as it is printed, from a device that shows it in dark."""

    def open_page(address, scripts=True):
        page = new_page(java_script_enabled=scripts, color_scheme="dark")
        page.goto(address)
        page.emulate_media(media="print")
        return page

    return open_page


@pytest.mark.parametrize("scripts", [True, False])
def test_more_detail_is_on_paper_though_nobody_opened_it(on_paper, scripts):
    page = on_paper(SECTION, scripts)
    expect(page.locator(".extra")).to_be_visible()
    page.emulate_media(media="screen")
    expect(page.locator(".extra")).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_folded_answers_are_on_paper(on_paper, scripts):
    page = on_paper("/questions/?topic=on-the-day", scripts)
    heights = "all => all.map(one => one.getBoundingClientRect().height)"
    assert min(page.locator(".fold > div").evaluate_all(heights)) > 20


def test_answers_fold_again_after_printing(page):
    page.goto("/questions/?topic=on-the-day")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".asked .fold > div").first).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".asked .fold > div").first).to_be_hidden()


def test_addresses_of_other_sites_are_spelled_out(on_paper):
    page = on_paper("/sources/li-2010/")
    outward = page.locator("main a[href^=http]")
    address = outward.first.get_attribute("href")
    assert address in outward.first.evaluate(AFTER).replace('"', "")


@pytest.mark.parametrize("address", [SECTION, "/compounds/ketamine/", "/conditions/ptsd/"])
def test_a_printed_page_says_when_its_sources_were_checked(on_paper, address):
    dates = on_paper(address).locator(".review .pairs")
    expect(dates).to_be_visible()
    expect(dates).to_have_text(re.compile(r"Sources checked\s*\d{1,2} \w+ 20\d\d"))


def test_the_list_for_the_visit_has_room_to_write(on_paper):
    page = on_paper("/ask/?about=ketamine")
    questions = page.locator(".lines li")
    expect(questions.first).to_be_visible()
    assert questions.first.bounding_box()["height"] > 60


def test_it_prints(page):
    page.goto(SECTION)
    assert page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize(
    "address",
    [
        "/compounds/ketamine/",
        "/compounds/esketamine/",
        "/conditions/treatment-resistant-depression/",
        "/conditions/ptsd/",
    ],
)
def test_the_first_page_of_paper_is_filled(page, address):
    page.goto(address)
    paper = pypdfium2.PdfDocument(page.pdf(format="Letter"))
    words = paper[0].get_textpage()
    lowest = min(words.get_rect(n)[1] for n in range(words.count_rects()))
    assert lowest <= 0.35 * paper[0].get_height()
    paper.close()


def test_a_heading_of_pictures_is_not_printed_without_them(on_paper):
    page = on_paper("/conditions/ptsd/")
    expect(page.locator("#numbers")).to_be_hidden()
    expect(on_paper("/compounds/ketamine/").locator("#numbers")).to_be_visible()
