"""A record as plain data, and plain data as a record."""

from datetime import date

import pytest
from django.db import transaction

from psychoplastogens.content.models import Condition, Explainer, Faq
from psychoplastogens.editorial.drafts.serialization import (
    InvalidRecord,
    compute_digest,
    save_from_dict,
    to_dict,
)
from psychoplastogens.editorial.models import Status
from psychoplastogens.evidence.models import Claim, Finding, Source
from psychoplastogens.walkthrough.models import Walkthrough
from tests.editorial.fixture_files import CLAIM, EXPLAINER, FAQ, FINDING, SOURCE, TERM
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_reviewer,
    make_source,
    make_spine_change,
    make_term,
    make_topic,
    make_walkthrough,
)

pytestmark = pytest.mark.django_db


def problems_of(model, data):
    with pytest.raises(InvalidRecord) as caught, transaction.atomic():
        save_from_dict(model, data)
    return dict(caught.value.problems)


@pytest.fixture
def known():
    """What the plain data of tests/editorial/fixture_files.py names."""
    make_source(slug="li-2010")
    make_term(slug="synapse")
    make_topic(slug="safety")


def whole_condition():
    texts = dict.fromkeys(("key_points", "what_it_is", "how_common"), "Words.")
    texts |= dict.fromkeys(("usual_treatments", "what_studies_show", "not_known"), "Words.")
    return make_condition(
        pictured=[make_finding(slug="b"), make_finding(slug="a")],
        options=[{"good": "Free.", "hard": "Slow."}, {"name": "Pills", "good": "+", "hard": "-"}],
        evidence=[{"compound": make_compound(slug="ketamine"), "text": "Some."}],
        other_names=["low mood", "the blues"],
        summary="Low.",
        choice="This or that.",
        **texts,
    )


def test_plain_data_names_related_records_by_slug_and_parts_in_order():
    plain = to_dict(whole_condition())
    assert plain["pictured"] == ["a", "b"]
    assert [option["name"] for option in plain["options"]] == ["Wait", "Pills"]
    assert plain["evidence"][0]["compound"] == "ketamine"
    assert not {"id", "condition"} & plain["evidence"][0].keys()


def test_a_record_saved_as_its_own_plain_data_stays_the_same():
    condition = whole_condition()
    before = to_dict(condition), list(condition.options.values())
    save_from_dict(Condition, before[0])
    condition = Condition.objects.get()
    assert (to_dict(condition), list(condition.options.values())) == before


def test_a_deleted_record_comes_back_from_its_plain_data():
    condition = whole_condition()
    plain = to_dict(condition)
    condition.delete()
    again = save_from_dict(Condition, plain)
    assert to_dict(Condition.objects.get(pk=again.pk)) == plain
    assert not again.is_published


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "field",
    [
        *("id", "status", "published_at", "published_by", "reviewed_at", "reviewed_by"),
        *("reviewer_name", "reviewer_credentials"),
    ],
)
def test_a_file_cannot_say_what_the_workflow_says(field):
    assert problems_of(Faq, FAQ | {field: "published"}) == {field: "there is no such field"}
    assert not Faq.objects.exists()


def test_plain_data_holds_nothing_of_the_workflow():
    reviewed = {"reviewed_at": date(2026, 1, 1), "reviewed_by": make_reviewer()}
    one, other = (
        to_dict(make_source(slug="a", **reviewed)),
        to_dict(make_source(slug="a", language="es", status=Status.DRAFT)),
    )
    assert one | {"language": "es"} == other


def test_a_part_keeps_its_id_and_its_old_address_when_it_moves():
    explainer = make_explainer({"slug": "a"}, {"slug": "b"}, {"slug": "c"}, key_points="- K.")
    ids = dict(explainer.sections.values_list("slug", "id"))
    plain = to_dict(explainer) | {"summary": "S."}
    sections = {part["slug"]: part for part in plain["sections"]}
    for part in sections.values():
        del part["order"]
    new = {"slug": "new", "title": "New", "plain": "Words."}
    save_from_dict(Explainer, plain | {"sections": [sections["c"], new, sections["a"]]})
    after = dict(explainer.sections.order_by("order").values_list("slug", "id"))
    assert list(after) == ["c", "new", "a"]
    assert (after["c"], after["a"]) == (ids["c"], ids["a"])


def test_every_problem_of_a_record_is_named_at_once():
    found = problems_of(Faq, {**FAQ, "color": "red", "order": "many", "question": ""})
    assert found["color"] == "there is no such field"
    assert found["topic"] == "there is no topic “safety”"
    assert "must be an integer" in found["order"]
    assert "blank" in found["question"]
    assert "Line 2: there is no" in found["answer"]


@pytest.mark.usefixtures("known")
def test_problems_of_every_part_are_named():
    sections = [
        {"slug": "one", "title": "One", "plain": "[^nobody]"},
        {"title": "No address", "plain": "Words."},
        {"slug": "three", "title": "Three", "plain": "Words.", "explainer": "other"},
    ]
    found = problems_of(Explainer, EXPLAINER | {"sections": sections})
    assert found["sections[one].plain"] == "Line 1: there is no source “nobody”."
    assert "sections[2].slug" in found
    assert found["sections[three].explainer"] == "there is no such field"


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("model", "data", "field"),
    [
        (Faq, FAQ | {"answer": ["synapse"]}, "answer"),
        (Faq, FAQ | {"answer": {"a": 1}}, "answer"),
        (Faq, FAQ | {"question": True}, "question"),
        (Faq, FAQ | {"topic": ["safety"]}, "topic"),
        (Faq, FAQ | {"topic": {"a": "b"}}, "topic"),
        (Faq, FAQ | {"compounds": "ketamine"}, "compounds"),
        (Faq, FAQ | {"compounds": [["ketamine"]]}, "compounds"),
        (Faq, FAQ | {"compounds": [{"a": "b"}]}, "compounds"),
        (Faq, FAQ | {"compounds": ["nobody"]}, "compounds"),
        (Faq, FAQ | {"language": "xx"}, "language"),
        (Faq, FAQ | {"written_on": "soon"}, "written_on"),
        (Faq, FAQ | {"order": float("inf")}, "order"),
        (Faq, FAQ | {"order": -1}, "order"),
        (Faq, FAQ | {"order": 10**30}, "order"),
        (Faq, FAQ | {"slug": "no spaces"}, "slug"),
        (Faq, FAQ | {"slug": ["list"]}, "slug"),
        (Claim, CLAIM | {"verdict": "true"}, "verdict"),
        (Source, SOURCE | {"doi": "10"}, "doi"),
        (Source, SOURCE | {"url": "javascript:alert(1)"}, "url"),
        (Finding, FINDING | {"treatment_per100": 101}, "treatment_per100"),
        (Explainer, EXPLAINER | {"sections": "none"}, "sections"),
        (Explainer, EXPLAINER | {"sections": ["none"]}, "sections[1]"),
        (Explainer, EXPLAINER | {"sections": {"slug": "a"}}, "sections"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_its_field(model, data, field):
    assert field in problems_of(model, data)
    assert not model.objects.filter(language="en").exclude(slug="li-2010").exists()


@pytest.mark.usefixtures("known")
def test_two_parts_cannot_share_an_address():
    section = EXPLAINER["sections"][0]
    found = problems_of(Explainer, EXPLAINER | {"sections": [section, section]})
    assert "cannot share an address" in str(found)


def test_names_must_be_a_list():
    make_source(slug="li-2010")
    from psychoplastogens.content.models import GlossaryTerm

    for wrong in ("synapses", {"a": 1}, [1], [["a"]], None):
        assert "synonyms" in problems_of(GlossaryTerm, TERM | {"synonyms": wrong})


def test_a_digest_is_of_the_data_and_not_of_their_order():
    assert compute_digest({"a": 1, "b": date(2026, 1, 1)}) == compute_digest(
        {"b": date(2026, 1, 1), "a": 1}
    )
    assert compute_digest({"a": 1}) != compute_digest({"a": "1"})


def test_spaces_around_a_text_are_no_change():
    make_topic(slug="safety")
    record = save_from_dict(Faq, FAQ | {"question": " May I drive?\n", "answer": "No.\n"})
    assert (record.question, record.answer) == ("May I drive?", "No.")
    assert to_dict(record)["answer"] == to_dict(make_faq(answer="No."))["answer"]


def test_parts_may_have_parts_and_lists_of_their_own():
    growth = [make_spine_change(slug="b"), make_spine_change(slug="a")]
    walkthrough = make_walkthrough({"check": {}, "growth": growth}, {})
    plain = to_dict(walkthrough)
    assert plain["steps"][0]["growth"] == ["a", "b"]
    assert plain["steps"][0]["checks"][0]["right"] == "a"
    assert plain["steps"][1]["checks"] == []
    kept = walkthrough.steps.get(order=1).checks.get().pk
    save_from_dict(Walkthrough, plain)
    assert to_dict(Walkthrough.objects.get()) == plain
    assert walkthrough.steps.get(order=1).checks.get().pk == kept
    walkthrough.delete()
    assert to_dict(save_from_dict(Walkthrough, plain)) == plain


def test_problems_of_a_part_of_a_part_are_named():
    plain = to_dict(make_walkthrough({"slug": "one", "check": {}}))
    plain["steps"][0]["checks"][0] |= {"right": "d", "color": "red"}
    found = problems_of(Walkthrough, plain)
    assert found["steps[one].checks[1].color"] == "there is no such field"
    assert "must be one of those" in found["steps[one].checks[1].__all__"]


def test_a_part_of_a_part_that_is_left_out_is_gone():
    walkthrough = make_walkthrough({"check": {}})
    plain = to_dict(walkthrough)
    del plain["steps"][0]["checks"]
    save_from_dict(Walkthrough, plain)
    assert not walkthrough.steps.get().checks.exists()
