"""Looking at what is typed without saving it: the reader's page, the mistakes and the checks."""

import pytest
from django.apps import apps
from django.utils import timezone

from psychoplastogens.content.models import Explainer, Faq
from psychoplastogens.editorial.models import (
    ContentVersion,
    HistoryEntry,
    OldAddress,
    OpenForm,
    Revision,
    Status,
)
from psychoplastogens.walkthrough.models import Step
from tests import factories
from tests.admin_forms import address_of, typed
from tests.factories import make_explainer, make_faq, make_source, make_staff, make_walkthrough
from tests.login import sign_in
from tests.workflow_helpers import get_draft

pytestmark = pytest.mark.django_db


def look(client, record, query="", **changes):
    form = typed(client.get(address_of(record)), **changes)
    return client.post(address_of(record, "typed") + query, form)


def everything():
    rows = {
        m: list(m.objects.order_by("pk").values()) for m in (Faq, Explainer, Revision, HistoryEntry)
    }
    return rows, OldAddress.objects.count(), ContentVersion.objects.get_current()


def test_what_is_typed_is_shown_as_the_page_it_would_be(admin_client):
    told = look(
        admin_client, make_faq(question="Is it?", answer="Old."), answer="New words."
    ).json()
    assert "New words." in told["page"]
    assert "As you type it, not saved" in told["page"]
    assert told["pages"] == ["Is it?"]
    assert "<script src" not in told["page"]


def test_looking_keeps_nothing(admin_client):
    faq = make_faq(answer="Old.", slug="it")
    explainer = make_explainer({"title": "Part"}, summary="S.", key_points="K.", slug="one")
    look(admin_client, faq)  # what a first look may cache
    before = everything()
    assert look(admin_client, faq, answer="New.", slug="other", change_reason="N.").json()["page"]
    parts = {"sections-0-title": "Other", "sections-0-slug": "other"}
    assert look(admin_client, explainer, slug="two", **parts).json()["page"]
    assert everything() == before
    assert admin_client.session.get("saved_form_tokens", []) == []


def test_a_page_too_long_to_be_shown_while_it_is_typed_says_so_and_can_be_saved(admin_client):
    from psychoplastogens.editorial.drafts.text_validation import MAX_TEXT_LENGTH

    parts = [{"title": f"Part {number}"} for number in range(3)]
    explainer = make_explainer(*parts, summary="S.", key_points="K.")
    long = {f"sections-{number}-plain": "Rest. " * (MAX_TEXT_LENGTH // 6) for number in range(3)}
    told = look(admin_client, explainer, **long).json()
    assert "Save the draft, then open its preview." in told["findings"]
    assert "To mend" not in told["findings"]
    assert "page" not in told
    form = typed(admin_client.get(address_of(explainer)), **long)
    assert admin_client.post(address_of(explainer), form).status_code == 302
    assert get_draft(explainer).snapshot[1]["fields"]["plain"].startswith("Rest. ")


def test_readers_never_see_what_is_only_typed(admin_client, client):
    faq = make_faq(answer="Old.", slug="it")
    assert "Typed." in look(admin_client, faq, answer="Typed.").json()["page"]
    assert "Typed." not in client.get("/questions/it/").content.decode()
    assert "Typed." not in admin_client.get(address_of(faq)).content.decode()


def test_it_starts_from_the_newest_draft(admin_client):
    faq = make_faq(answer="Old.", question="Old?")
    sent = typed(admin_client.get(address_of(faq)), answer="From the draft.")
    admin_client.post(address_of(faq), sent)
    draft = get_draft(faq)
    told = look(admin_client, faq, question="New?").json()
    assert "From the draft." in told["page"]
    assert "New?" in told["page"]
    assert get_draft(faq) == draft


def test_mistakes_are_told_in_words_at_their_field(admin_client):
    explainer = make_explainer({"title": "Part"})
    told = look(admin_client, explainer, title="", **{"sections-0-plain": "See[^none]."}).json()
    assert "page" not in told
    findings = " ".join(told["findings"].split())
    assert '<a href="#id_title">Title</a> This field is required.' in findings
    assert '<a href="#id_sections-0-plain">Section “Part”: Plain text</a>' in told["findings"]


def test_what_is_typed_is_escaped_where_it_is_told(admin_client):
    told = look(admin_client, make_faq(), slug="<script>alert(1)</script>").json()
    assert "<script>" not in told["findings"]


def test_nobody_is_asked_while_typing_what_kind_of_change_it_is(admin_client):
    told = look(admin_client, make_faq(), answer="New.", change_kind="").json()
    assert "New." in told["page"]


def test_checks_are_told_with_rule_field_and_excerpt(admin_client):
    told = look(admin_client, make_faq(), answer="This proven breakthrough heals.").json()
    assert "No sales words (A8)" in told["findings"]
    link = 'href="#id_answer" data-text="This proven breakthrough heals.">Answer</a>'
    assert link in told["findings"]
    assert "<q>" in told["findings"]


def test_checks_are_of_what_is_typed_and_not_of_what_stands_there(admin_client):
    faq = make_faq(answer="This proven breakthrough heals.")
    assert "No sales words" not in look(admin_client, faq, answer="It.").json()["findings"]


def test_the_form_of_a_step_shows_the_page_of_that_step(admin_client):
    walkthrough = make_walkthrough({"title": "One"}, {"title": "Two", "plain": "Old."})
    step = walkthrough.steps.get(title="Two")
    told = look(admin_client, step, plain="Typed here.").json()
    assert "Typed here." in told["page"]
    assert told["pages"][told["number"]] == "Two"
    assert Step.objects.get(pk=step.pk).plain == "Old."
    assert not Revision.objects.exists()


@pytest.mark.parametrize("number", ["99", "-1", "x", "2000000000000", ""])
def test_a_page_that_is_not_there_is_the_first(admin_client, number):
    told = look(admin_client, make_faq(), f"?number={number}&shape=<x>").json()
    assert told["number"] == 0
    assert told["page"]


def test_shapes_are_those_of_the_preview(admin_client):
    faq = make_faq()
    assert 'data-theme="dark"' in look(admin_client, faq, "?shape=dark").json()["page"]
    assert 'print.css" media="all"' in look(admin_client, faq, "?shape=print").json()["page"]


@pytest.mark.parametrize("forged", ["", "x", "0" * 32, "'; drop table"])
def test_a_forged_revision_is_told_as_a_newer_text_and_keeps_nothing(admin_client, forged):
    faq = make_faq(answer="Old.")
    admin_client.post(address_of(faq), typed(admin_client.get(address_of(faq)), answer="Theirs."))
    before = everything()
    told = look(admin_client, faq, answer="Mine.", based_on=forged).json()
    assert "Somebody saved a newer text" in told["findings"]
    assert everything() == before


def test_another_kinds_key_and_no_key_are_not_found(admin_client):
    faq, explainer = make_faq(), make_explainer()
    wrong = address_of(explainer, "typed").replace(str(explainer.pk), str(faq.pk))
    for name in ("typed", "presence"):
        assert admin_client.post(wrong.replace("typed", name)).status_code == 404


def test_who_may_not_change_it_cannot_look_at_typed_text(client):
    faq = make_faq()
    clinician = sign_in(client, make_staff("Reviewer"))
    assert clinician.get(address_of(faq)).status_code == 200
    for name in ("typed", "presence"):
        assert clinician.post(address_of(faq, name), {"answer": "Mine."}).status_code == 403
    assert not OpenForm.objects.exists()


def test_nobody_outside_reaches_it(client):
    faq = make_faq(status=Status.DRAFT)
    for name in ("typed", "presence"):
        answer = client.post(address_of(faq, name), {"answer": "Mine."})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


def test_it_is_posted_only_and_with_a_token(admin_client):
    address = address_of(make_faq(), "typed")
    assert admin_client.get(address).status_code == 405
    admin_client.handler.enforce_csrf_checks = True
    assert admin_client.post(address, {"answer": "Mine."}).status_code == 403


def test_the_answer_is_kept_by_nobody(admin_client):
    assert "no-store" in look(admin_client, make_faq())["Cache-Control"]


EVERY_KIND = [
    *(factories.make_source, factories.make_finding, factories.make_term, factories.make_topic),
    lambda **fields: factories.make_claim([factories.make_source()], **fields),
    *(
        factories.make_faq,
        factories.make_compound,
        factories.make_condition,
        factories.make_spine_change,
    ),
    *(make_explainer, lambda **fields: make_walkthrough({}, **fields), factories.make_code),
]


@pytest.mark.parametrize("make_one", EVERY_KIND)
@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.DRAFT])
def test_every_kind_is_looked_at_while_typing(admin_client, make_one, status):
    record = make_one() if status == Status.PUBLISHED else make_one(status=status)
    told = look(admin_client, record).json()
    assert "Checks before approval" in told["findings"], told["findings"]
    assert told["page"] or told["no_page"]
    assert not Revision.objects.exists()


def look_at_new(client, address, **changes):
    form = typed(client.get(address), **changes)
    return client.post(f"{address}typed/", form)


TERM = {"slug": "bud", "term": "Bud", "meaning": "A small new branch."}
NEW = {
    "content/glossaryterm": TERM,
    "content/explainer": {"slug": "a", "title": "A small new branch.", "summary": "S."}
    | {"key_points": "- K."},
    "evidence/source": {"slug": "a", "title": "A small new branch.", "kind": "web"}
    | {"supports": "It.", "verified": "seen"},
    "content/topic": {"slug": "a", "name": "A"},
    "content/faq": {"slug": "a", "question": "So?", "answer": "A small new branch."},
}


@pytest.mark.parametrize("kind", NEW)
def test_a_record_that_was_never_saved_is_looked_at_too_and_not_made(admin_client, kind):
    topic = factories.make_topic()
    before = everything()
    sent = NEW[kind] | ({"topic": str(topic.pk)} if kind == "content/faq" else {})
    told = look_at_new(admin_client, f"/admin/{kind}/add/", **sent).json()
    assert "Checks before approval" in told["findings"], told["findings"]
    assert kind == "content/topic" or "A small new branch." in told["page"]
    assert everything() == before
    assert admin_client.session.get("saved_form_tokens", []) == []
    assert apps.get_model(kind.replace("/", ".")).objects.count() == (kind == "content/topic")


def test_mistakes_in_a_new_record_are_told(admin_client):
    told = look_at_new(admin_client, "/admin/content/glossaryterm/add/", **TERM | {"term": ""})
    findings = " ".join(told.json()["findings"].split())
    assert '<a href="#id_term">Term</a> This field is required.' in findings


def test_who_may_add_nothing_looks_at_nothing_new(client):
    clinician = sign_in(client, make_staff("Reviewer"))
    assert clinician.post("/admin/content/glossaryterm/add/typed/", TERM).status_code == 403
    admin = "/admin/walkthrough/step/add/typed/"
    assert clinician.post(admin, TERM).status_code == 403


def test_the_tick_for_the_evidence_counts_for_a_new_record_too(admin_client):
    address = "/admin/content/glossaryterm/add/"
    make_source(slug="li")
    term = TERM | {"meaning": "A small new branch.[^li]"}
    form = typed(admin_client.get(address), **term, evidence_checked_today="on")
    admin_client.post(address, form)
    [first, *_] = Revision.objects.get().snapshot
    assert first["fields"]["evidence_checked_on"] == timezone.localdate().isoformat()
