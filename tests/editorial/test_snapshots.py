import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from psychoplastogens.content.models import Explainer, Faq, Section
from psychoplastogens.editorial.drafts.draft_transaction import draft_applied
from psychoplastogens.editorial.drafts.snapshots import (
    SnapshotConflict,
    apply_snapshot,
    publish_snapshot,
    take_snapshot,
)
from psychoplastogens.editorial.models import ContentVersion, OldAddress, Status
from psychoplastogens.walkthrough.models import Check
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_spine_change,
    make_term,
    make_topic,
    make_walkthrough,
)

pytestmark = pytest.mark.django_db


def everything():
    source = make_source()
    compound = make_compound(statuses=[{"source": source}], other_names=["K", "“Special”"])
    return [
        source,
        compound,
        make_finding(source=source),
        make_spine_change(source=source),
        make_term(),
        make_topic(),
        make_faq(compounds=[compound]),
        make_condition(findings=[make_finding()], evidence=[{"compound": compound}], options=[{}]),
        make_explainer({}, {}),
        make_walkthrough({"check": {}, "growth": [make_spine_change()]}, {}),
    ]


def test_what_is_laid_is_what_was_taken_for_every_kind():
    for record in everything():
        snapshot = take_snapshot(record)
        assert take_snapshot(apply_snapshot(snapshot)) == snapshot


def test_a_deleted_record_comes_back_whole_as_a_draft():
    walkthrough = make_walkthrough({"check": {}}, status=Status.DRAFT)
    snapshot = take_snapshot(walkthrough)
    walkthrough.delete()
    back = apply_snapshot(snapshot)
    assert take_snapshot(back) == snapshot
    assert (back.status, Check.objects.get().step.walkthrough) == (Status.DRAFT, back)


def test_parts_come_go_and_stay_the_same_parts():
    explainer = make_explainer({"title": "Old"}, {"title": "Stays"})
    before = take_snapshot(explainer)
    stays = explainer.sections.get(title="Stays").pk
    explainer.sections.get(title="Old").delete()
    Section.objects.create(explainer=explainer, slug="new", title="New", plain="Words.", order=9)
    after = take_snapshot(explainer)
    apply_snapshot(before)
    assert [s.title for s in explainer.sections.all()] == ["Old", "Stays"]
    apply_snapshot(after)
    assert [s.title for s in explainer.sections.all()] == ["Stays", "New"]
    assert explainer.sections.get(title="Stays").pk == stays


def test_rows_that_did_not_change_are_not_written():
    explainer = make_explainer({"slug": "a", "title": "A"}, {"slug": "b", "title": "B"})
    snapshot = take_snapshot(explainer)
    snapshot[2]["fields"]["title"] = "Changed"
    with CaptureQueriesContext(connection) as queries:
        apply_snapshot(snapshot)
    updates = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert [re.search(r'"content_(\w+)"', sql)[1] for sql in updates if "content_" in sql] == [
        "section"
    ]
    assert snapshot[1]["pk"].replace("-", "") not in updates[0]
    assert take_snapshot(explainer) == snapshot


def test_two_parts_may_swap_their_addresses():
    explainer = make_explainer({"slug": "a", "title": "A"}, {"slug": "b", "title": "B"})
    snapshot = take_snapshot(explainer)
    for row in snapshot[1:]:
        row["fields"]["slug"] = {"a": "b", "b": "a"}[row["fields"]["slug"]]
    apply_snapshot(snapshot)
    assert set(Section.objects.values_list("slug", "title")) == {("b", "A"), ("a", "B")}


def test_what_is_decided_about_a_record_is_not_in_its_text():
    faq = make_faq(review_due="2026-05-01")
    snapshot = take_snapshot(faq)
    faq.withdraw(by=faq.published_by, reason="Wrong.")
    apply_snapshot(snapshot)
    faq = Faq.objects.get()
    assert (faq.status, faq.withdrawn_because) == (Status.WITHDRAWN, "Wrong.")
    assert str(faq.review_due) == "2026-05-01"


def test_a_number_that_a_list_named_and_that_is_gone_is_left_out():
    finding, gone = make_finding(), make_finding()
    compound = make_compound(findings=[finding, gone])
    snapshot = take_snapshot(compound)
    compound.findings.remove(gone)
    gone.delete()
    assert list(apply_snapshot(snapshot).findings.all()) == [finding]


def test_what_cannot_be_left_out_is_named():
    topic = make_topic(status=Status.DRAFT)
    faq = make_faq(topic=topic, question="Why?")
    snapshot = take_snapshot(faq)
    faq.delete()
    topic.delete()
    with (
        pytest.raises(SnapshotConflict, match="“Why.” needs a topic that was deleted"),
        transaction.atomic(),
    ):
        apply_snapshot(snapshot)


def test_for_good_the_old_addresses_of_a_page_and_its_parts_lead_on():
    explainer = make_explainer({"slug": "one"}, slug="guide")
    snapshot = take_snapshot(explainer)
    snapshot[0]["fields"]["slug"], snapshot[1]["fields"]["slug"] = "manual", "first"
    publish_snapshot(snapshot)
    assert {old.slug for old in OldAddress.objects.all()} == {"guide", "one"}


def test_a_draft_that_nobody_read_leaves_no_old_address():
    explainer = make_explainer({"slug": "one"}, slug="guide", status=Status.DRAFT)
    snapshot = take_snapshot(explainer)
    snapshot[0]["fields"]["slug"], snapshot[1]["fields"]["slug"] = "manual", "first"
    publish_snapshot(snapshot)
    explainer.refresh_from_db()
    explainer.slug = "handbook"
    explainer.save()
    assert not OldAddress.objects.exists()


def test_what_is_laid_is_gone_when_the_block_ends():
    explainer = make_explainer({"title": "Before"})
    snapshot = take_snapshot(explainer)
    snapshot[1]["fields"]["title"] = "Meanwhile"
    number = ContentVersion.objects.get_current()
    with draft_applied(snapshot):
        assert Section.objects.get().title == "Meanwhile"
        assert ContentVersion.objects.get_current() > 2**61
    assert Section.objects.get().title == "Before"
    assert ContentVersion.objects.get_current() == number


def test_a_failure_meanwhile_leaves_nothing_of_the_draft():
    explainer = make_explainer({"title": "Before"})
    snapshot = take_snapshot(explainer)
    snapshot[0]["fields"]["title"] = "Meanwhile"
    with pytest.raises(RuntimeError), draft_applied(snapshot):
        raise RuntimeError
    assert Explainer.objects.get().title == explainer.title


def test_a_snapshot_costs_the_same_queries_for_one_step_and_for_ten(django_assert_num_queries):
    few, many = make_walkthrough({}), make_walkthrough(*({} for _ in range(10)))
    for walkthrough in (few, many):
        with django_assert_num_queries(8):
            take_snapshot(walkthrough)
