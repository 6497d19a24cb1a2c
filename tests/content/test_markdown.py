"""Markdown with additions, whatever somebody types into it."""

import re
from html import escape

import pytest
import tinyhtml5
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.renderer import RendererHTML

from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.rendering.markdown import (
    ProseReference,
    find_references,
)
from psychoplastogens.content.rendering.safe_html import parse_to_html
from psychoplastogens.content.rendering.syntax_errors import find_syntax_errors

TAGS = {"p", "ul", "ol", "li", "strong", "em", "h3", "h4", "a", "br", "hr", "blockquote", "code"}
TAGS |= {"i", "aside", "div", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {
    *("a href", "a title", "ol start", "aside data-callout", "div data-callout"),
    *("i data-cite", "i data-seen", "i data-term", "i data-finding", "i data-form"),
    "i data-status",
    *("table role", "thead role", "tbody role", "tr role"),
    *("th role", "th scope", "td role", "td data-label"),
}
SCHEMES = ("https:", "mailto:", "tel:", "sms:")


class MarkerRenderer(RendererHTML):
    """Draws each addition as an element that holds its data."""

    def citation(self, tokens, index, options, env):
        meta = tokens[index].meta
        return f'<i data-cite="{meta["slug"]}" data-seen="{meta["seen"]}"></i>'

    def glossary_term(self, tokens, index, options, env):
        meta = tokens[index].meta
        return f'<i data-term="{meta["slug"]}">{escape(meta["words"])}</i>'

    def finding(self, tokens, index, options, env):
        meta = tokens[index].meta
        return f'<i data-finding="{meta["slug"]}" data-form="{meta["form"]}"></i>'

    def finding_block(self, tokens, index, options, env):
        return f'<i data-finding="{tokens[index].meta["slug"]}" data-form="block"></i>'

    def status(self, tokens, index, options, env):
        return f'<i data-status="{tokens[index].meta["slug"]}"></i>'

    def callout_open(self, tokens, index, options, env):
        name, title = tokens[index].meta["name"], escape(tokens[index].meta["title"])
        if name == "advice":
            return '<div data-callout="advice">\n'
        return f'<aside data-callout="{name}"><p><strong>{title}</strong></p><div>\n'

    def callout_close(self, tokens, index, options, env):
        return "</div>\n" if tokens[index].meta["name"] == "advice" else "</div></aside>\n"


def draw(text):
    return markdown.render(parse_to_html(text), MarkerRenderer())


def elements(html):
    """Every element of a piece of HTML, as a browser would read it."""
    document = tinyhtml5.parse(f"<!doctype html><body>{html}</body>", namespace_html_elements=False)
    return list(document.iter())[3:]


def harms(html):
    """What in this HTML should never come from prose."""
    found = []
    for element in elements(html):
        if element.tag not in TAGS:
            found.append(element.tag)
        for name, value in element.attrib.items():
            if f"{element.tag} {name}" not in ATTRIBUTES:
                found.append(f"{element.tag} {name}")
            if name == "href" and re.match(r"[^/?#]*:", value) and not value.startswith(SCHEMES):
                found.append(value)
    return found


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("A[^li-2010].", '<p>A<i data-cite="li-2010" data-seen=""></i>.</p>'),
        ("A[^li:animals]", '<p>A<i data-cite="li" data-seen="animals"></i></p>'),
        ("A [[Synapse]]", '<p>A <i data-term="synapse">Synapse</i></p>'),
        ("[[synapse|two cells]]", '<p><i data-term="synapse">two cells</i></p>'),
        ("[[NMDA receptor]]", '<p><i data-term="nmda-receptor">NMDA receptor</i></p>'),
        ("[[a|<b>&]]", '<p><i data-term="a">&lt;b&gt;&amp;</i></p>'),
        ("{{finding:x}}", '<i data-finding="x" data-form="block"></i>'),
        ("In {{finding:x}}", '<p>In <i data-finding="x" data-form="figure"></i></p>'),
        ("{{ finding:x|treated }}", '<p><i data-finding="x" data-form="treated"></i></p>'),
        (
            ":::emergency\nGo.\n:::",
            '<aside data-callout="emergency"><p><strong>Call 911 or 988</strong></p>'
            "<div>\n<p>Go.</p>\n</div></aside>",
        ),
        (
            ":::good-to-know A <b>\nB\n:::",
            '<aside data-callout="good-to-know"><p><strong>A &lt;b&gt;</strong></p>'
            "<div>\n<p>B</p>\n</div></aside>",
        ),
        (":::advice\nB\n:::", '<div data-callout="advice">\n<p>B</p>\n</div>'),
        ("*a* **b**\\\nc", "<p><em>a</em> <strong>b</strong><br>\nc</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("[a](/b/#c)", '<p><a href="/b/#c">a</a></p>'),
        ("[a](tel:988)", '<p><a href="tel:988">a</a></p>'),
        ('"a" -- b...', "<p>“a” – b…</p>"),
        ("", ""),
    ],
)
def test_it_becomes(text, html):
    assert draw(text).strip() == html


@pytest.mark.parametrize(
    "text",
    ["[^Li]", "[^li:rats]", "[^ li]", "[[]]", "[[a|b|c]]", "{{finding:}}", "{{x}}", r"\[^li]"],
)
def test_what_only_looks_like_an_addition_stays_as_it_was_typed(text):
    assert draw(text).strip() == f"<p>{text.removeprefix(chr(92))}</p>"


@pytest.mark.parametrize("text", ["`[^li]`", "`[[a]]`", "`{{finding:x}}`"])
def test_what_is_between_backticks_is_shown(text):
    assert "<i" not in draw(text)
    assert "<code>" in draw(text)


def test_references_come_in_reading_order_with_their_lines():
    text = "A[^b]\n\n[[Synapse|x]] and[^a:cells]\n{{finding:f|treated}}"
    assert list(find_references(text)) == [
        ProseReference("source", "b", 1),
        ProseReference("term", "synapse", 3),
        ProseReference("source", "a", 3),
        ProseReference("finding", "f", 4),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ok\n[^Li 2010]", "Line 2: “[^Li 2010]” is not written as a source"),
        ("[^li:rats]", "Line 1: “[^li:rats]”"),
        ("\n\n[[a|b|c]]", "Line 3: “[[a|b|c]]”"),
        ("{{finding:x|big}}", "Line 1: “{{finding:x|big}}”"),
        ("{{ csrf_token }}", "Line 1: “{{ csrf_token }}”"),
        (
            "a\n:::warning\nb\n:::",
            "Line 2: there is no callout “warning”. There are: advice, good-to-know",
        ),
        (":::: x", "Line 1: there is no callout “x”"),
    ],
)
def test_a_mistake_is_named_with_its_line(text, said):
    assert len(find_syntax_errors(text)) == 1
    assert find_syntax_errors(text)[0].startswith(said)


def test_several_mistakes_are_named_together():
    assert len(find_syntax_errors("[^A]\n[[]]\n{{x}}\n:::no\n:::")) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ask.\n\nSo.[^okafor", "Line 3: “[^okafor” is not closed: put “]” behind it"),
        ("So.[^okafor and more", "Line 1: “[^okafor” is not closed"),
        ("A [[gate opens", "Line 1: “[[gate” is not closed: put “]]” behind it"),
        ("A [[gate] opens", "Line 1: “[[gate” is not closed"),
        ("{{finding:x", "Line 1: “{{finding:x” is not closed: put “}}” behind it"),
        ("{{finding:x}", "Line 1: “{{finding:x” is not closed"),
        ("So.[^", "Line 1: “[^” is not closed"),
        (":::advice\nAsk.", "Line 1: “:::advice” is not closed: put “:::” on a line below"),
        (":::advice\nAsk.\n\n:::emergency Now\nCall.\n:::", "Line 1: “:::advice” is not closed"),
        ("Ask.\n:::", "Line 2: “:::” closes no box."),
    ],
)
def test_a_mark_that_is_not_closed_is_told_with_its_line(text, said):
    [wrong] = find_syntax_errors(text)
    assert wrong.startswith(said)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("{{finding:x}} So it was.", 1, "Put the picture on a line of its own"),
        ("So it was. {{finding:x}}", 1, "Put the picture on a line of its own"),
        ("Ask.\n\nSo it was.\n{{finding:x}}", 4, "with an empty line before"),
        ("{{finding:x}}\nSo it was.", 1, "“{{finding:x|sentence}}” is its sentence"),
        ("{{finding:x}}{{finding:x|sentence}}", 1, "Put the picture on a line"),
        ("- {{finding:x}}\n- So.", 1, "Put the picture on a line of its own"),
        ("### {{finding:x}}", 1, "Put the picture on a line of its own"),
        ("|a|\n|---|\n|{{finding:x}}|", 3, "Put the picture on a line of its own"),
        ("So :::advice", 1, "“:::” is in the middle of a line"),
        (":::advice\nAsk. :::\n:::", 2, "“:::” is in the middle of a line"),
        (":::advice Ask them.\nAsk.\n:::", 1, "“Ask them.” is not shown"),
        ("So | a | b |\n|---|---|\n| c | d |", 2, "this is no table yet"),
        ("| a |\n|---|\n| b |\nSo it was.", 4, "this is a row of the table above"),
    ],
)
def test_a_block_that_is_not_on_lines_of_its_own_is_told_with_its_line(text, line, said):
    [wrong] = find_syntax_errors(text)
    assert wrong.startswith(f"Line {line}: ")
    assert said in wrong


@pytest.mark.parametrize(
    "text",
    [
        "So.\n\n{{ finding:x }}\n\nSo.",
        ":::good-to-know Title\n{{finding:x}}\n:::",
        "- a\n\n  {{finding:x}}\n\n- b",
        "A `{{finding:x}}` is a picture.",
        "a | b\n--|--\nc | d",
        ":::advice\nAsk.\n:::",
        "So -- and on | off.",
        "---",
    ],
)
def test_a_block_on_lines_of_its_own_is_well(text):
    assert find_syntax_errors(text) == []


def test_sound_text_has_no_mistakes():
    text = "A[^b:people] [[c|d]] [e](/f/) {{finding:g|sentence}} [h] {i}\n\n{{finding:g}}\n\n"
    text += "| k |\n|---|\n| l |\n\n:::not-known What?\nj\n:::"
    assert find_syntax_errors(text) == []


def test_a_text_that_is_too_long_is_refused_and_shown_as_plain_words():
    text = "<b> *a* " * markdown.MAX_TEXT_LENGTH
    assert find_syntax_errors(text) == [
        f"The text has {len(text)} characters; {markdown.MAX_TEXT_LENGTH} is the most."
    ]
    assert draw(text).startswith("<p>&lt;b&gt; *a* ")
    assert find_syntax_errors("a" * markdown.MAX_TEXT_LENGTH) == []


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>a</a>",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "<div hx-get='/admin/' hx-trigger='load'>a</div>",
    "<iframe src=//evil.example></iframe>",
    "<form action=//evil.example><input name=a>",
    "<p style='position:fixed'>a</p>",
    '<i data-cite="li" data-seen="">a</i>',
    "<!-- comment --> <![CDATA[a]]> <?php a ?> <!doctype a>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt&colon;alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](vbscript:a) [b](file:///etc/passwd)",
    "[a](//evil.example/)",
    "[a](http://plain.example/)",
    '[a](/b" onclick="alert(1))',
    '[a](</b" hx-get="/c>)',
    '[a](/b "title" onmouseover=alert(1))',
    "[a](/b '\" onfocus=\"alert(1)')",
    "![a](https://evil.example/pixel.png)",
    "![a](javascript:alert(1))",
    '<https://evil.example/"onclick=alert(1)>',
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    "[[a|<script>alert(1)</script>]]",
    '[[a"onclick=b|c]]',
    "[[<b>]]",
    ':::emergency "><script>alert(1)</script>\na\n:::',
    ":::emergency <b>\n:::advice\n> :::not-known\n:::",
    "> :::advice\n>",
    '{{finding:a"><script>}}',
    "a\x00<script>\x00b",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "\u2028<script>\ufeffalert(1)</script>",
    "# a\n## b\n##### c\n\nd\n===",
    "| a |\n|---|\n| b |",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_becomes_harmless_html(text):
    assert harms(draw(text)) == []


def test_the_harms_that_it_looks_for_are_seen():
    assert harms("<p>a</p>") == []
    assert harms("<script>a</script>") == ["script"]
    assert harms('<p onclick="a">b</p>') == ["p onclick"]
    assert harms('<a href="javascript:a">b</a>') == ["javascript:a"]
    assert harms('<a href="http://a/">b</a>') == ["http://a/"]


@pytest.mark.parametrize(
    "piece",
    [">", "[", "[[", "[^", "{{", "*", "_", "`", "<", "!", "- ", " - ", "1. ", "![", "[a](", "**a"]
    + [
        "|",
        "| a |\n|---|\n",
        "|a|b|\n|---|---|\n" + "|\n" * 99,
        "*a **b ",
        "[[a|",
        "{{finding:a}}",
        "\n",
        "\\",
        "&",
        "'\"",
        ":::advice\n",
        ":::advice\n> ",
    ],
)
def test_a_megabyte_of_anything_is_answered(piece):
    long = (piece * markdown.MAX_TEXT_LENGTH)[: markdown.MAX_TEXT_LENGTH // 10]
    assert harms(draw(long)) == []
    megabyte = (piece * 1_000_000)[:1_000_000]
    assert len(draw(megabyte)) < 10 * markdown.MAX_TEXT_LENGTH
    assert len(find_syntax_errors(megabyte)) == 1


PIECES = st.sampled_from(
    [*"<>[](){}^|*_`\"'\\/:#&;!-+=~.1aA \n\t", "[[", "]]", "[^", "{{finding:", "}}", "\n:::", ":::"]
    + ["advice", "emergency", "javascript:", "data:", "//", "<a href=", "onclick=", "<i data-cite="]
    + ["li-2010", "synapse", "|treated", "\n> ", "\n- ", "&colon;", "\x00", "\u202e", "é"]
    + ["{{status:"]
)
TEXT = st.text(max_size=200) | st.lists(PIECES, max_size=40).map("".join)


@settings(max_examples=50, deadline=None)
@given(TEXT)
def test_any_text_becomes_harmless_html(text):
    assert harms(draw(text)) == []


@settings(max_examples=50, deadline=None)
@given(TEXT)
@example("[[[synapse]]")
@example("[^[^li-2010]")
@example("{{{finding:a}}")
@example("{{[^li-2010]}}")
@example("{{{status:a}}")
def test_what_is_drawn_is_what_is_named(text):
    """No source, term, finding or status gets onto a page without being among the references."""
    named = {(r.kind, r.slug) for r in find_references(text)}
    for element in elements(draw(text)):
        for name in ("cite", "term", "finding", "status"):
            kind = "source" if name == "cite" else name
            if f"data-{name}" in element.attrib:
                assert (kind, element.attrib[f"data-{name}"]) in named
