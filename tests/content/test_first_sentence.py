import pytest

from psychoplastogens.content.rendering.first_sentence import (
    get_first_sentence,
    split_first_sentence,
)


@pytest.mark.parametrize(
    ("text", "first", "rest"),
    [
        ("No.[^a] It is a long day for everybody there. Rest.", None, "Rest."),
        ("No.[^a][^b:people]", "No.[^a][^b:people]", ""),
        ("No, not that day.[^a]\n\n- Rest.", "No, not that day.[^a]", "- Rest."),
        (
            "It depends on the medicine and on how you do.[^a] Ask.\n\nMore.",
            "It depends on the medicine and on how you do.[^a]",
            "Ask.\n\nMore.",
        ),
        (":::advice\nRest.\n:::", "", ":::advice\nRest.\n:::"),
        ("- One\n- Two", "", "- One\n- Two"),
        ("{{finding:a}}", "", "{{finding:a}}"),
        ("", "", ""),
    ],
)
def test_it_is_cut_off_with_its_citations(text, first, rest):
    if first is None:
        first = text.removesuffix(f" {rest}")
    assert split_first_sentence(text) == (first, rest)


def test_its_words_alone_have_no_markup():
    text = "[[term|Some **words**]] help\nmany people in\nthe first weeks.[^a] Others not."
    assert get_first_sentence(text) == "Some words help many people in the first weeks."
