"""A real Chromium, watched: what a page must never do fails the test that opened it."""

import os
from functools import cache

import pytest
from playwright.sync_api import expect

from tests import server_process
from tests.browser import chromium, login, page_visits
from tests.browser.axe import violations
from tests.browser.page_watcher import PageWatcher

# Playwright keeps an event loop in this thread; Django would refuse its database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=30_000)  # ms; a busy machine is only slow

GIVE_ADDRESSES = """
from django.contrib.auth import get_user_model
for name in ("author", "admin"):
    get_user_model().objects.filter(username=name).update(email=f"{name}@moss.example")
print(1)
"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, playwright, pytestconfig):
    with pytestconfig.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        if chromium.must_install():
            print("\nInstalling Chromium's headless shell", flush=True)
    try:
        executable = chromium.path(playwright.chromium.executable_path)
    except chromium.Missing as missing:
        raise pytest.fail.Exception(str(missing), pytrace=False) from None
    arguments = {"executable_path": executable, "args": chromium.ARGUMENTS}
    return {**browser_type_launch_args, **arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args, site):
    """`page.goto("/questions/")` asks the running site."""
    return {**browser_context_args, "base_url": site.url}


@pytest.fixture
def own_site(started_before):
    """A site that only this test opens: it may change what is there, and look at the database."""
    with server_process.run_site(started_before) as own:
        yield own


@pytest.fixture
def mailing_site(started_before, tmp_path, monkeypatch):
    """A site of its own that writes mails to `.mails`; the author and the superuser have addresses.

    Clinics ask for an account there, and a superuser accepts them.
    """
    mails = tmp_path / "mails"
    monkeypatch.setenv("EMAIL_URL", f"filemail:///{mails}")
    with server_process.run_site(started_before) as own:
        server_process.run_script(GIVE_ADDRESSES, data=own.data)
        own.mails = mails
        yield own


@pytest.fixture(scope="session")
def superuser(browser, browser_context_args, site):
    """The cookies of a superuser, for new_page(storage_state=superuser): signed in to once."""
    with browser.new_context(**browser_context_args) as context:
        login.sign_in(context.new_page(), "admin", site)
        return context.storage_state()


@pytest.fixture
def new_page(new_context):
    """Open a watched page: new_page(java_script_enabled=False, viewport=..., color_scheme=...)."""
    watches = []

    def open_page(**options):
        page = new_context(**options).new_page()
        watches.append(PageWatcher(page))
        return page

    yield open_page
    problems = [problem for watch in watches for problem in watch.problems()]
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(new_page):
    return new_page()


@pytest.fixture
def page_without_javascript(new_page):
    return new_page(java_script_enabled=False)


@pytest.fixture
def axe():
    """axe(page): fail with every accessibility violation that axe-core sees in it now.

    axe(page, only=["color-contrast"]) looks by these rules alone, which takes less time.
    """

    def check(page, only=None, **options):
        lines = violations(page, only, **options)
        assert not lines, "\n".join([page.url, *lines])

    return check


@pytest.fixture(scope="session")
def visited(browser, browser_context_args):
    """visited(address): the Visit to a page. Each page is visited once for all tests."""
    with browser.new_context(**browser_context_args, java_script_enabled=False) as context:
        page = context.new_page()
        yield cache(
            lambda address: page_visits.visit_page(browser, browser_context_args, address, page)
        )


@pytest.fixture
def open_form(new_page, superuser):
    """open_form("glossaryterm"): an empty form of a kind, signed in to by a superuser."""

    def open_it(kind, **options):
        page = new_page(storage_state=superuser, **options)
        page.goto(f"/admin/content/{kind}/add/")
        return page

    return open_it
