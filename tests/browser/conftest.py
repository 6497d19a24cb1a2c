"""A real Chromium, watched: what a page must never do fails the test that opened it."""

import os
from importlib import resources
from urllib.parse import urlsplit

import pytest

from tests.browser import chromium

# Playwright keeps an event loop in this thread; Django would refuse its database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OUR_HOSTS = {"127.0.0.1", "localhost", None}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, playwright, pytestconfig):
    with pytestconfig.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        if not chromium.find(playwright.chromium.executable_path):
            print("\nLooking for Chromium, or installing it", flush=True)
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
def new_page(new_context):
    """Open a watched page: new_page(java_script_enabled=False, viewport=..., color_scheme=...)."""
    watches = []

    def open_page(**options):
        page = new_context(**options).new_page()
        watches.append(Watch(page))
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

    def check(page, only=None):
        rules = {"type": "rule", "values": only} if only else {"type": "tag", "values": RULES}
        # evaluate() passes the page's Content-Security-Policy; a script tag would not.
        page.evaluate(f"window.axe || {{ {AXE} }}")
        found = page.evaluate("runOnly => axe.run(document, {runOnly})", rules)
        lines = [
            f"{violation['id']}: {violation['help']}: {node['target']}"
            for violation in found["violations"]
            for node in violation["nodes"][:3]
        ]
        assert not lines, "\n".join([page.url, *lines])

    return check


class Watch:
    """Listens to a page: errors in its console, exceptions, and requests to other hosts."""

    def __init__(self, page):
        self.errors, self.foreign, self.expected = [], [], set()
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.errors.append(("", f"exception: {error}")))
        page.on("request", self.see_request)
        page.on("response", self.see_response)

    def hear(self, message):
        if message.type == "error":
            self.errors.append((message.location.get("url", ""), message.text))

    def see_request(self, request):
        if urlsplit(request.url).hostname not in OUR_HOSTS:
            self.foreign.append(f"request to another host: {request.url}")

    def see_response(self, response):
        """Who visits a page that is not there means to: Chromium's complaint is no error."""
        if response.request.is_navigation_request() and response.status >= 400:
            self.expected.add(response.url)

    def problems(self):
        unexpected = [(url, text) for url, text in self.errors if url not in self.expected]
        return [f"console: {text} ({url})" for url, text in unexpected] + self.foreign
