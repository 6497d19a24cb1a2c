"""Templates without their layout: what a browser shows stays the same."""

import pytest
from django.template import engines
from django.template.loader import get_template

from psychoplastogens.delivery.template_loader import strip_layout


def render(html, **context):
    return engines["django"].from_string(strip_layout(html)).render(context)


def test_words_on_two_lines_stay_two_words():
    assert strip_layout("<p>\n  one <b>two</b>\n  three\n</p>\n") == "<p>one <b>two</b>\nthree</p>"


def test_no_space_appears_where_a_line_breaks_inside_a_tag():
    html = '<p>\n  See <a\n    class="x"\n    href="/"\n  >here</a>.\n</p>'
    assert strip_layout(html) == '<p>See <a class="x" href="/">here</a>.</p>'


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(1, 0, '<a x="1" lit>t</a>'), (0, 1, "<a dim>t</a>"), (0, 0, '<a class="c">t</a>')],
)
def test_an_attribute_under_a_condition_brings_its_own_space(a, b, expected):
    html = """<a
      {% if a %}x="1" lit{% elif b %}dim{% else %}class="{% if a %}d{% else %}c{% endif %}"{% endif %}
    >t</a>"""  # noqa: E501 - as the formatter writes it
    assert render(html, a=a, b=b) == expected


def test_a_block_that_holds_nothing_stays_empty():
    assert (
        strip_layout('<div>\n  <p\n    id="x"\n  >\n  </p>\n</div>') == '<div><p id="x"></p></div>'
    )


def test_lines_of_tags_that_print_nothing_leave_nothing():
    html = "{% for n in l %}\n  {% if n %}\n    {{ n }}\n  {% endif %}\n{% endfor %}\nend\n"
    assert render(html, l=[1, 0, 2]) == "1\n2\nend"
    assert render('{% translate "a" as b %}\n{{ b }}\n'.join(["{% load i18n %}\n", ""])) == "a"


def test_a_line_that_prints_keeps_its_break():
    assert (
        render("{% if a %}x{% endif %}\n{{ a }}\n{% now 'Y' as y %}{{ a }}\n!", a=1) == "x\n1\n1\n!"
    )


@pytest.mark.parametrize("tag", ["pre", "textarea"])
def test_what_a_browser_shows_with_its_spaces_keeps_them(tag):
    html = f"<div>\n  <{tag}\n    rows='2'\n  >\n  a\n\n    {{% if 1 %}}\n  b </{tag}>\n</div>"
    inner = "\n  a\n\n    {% if 1 %}\n  b "
    assert strip_layout(html) == f"<div><{tag} rows='2'>{inner}</{tag}></div>"


def test_a_template_in_the_middle_of_a_sentence_brings_no_space():
    assert not strip_layout("\n  <b>x</b>\n").endswith("\n")
    assert get_template("search/_highlighted.html").template.source[-1] != "\n"


def test_mails_and_other_texts_stay_as_they_are():
    source = get_template("clinics/contact_mail.txt").template.source
    assert source.endswith("\n") and "\n\n" in source
