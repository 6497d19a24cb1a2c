"""A patient opens the link of an intake email on a phone; so does a scanner that runs scripts."""

import re
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser.page_addresses import PHONE
from tests.browser.test_request_failures import NO_STORAGE

LIST, LINK = "/c/oakside/before/", "/s/7KR4H"
TICKS = "all => all.map(one => one.checked)"
# Scanners press what they find.
SUBMIT = "number => document.forms[number].requestSubmit()"
IS_VALID = "number => document.forms[number].checkValidity()"


@pytest.fixture
def phone(new_page):
    page = new_page(viewport=PHONE, has_touch=True)
    page.goto(LIST)
    return page


def ticks(page):
    return page.locator("[data-read]").evaluate_all(TICKS)


def test_two_pages_are_read_and_ticked_and_stay_so(phone):
    expect(phone).to_have_title("Before your visit – Understory")
    phone.locator(".reads .go").first.tap()
    expect(phone.locator("h1")).to_have_text("The day of your treatment")
    phone.get_by_role("link", name="Next: Can I keep taking").tap()
    expect(phone.locator(".place .theirs")).to_contain_text("Bring your list of medicines")
    phone.get_by_role("link", name="Next: My questions").tap()
    phone.locator(".place .more-link").tap()
    expect(phone.locator("[data-progress]")).to_have_text("2 of 7 read.")
    phone.reload()
    assert ticks(phone) == [True, True, *[False] * 5]


def test_a_tick_is_set_and_taken_back_by_hand(phone):
    phone.get_by_text("If you want more").tap()
    box = phone.get_by_role("checkbox", name=re.compile("read this ?: Ketamine"))
    box.check()
    expect(phone.locator("[data-progress]")).to_have_text("1 of 7 read.")
    box.uncheck()
    expect(phone.locator("[data-progress]")).to_have_text("")
    assert phone.evaluate("Object.keys(localStorage)") == []


@pytest.mark.parametrize("button", ["Clear the ticks", "Forget where I was"])
def test_ticks_are_cleared_at_the_press_of_a_button(phone, button):
    phone.get_by_text("If you want more").tap()
    phone.get_by_role("checkbox").first.check()
    phone.get_by_role("checkbox").last.check()
    if button == "Forget where I was":
        phone.locator(".top [popovertarget=menu]").click()
        phone.locator("#menu [popovertarget=view]").click()
    phone.get_by_role("button", name=button).click()
    assert phone.evaluate("Object.keys(localStorage)") == []
    phone.reload()
    assert ticks(phone) == [False] * 7


def test_back_shows_what_was_read_meanwhile(phone):
    phone.locator(".reads .go").first.click()
    phone.locator("a[data-read]").click()
    expect(phone.locator(".place")).to_contain_text("2 of 7")
    phone.go_back()
    phone.go_back()
    expect(phone.get_by_role("checkbox").first).to_be_checked()


def test_the_list_leads_through_where_nothing_can_be_kept(new_page):
    page = new_page(viewport=PHONE)
    page.add_init_script(NO_STORAGE)
    page.goto(LIST)
    page.locator(".reads .go").first.click()
    page.locator("a[data-read]").click()
    page.locator(".place .more-link").click()
    assert ticks(page) == [False] * 7


def test_without_scripts_the_list_is_whole_and_has_no_ticks(page_without_javascript):
    page = page_without_javascript
    page.goto(LIST)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    for _ in range(7):
        expect(page.locator(".place, .from")).to_be_visible()
        page.locator("main .go, main .onward .btn:last-child").first.click()
    expect(page.locator(".place")).to_contain_text("7 of 7")


def test_the_phone_of_the_clinic_is_in_the_cards_and_on_paper(phone):
    phone.goto(f"{LIST}5/")
    phone.locator(".part").evaluate_all("all => all.forEach(part => (part.open = true))")
    card = phone.locator(".call-clinic").first
    expect(card.get_by_role("link", name="503-555-0100")).to_have_attribute(
        "href", "tel:+15035550100"
    )
    phone.emulate_media(media="print")
    expect(phone.locator(".place")).to_contain_text("phone 503-555-0100")
    expect(phone.locator(".onward")).to_be_hidden()


def rows(data):
    """({table: rows}, how many openings are counted); the count is the only thing left out."""
    with sqlite3.connect(data / "db.sqlite3") as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master")]
        tables = {
            name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"')))
            for name in names
            if not name.startswith(("sqlite_", "short_links_dailycount")) and "_idx" not in name
            if database.execute(
                "SELECT 1 FROM sqlite_master WHERE name = ? AND type = 'table'", [name]
            ).fetchone()
        }
        count = database.execute("SELECT coalesce(sum(number), 0) FROM short_links_dailycount")
        return tables, count.fetchone()[0]


def test_a_scanner_that_runs_scripts_and_sends_forms_changes_only_the_count(own_site, new_context):
    before, none = rows(own_site.data)
    scanner = new_context(user_agent="Mozilla/5.0 OneOutlook/1.2024")
    pages = [LINK, LIST, f"{LIST}1/", f"{LIST}3/", "/s/", "/how-ketamine-works/new-spines/"]
    opened = sent = 0
    for path in pages:
        page = scanner.new_page()
        page.goto(own_site.url + path)
        opened += path == LINK
        for number in range(page.evaluate("document.forms.length")):
            fresh = scanner.new_page()
            fresh.goto(own_site.url + path)
            opened += path == LINK
            if fresh.evaluate(IS_VALID, number):
                with fresh.expect_event("response"):
                    fresh.evaluate(SUBMIT, number)
                sent += 1
            fresh.close()
    assert own_site.stop() == 0
    after, counted = rows(own_site.data)
    assert none == 0
    assert after == before
    assert counted == opened >= 1
    assert sent >= 4
