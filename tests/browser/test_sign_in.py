"""The way in for staff, in a browser: with the keyboard, without scripts, and seen by axe."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import login
from tests.browser.mails import wait_for_link
from tests.browser.page_addresses import DESKTOP
from tests.login import get_code

TABLET = {"width": 820, "height": 1180}
LOOKS = [(DESKTOP, "light"), (TABLET, "dark")]
looks = pytest.mark.parametrize(("viewport", "scheme"), LOOKS, ids=["desk", "tablet"])
FOR_WHO_IS_IN = {
    "/admin/second-factor/": "Second factor",
    "/admin/second-factor/set-up/": "Set up the second factor",
    "/admin/sessions/": "Where you are signed in",
    "/admin/accounts/accountevent/": "Audit list",
    "/admin/accounts/accountevent/?name=nobody": "Audit list",
    "/admin/auth/user/2/change/": "Change user",
}


def width_fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_publisher_sets_up_signs_out_and_comes_back_by_keyboard_alone(page, site, axe):
    login.submit_password(page, "publisher", site)
    key = page.locator(".key").inner_text()
    axe(page)
    page.get_by_label("Code from the app").focus()
    page.keyboard.type(get_code(key))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    axe(page)
    codes = page.locator(".codes code").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as a text file").click()
    assert download.value.path().read_text().split()[-10:] == codes
    page.get_by_role("button", name="I have kept them").press("Enter")
    expect(page.get_by_role("heading", name="What readers read")).to_be_visible()
    page.get_by_role("button", name="Log out").press("Enter")
    login.submit_password(page, "publisher", site)
    expect(page.get_by_label("Code")).to_be_focused()
    axe(page)
    page.keyboard.type(get_code(key, ahead=1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What readers read")).to_be_visible()


def test_it_works_without_javascript(page_without_javascript, site):
    page = page_without_javascript
    login.submit_password(page, "reviewer", site)
    login.set_up_second_factor(page)
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("heading", name="What readers read")).to_be_visible()


@looks
def test_a_wrong_password_and_the_lock_out_are_told_accessibly(
    new_page, site, axe, viewport, scheme
):
    page = new_page(viewport=viewport, color_scheme=scheme)
    page.goto("/admin/")
    for number in range(5):
        login.log_in(page, f"nobody at {scheme}", "a guess")
        if number in (0, 4):
            axe(page)
    expect(page.get_by_role("heading", name="Locked out")).to_be_visible()
    assert width_fits(page)
    page.get_by_role("link", name="Back to signing in").click()
    expect(page.get_by_label("Username")).to_be_visible()


@looks
def test_the_pages_for_who_is_in_are_accessible(new_page, superuser, axe, viewport, scheme):
    page = new_page(storage_state=superuser, viewport=viewport, color_scheme=scheme)
    for address, heading in FOR_WHO_IS_IN.items():
        page.goto(address)
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        axe(page, preload=False)
        assert width_fits(page)


def test_a_reset_asks_first_and_can_be_thought_better_of(new_page, superuser, axe):
    page = new_page(storage_state=superuser)
    page.goto("/admin/auth/user/")
    page.get_by_role("row", name="clinic-editor").get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("Reset the second factor")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("heading", name="Reset the second factor")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="No, take me back").click()
    expect(page).to_have_url(re.compile("/admin/auth/user/$"))


LINK = "/admin/new-password/"
INVITATION = re.compile(r"(/admin/invitation/\S+)")


def test_a_forgotten_password_is_replaced_by_keyboard_alone(new_page, mailing_site, axe):
    page = new_page()
    page.goto(f"{mailing_site.url}/admin/login/")
    page.get_by_role("link", name="Forgot your password?").press("Enter")
    axe(page)
    assert width_fits(page)
    page.get_by_label("Mail address of your account").press_sequentially("author@moss.example")
    page.keyboard.press("Enter")
    expect(page.get_by_text("If an account has this address")).to_be_visible()
    axe(page)
    page.goto(mailing_site.url + wait_for_link(mailing_site, LINK))
    axe(page)
    page.get_by_label("New password:").press_sequentially("lichen on a north wall")
    page.keyboard.press("Tab")
    page.keyboard.type("lichen on a north wall")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Sign in").press("Enter")
    login.log_in(page, "author", "lichen on a north wall")
    expect(page.get_by_role("heading", name="What readers read")).to_be_visible()


def test_somebody_is_invited_on_paper_and_comes_in(new_page, superuser, site, axe):
    page = new_page(storage_state=superuser)
    page.goto("/admin/auth/user/add/")
    axe(page, preload=False)
    page.get_by_label("Username").press_sequentially("kim")
    page.get_by_role("checkbox", name=re.compile("^Author")).press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Invitation to Understory")).to_be_visible()
    axe(page, preload=False)
    assert width_fits(page)
    link = INVITATION.search(page.locator(".printed .key").inner_text())[1]
    page.emulate_media(media="print")
    expect(page.locator(".printed .qr")).to_be_visible()
    expect(page.get_by_text("never again")).to_be_hidden()
    expect(page.locator("#nav-sidebar")).to_be_hidden()
    guest = new_page(viewport={"width": 320, "height": 600}, color_scheme="dark")
    guest.goto(link)
    axe(guest)
    assert width_fits(guest)
    guest.get_by_label("New password:").press_sequentially(login.CHOSEN_PASSWORD)
    guest.keyboard.press("Tab")
    guest.keyboard.type(login.CHOSEN_PASSWORD)
    guest.keyboard.press("Enter")
    expect(guest.get_by_text("You sign in as kim.")).to_be_visible()
    axe(guest)
    guest.get_by_role("link", name="Sign in").press("Enter")
    login.log_in(guest, "kim", login.CHOSEN_PASSWORD)
    expect(guest.get_by_role("heading", name="What readers read")).to_be_visible()
