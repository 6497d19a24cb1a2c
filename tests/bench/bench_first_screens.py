"""What a reader meets on a phone: screens, the first fact, words and minutes of pages.

    python tests/bench/bench_first_screens.py [--url http://127.0.0.1:8000] [--csv] [address ...]

Without --url it starts a site of its own. Each page is measured at 375 by 812 as it arrives, with
what is folded closed:

- screens: the height of the page, in screens of 812 pixels
- first fact: the top, in pixels, of the first paragraph, list item or cell after the main heading
  that says something: FACT_WORDS words or more outside links, buttons, forms and navigation
- words: those that are shown in the main part; "opened": with every folded part open
- minutes: those to read it opened, at WORDS_PER_MINUTE; "stated": what the head of the page says
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

from psychoplastogens.content.rendering.readability import WORDS_PER_MINUTE
from tests.browser import chromium
from tests.server_process import run_site_copy

VIEWPORT = {"width": 375, "height": 812}
FACT_WORDS = 4
ADDRESSES = (
    "/",
    "/compounds/ketamine/",
    "/compounds/esketamine/",
    "/conditions/treatment-resistant-depression/",
    "/explainers/the-day-of-your-treatment/",
    "/explainers/is-it-for-me/",
    "/questions/driving-and-work/",
    "/questions/does-spravato-work/",
    "/compounds/compare/",
    "/c/oakside/before/",
    "/search/?q=can+i+drive+after",
    "/search/?q=ketamin",
    "/sources/",
    "/glossary/",
    "/how-ketamine-works/stress-and-lost-connections/",
    "/how-ketamine-works/new-spines/",
)
COLUMNS = ("address", "screens", "first fact", "words", "opened", "minutes", "stated")
MEASURE = """factWords => {
  const main = document.querySelector("main"), title = main.querySelector("h1");
  const count = text => text.split(/\\s+/).filter(word => /[\\p{L}\\p{N}]/u.test(word)).length;
  const says = one => {
    const copy = one.cloneNode(true);
    for (const part of copy.querySelectorAll("a, button, select, [hidden], .vh")) part.remove();
    return count(copy.textContent) >= factWords;
  };
  const fact = [...main.querySelectorAll("p, li, dd, td")].find(one =>
    (!title || title.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) &&
    !one.closest("nav, form, button, [role=status], .vh") && one.checkVisibility() && says(one));
  const height = document.documentElement.scrollHeight, words = count(main.innerText);
  const top = fact && Math.round(fact.getBoundingClientRect().top + scrollY);
  const heads = [...main.querySelectorAll(".meta, .reads")].map(one => one.innerText).join(" ");
  const stated = heads.match(/(\\d+) minutes?/)?.[1] ?? "-";
  for (const part of main.querySelectorAll("details")) part.open = true;
  return {height, top, words, opened: count(main.innerText), stated};
}"""


def main() -> None:
    options = read_options()
    with find_site(options.url) as url:
        rows = list(measure_pages(url, options.addresses or ADDRESSES))
    if options.csv:
        csv.writer(sys.stdout).writerows([COLUMNS, *rows])
        return
    width = max(len(row[0]) for row in rows)
    for name, *figures in [COLUMNS, *rows]:
        print(f"{name:{width}}", *(f"{figure:>10}" for figure in figures))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", help="a site that runs, such as http://127.0.0.1:8000")
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("addresses", nargs="*")
    return parser.parse_args()


@contextmanager
def find_site(url: str | None) -> Iterator[str]:
    if url:
        yield url.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as folder, run_site_copy(Path(folder)) as site:
        yield site.url


def measure_pages(url: str, addresses: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    with sync_playwright() as playwright:
        executable = chromium.path(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=executable, args=chromium.ARGUMENTS)
        page = browser.new_page(viewport=VIEWPORT)
        for address in addresses:
            page.goto(url + address)
            yield (address, *measure(page))
        browser.close()


def measure(page: Page) -> tuple[str, ...]:
    page.evaluate("document.fonts.ready.then(() => true)")
    found = page.evaluate(MEASURE, FACT_WORDS)
    top, opened = found["top"], found["opened"]
    return (
        f"{found['height'] / VIEWPORT['height']:.1f}",
        "-" if top is None else str(top),
        str(found["words"]),
        str(opened),
        f"{opened / WORDS_PER_MINUTE:.1f}",
        found["stated"],
    )


if __name__ == "__main__":
    main()
