"""Mistakes in texts stop the sending of a draft, and never its saving."""

import pytest
from django.db import IntegrityError, transaction
from pytest_django.asserts import assertContains

from psychoplastogens.content.models import Explainer, Faq, GlossaryTerm
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import Revision, Status
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.sending import send_for_review
from psychoplastogens.evidence.models import Finding
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import (
    make_compound,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_staff,
    make_topic,
    make_user,
    make_walkthrough,
)
from tests.login import sign_in
from tests.workflow_helpers import (
    get_draft,
    make_approver,
    publish_draft,
    save_draft,
    without_checks,
)

pytestmark = pytest.mark.django_db
UNFINISHED = {
    "an unknown source": "So.[^none]",
    "no text at all": "",
    "a mark that is not closed well": "So.[^No such mark]",
    "a box that does not exist": ":::nothing\nSo.\n:::",
}


def save(client, record, **changes):
    """The page after a save."""
    form = typed(client.get(address_of(record)), **changes)
    return client.post(address_of(record), form, follow=True)


def shown(page):
    """[(label, href, message)] of what stops the sending."""
    return [stop[:3] for stop in page.context["stops"]]


@pytest.mark.parametrize("text", UNFINISHED.values(), ids=UNFINISHED)
@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.DRAFT])
def test_a_draft_with_a_mistake_is_saved_and_says_what_to_mend(
    admin_client, no_checks, text, status
):
    fields = {} if status == Status.PUBLISHED else {"status": status}
    faq = make_faq(answer="Old.", **fields)
    page = save(admin_client, faq, answer=text)
    assert get_draft(faq).snapshot[0]["fields"]["answer"] == text
    assert "Before it can be sent, something has to be put right" in page.content.decode()
    [(label, href, message)] = shown(page)
    assert (label, href) == ("Answer", "#id_answer")
    assert message
    assert Faq.objects.get(pk=faq.pk).answer == ("Old." if fields == {} else text)


def test_the_draft_opens_again_as_it_was_left(admin_client, no_checks):
    faq = make_faq()
    save(admin_client, faq, answer="So.[^none]")
    page = admin_client.get(address_of(faq))
    assert page.context["adminform"].form.initial["answer"] == "So.[^none]"
    assert shown(page) == [("Answer", "#id_answer", "Line 1: there is no source “none”.")]


def test_a_part_is_named_and_its_field_is_led_to(admin_client, no_checks):
    guide = make_explainer({"title": "Going home", "slug": "home"}, summary="S.", key_points="K.")
    page = save(admin_client, guide, **{"sections-0-plain": "So.[^none]"})
    label = "Section “Going home”: Plain text"
    assert shown(page) == [(label, "#id_sections-0-plain", "Line 1: there is no source “none”.")]


def test_a_part_with_a_form_of_its_own_is_mended_there(admin_client, no_checks):
    walkthrough = make_walkthrough({"title": "One", "seen_in_cells": "So."})
    step = walkthrough.steps.get()
    save(admin_client, step, seen_in_cells="So.[^none]")
    [(label, href, _)] = shown(admin_client.get(address_of(walkthrough)))
    assert label == "Step “One”: Seen in cells"
    assert href == f"/admin/walkthrough/step/{step.pk}/change/#id_seen_in_cells"


def test_a_new_record_may_be_unfinished(admin_client, no_checks):
    form = typed(admin_client.get("/admin/content/glossaryterm/add/"))
    form |= {"term": "Bud", "slug": "bud", "meaning": ""}
    page = admin_client.post("/admin/content/glossaryterm/add/", form, follow=True)
    assert GlossaryTerm.objects.get().meaning == ""
    assert shown(page) == [("Meaning", "#id_meaning", "This field cannot be blank.")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question", ""),
        ("slug", "Not a slug"),
        ("question", "x" * 999),
    ],
)
def test_what_a_draft_is_found_by_and_what_tables_cannot_hold_is_still_refused(
    admin_client, field, value
):
    faq = make_faq()
    page = save(admin_client, faq, **{field: value})
    assert list(errors_of(page)) == [field]
    assert not Revision.objects.exists()


@pytest.mark.parametrize("text", ["Rest. " * 20_000, "A lost \ufffd letter"])
def test_a_text_that_would_be_lost_is_refused(admin_client, text):
    faq = make_faq()
    assert "answer" in errors_of(save(admin_client, faq, answer=text))
    assert not Revision.objects.exists()


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.DRAFT])
def test_a_constraint_of_the_table_stands_beside_a_mistake(admin_client, status):
    finding = make_finding(**({} if status == Status.PUBLISHED else {"status": status}))
    page = save(admin_client, finding, comparator="", population="")
    assert errors_of(page).keys() == {"comparator", "population"}
    assert Finding.objects.get().comparator
    assert not Revision.objects.exists()


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.DRAFT])
def test_a_question_without_a_topic_is_kept_and_not_sent(admin_client, no_checks, status):
    faq = make_faq(**({} if status == Status.PUBLISHED else {"status": status}))
    page = save(admin_client, faq, topic="", answer="New.", _submit="1")
    assert get_draft(faq).snapshot[0]["fields"]["topic"] is None
    told = ("Topic", "#id_topic", "Choose the topic under which readers find it.")
    assert shown(page) == [told]
    save(admin_client, faq, topic=str(make_topic().pk), _submit="1")
    assert get_draft(faq).state == Revision.State.IN_REVIEW


def test_a_new_question_is_kept_without_a_topic_and_previewed(admin_client, no_checks):
    form = typed(admin_client.get("/admin/content/faq/add/"))
    form |= {"question": "Can I eat?", "slug": "eat", "answer": "Yes.", "topic": ""}
    looked = admin_client.post("/admin/content/faq/add/typed/", form).json()
    assert "Can I eat?" in looked["page"]
    assert shown(admin_client.post("/admin/content/faq/add/", form, follow=True))
    assert Faq.objects.get().topic is None
    assert "Can I eat?" in admin_client.get("/admin/content/faq/").content.decode()


def test_readers_get_no_question_without_a_topic():
    with pytest.raises(IntegrityError), transaction.atomic():
        Faq.objects.filter(pk=make_faq().pk).update(topic=None)


def test_what_is_not_said_about_a_change_stops_the_sending_alone(admin_client, no_checks):
    faq = make_faq(answer="Old.")
    page = save(admin_client, faq, answer="New.", change_kind="", _submit="1")
    kind = ("What kind of change is it?", "Choose one: it decides which dates readers see.")
    assert [(label, told) for label, _, told in shown(page)] == [kind]
    assert shown(page)[0][1] == "#id_change_kind"
    page = save(admin_client, faq, change_kind="meaning", _submit="1")
    said = ("What changed, for readers", "Tell readers in one sentence what changed.")
    assert [(label, told) for label, _, told in shown(page)] == [said]
    assert get_draft(faq).change == "meaning"
    said = {"change_kind": "meaning", "what_changed": "It is newer."}
    save(admin_client, faq, **said, _submit="1")
    assert get_draft(faq).state == Revision.State.IN_REVIEW
    assert get_draft(faq).snapshot[0]["fields"]["update_note"] == "It is newer."


def test_the_sentence_of_the_last_change_does_not_stand_for_the_next_one(admin_client, no_checks):
    faq = make_faq(answer="Old.")
    said = {"change_kind": "meaning", "what_changed": "It is newer."}
    save(admin_client, faq, answer="New.", **said)
    publish_draft(faq)
    page = save(admin_client, faq, answer="Newer.", change_kind="meaning", _submit="1")
    assert [label for label, *_ in shown(page)] == ["What changed, for readers"]
    assert page.context["adminform"].form.initial["what_changed"] == ""


def test_all_that_stops_the_sending_is_told_at_once(admin_client):
    faq = make_faq(answer="Old.")
    page = save(admin_client, faq, answer="So.[^none]", topic="")
    told = {label for label, *_ in shown(page)}
    assert told >= {"Answer", "Topic", "I searched and compared the sources today"}


def test_errors_are_listed_first_each_with_the_name_of_its_field_and_a_link(admin_client):
    guide = make_explainer({"title": "Going home", "slug": "home"}, summary="S.", key_points="K.")
    page = save(admin_client, guide, title="", **{"sections-0-slug": "No slug"})
    text = page.content.decode()
    assert "Please correct the error" not in text
    assert text.index('id="form-errors"') < text.index('class="form-bar"')
    told = [(label, href) for label, href, _ in page.context["form_errors"]]
    assert ("Title", "#id_title") in told
    assert ("Section “Going home”: Slug", "#id_sections-0-slug") in told


@pytest.mark.parametrize(
    "path", ["editorial/reviewer", "search/synonym", "clinics/clinicgroup", "auth/user"]
)
def test_forms_without_drafts_list_their_errors_too(admin_client, path):
    page = admin_client.post(f"/admin/{path}/add/", {})
    assert page.context["form_errors"]
    assert "Please correct the error" not in page.content.decode()


def test_an_unchanged_draft_is_sent_without_a_warning(admin_client, no_checks):
    faq = make_faq()
    save(admin_client, faq, answer="New.")
    page = save(admin_client, faq, _submit="1")
    assert [str(said) for said in page.context["messages"]] == [f"“{faq}” is in review now."]


def test_a_mistake_stops_the_sending_and_leads_to_its_field(admin_client, no_checks):
    faq = make_faq()
    page = save(admin_client, faq, answer="So.[^none]", _submit="1")
    assert page.redirect_chain[-1][0] == f"{address_of(faq)}?stops=1#stops"
    assert get_draft(faq).state == Revision.State.DRAFT
    assert shown(page) == [("Answer", "#id_answer", "Line 1: there is no source “none”.")]
    mended = save(admin_client, faq, answer="So.", _submit="1")
    assert get_draft(faq).state == Revision.State.IN_REVIEW
    assert mended.redirect_chain[-1][0] == address_of(faq, "review")


def test_an_error_of_the_checks_stops_the_sending_too(admin_client):
    make_compound(slug="ketamine")
    faq = make_faq(answer="Old.")
    page = save(admin_client, faq, answer="It helps. {{status:ketamine}}\n\nIt may.", _submit="1")
    found = {label: href for label, href, _ in shown(page)}
    assert found["Answer"] == "#id_answer"
    assert found["I searched and compared the sources today"] == "#id_evidence_checked_today"
    assert get_draft(faq).state == Revision.State.DRAFT


def test_the_button_and_the_action_of_the_list_stop_it_too(admin_client, no_checks):
    faq = make_faq()
    save(admin_client, faq, answer="So.[^none]")
    sent = {"verb": "submit", "revision": get_draft(faq).pk}
    page = admin_client.post(address_of(faq, "do"), sent, follow=True)
    assert shown(page)
    chosen = {"action": "submit", "_selected_action": [faq.pk]}
    page = admin_client.post("/admin/content/faq/", chosen, follow=True)
    assert "It was not sent for review. Answer: Line 1" in page.content.decode()
    assert get_draft(faq).state == Revision.State.DRAFT


def test_a_draft_with_mistakes_cannot_be_published_by_any_way(no_checks):
    faq = make_faq(answer="Old.")
    draft = save_draft(faq, answer="So.[^none]")
    with pytest.raises(WorkflowError, match="there is no source"):
        send_for_review(draft, by=make_user("author"))
    transitions.submit(draft, by=make_user("author"))
    with without_checks():
        transitions.approve(draft, by=make_approver())
        with pytest.raises(WorkflowError, match="there is no source"):
            transitions.publish(draft, by=make_user("publisher"))
    assert Faq.objects.get().answer == "Old."


def test_readers_see_nothing_of_it(admin_client, client):
    faq = make_faq(answer="Old.", slug="it")
    save(admin_client, faq, answer="New.[^none]")
    assert "New." not in client.get("/questions/it/").content.decode()


def test_it_is_seen_while_typing_with_its_mistakes(admin_client):
    faq = make_faq()
    form = typed(admin_client.get(address_of(faq)), answer="New words.[^none]")
    told = admin_client.post(address_of(faq, "typed"), form).json()
    assert "New words." in told["page"]
    findings = " ".join(told["findings"].split())
    assert '<a href="#id_answer">Answer</a> Line 1: there is no source “none”.' in findings


def test_what_is_in_review_or_live_shows_no_such_list(admin_client, no_checks):
    faq = make_faq()
    assert "stops" not in admin_client.get(address_of(faq)).context
    save(admin_client, faq, answer="So.", _submit="1")
    assert "stops" not in admin_client.get(address_of(faq)).context


def test_who_only_reviews_sees_the_list_and_saves_nothing(admin_client, client):
    faq = make_faq()
    save(admin_client, faq, answer="So.[^none]")
    reviewer = sign_in(client, make_staff("Reviewer"))
    assert reviewer.get(address_of(faq)).status_code == 200


def test_a_removed_part_stops_nothing(admin_client, no_checks):
    guide = make_explainer({"title": "One"}, {"title": "Two"}, summary="S.", key_points="K.")
    make_source(slug="it")
    save(admin_client, guide, **{"sections-1-plain": ""})
    page = save(admin_client, guide, **{"sections-1-DELETE": "on"})
    assert shown(page) == []
    assert Explainer.objects.get().sections.count() == 2


def test_what_stops_a_sending_quotes_its_words(admin_client):
    faq = make_faq(answer="Yes.\n\nIt is so.")
    save_draft(faq, answer="First fact.\n\nSecond fact.")
    form = admin_client.get(f"{address_of(faq)}?stops=1")
    assertContains(form, 'href="#id_answer"')
    assertContains(form, 'data-text="Second fact."')
    assertContains(form, "<q>First fact.</q>")
    assertContains(form, "Nothing in this paragraph is cited.", count=1)  # Said of both at once.
