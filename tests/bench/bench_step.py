"""From key to painted heading or state: python3 manage.py test tests/bench/bench_step.py -s

A step ahead is fetched beforehand, so what is measured there is the swap and the paint. A state of
a picture is fetched when its key is pressed: the request counts too.
"""

from statistics import median

import pytest
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


STATES = {
    "/how-ketamine-works/": ["cell", "branch", "gap", "lock", "brain"],
    "/how-ketamine-works/letting-go-of-a-brake/": ["off", "on"],
}
PAINTED = """slug => {
  window.painted = new Promise(done => {
    let start;
    addEventListener("keydown", () => { start = performance.now(); }, {once: true, capture: true});
    const look = () => start && document.querySelector(`#state-${slug}[aria-current]`)
      ? requestAnimationFrame(() => done(performance.now() - start))
      : requestAnimationFrame(look);
    look();
  });
}"""


@pytest.mark.parametrize("address", STATES)
def test_from_key_to_painted_state(page, address):
    page.goto(address)
    times = []
    for slug in STATES[address] * 4:
        expect(page.locator(BUSY)).to_have_count(0)
        page.locator(f"#state-{slug}").focus()
        page.evaluate(PAINTED, slug)
        page.keyboard.press("Enter")
        times.append(page.evaluate("window.painted"))
    print(f"\n{address}: median {median(times):.0f} ms, longest {max(times):.0f} ms")
    assert len(times) >= 8
