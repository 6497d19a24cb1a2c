"""A walkthrough as a reader meets it on a phone: its lines in reading order, words counted.

    python tests/bench/bench_reading.py [--url http://127.0.0.1:8000] [--most 1000] [address]

Without --url it starts a site of its own. It begins at `address` and follows "Start" and "Next".
Before each line stands the count of words up to its end; a picture costs PICTURE_WORDS.
docs/readings.md says what readers are asked, and what came of it.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.bench_first_screens import VIEWPORT, find_site
from tests.browser import chromium

PICTURE_WORDS = 40
WORD = re.compile(r"[\w’'-]+")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", help="a site that runs, such as http://127.0.0.1:8000")
    parser.add_argument("--most", type=int, default=1000, help="words to print")
    parser.add_argument("address", nargs="?", default="/how-ketamine-works/")
    options = parser.parse_args()
    with find_site(options.url) as url, sync_playwright() as playwright:
        executable = chromium.path(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=executable, args=chromium.ARGUMENTS)
        read = 0
        for words, line in read_pages(browser.new_page(viewport=VIEWPORT), url + options.address):
            read += words
            if read > options.most:
                break
            print(f"{read:5} {line}")
        browser.close()


def read_pages(page: Page, address: str) -> Iterator[tuple[int, str]]:
    """(cost in words, line) of what is shown, page after page."""
    while address:
        page.goto(address)
        title = page.locator("main h1").inner_text()
        yield count_words(title), f"# {title}"
        if page.locator("#picture > svg").count():
            yield PICTURE_WORDS, f"(picture: {page.url})"
        _, _, rest = page.locator("main").inner_text().partition(title)
        for line in filter(None, map(str.strip, rest.splitlines())):
            yield count_words(line), line
        onward = page.locator("main a[rel=next], main .start a.btn").first
        address = urljoin(page.url, onward.get_attribute("href")) if onward.count() else ""


def count_words(text: str) -> int:
    return len(WORD.findall(text))


if __name__ == "__main__":
    main()
