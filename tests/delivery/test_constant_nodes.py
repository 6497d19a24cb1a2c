"""What is constant in a template is rendered once for each language, and nothing else is."""

import pytest
from django.template import engines
from django.template.loader import get_template
from django.urls import get_script_prefix, set_script_prefix
from django.utils.translation import override

from psychoplastogens.delivery.constant_nodes import KeptRender, keep_constant_nodes


def compile_kept(html):
    template = engines["django"].from_string("{% load i18n %}" + html)
    keep_constant_nodes(template.template)
    return template


@pytest.fixture
def script_prefix():
    """A function that moves the site below a path, until the test is over."""
    before = get_script_prefix()
    yield set_script_prefix
    set_script_prefix(before)


@pytest.mark.parametrize(
    ("html", "english", "spanish"),
    [
        ('{% translate "Skip to content" %}', "Skip to content", "Ir al contenido"),
        (
            "{% blocktranslate %}Skip to content{% endblocktranslate %}",
            "Skip to content",
            "Ir al contenido",
        ),
        ('{% translate "Skip to content" noop %}', "Skip to content", "Skip to content"),
    ],
)
def test_kept_words_are_those_of_the_language_of_each_page(html, english, spanish):
    template = compile_kept(html)
    for _ in range(2):
        assert template.render() == english
        with override("es"):
            assert template.render() == spanish


def test_a_kept_address_follows_the_place_of_the_site(script_prefix):
    template = compile_kept('{% url "content:about" %}')
    before = template.render()
    script_prefix("/below/")
    assert template.render() == "/below" + before


@pytest.mark.parametrize(
    "html",
    [
        "{% translate word %}",
        "{% translate word|upper %}",
        '{% translate "a"|add:word %}',
        '{% translate "May" context word as shown %}{{ shown }}{{ word }}',
        "{% blocktranslate %}It is {{ word }}.{% endblocktranslate %}",
        "{% blocktranslate with one=word %}It is {{ one }}.{% endblocktranslate %}",
        "{% blocktranslate count n=word|length %}a{% plural %}b{% endblocktranslate %}{{ word }}",
        "{% url word %}",
        '{% url "content:faq_detail" word|slugify %}',
        '{% url word|default:"content:about" %}',
    ],
)
def test_what_depends_on_the_context_is_rendered_each_time(html):
    template = compile_kept(html)
    first, other = (
        template.render({"word": word}) for word in ("content:about", "content:privacy")
    )
    assert first != other


def test_words_that_are_given_a_name_have_it_each_time():
    template = compile_kept('{% translate "a" as named %}{{ named }}')
    assert [template.render(), template.render()] == ["a", "a"]
    template = compile_kept('{% url "content:about" as there %}{{ there }}')
    assert template.render() == template.render() != ""


def test_typed_words_beside_kept_ones_are_still_escaped():
    template = compile_kept('{% translate "Help" %}{{ word }}')
    assert template.render({"word": "<b>"}) == "Help&lt;b&gt;"


def test_the_templates_of_the_site_keep_their_words():
    nodes = get_template("base.html").template.nodelist.get_nodes_by_type(object)
    assert any(isinstance(vars(node).get("render"), KeptRender) for node in nodes)
