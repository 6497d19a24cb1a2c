"""The words around a text in another language: all there, in step with templates and code."""

import ast
import gettext
import re

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from psychoplastogens.delivery.crisis_lines import TRANSLATED_CRISIS_COUNTRIES, collect_numbers
from psychoplastogens.delivery.management.commands.makemessages import FILES
from tests.po_file import read_po

TOP = settings.BASE_DIR
LANGUAGES = [code for code, _name in settings.TRANSLATION_LANGUAGES]
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def path_of(language, suffix="po"):
    return settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / f"django.{suffix}"


def words_of(language):
    words = read_po(path_of(language).read_text())
    words.pop(("", ""))
    return words


def words_of_template(path):
    nodes = get_template(path.relative_to(TOP / "templates").as_posix()).template.nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        yield node.filter_expression.var.literal, ""
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        singular, _ = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else ""
        yield singular, plural
    for word in re.findall(r'_\("([^"]+)"\)', path.read_text()):
        yield word, ""


def words_of_module(path):
    for node in ast.walk(ast.parse(path.read_text())):
        name = getattr(getattr(node, "func", None), "id", "")
        if name in ("_", "gettext", "gettext_lazy", "gettext_noop"):
            yield node.args[0].value, ""


def words_asked_for():
    for pattern in FILES:
        paths = list(TOP.glob(pattern))
        assert paths, pattern
        for path in paths:
            yield from (words_of_template if path.suffix == ".html" else words_of_module)(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated_and_no_other_is_kept(language):
    words = words_of(language)
    assert set(words_asked_for()) == words.keys()
    assert all(all(said) for said in words.values())
    assert {len(said) for (_, plural), said in words.items() if plural} == {2}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_what_the_words_name(language):
    for (singular, plural), said in words_of(language).items():
        for text in said:
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(plural or singular))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language):
    with path_of(language, "mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for (singular, plural), said in words_of(language).items():
        if plural:
            found = [compiled.ngettext(singular, plural, n) for n in (1, 2)]
        else:
            found = [compiled.gettext(singular)]
        assert found == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_in_another_language_calls_the_same_numbers(language):
    country = TRANSLATED_CRISIS_COUNTRIES[language]["US"]
    for line in country.lines:
        assert "".join(filter(str.isdigit, line.address)) in collect_numbers()
    assert "988" in country.lines[0].action
