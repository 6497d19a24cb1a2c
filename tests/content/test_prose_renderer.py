"""The prose of one page: numbers of sources, terms, figures, and no trace of what is not public."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.editorial.models import Status
from psychoplastogens.evidence.models import Finding, Source
from tests.content.test_markdown import TEXT, elements
from tests.factories import make_finding, make_source, make_term

pytestmark = pytest.mark.django_db


def numbers(html):
    """The numbers of the sources that a text cites."""
    return [int(number) for number in re.findall(r'href="#s(\d+)"', html)]


def words(html):
    return re.sub(r"<[^>]+>", "", html)


@pytest.fixture
def sources():
    return [make_source(slug=slug) for slug in "abc"]


@pytest.mark.usefixtures("sources")
def test_sources_are_numbered_in_reading_order_across_all_texts():
    prose = ProseRenderer(["X[^c] y[^a]", "Z[^a][^b] w[^c]"])
    assert [source.slug for source in prose.sources] == ["c", "a", "b"]
    assert numbers(prose.render("Z[^a][^b] w[^c]")) == [2, 3, 1]


@pytest.mark.usefixtures("sources")
def test_findings_and_other_sources_come_after_the_texts():
    finding = make_finding(source=Source.objects.get(slug="b"))
    prose = ProseRenderer(["X[^c]"], [finding], also=["a", "c"])
    assert [source.slug for source in prose.sources] == ["c", "b", "a"]


@pytest.mark.usefixtures("sources")
def test_a_number_drawn_in_a_text_cites_at_its_place():
    make_finding(slug="f", source=Source.objects.get(slug="b"))
    text = "X[^c] {{finding:f|sentence}} y[^a]"
    assert numbers(ProseRenderer([text]).render(text)) == [1, 2, 3]
    assert [source.slug for source in ProseRenderer([text]).sources] == ["c", "b", "a"]


def test_a_citation_is_a_link_with_a_name_of_its_own():
    make_source(slug="a")
    html = ProseRenderer(["X[^a]"]).render("X[^a]")
    assert html == '<p>X<sup><a href="#s1" aria-label="Source 1">1</a></sup></p>\n'


@pytest.mark.parametrize("hidden", [{"status": Status.DRAFT}, {"language": "es"}])
def test_what_is_not_public_leaves_no_trace(hidden):
    make_source(slug="a")
    make_source(slug="secret-source", **hidden)
    make_term(slug="secret-term", **hidden)
    make_finding(slug="secret-finding", **hidden)
    text = (
        "A[^secret-source:people] b[^a] [[secret-term|words]] {{finding:secret-finding|sentence}}"
        " {{finding:secret-finding|treated}}\n\n{{finding:secret-finding}}"
    )
    prose = ProseRenderer([text])
    html = prose.render(text)
    assert "secret" not in html
    assert "Seen in" not in html
    assert words(html).split() == ["A", "b1", "words"]
    assert [source.slug for source in prose.sources] == ["a"]


def test_a_number_whose_source_is_not_public_is_not_cited():
    make_finding(slug="f", source=make_source(slug="secret", status=Status.DRAFT))
    text = "{{finding:f|sentence}}\n\n{{finding:f}}"
    html = ProseRenderer([text]).render(text)
    assert "69 out of 100" in html
    assert "secret" not in html
    assert "<sup>" not in html


def test_what_nobody_has_written_leaves_its_words():
    text = "A[^nobody] [[nothing|words]] {{finding:none}}"
    assert words(ProseRenderer([text]).render(text)).split() == ["A", "words"]


@pytest.mark.parametrize("texts", [1, 30])
def test_three_queries_are_enough(texts, django_assert_num_queries):
    for number in range(texts):
        make_finding(slug=f"f{number}")
        make_source(slug=f"s{number}")
        make_term(slug=f"t{number}")
    written = [f"[^s{n}:people] [[t{n}]] {{{{finding:f{n}|sentence}}}}" for n in range(texts)]
    with django_assert_num_queries(3):
        prose = ProseRenderer(iter(written))
        html = "".join(prose.render(text) for text in written)
    assert len(prose.sources) == 2 * texts
    assert html.count('class="term"') == texts


def test_only_the_first_use_of_a_term_on_a_page_opens_it():
    make_term(slug="synapse")
    texts = ["[[Synapse]] and [[synapse|again]]", "[[synapse]]"]
    prose = ProseRenderer(texts)
    html = [prose.render(text) for text in texts]
    assert html[0].count("<a ") == 1
    assert html[0].index("<a ") < html[0].index("again")
    assert html[1] == "<p>synapse</p>\n"


def test_a_term_is_a_link_that_opens_in_place():
    make_term(slug="synapse")
    assert ProseRenderer(["[[synapse]]"]).render("[[synapse]]") == (
        '<p><a class="term" href="/glossary/synapse/" hx-get="/glossary/synapse/fragment/"'
        ' hx-target="#gloss">synapse</a></p>\n'
    )


def badges(html):
    """For each badge, whether it is shown in words."""
    return ["bare" not in classes for classes in re.findall(r'<span class="(ev[^"]*)"', html)]


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize(
    ("text", "in_words"),
    [
        ("X[^a:people] y[^b:people]", [True, False]),
        ("X[^a:people] y[^b:animals] z[^c:animals]", [True, True, False]),
        ("X[^a:people] y[^b] z[^c:people]", [True, False]),
        ("X[^a:people]\n\ny[^b:people]", [True, True]),
        ("- X[^a:people]\n- y[^b:people]", [True, True]),
        ("X[^a]", []),
    ],
)
def test_a_badge_is_in_words_once_in_a_paragraph(text, in_words):
    assert badges(ProseRenderer([text]).render(text)) == in_words


@pytest.mark.usefixtures("sources")
def test_a_short_badge_still_has_its_words_by_ear():
    html = ProseRenderer(["X[^a:cells] y[^b:cells]"]).render("X[^a:cells] y[^b:cells]")
    assert html.count("Seen in cells") == 2


def test_all_forms_of_a_number_are_of_one_record():
    finding = make_finding(slug="f", treatment_per100=7, treatment_events=None, happened="<b>it")
    text = "{{finding:f}}\n\n{{finding:f|sentence}}\n\n{{finding:f|treated}}/{{finding:f|compared}}"
    html = ProseRenderer([text]).render(text)
    drawn, _, rest = html.partition("</figure>")
    said, both = rest.strip().split("\n")
    assert "<b>it" not in drawn + said
    assert "<b>7 of 100</b>" in re.sub(r' class="[^"]*"', "", drawn)
    assert "7 out of 100 people on the spray &lt;b&gt;it." in drawn
    assert words(said).startswith("After 4 weeks, 7 out of 100 people on the spray &lt;b&gt;it.")
    assert words(both).strip() == f"7 out of 100/{finding.compared}"


@pytest.mark.parametrize("text", ["[[!!]]", "[[a_b]]", "[[ ]]", "[[&|words]]"])
def test_a_term_that_no_slug_can_have_is_plain_words(text):
    assert "<i" not in ProseRenderer([text]).render(text)


@pytest.mark.parametrize("kind", Finding.Kind.values)
def test_a_drawing_names_benefit_or_harm_and_both_groups(kind):
    finding = make_finding(slug="f", kind=kind)
    html = ProseRenderer(["{{finding:f}}"]).render("{{finding:f}}")
    assert ("Harm: " in " ".join(html.split())) == (kind == "harm")
    for said in (finding.sentence, finding.otherwise, "69 of 100 figures", "52 of 100 figures"):
        assert said in html


def test_a_number_in_a_sentence_is_no_drawing():
    make_finding(slug="f")
    html = ProseRenderer(["See {{finding:f}} here."]).render("See {{finding:f}} here.")
    assert "<figure" not in html
    assert "After 4 weeks" in html


def test_a_number_may_be_drawn_twice():
    make_finding(slug="f")
    text = "{{finding:f}}\n\nWords.\n\n{{finding:f}}"
    ids = re.findall(r' id="[^"]*"', ProseRenderer([text]).render(text))
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("text", ["[see [[synapse]][^a]](/b/)", "[[[synapse]]](/b/)"])
def test_a_link_holds_no_other_link(text):
    make_source(slug="a")
    make_term(slug="synapse")
    depth = 0
    for tag in re.findall(r"<a\b|</a>", ProseRenderer([text]).render(text)):
        depth += 1 if tag == "<a" else -1
        assert depth in (0, 1)


def test_one_line_loses_its_paragraph_and_more_keep_theirs():
    prose = ProseRenderer([])
    assert prose.render_line("A *b*") == "A <em>b</em>"
    assert prose.render_line("A\n\nB") == "<p>A</p>\n<p>B</p>\n"
    assert prose.render_line("- A") == "<ul>\n<li>A</li>\n</ul>\n"
    assert prose.render_line("") == ""


def test_a_callout_has_its_drawing():
    html = ProseRenderer([]).render(":::emergency\nGo.\n:::")
    assert '<aside class="callout emergency"><svg' in html
    assert "#i-alert" in html


@pytest.mark.parametrize(
    ("title", "first", "second"),
    [
        ("Call 911 for", "Call 911", "Call or text 988"),
        ("Tell staff at once, or call 911", "Call 911", "Call or text 988"),
        ("If you cannot wait", "Call or text 988", "Call 911"),
    ],
)
def test_a_box_that_names_the_emergency_number_links_to_it_first(title, first, second):
    html = ProseRenderer([]).render(f":::emergency {title}\nGo.\n:::")
    assert re.findall(r"<a href=[^>]*>([^<]*)</a>", html) == [first, second]


def test_nothing_and_none_are_no_text():
    assert ProseRenderer([None, ""]).render(None) == ""


@settings(max_examples=50, deadline=None)
@given(st.lists(TEXT, max_size=3))
def test_any_prose_leaves_no_marker_and_no_dangling_number(texts):
    make_any()
    prose = ProseRenderer(texts)
    for text in texts:
        html = prose.render(text)
        assert all(1 <= number <= len(prose.sources) for number in numbers(html))
        for element in elements(html):
            assert not [name for name in element.attrib if name.startswith("data-")]


def make_any():
    """What the texts of hypothesis may name."""
    if not Source.objects.exists():
        make_term(slug="synapse")
        make_finding(slug="a", source=make_source(slug="li-2010"))
