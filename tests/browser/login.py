"""The way in for staff, in a browser."""

import re

from playwright.sync_api import expect

from tests.login import get_code

CHOSEN_PASSWORD = "moss under tall trees"
# Tests sign in more often than the limit for one network allows.
SECONDS_TO_WAIT = re.compile(r"Too many passwords were tried .* Wait (\d+) second")
_chosen = set()


def get_printed_password(name, site):
    """What the first start of the site printed for this account."""
    return re.search(rf"name {name}, password (\S+)", site.printed())[1]


def submit_password(page, name, site):
    """Sign in at `site`; for the first time with the printed password, which is then replaced."""
    is_first = (site.data, name) not in _chosen
    password = get_printed_password(name, site) if is_first else CHOSEN_PASSWORD
    page.goto(f"{site.url}/admin/")
    log_in(page, name, password)
    if is_first:
        expect(page.get_by_role("heading", name="Choose your own password")).to_be_visible()
        for field in page.locator("input[type=password]").all():
            field.fill(CHOSEN_PASSWORD)
        page.get_by_role("button", name="Go on").click()
        _chosen.add((site.data, name))


def log_in(page, name, password):
    """Type and send both, again after a wait where the limit for one network asks for it."""
    asked = True
    while asked:
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(password)
        with page.expect_navigation():
            page.get_by_role("button", name="Log in").click()
        if asked := SECONDS_TO_WAIT.search(page.locator("main").inner_text()):
            page.wait_for_timeout(1_000 * int(asked[1]))


def set_up_second_factor(page):
    """Give an app the key on this page and type what it shows. Returns the key."""
    key = page.locator(".key").inner_text()
    page.get_by_label("Code from the app").fill(get_code(key))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    return key


def sign_in(page, name, site):
    """The first sign-in of an account that needs a second factor. Returns the key of the app."""
    submit_password(page, name, site)
    key = set_up_second_factor(page)
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("heading", name="What readers read")).to_be_visible()
    return key
