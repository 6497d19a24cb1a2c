"""Syllables, sentences, grades and minutes, against tables worked out by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psychoplastogens.content.rendering import readability
from tests.content.test_markdown import TEXT

SYLLABLES = {
    **{"I": 1, "brain": 1, "through": 1, "walked": 1, "cells": 1, "don't": 1, "don’t": 1},
    **{"doctor": 2, "wanted": 2, "table": 2, "being": 2, "heavy": 2, "people": 2},
    **{"medicine": 3, "ketamine": 3, "area": 3, "hospital": 3, "idea": 3, "serious": 3},
    **{"depression": 3, "anesthetic": 4, "psychiatric": 4, "experience": 4},
    **{"psychiatrist": 4, "university": 5},
    # not in the dictionary: by rule
    **{"esketamine": 4, "psilocybin": 4, "ibogaine": 3, "tabernanthalog": 5, "xyz": 1},
    # said letter by letter
    **{
        "NMDA": 4,
        "MDMA": 4,
        "TMS": 3,
        "LSD": 3,
        "DMT": 3,
        "PTSD": 4,
        "OCD": 3,
        "FDA": 3,
        "SSRIs": 4,
    },
}


@pytest.mark.parametrize(("word", "count"), SYLLABLES.items())
def test_it_counts_syllables(word, count):
    assert readability.count_syllables(word) == count


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("A[^li-2010:people] b.", "A b."),
        ("[[Synapse]] and [[synapse|spines]]", "Synapse and spines"),
        ("{{finding:x|treated}} people", " 50  people"),
        ("[here](/a/b/) *now* **and** `then`", "here now and then"),
        ("- one\n* two\n3. three\n> four\n# five", "one\ntwo\nthree\nfour\nfive"),
        (":::emergency Call\nGo.\n:::", "Call\nGo.\n"),
        (":::advice\nRest.\n:::", "\nRest.\n"),
    ],
)
def test_it_leaves_the_words_that_a_reader_sees(markdown, plain):
    assert readability.strip_markup(markdown) == plain


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two? Three! Four", 4),
        ("It takes 2.5 hours.", 1),
        ("He said: “Go.” She went.", 2),
        ("First; second.", 1),
        ("A line\nanother line\n\na third", 3),
        ("1. 2. 3.", 0),
        ("", 0),
    ],
)
def test_it_counts_sentences_as_they_are_heard(text, count):
    assert len(readability.split_sentences(text)) == count


# words, sentences, syllables -> 0.39 * words / sentences + 11.8 * syllables / words - 15.59
GRADES = {
    "The cat sat on the mat.": (6, 1, 6),
    "Ketamine is a medicine.": (4, 1, 8),
    "The doctor wanted a table. The people walked.": (8, 2, 12),
    "Depression is serious; a psychiatrist can help.": (7, 1, 14),
    "It eased in 69 of 1,000 people.": (7, 1, 8),
    "- It is slow.[^a]\n- It is **safe**.": (6, 2, 6),
}


@pytest.mark.parametrize(("text", "counted"), GRADES.items())
def test_the_grade_is_that_of_flesch_and_kincaid(text, counted):
    words, sentences, syllables = counted
    grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59
    assert readability.get_reading_grade(text) == pytest.approx(max(0.0, grade))


@pytest.mark.parametrize("text", ["", "50 %", "…", "[^li-2010]", "{{finding:x}}"])
def test_no_words_have_no_grade(text):
    assert readability.get_reading_grade(text) == 0


def test_a_long_sentence_is_one_of_more_than_twenty_words():
    twenty = " ".join(["word"] * 20) + "."
    assert readability.find_long_sentences(twenty) == []
    assert readability.find_long_sentences(f"And {twenty} Short.") == [f"And {twenty}"]
    assert readability.find_long_sentences(f"100 {twenty}") == [f"100 {twenty}"]


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (170, 1), (171, 2), (340, 2)])
def test_minutes_are_whole_and_at_least_one(words, minutes):
    assert readability.get_reading_minutes("word " * words) == minutes


def test_minutes_count_all_texts_together_and_no_marks():
    assert readability.get_reading_minutes("word " * 100, "word " * 100) == 2
    assert readability.get_reading_minutes("word[^a-source-with-words] " * 170) == 1
    assert readability.get_reading_minutes() == 1


@settings(max_examples=50, deadline=None)
@given(TEXT)
def test_any_text_has_a_grade_and_minutes(text):
    assert readability.get_reading_grade(text) >= 0
    assert readability.get_reading_minutes(text) >= 1


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="abcdefgiouyst'’ABCDEYZ", min_size=1, max_size=12))
def test_any_word_has_a_syllable(word):
    assert 1 <= readability.count_syllables(word) <= len(word)


@pytest.mark.parametrize(
    "piece", ["\n", "  \n", "[", "[[", "[^", "{{", "[[a|", "- ", "(", "a", "*"]
)
def test_a_long_text_of_anything_is_answered(piece):
    assert readability.get_reading_grade(piece * 20_000) >= 0
