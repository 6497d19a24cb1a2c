"""No text that somebody types makes a regular expression slow.

tests/bench/bench_patterns.py tries each with texts of 60,000 characters and prints how it grows.
"""

import pytest

from tests import regex_patterns

LENGTH = 4_000
SLOW = 0.002
"""Seconds of the processor for LENGTH characters, above which growth is measured."""
LINEAR = 3
"""How much longer twice the length may take: 2 is linear, 4 is quadratic."""
QUICK = (" ", "\t", "\n", "a", "1.", "[[", "{{", "<a ", "<h3>", "(", '"', ":::\n", "[a](", "no ")


def grows_too_fast(one, pieces=QUICK):
    for name, text in regex_patterns.build_slow_texts(one.pattern, LENGTH, pieces):
        if regex_patterns.measure_seconds(one, text) > SLOW and _growth(one, text) > LINEAR:
            return name
    return ""


def _growth(one, text):
    """Of quarter to half, and of half to whole: what both show is no accident."""
    half, whole = (
        regex_patterns.measure_seconds(one, text[:length], 2) for length in (LENGTH // 2, LENGTH)
    )
    if whole / half <= LINEAR:
        return 0
    return min(whole / half, half / regex_patterns.measure_seconds(one, text[: LENGTH // 4], 3))


def test_no_pattern_is_quadratic():
    found = {
        one.where: name
        for one in regex_patterns.collect_patterns()
        if (name := grows_too_fast(one))
    }
    assert not found


@pytest.mark.parametrize(
    ("pattern", "searches"),
    [
        (r"\s*\(([^()]*)\)", True),
        (r"\{\{[^}]*\}\}", True),
        (r"\b\d[\d.,]*[ -]times ", True),
        (r"<h3>.*?</h3>$", True),
    ],
)
def test_a_pattern_that_is_quadratic_or_worse_is_found(pattern, searches):
    one = regex_patterns.FoundPattern("it", regex_patterns.re.compile(pattern), searches)
    assert any(grows_too_fast(one) for _ in range(3))  # A busy machine blurs a measurement.


def test_patterns_that_are_made_of_words_while_the_program_runs_are_among_them():
    found = {one.pattern.pattern for one in regex_patterns.collect_patterns()}
    assert any("synapse" in pattern for pattern in found)
    assert len(found) > 100
