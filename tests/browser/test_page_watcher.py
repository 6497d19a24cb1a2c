"""The browser fixtures themselves: what they let pass, and what they must not."""

import pytest

from tests.browser.conftest import PageWatcher


@pytest.fixture
def watched(new_context):
    page = new_context().new_page()
    page.goto("/")
    return page, PageWatcher(page)


def test_a_quiet_accessible_page_passes(page, axe):
    page.goto("/")
    assert page.locator("h1").count() == 1
    axe(page)


def test_a_page_can_be_read_without_javascript(page_without_javascript):
    page_without_javascript.goto("/")
    assert page_without_javascript.locator("h1").is_visible()


def test_a_visit_to_a_page_that_is_not_there_is_no_error(page):
    assert page.goto("/no-such-page/").status == 404


def test_axe_names_a_violation(watched, axe):
    page, _ = watched
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"/nothing.ico\">'")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_an_exception_is_a_problem(watched):
    page, watch = watched
    with page.expect_event("pageerror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('lost') }) }")
    assert "lost" in watch.problems()[0]


def test_what_the_content_security_policy_blocks_is_a_problem(watched):
    page, watch = watched
    with page.expect_console_message():
        page.evaluate("fetch('https://elsewhere.example/').catch(() => null)")
    assert "elsewhere.example" in watch.problems()[0]


def test_a_request_to_another_host_is_a_problem(new_context):
    page = new_context(bypass_csp=True).new_page()
    watch = PageWatcher(page)
    page.route("https://elsewhere.example/**", lambda route: route.fulfill(body="Hello"))
    page.goto("/")
    page.evaluate("fetch('https://elsewhere.example/', {mode: 'no-cors'})")
    assert watch.problems() == ["request to another host: https://elsewhere.example/"]
