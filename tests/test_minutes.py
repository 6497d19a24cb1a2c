"""The minutes that pages show, beside the words that a reader meets on them."""

import re
from html.parser import HTMLParser

import pytest

from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, Section
from psychoplastogens.content.rendering.readability import WORDS_PER_MINUTE
from psychoplastogens.walkthrough.models import Walkthrough

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]

NOT_READ = {"nav", "form", "svg", "button", "select", "sup"}
NOT_READ_CLASSES = {
    "ev",
    "extra",
    "gist",
    "review",
    "no-print",
    "switch",
    "vh",
    "listen",
    "tools",
    "on-print",
}
VOID = {"br", "input", "use", "path", "hr", "img", "wbr", "meta", "link"}


class ReadWords(HTMLParser):
    """The words of the main part of a page that its texts consist of.

    Not sources, badges, what is folded but the parts of a guide, and what leads to other pages.
    """

    def __init__(self):
        super().__init__()
        self.words, self.depth, self.left_out = 0, 0, None
        self.is_main = False

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        self.depth += 1
        classes = set((dict(attrs).get("class") or "").split())
        self.is_main = self.is_main or tag == "main"
        is_detail = tag == "details" and not classes & {"part", "greeting"}
        if self.left_out is None and (is_detail or tag in NOT_READ or classes & NOT_READ_CLASSES):
            self.left_out = self.depth

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if self.depth == self.left_out:
            self.left_out = None
        self.depth -= 1
        self.is_main = self.is_main and tag != "main"

    def handle_data(self, data):
        if self.is_main and self.left_out is None:
            self.words += len(re.findall(r"\w\S*", data))


def count_words(client, *addresses):
    total = 0
    for address in addresses:
        reader = ReadWords()
        reader.feed(client.get(address).text)
        total += reader.words
    return total


def assert_close(page, minutes, words):
    """More or less than the words take by at most a good minute, or by a sixth."""
    measured = words / WORDS_PER_MINUTE
    assert abs(minutes - measured) <= max(1.1, measured / 6), (page, minutes, round(measured, 1))


@pytest.mark.parametrize("model", [Explainer, Section, Faq])
def test_the_minutes_of_a_page_are_those_of_its_words(client, model):
    for page in model.published_pages():
        assert_close(page, page.minutes, count_words(client, page.get_absolute_url()))


@pytest.mark.parametrize("model", [Compound, Condition])
def test_no_medicine_or_condition_says_fewer_minutes_than_its_texts_take(client, model):
    """Their lists and labels vary, and parts of them are folded: these are not counted."""
    for page in model.published_pages():
        texts = sum(len(text.split()) for text in page.prose_texts())
        assert page.minutes >= texts * 0.9 / WORDS_PER_MINUTE, page
        assert page.minutes <= count_words(client, page.get_absolute_url()) / 100 + 1, page


def test_the_minutes_of_a_walkthrough_are_those_of_its_steps(client):
    for walkthrough in Walkthrough.published_pages():
        main = [step.get_absolute_url() for step in walkthrough.steps.all() if not step.side_path]
        words = count_words(client, walkthrough.get_absolute_url(), *main)
        assert_close(walkthrough, walkthrough.minutes, words)


def test_every_page_that_shows_minutes_shows_these(client):
    """The minutes of a list are the sum of those of its items."""
    html = client.get("/c/oakside/before/").text
    each = [int(n) for n in re.findall(r"<small>\s*(\d+) min\s*</small>", html)]
    first = re.search(r"<h1>.*?(\d+) minutes.*?</h1>", html, re.DOTALL)[1]
    more = re.search(r"more things\s*, (\d+) minutes", html)[1]
    assert sum(each) == int(first) + int(more)
    pages = {page.get_absolute_url(): page for page in Explainer.published_pages()}
    listed = client.get("/explainers/").text
    for address, page in pages.items():
        line = listed[listed.index(f'href="{address}"') :].partition("</li>")[0]
        assert page.reading_time in line
        assert page.reading_time in client.get(address).text
