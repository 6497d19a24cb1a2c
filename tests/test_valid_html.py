"""The checker itself: a page may only be called valid if it would have been caught otherwise."""

import pytest

from tests.valid_html import problems

PAGE = '<!doctype html><html lang="en"><head><title>A page</title></head><body>{}</body></html>'


@pytest.mark.parametrize(
    "body",
    [
        '<main><h1 id="a">A</h1><p>See <a href="#a">above</a>.</p></main>',
        "<dl><div><dt>Term</dt><dd>What it says</dd></div></dl>",
        '<a href="/all/" hx-get="/all/fragment/" hx-target="#list">All</a><ul id="list"></ul>',
        '<svg viewBox="0 0 1 1" role="img" aria-label="One"><circle r="1"/></svg>',
        "<details><summary><h2>More</h2></summary><p>Text</p></details>",
        '<label for="q">Search</label><input id="q" name="q" type="search" required>',
        '<p>Updated <time datetime="2026-11-21">21 November 2026</time></p>',
    ],
)
def test_it_accepts_what_the_standard_allows(body):
    assert problems(PAGE.format(body)) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<div><p>Never closed", "expected-one-end-tag-but-got-another"),
        ("<p><b><i>Crossed</b></i></p>", "adoption-agency"),
        ('<p id="a">1</p><p id="a">2</p>', "used twice"),
        ("<span><div>Block in a line</div></span>", "may not stand in <span>"),
        ("<ul><p>No item</p></ul>", "may not stand in <ul>"),
        ('<a href="/"><button type="button">Two targets</button></a>', "may not stand anywhere"),
        ('<img src="/a.png">', "lacks alt"),
        ('<p style="color:red">Red</p>', "no attribute style"),
        ('<p aria-labeledby="a">A typing mistake</p>', "no attribute aria-labeledby"),
        ('<label for="nobody">Name</label>', "names no element"),
        ('<a href="#nowhere">Down</a>', "leads nowhere"),
        ("<center>Old</center>", "no such element"),
        ('<input type="checkbox" checked="true">', "never 'true'"),
        ('<time datetime="May">May</time>', "no time"),
        ("<main>1</main><main>2</main>", "more than one <main>"),
    ],
)
def test_it_names_what_the_standard_forbids(body, said):
    assert any(said in problem for problem in problems(PAGE.format(body)))


def test_a_page_says_its_language_and_title():
    found = problems("<!doctype html><html><head></head><body>Text</body></html>")
    assert "<html>: lacks lang" in found
    assert "the page has no title" in found
