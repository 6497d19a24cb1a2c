"""From key to painted heading: python3 manage.py test tests/bench/bench_step.py -s

A step ahead is fetched beforehand, so what is measured is the swap and the paint.
"""

from statistics import median

from playwright.sync_api import expect

from tests.browser.conftest import *  # noqa: F403 - the watched browser is a fixture of that room

START = "/how-ketamine-works/stress-and-lost-connections/"
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling"
PRESS = """() => new Promise(done => {
  const before = document.querySelector("h1").textContent, start = performance.now();
  const look = () => document.querySelector("h1").textContent === before
    ? requestAnimationFrame(look)
    : requestAnimationFrame(() => done(performance.now() - start));
  document.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true}));
  look();
})"""


def test_from_key_to_painted_heading(page):
    page.goto(START)
    times = []
    for _ in range(7):
        page.wait_for_load_state("networkidle")
        expect(page.locator(BUSY)).to_have_count(0)
        times.append(page.evaluate(PRESS))
        expect(page.locator("h1")).to_be_focused()
    print(f"\nkey to painted heading: median {median(times):.0f} ms, longest {max(times):.0f} ms")
    assert len(times) == 7
