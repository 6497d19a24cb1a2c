"""YAML from people: refused before it grows, and read as it was typed."""

import time

import pytest

from psychoplastogens.editorial.safe_yaml import MAX_DEPTH, MAX_VALUES, InvalidYaml, parse_yaml

TYPED = ["06130", "296.30", "12:30", "1e3", "0x1F", "1_000", ".inf", "no", "on", "2026-02-30", "="]


@pytest.mark.parametrize("typed", TYPED)
def test_a_value_is_what_was_typed(typed):
    assert parse_yaml(f"- code: {typed}\n") == [{"code": typed}]


@pytest.mark.parametrize("typed", ["null", "~", "NULL"])
def test_null_is_no_text_unless_it_is_quoted(typed):
    assert parse_yaml(f"- {typed}\n- '{typed}'\n- \"{typed}\"\n") == [None, typed, typed]


def test_a_value_that_is_left_out_is_an_empty_text():
    assert parse_yaml("a:\nb: ''\n") == {"a": "", "b": ""}


def test_fields_know_their_line():
    assert [fields.line for fields in parse_yaml("# Two\n- a: 1\n  b: 2\n- a: 3\n")] == [2, 4]


HOSTILE = {
    "lists in a value": ("- slug: a\n  x: " + "[" * 20_000, "Line 2: lists are more than"),
    "fields in fields": ("{a: " * 100_000, "Line 1: lists are more than"),
    "lists in lists": ("- " * 100_000, "Line 1: lists are more than"),
    "names in names": ("? " * 100_000, "the name of a field is a word"),
    "deeper lines": ("".join(f"{' ' * n}a:\n" for n in range(500)), "lists are more than"),
    "many values": ("- a\n" * (MAX_VALUES + 1), "more than 50000 values"),
    "many documents": ("---\n" * 100_000, "Line 2: “---” begins a second list"),
    "many handles": ("%TAG !a! b\n" * 100_000, "Line 1 begins with %"),
    "repetition": ("- &a b\n- *a\n", "Line 1: the file repeats parts of itself"),
    "a Python object": ("- !!python/object:os.system x\n", "Line 1: tag:yaml.org,2002:python"),
    "a field twice": ("- a: 1\n  b: 2\n  a: 3\n", "Line 3: the field a stands here twice"),
    "a list as a name": ("[a]: b", "Line 1: the name of a field is a word"),
    "half a letter": ('- "\\ud800"', "not sound YAML"),
    "a colon too many": ("a: " + ":" * 100_000 + " : b", "not sound YAML"),
}


@pytest.mark.parametrize(("text", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_at_once_with_its_line(text, said):
    with pytest.raises(InvalidYaml, match=said) as caught:
        parse_yaml(text)
    assert len(str(caught.value)) < 300


def test_as_deep_as_is_allowed_is_read():
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse_yaml(text)
    with pytest.raises(InvalidYaml):
        parse_yaml(f"[{text}]")


def test_a_number_of_base_sixty_costs_what_its_length_costs():
    text = "- term: " + "1:" * 500_000 + "1.5"
    started = time.process_time()
    assert parse_yaml(text)[0]["term"].endswith("1:1.5")
    assert time.process_time() - started < 2
