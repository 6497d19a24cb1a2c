"""Which characters a text loses on its way out, and which are never let in."""

import pytest

from psychoplastogens.delivery import characters

FAMILY = "\U0001f468\u200d\U0001f469"  # one picture, made of two by a joiner


@pytest.mark.parametrize("text", ["Ketamine, 5 mg.", "Dosis más baja\n\tZeile", "日本語", "مرحبا"])
def test_words_of_any_language_stay_as_they_are(text):
    assert characters.replace_invalid_xml_characters(text) == text
    assert characters.replace_unprintable_characters(text) == text
    assert characters.remove_invisible_characters(text) == text
    assert characters.find_lost_character(text) is None
    assert not any(map(characters.is_invisible, text.replace("\n", "").replace("\t", "")))


@pytest.mark.parametrize(
    ("replace", "bad"),
    [
        (characters.replace_invalid_xml_characters, "\x00\x08\x0b\x0c\x1f\ufffe\uffff"),
        (characters.replace_control_characters, "\x00\n\x1f\x7f\x9f\u2028\u2029\ud800\udfff\uffff"),
        (characters.replace_unprintable_characters, "\x00\x0b\x7f\u200e\u202e\u2066\u2069\ufeff"),
    ],
)
def test_each_of_these_becomes_a_space(replace, bad):
    assert replace(bad) == " " * len(bad)


def test_what_has_no_width_goes_without_a_gap():
    assert characters.remove_invisible_characters("un\u200bsafe\u00ad\u2060") == "unsafe"


@pytest.mark.parametrize("lost", ["\x00", "\ud800", "\udfff", "\ufffd"])
def test_a_lost_character_is_found_where_it_stands(lost):
    assert characters.find_lost_character(f"ab{lost}").start() == 2


@pytest.mark.parametrize("letter", ["\x00", "\u200b", "\u202e", "\u2028", "\ue000", "\ufeff"])
def test_nobody_sees_these(letter):
    assert characters.is_invisible(letter)


def test_joiners_are_let_in():
    assert not any(map(characters.is_invisible, FAMILY))
