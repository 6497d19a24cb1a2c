"""Page, feed and handout from the same tokens: what none of them may let through or lose."""

import re
import time

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.renderer import RendererHTML

from psychoplastogens.content.models import CompoundStatus
from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.rendering.markdown import ADDITIONS
from psychoplastogens.content.rendering.prose_renderer import PageRenderer, ProseRenderer
from psychoplastogens.content.rendering.published_references import PublishedReferences
from psychoplastogens.content.rendering.safe_html import parse_to_html
from psychoplastogens.editorial.models import Status
from psychoplastogens.handouts.typst_data import MAX_MARKS, TypstRenderer
from psychoplastogens.infobutton import plain_prose
from psychoplastogens.infobutton.plain_prose import PlainRenderer, render_plain_prose
from tests.content.test_markdown import HOSTILE, SCHEMES, TEXT, elements
from tests.factories import make_compound, make_finding, make_source, make_term

pytestmark = pytest.mark.django_db

PAGE_TAGS = set("p ul ol li strong em h3 a br hr blockquote code aside div sup span svg".split())
PAGE_TAGS |= {"use", "table", "thead", "tbody", "tr", "th", "td"}
PAGE_ATTRIBUTES = set("href start class data-callout aria-label aria-hidden width height".split())
PAGE_ATTRIBUTES |= {"hx-get", "hx-target", "title", "role", "scope", "data-label"}
ORIGIN = "https://pages.example"
FEED_TAGS = {"p", "ul", "ol", "li", "a", "strong", "em", "h3"}


def render_page(text, **options):
    return ProseRenderer([text], **options).render(text)


def render_feed(text):
    return render_plain_prose(text, PublishedReferences([text]))


def render_handout(text):
    return TypstRenderer(PublishedReferences([text]), 2).render_text(text)


def harms(html, tags, attributes):
    """What nobody should be able to type into `html`."""
    for element in elements(html):
        if element.tag not in tags:
            yield element.tag
        for name, value in element.attrib.items():
            if name not in attributes or ("evil" in value and name != "href"):
                yield f"{element.tag} {name}"
            if name == "href" and re.match(r"[^/?#]*:", value) and not value.startswith(SCHEMES):
                yield value


def page_harms(text):
    figure = elements(render_page("{{finding:a}}"))
    tags = PAGE_TAGS | {element.tag for element in figure}
    attributes = PAGE_ATTRIBUTES.union(*(element.attrib for element in figure))
    return list(harms(render_page(text), tags, attributes))


def feed_harms(text):
    with override_settings(SITE_ORIGIN=ORIGIN):
        return list(harms(render_feed(text).html, FEED_TAGS, {"href", "title"}))


def walk(data):
    """Every dict in the data of a handout."""
    if isinstance(data, dict):
        yield data
        data = list(data.values())
    if isinstance(data, list):
        for part in data:
            yield from walk(part)


def handout_harms(text):
    with override_settings(SITE_ORIGIN=ORIGIN):
        links = [part["to"] for part in walk(render_handout(text)) if part.get("kind") == "link"]
    return [link for link in links if not link.startswith(SCHEMES)]


MORE_HOSTILE = [
    "- a\n  :::emergency <b onclick=a>\n  <script>b</script>\n  :::\n- c",
    "> - :::advice\n>   [[a|<b>]]\n>   :::",
    "1. a\n\n   :::call-clinic\n   - b\n     :::not-known\n     c\n     :::\n   :::",
    "::::emergency\n:::advice\na\n:::\n\nb\n::::\n\nc",
    ":::emergency &lt;script&gt;\na\n:::",
    ":::emergency <!---->\n<!---->{{finding:a}}<!---->\n:::",
    "<!---->[[synapse]]<!---->{{finding:a|sentence}}<!-- --><!--",
    "&lt;!----&gt; &#60;!----> &#x3c;script&#x3e;",
    "[[synapse|&lt;b&gt;]] [[synapse|<!---->]]",
    '[[synapse|</a><script>]] [[synapse|" onclick=evil x="]]',
    "[a <https://evil.example/> {{finding:a|sentence}} b](/c/)",
    "[a [b [c [[synapse]] d](/e/)](javascript:f)](/g/)",
    "[[[[synapse]]]] [^[^li-2010]] {{{{finding:a}}}} [{{finding:a}}](/b/)",
    "*a **b [[synapse]] c* d** `{{finding:a}}` \\{{finding:a}} {{finding:a\\}}",
    "[a](http://evil.example/) [b](HTTP://evil.example/) <http://evil.example/>",
    "[a](https:evil) [b](https) [c](tel) [d](ftp://evil.example/) [e](https://[evil)",
    "[a](\\\\evil.example) [b](/\\evil.example) [c](\x01javascript:d)",
    "# {{finding:a}}\n## a[^li-2010:people]\n###### b\n### c[^li-2010:people]",
    "- {{finding:a}}\n- > {{finding:a}}\n\n  {{finding:a}}",
    "a\xa0&nbsp;&#13;&#10;&#0;b\rc",
]


@pytest.mark.parametrize("text", [*HOSTILE, *MORE_HOSTILE])
def test_no_output_lets_hostile_text_through(text):
    make_records()
    assert page_harms(text) == feed_harms(text) == handout_harms(text) == []


def test_the_harms_that_it_looks_for_are_seen():
    assert list(harms("<script>a</script>", PAGE_TAGS, PAGE_ATTRIBUTES)) == ["script"]
    assert list(harms("<p onclick=a>b</p>", PAGE_TAGS, PAGE_ATTRIBUTES)) == ["p onclick"]
    assert list(harms("<a href='http://a/'>b</a>", PAGE_TAGS, PAGE_ATTRIBUTES)) == ["http://a/"]


@settings(max_examples=50, deadline=None)
@given(TEXT)
def test_any_text_is_harmless_in_every_output(text):
    make_records()
    assert page_harms(text) == feed_harms(text) == handout_harms(text) == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(MORE_HOSTILE), max_size=4), TEXT)
def test_any_mixture_keeps_the_words_between_its_additions_in_order(pieces, text):
    """Each addition is drawn at its place: nh3 moves no cut and loses none."""
    text = "\n\n".join([*pieces, text])
    drawn = [token for token in parse_to_html(text) if token.type in ADDITIONS]
    typed = [
        child
        for token in markdown.parse(text)
        for child in (token.children or [token])
        if child.type in ADDITIONS
    ]
    assert drawn == typed


PIECES = ["*a **b ", "[[synapse]] ", "[[a|", "{{finding:a}}\n\n", "- a\n", "> ", "[^li-2010] "]
PIECES += [":::advice\n", "[a](/b/) ", "<https://a.b/> ", "&lt;", "{{status:moss}} ", "# a\n"]


@pytest.mark.parametrize("piece", PIECES)
def test_twice_the_text_takes_about_twice_the_time_in_every_output(piece):
    make_records()
    half, whole = (piece * (length // len(piece)) for length in (10_000, 20_000))
    for render in (render_page, render_feed, render_handout):
        seconds = [measure_seconds(render, text) for text in (half, whole)]
        assert seconds[1] < 0.1 or seconds[1] < 3.5 * seconds[0], render.__name__


def measure_seconds(render, text):
    """The best of two runs; the first parses."""
    times = []
    for number in range(2):
        started = time.process_time()
        render(text + "." * number)
        times.append(time.process_time() - started)
    return min(times)


def test_emphasis_in_emphasis_is_drawn_to_a_bounded_depth():
    text = "**" * 2_000 + "word" + "**" * 2_000
    [block] = render_handout(text)
    depth = 0
    while isinstance(block, dict):
        [block], depth = block["of"], depth + 1
    assert block == "word"
    assert depth == MAX_MARKS + 1
    assert "word" in render_page(text)
    assert render_feed(text).html.count("<strong>") > 0


@pytest.mark.parametrize("hidden", [{"status": Status.DRAFT}, {"language": "es"}])
def test_what_is_not_public_leaves_no_trace_in_any_output(hidden):
    make_source(slug="a")
    make_source(slug="secret-source", **hidden)
    make_term(slug="secret-term", **hidden)
    make_finding(slug="secret-finding", **hidden)
    text = (
        "A[^secret-source:animals] b[^a:animals] [[secret-term|words]]"
        " {{finding:secret-finding|sentence}} {{finding:secret-finding|treated}}"
        "\n\n{{finding:secret-finding}}"
    )
    page, feed, handout = render_page(text), render_feed(text), render_handout(text)
    assert "secret" not in f"{page}{feed}{handout}"
    assert page.count("Seen in animals") == feed.html.count("Seen in animals") == 1
    assert feed.html.startswith("<p>A b (Seen in animals.) words")
    assert [source.slug for source in feed.sources] == ["a"]
    [block] = handout
    cites = [part for part in block["of"] if isinstance(part, dict)]
    assert cites == [{"kind": "cite", "number": 1, "seen": "animals", "again": False}]


def test_a_hidden_citation_does_not_shorten_the_badge_of_the_next_one():
    make_source(slug="a")
    make_source(slug="secret", status=Status.DRAFT)
    assert 'class="ev"' in render_page("A[^secret:people] b[^a:people]")


@pytest.mark.parametrize("addition", ["{{finding:a|sentence}}", "{{status:moss}}"])
def test_a_number_in_the_words_of_a_link_is_cited_without_another_link(addition):
    make_records()
    html = render_page(f"[See {addition}](/b/)")
    assert html.count("<a ") == 1
    assert "<sup>1</sup></a>" in html


def test_a_callout_in_a_callout_closes_both():
    html = render_page("::::emergency\n:::advice\na\n:::\n\nb\n::::\n\nc")
    assert html.endswith("</div>\n<p>b</p>\n</div></aside>\n<p>c</p>\n")


def test_a_lone_finding_is_drawn_in_a_list_and_a_callout_and_told_in_a_heading():
    make_records()
    for text in ("- {{finding:a}}\n\n- b", ":::advice\n{{finding:a}}\n:::", "> {{finding:a}}"):
        assert render_page(text).count("<figure") == 1
        assert [part for part in walk(render_handout(text)) if part.get("kind") == "finding"]
    for text in ("### {{finding:a}}", "- {{finding:a}}", "{{finding:a}}.", "**{{finding:a}}**"):
        assert "<figure" not in render_page(text)
        assert "69 out of 100" in render_page(text)


def test_headings_take_their_level_from_the_page_and_others_are_paragraphs():
    assert render_page("### A", heading=2) == "<h2>A</h2>\n"
    assert render_page("## A", heading=2) == render_page("# A") == "<p>A</p>\n"
    assert [block["kind"] for block in render_handout("# A\n\n### B")] == ["text", "heading"]
    assert render_feed("# A\n### B").html == "<p>A</p><h3>B</h3>"


def test_every_output_has_a_method_for_every_addition():
    html_rules = vars(RendererHTML)
    for renderer in (PageRenderer, PlainRenderer, TypstRenderer):
        assert not [name for name in ADDITIONS if not hasattr(renderer, name)]
    assert not [name for name in ADDITIONS if name in html_rules]


def test_a_feed_ends_with_a_whole_paragraph_or_point():
    text = "A.\n\n### H\n\nThese:\n\n- one\n- two\n\nEnd."
    plain = render_feed(text)
    assert plain.truncate(1_000) == plain.html
    seen = {plain.truncate(most) for most in range(len(plain.html))}
    assert seen == {
        "",
        "<p>A.</p>",
        "<p>A.</p><h3>H</h3>",
        "<p>A.</p><h3>H</h3><p>These:</p><ul><li>one</li></ul>",
        "<p>A.</p><h3>H</h3><p>These:</p><ul><li>one</li><li>two</li></ul>",
    }


def test_words_on_two_lines_stay_apart_in_a_feed():
    assert render_feed("*a*\n*b*\\\n*c*").html == "<p><em>a</em>\n<em>b</em>\n<em>c</em></p>"


def test_a_feed_names_a_bounded_number_of_sources():
    slugs = [f"s{number}" for number in range(plain_prose.MAX_SOURCES + 2)]
    for slug in slugs:
        make_source(slug=slug)
    plain = render_feed("".join(f"A[^{slug}]" for slug in reversed(slugs)))
    assert [source.slug for source in plain.sources] == slugs[:1:-1]


def make_records():
    """What the texts may name."""
    if not CompoundStatus.objects.exists():
        make_term(slug="synapse")
        make_finding(slug="a", source=make_source(slug="li-2010"))
        register = make_source(slug="register-2026")
        row = {"standing": "trials", "as_of": "2026-04-24", "source": register}
        make_compound(slug="moss", standing="trials", standing_as_of="2026-04-24", statuses=[row])


TABLE = "| Way | Time |\n|---|---|\n| Drip | 40 minutes.[^a] |\n| [[k\\|Spray]] | 2 hours. |"


def test_a_table_is_a_table_with_named_cells_on_a_page():
    make_source(slug="a")
    html = ProseRenderer([TABLE]).render(TABLE)
    assert '<table role="table">' in html
    assert '<th role="columnheader" scope="col">Time</th>' in html
    assert '<th role="rowheader" scope="row">Drip</th>' in html
    assert '<td role="cell" data-label="Time">40 minutes.<sup>' in html
    assert '<th role="rowheader" scope="row">Spray</th>' in html


def test_a_table_is_a_list_in_a_feed_and_a_table_on_paper():
    make_source(slug="a")
    references = PublishedReferences([TABLE])
    plain = render_plain_prose(TABLE, references).html
    assert "<li><strong>Drip</strong> Time: 40 minutes.</li>" in plain
    assert "Way" not in plain
    [table] = TypstRenderer(references, 2).render_text(TABLE)
    assert table["head"] == ["Way", "Time"]
    assert table["rows"][1] == [["Spray"], ["2 hours."]]
    assert table["rows"][0][1][1]["kind"] == "cite"
