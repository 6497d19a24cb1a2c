"""Our pages on a clinic's own site: another origin, a strict sandbox, no scripts."""

from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

SECTION = "/embed/explainers/the-day-of-your-treatment/what-it-may-feel-like/"
STEP = "/embed/how-ketamine-works/new-spines/"
STRICT, OFFERED = "", "allow-popups allow-popups-to-escape-sandbox"


class OneFrame(BaseHTTPRequestHandler):
    """A clinic's site with one page, which shows the frame that the address names."""

    def __init__(self, *arguments, site, sandbox):
        self.site, self.sandbox = site, sandbox
        super().__init__(*arguments)

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        frame = f'<iframe src="{self.site}{self.path}" sandbox="{self.sandbox}" title="From us"'
        page = f'<!doctype html><title>Clinic</title>{frame} width="640" height="700"></iframe>'
        self.wfile.write(b"" if self.path == "/favicon.ico" else page.encode())

    def log_message(self, *arguments):
        """Say nothing: the suite prints what matters."""


@pytest.fixture
def framed(new_page, site):
    """framed(address, sandbox): (the page of the clinic, our frame in it)."""
    servers = []

    def open_frame(address, sandbox=STRICT):
        handler = partial(OneFrame, site=site.url, sandbox=sandbox)
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), handler))
        Thread(target=servers[-1].serve_forever, daemon=True).start()
        page = new_page()
        page.goto(f"http://127.0.0.1:{servers[-1].server_port}{address}")
        return page, page.frame_locator("iframe")

    yield open_frame
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("address", [SECTION, STEP])
@pytest.mark.parametrize("sandbox", [STRICT, OFFERED])
def test_it_is_whole_in_a_sandbox(framed, address, sandbox):
    page, frame = framed(address, sandbox)
    expect(frame.locator("h1")).to_be_visible()
    assert frame.locator("h1").evaluate(
        "() => document.fonts.ready.then(() => document.fonts.check('20px Hyper'))"
    )
    shown = frame.locator("main svg use").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().width > 0).length"
    )
    assert shown > 0
    assert not page.context.cookies()


@pytest.mark.parametrize("sandbox", [STRICT, OFFERED])
def test_it_is_whole_when_the_browser_asks_again_for_what_it_keeps(framed, sandbox):
    page, frame = framed(STEP, sandbox)
    expect(frame.locator("h1")).to_be_visible()
    with page.expect_event("framenavigated"):
        page.frames[1].evaluate("location.reload()")
    assert page.frames[1].url.endswith(STEP)
    expect(frame.locator("h1")).to_be_visible()


def test_its_words_fit_into_a_narrow_frame(framed):
    page, frame = framed(STEP)
    page.locator("iframe").evaluate("one => { one.width = 320 }")
    wide = frame.locator("html").evaluate("one => one.scrollWidth")
    assert wide <= 320


def test_steps_follow_each_other_in_the_frame_and_links_open_beside_it(framed, site):
    page, frame = framed(STEP, OFFERED)
    frame.get_by_role("link", name="Next").click()
    expect(frame.locator("h1")).to_contain_text("In the days after")
    assert page.url.endswith(STEP)
    with page.expect_popup() as opened:
        frame.get_by_role("link", name="Understory: In the days after").click()
    live = opened.value
    live.wait_for_url(f"{site.url}/how-ketamine-works/the-days-after/")
    assert live.evaluate("window.opener") is None
    assert live.evaluate("document.referrer") == ""


def test_sources_open_without_a_script(framed):
    _, frame = framed(SECTION)
    frame.get_by_text("sources", exact=False).first.click()
    expect(frame.locator("#s1")).to_be_visible()


def test_it_is_accessible(page, axe):
    for address in (SECTION, "/embed/how-ketamine-works/", STEP):
        page.goto(address)
        axe(page)
