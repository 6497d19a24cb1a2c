"""What changed between two texts, told in full and never the wrong way round."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psychoplastogens.editorial.drafts import text_diff
from psychoplastogens.editorial.drafts.text_diff import SegmentKind, diff_texts

WORDS = st.sampled_from(["the ", "dose ", "41 ", "out ", "of 100", ".", "\n", "\n\n", "[^li]", "é"])
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=60).map("".join))


def shown(hunks, *kinds):
    segments = [segment for hunk in hunks for segment in hunk.segments]
    return "".join(segment.text for segment in segments if segment.kind in kinds)


def changed(hunks):
    return shown(hunks, SegmentKind.REMOVED), shown(hunks, SegmentKind.ADDED)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_differences(old, new):
    hunks = diff_texts(old, new)
    assert shown(hunks, SegmentKind.EQUAL, SegmentKind.REMOVED) == old
    assert shown(hunks, SegmentKind.EQUAL, SegmentKind.ADDED) == new


@given(TEXTS, TEXTS, st.integers(0, 60))
def test_so_they_can_when_they_are_too_long_to_compare(old, new, most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_diff, "MAX_LENGTH", most)
        hunks = diff_texts(old, new)
    assert shown(hunks, SegmentKind.EQUAL, SegmentKind.REMOVED) == old
    assert shown(hunks, SegmentKind.EQUAL, SegmentKind.ADDED) == new
    assert (changed(hunks) == ("", "")) == (old == new)


@given(TEXTS, TEXTS)
def test_nothing_is_marked_exactly_where_nothing_differs(old, new):
    assert (changed(diff_texts(old, new)) == ("", "")) == (old == new)


@given(TEXTS, TEXTS)
def test_the_pieces_of_a_segment_are_its_text(old, new):
    for hunk in diff_texts(old, new):
        for segment in hunk.segments:
            assert "".join(text for text, _ in segment.pieces) == segment.text


def test_a_changed_word_is_marked_alone():
    old = "Relief often fades within days or weeks.\n\nAsk your clinic."
    new = "Relief often fades within hours or weeks.\n\nAsk your clinic."
    assert changed(diff_texts(old, new)) == ("days", "hours")


def test_a_comma_that_is_added_leaves_the_word_before_it_alone():
    assert changed(diff_texts("You may feel calm and warm.", "You may feel calm, and warm.")) == (
        *("", ","),
    )


def test_a_sentence_that_is_another_altogether_is_shown_whole():
    old, new = "Ketamine is a medicine of a kind.", "Is there, in short, a risk? Of course."
    assert changed(diff_texts(old, new)) == (old, new)


def test_numbers_and_citations_are_marked_within_what_changed():
    [hunk] = diff_texts(
        "It helped 41 of 100 people.[^li-2010]", "It helped 43.5% of people.{{finding:a}}"
    )
    pieces = [
        piece
        for s in hunk.segments
        if s.kind != SegmentKind.EQUAL
        for piece in s.pieces
        if piece[1]
    ]
    assert ("41", "number") in pieces
    assert ("43.5%", "number") in pieces
    assert ("[^li-2010]", "citation") in pieces
    assert ("{{finding:a}}", "finding") in pieces


def test_a_decimal_point_that_moved_is_a_changed_number():
    assert changed(diff_texts("Take 0.5 mg of it.", "Take 5.0 mg of it.")) == ("0.5", "5.0")


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        ("One. Three.", "One. Two. Three.", "", "Two. "),
        ("One. Two. Three.", "One. Three.", "Two. ", ""),
        ("One.", "One. Two.", "", " Two."),
        (
            "It is not approved, and more.",
            "It is {{status:a}}, and more.",
            "not approved",
            "{{status:a}}",
        ),
        ("A point.[^a-2020]\n- Next.", "A point.[^b-2021]\n- Next.", "[^a-2020]", "[^b-2021]"),
        ("One\n\nTwo\n\nThree", "One\n\nTwo\n\nNew\n\nThree", "", "New\n\n"),
    ],
)
def test_whole_sentences_and_lines_are_marked_without_their_neighbors(old, new, removed, added):
    assert changed(diff_texts(old, new)) == (removed, added)


def test_the_space_between_two_changed_words_does_not_part_them():
    old, new = "You may feel sick for a day.", "You may be ill for a day."
    assert changed(diff_texts(old, new)) == ("feel sick", "be ill")


HOSTILE = {
    "one long line": ("a " * 1_000_000, "b " * 1_000_000),
    "the same word": ("x\n" * 1_000_000, "x\n" * 999_999 + "y\n"),
    "every other line": ("x\ny\n" * 500_000, "x\nz\n" * 500_000),
    "every other word": ("x y " * 20_000, "x z " * 20_000),
    "every other word, as long as is compared": ("x y " * 2_500, "x z " * 2_500),
    "every other line, as many as are compared": ("x\ny\n" * 5_000, "x\nz\n" * 5_000),
    "half-open marks": ("[^" * 1_000_000, "{{" * 1_000_000),
    "half-open marks against little": ("[^" * 1_000_000, "{{a"),
    "half-open marks, as many as are compared": ("[^" * 5_000, "{{" * 5_000),
    "digits": ("1" * 2_500_000, "1," * 1_000_000),
    "blank": (" " * 2_500_000, "\n" * 2_500_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_texts_of_five_megabytes_are_told_apart_in_seconds(name):
    old, new = HOSTILE[name]
    start = time.process_time()
    hunks = diff_texts(old, new)
    assert time.process_time() - start < 5
    assert shown(hunks, SegmentKind.EQUAL, SegmentKind.REMOVED) == old
    assert shown(hunks, SegmentKind.EQUAL, SegmentKind.ADDED) == new


def test_a_word_changed_in_a_long_text_is_still_marked_alone():
    lines = [f"Line {number} says what it says." for number in range(20_000)]
    old, new = "\n".join(lines), "\n".join(lines).replace("Line 17000 says", "Line 17000 tells")
    assert changed(diff_texts(old, new)) == ("says", "tells")
