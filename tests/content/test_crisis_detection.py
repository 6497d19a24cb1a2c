"""What words speak of suicide, self-harm, an overdose or an emergency, and what only sounds so."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psychoplastogens.content.crisis import Concern, ConcernGroup, detect_concern
from psychoplastogens.content.crisis.detection import MAX_CHARACTERS, _load_lexicon
from tests.content.crisis_queries import queries

DANGEROUS, HARMLESS = queries("dangerous"), queries("harmless")


def is_danger(query):
    concern = detect_concern(query)
    return bool(concern and concern.is_danger)


def test_no_cry_for_help_is_missed_and_no_question_loses_its_results(capsys):
    missed = [query for _, query in DANGEROUS if not is_danger(query)]
    lost = [query for _, query in HARMLESS if is_danger(query)]
    with capsys.disabled():
        print(
            f"\ncrisis words: {len(missed)} of {len(DANGEROUS)} dangerous queries missed, "
            f"{len(lost)} of {len(HARMLESS)} harmless ones lose their results"
        )
    assert min(len(DANGEROUS), len(HARMLESS)) >= 150
    assert (missed, lost) == ([], [])


def test_the_lists_hold_each_query_once():
    for name in (DANGEROUS, HARMLESS):
        typed = [query.lower() for _, query in name]
        assert sorted(typed) == sorted(set(typed))


def test_each_danger_is_told_from_the_others():
    heard = {query: detect_concern(query).group for _, query in DANGEROUS}
    assert {q: g for g, q in DANGEROUS if heard[q] != g} == {}


def test_a_question_about_a_grave_subject_keeps_its_results_under_a_small_panel():
    heard = {query: detect_concern(query) for kind, query in HARMLESS if kind == "question"}
    assert [query for query, concern in heard.items() if concern is None] == []


def test_an_ordinary_question_is_answered_as_any_other():
    assert [q for kind, q in HARMLESS if kind == "nothing" and detect_concern(q)] == []


@pytest.mark.parametrize(
    ("typed", "also"),
    [
        ("I WANT TO DIE!!!", "i want to die"),
        ("i  want\tto\ndie", "i want to die"),
        ("i dont want to live", "I don’t want to live."),
        ("no quiero vivir más", "no quiero vivir mas"),
        ("quiero hacerme daño", "quiero hacerme dano"),
        ("su1c1de", "suicide"),
        ("k*ll myself", "kill myself"),
        ("killlll myselfff", "kill myself"),
        ("s.u.i.c.i.d.e", "suicide"),
        ("ｓｕｉｃｉｄｅ", "suicide"),
        ("overdose", "ovredose"),
        ("can't wake him", "cant wake him"),
    ],
)
def test_it_hears_the_same_however_it_is_written(typed, also):
    assert detect_concern(typed) == detect_concern(also) == Concern(detect_concern(also).group)


def test_what_is_graver_is_said_first():
    assert detect_concern("he took all my pills and i cant wake him up").group == ConcernGroup.BODY
    assert detect_concern("i want to die and took too much").group == ConcernGroup.TAKEN


@pytest.mark.parametrize("typed", ["", " ", "\x00", "🫥", "?", "'", "1 2 3", "\u202e", "ﷺ" * 400])
def test_nothing_is_heard_in_nothing(typed):
    assert detect_concern(typed) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=1_500))
def test_any_text_can_be_asked_about(text):
    detect_concern(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from("i want to die not wake he she took too many pills can".split())))
def test_any_words_of_the_lists_can_stand_together(words):
    detect_concern(" ".join(words))


HOSTILE = ("a", "i ", "he ", "not ", "a'", "1a", "want to ", "he she not wont wake ", "took my ",
           "i d ", "kil ", "é", "$a", "cannot * ", "lips so ")  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_in_proportion_to_the_text(piece):
    """Four times the text takes about four times as long: far from sixteen times."""

    def seconds(length):
        text = (piece * length)[:length]
        best = float("inf")
        for _ in range(2):
            start = time.perf_counter()
            _load_lexicon().detect_concern(text)
            best = min(best, time.perf_counter() - start)
        return best

    seconds(500)
    assert seconds(4_800) < 8 * seconds(1_200) + 0.05


def test_only_the_beginning_of_a_long_text_is_heard():
    assert detect_concern("x " * MAX_CHARACTERS + "i want to die") is None
    assert is_danger("i want to die " + "x " * MAX_CHARACTERS)
