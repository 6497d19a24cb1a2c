"""Every paragraph of fact is cited, and what is named is there."""

import pytest
from hypothesis import given, settings

from psychoplastogens.content.checks.checked_page import split_blocks
from psychoplastogens.content.checks.citations import ADVICE_CALLOUTS, is_cited
from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from tests.check_helpers import get_problems, get_text_problems
from tests.content.test_markdown import TEXT
from tests.factories import (
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_term,
    make_walkthrough,
)

pytestmark = pytest.mark.django_db

FACT = "It eases depression in some people."
BARE = [
    FACT,
    f"{FACT}[^]",
    f"Cited.[^moss-2020]\n\n{FACT}",
    f"### Does it help?\n{FACT}",
    f"- {FACT}\n- It is quick.",
    f"It may:\n\n- {FACT}",
    f":::good-to-know\n{FACT}\n:::",
    f":::not-known\n{FACT}\n:::",
    f":::advice\nRest.\n:::\n{FACT}",
    f"> {FACT}",
    "{{finding:sleepy|treated}} people and {{finding:sleepy|compared}} were sleepy.",
    "[^moss-2020 forgot the bracket\n\n" + FACT,
    "See [the study](https://example.org/).",
]
CITED = [
    f"{FACT}[^moss-2020]",
    f"{FACT}[^moss-2020:people] And more.",
    f"- {FACT}\n- It is quick.[^moss-2020]",
    f"- {FACT}\n\n- It is quick.[^moss-2020]",
    f"It may:\n\n- {FACT}[^moss-2020]",
    "{{finding:sleepy}}",
    "{{ finding:sleepy|sentence }}",
    "### Does it help?",
    ":::advice\nRest.\n\nAsk for help.\n:::",
    ":::call-clinic Call the clinic\nThe same day.\n:::",
    ":::emergency\nChest pain.\n:::",
    "",
    " \n\n \n",
]


@pytest.fixture(autouse=True)
def named():
    source = make_source(slug="moss-2020", url="https://example.org/")
    make_finding(slug="sleepy", source=source)


def uncited(record):
    return [
        p for p in get_problems(record, CheckRule.CITED) if p.message.startswith("Nothing in this")
    ]


@pytest.mark.parametrize("text", BARE)
def test_a_bare_paragraph_of_fact_is_an_error(text):
    [problem] = uncited(make_faq(answer=text))
    assert (problem.severity, problem.field) == ("error", "answer")


@pytest.mark.parametrize("text", CITED)
def test_what_is_cited_or_advice_is_not(text):
    assert uncited(make_faq(answer=text)) == []


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_a_citation_in_each_paragraph_clears_it(text):
    for callout, block in split_blocks(text):
        assert is_cited(f"{block} [^moss-2020]")
        assert (callout, block.strip()) == (callout, block)


@pytest.mark.parametrize(
    "fact",
    [
        "Some people feel dissociation for a while.",
        "It came to 20 out of 100 people.",
        "In one small trial they slept.",
        "Studies show that it lasts.",
        "Spravato raises blood pressure.",
        "Side effects are short.",
    ],
)
@pytest.mark.parametrize("callout", sorted(ADVICE_CALLOUTS))
def test_a_fact_in_a_box_of_advice_needs_its_source_or_a_reason(fact, callout):
    def find(*lines):
        answer = "\n".join([f":::{callout}", *lines, ":::"])
        problems = get_problems(make_faq(answer=answer), CheckRule.CITED)
        return [(p.severity, p.excerpt) for p in problems if "reads like a fact" in p.message]

    assert find("Rest today.", fact) == [("warning", fact)]
    assert find(f"{fact}[^moss-2020]") == []
    assert find(f"Ask if this holds: {fact}", f"{fact[:-1]}?") == []
    assert find("Rest for 24 hours.", "Do not join a study on your own.", "Call 988.") == []


def test_the_paragraph_is_shown():
    [problem] = uncited(make_faq(answer=f"Cited.[^moss-2020]\n\n{FACT}"))
    assert problem.excerpt == FACT


def test_what_one_can_live_with_and_definitions_need_no_source():
    options = [{"good": "Good.[^moss-2020]", "hard": "Hard.[^moss-2020]", "living_with": "Pills."}]
    assert uncited(make_condition(options=options)) == []
    assert uncited(make_term()) == []
    step = {"caption": "A cell.[^moss-2020]", "plain": "It may.[^moss-2020]"}
    walkthrough = make_walkthrough({**step, "seen_in_people": "Not yet."}, key_points="")
    assert uncited(walkthrough) == []


def test_each_part_is_looked_at_and_named_by_its_path():
    condition = make_condition(options=[{"good": "Good.[^moss-2020]"}, {"hard": FACT}])
    assert [p.field for p in uncited(condition)] == ["options[2].hard"]
    explainer = make_explainer({"slug": "risks", "plain": FACT, "more": FACT})
    fields = ["sections[risks].plain", "sections[risks].more"]
    assert [p.field for p in uncited(explainer)] == fields


@pytest.mark.parametrize("name", sorted(ADVICE_CALLOUTS))
def test_advice_ends_where_its_box_ends(name):
    found = split_blocks(f":::{name} A title\nRest.\n\nSleep.\n:::\nIt helps.")
    assert found == [(name, "Rest."), (name, "Sleep."), ("", "It helps.")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Words.[^nobody]", "source"), ("{{finding:none}}", "finding"), ("[[nothing]]", "term")],
)
def test_what_does_not_exist_is_an_error(text, kind):
    """A form refuses to save it; it may have been deleted since."""
    [problem] = [
        p for p in get_text_problems(text, CheckRule.CITED) if p.message.startswith("There is no")
    ]
    assert (problem.severity, kind in problem.message) == ("error", True)


def test_a_term_that_is_not_published_is_a_warning():
    make_term(slug="synapse", status=Status.DRAFT)
    [problem] = get_text_problems("The [[synapse]] holds.[^moss-2020]", CheckRule.EXPLAIN)
    assert (problem.severity, problem.excerpt) == ("warning", "synapse")
    make_term(slug="spine", term="Spine")
    assert get_text_problems("The [[spine]] holds.[^moss-2020]", CheckRule.EXPLAIN) == []
