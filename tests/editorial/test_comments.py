"""Comments beside a paragraph: who may write one, where it stands later, and whom it reaches."""

import uuid

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.admin import personal_tasks
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import (
    Comment,
    ContentVersion,
    HistoryEntry,
)
from psychoplastogens.editorial.workflow import comments, transitions
from tests.admin_forms import address_of
from tests.factories import make_explainer, make_faq, make_reviewer, make_user
from tests.workflow_helpers import publish_draft, save_draft, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
TWO = "It can help.\n\nIt can harm."


@pytest.fixture
def clinician(sign_in):
    return sign_in("clinician", "view_faq", "view_explainer", "approve_revision")


@pytest.fixture
def draft():
    return send_for_review(make_faq(answer="Old words."), answer=TWO)


def screen(client, revision):
    return client.get(address_of(revision.record, "review"), {"revision": revision.pk})


def key_of(revision, number=0, field="answer"):
    return f"{revision.object_id}-{field}-{number}"


def say(client, revision, body="Cite it.", paragraph="0", **sent):
    key = sent.pop("key", key_of(revision))
    said = {"change": key, f"{key}-body": body, f"{key}-paragraph": paragraph}
    address = address_of(revision.record, "comment")
    return client.post(address, {"revision": revision.pk} | said | sent)


def respond(client, thread, act, body="", **sent):
    said = {act: thread.pk, f"answer-{thread.pk}-body": body}
    address = address_of(thread.revision.record, "comment")
    return client.post(address, {"revision": thread.revision_id} | said | sent)


def place(revision, quote="It can help."):
    return comments.Place(revision.object_id, "answer", "Answer", quote)


def begin(revision, by="clinician", body="Cite it.", quote="It can help."):
    return comments.begin_thread(revision, place(revision, quote), body=body, by=make_user(by))


def where_of(page, thread):
    """Of a thread on the review screen: the box that it stands in, and what became of its place."""
    board = page.context["board"]
    for key, change in board.changes.items():
        if found := [shown for shown in change.threads if shown.comment.pk == thread.pk]:
            return key.rpartition("-")[0], found[0].place.said
    for (_, field), threads in board.rest.items():
        if found := [shown for shown in threads if shown.comment.pk == thread.pk]:
            return field, found[0].place.said
    [found] = [shown for shown in board.elsewhere if shown.comment.pk == thread.pk]
    return "elsewhere", found.place.said


def test_a_comment_stands_beside_its_paragraph_and_in_the_history(clinician, draft):
    page = say(clinician, draft, "Cite it.", paragraph="1")
    thread = Comment.objects.get()
    assert page["Location"].endswith(f"#comment-{thread.pk}")
    assert (thread.quote, thread.field, thread.label) == ("It can harm.", "answer", "Answer")
    shown = clinician.get(page["Location"])
    assertContains(shown, f'id="comment-{thread.pk}"')
    assertContains(shown, "<blockquote>It can harm.</blockquote>", html=True)
    assert where_of(shown, thread) == (f"{draft.object_id}-answer", "")
    entry = HistoryEntry.objects.about(draft.record).first()
    assert entry.verb == "remarked"
    assert entry.note == "Answer: “It can harm.”\nCite it."


def test_a_comment_on_the_whole_field_quotes_nothing(clinician, draft):
    say(clinician, draft, paragraph="")
    assert Comment.objects.get().quote == ""


def test_htmx_gets_the_box_of_the_change_with_the_new_comment_in_focus(clinician, draft):
    key = key_of(draft)
    assertContains(screen(clinician, draft), f'hx-select="#comments-{key}"')
    shown = clinician.get(say(clinician, draft)["Location"])
    assertContains(shown, "autofocus", count=1)
    assertNotContains(screen(clinician, draft), "autofocus")


@pytest.mark.parametrize("sent", [{"body": " "}, {"body": "A" * 2001}, {"paragraph": "7"}])
def test_what_cannot_be_kept_is_said_beside_the_change_and_stays_typed(clinician, draft, sent):
    page = say(clinician, draft, **{"body": "Words."} | sent)
    assert page.status_code == 200
    assert not Comment.objects.exists()
    assertContains(page, "errorlist")
    assertContains(page, "comment-new")
    if len(sent.get("body", "")) > 10:
        assertContains(page, sent["body"])
    decision = clinician.post(address_of(draft.record, "review"), {"decision": ""})
    assertContains(decision, 'action="../review/"')


@pytest.mark.parametrize("key", ["", "x", "\x00", str(uuid.UUID(int=0)), "A" * 5000])
def test_a_forged_change_is_none(clinician, draft, key):
    assert say(clinician, draft, key=key).status_code in (400, 404)
    assert not Comment.objects.exists()


def test_a_quote_cannot_be_forged(clinician, draft):
    key = key_of(draft)
    say(clinician, draft, **{f"{key}-quote": "Forged.", "quote": "Forged.", "label": "Forged"})
    assert Comment.objects.get().quote == "It can help."


def test_hostile_words_stay_words(clinician, draft):
    page = say(clinician, draft, "<script>alert(1)</script>")
    shown = clinician.get(page["Location"]).content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_nobody_comments_on_what_they_may_not_see(sign_in, draft):
    thread = begin(draft)
    stranger = sign_in("stranger", "view_source", "approve_revision")
    assert say(stranger, draft).status_code == 403
    assert respond(stranger, thread, "answer", "Mine.").status_code == 403
    assert say(Client(), draft).status_code == 302
    assert Comment.objects.count() == 1


def test_a_thread_of_another_record_is_not_answered_here(clinician, draft):
    thread = begin(draft)
    other = send_for_review()
    address = address_of(other.record, "comment")
    sent = {"revision": other.pk, "resolve": thread.pk}
    assert clinician.post(address, sent | {f"answer-{thread.pk}-body": "."}).status_code == 404
    with pytest.raises(WorkflowError, match="no such comment"):
        comments.resolve(thread, other, by=make_user("clinician"))
    with pytest.raises(WorkflowError, match="no such comment"):
        comments.answer(thread, other, body="So.", by=make_user("clinician"))


def test_an_answer_is_not_answered(draft):
    thread = begin(draft)
    given = comments.answer(thread, draft, body="Done.", by=make_user("author"))
    with pytest.raises(WorkflowError, match="no such comment"):
        comments.answer(given, draft, body="So.", by=make_user("clinician"))


def test_a_thread_is_answered_resolved_and_opened_again(sign_in, draft):
    thread = begin(draft)
    author = sign_in("author", "change_faq")
    respond(author, thread, "answer", "Which source?")
    assertContains(screen(author, draft), "Which source?")
    respond(author, thread, "resolve", "Cited now.")
    thread.refresh_from_db()
    assert thread.resolved_by == make_user("author")
    assertContains(screen(author, draft), "Resolved comment of clinician")
    assertContains(screen(author, draft), "Cited now.")
    assertContains(respond(author, thread, "resolve"), "has resolved this comment already.")
    respond(author, thread, "reopen")
    thread.refresh_from_db()
    assert (thread.resolved_at, thread.resolved_by) == (None, None)
    verbs = HistoryEntry.objects.filter(thread=thread).order_by("pk")
    told = ["remarked", "answered", "resolved", "reopened"]
    assert list(verbs.values_list("verb", flat=True)) == told


def test_an_empty_answer_is_none_and_a_made_up_act_is_refused(clinician, draft):
    thread = begin(draft)
    assertContains(respond(clinician, thread, "answer", " "), "The comment is empty.")
    for act in ("", "delete", "__class__"):
        assert respond(clinician, thread, act, "So.").status_code == 404
    assert Comment.objects.count() == 1


def test_who_may_only_look_resolves_their_own_alone(sign_in, draft):
    thread, own = begin(draft), begin(draft, by="reader")
    reader = sign_in("reader", "view_faq")
    assert respond(reader, thread, "resolve").status_code == 403
    assert respond(reader, own, "resolve").status_code == 302
    assert [c.pk for c in Comment.objects.open()] == [thread.pk]


def test_it_stands_beside_the_same_paragraph_of_a_later_revision(clinician, draft):
    thread = begin(draft)
    later = save_draft(draft.record, answer=f"Before it.\n\n{TWO}\n\nAfter it.")
    page = screen(clinician, later)
    assert where_of(page, thread) == (f"{draft.object_id}-answer", "")
    assertContains(page, "on revision 2")


def test_where_the_paragraph_is_gone_it_stands_under_the_field_and_says_so(clinician, draft):
    thread = begin(draft)
    page = screen(clinician, save_draft(draft.record, answer="It can harm."))
    where = "This paragraph is no longer in the text, nor one like it."
    assert where_of(page, thread) == ("answer", where)
    assertContains(page, where)


def test_where_the_field_has_not_changed_it_stands_below_all_changes(clinician, draft):
    thread = begin(draft)
    page = screen(clinician, save_draft(draft.record, answer="Old words.", question="Does it so?"))
    assert where_of(page, thread)[0] == "elsewhere"
    assertContains(page, "Comments on what has not changed")


def test_where_the_part_is_gone_it_says_so(clinician):
    explainer = make_explainer(("One", "A."), ("Two", "B."))
    snapshot = take_snapshot(explainer)
    snapshot[2]["fields"]["plain"] = "Changed."
    first = transitions.save_draft(explainer, snapshot, by=make_user("author"))
    key = f"{snapshot[2]['pk']}-plain-0"
    say(clinician, first, key=key)
    thread = Comment.objects.get()
    assert thread.label == "Section “Two”: Plain text"
    second = transitions.save_draft(explainer, snapshot[:2], by=make_user("author"))
    # Its part stands among the differences as taken out: readers read it still.
    where = "The part that this is about is no longer in the text."
    assert where_of(screen(clinician, second), thread) == ("plain", where)


def test_a_resolved_one_is_not_carried_over_a_publication_and_an_open_one_is(clinician, draft):
    left, done = begin(draft), begin(draft, body="Done?")
    comments.resolve(done, draft, by=make_user("author"))
    transitions.approve(draft, by=make_user("colleague"))
    transitions.publish(draft, by=make_user("publisher"))
    shown = screen(clinician, save_draft(draft.record, answer=f"{TWO}\n\nMore.")).context["board"]
    assert [thread.comment.pk for thread in shown.threads] == [left.pk]


def test_a_later_comment_is_not_shown_with_an_earlier_revision(clinician, draft):
    later = save_draft(draft.record, answer=f"{TWO}\n\nMore.")
    begin(later, quote="More.")
    assert screen(clinician, draft).context["board"].threads == []


def test_the_decision_tells_of_open_comments_and_the_form_lists_them(sign_in, draft):
    thread = begin(draft)
    editor = sign_in("author", "change_faq", "view_faq", "approve_revision")
    assertContains(screen(editor, draft), "1 comment beside the text is not resolved.")
    form = editor.get(address_of(draft.record))
    assertContains(form, "Comments that nobody has resolved")
    assertContains(form, f"/review/#comment-{thread.pk}")
    comments.resolve(thread, draft, by=make_user("author"))
    assertNotContains(screen(editor, draft), "not resolved")
    assertNotContains(editor.get(address_of(draft.record)), "nobody has resolved")


def waiting_for(name):
    return [r.comment for r in personal_tasks.get_commented_revisions(make_user(name))]


def test_it_waits_for_the_author_until_they_answer_and_then_for_who_began_it(draft):
    thread = begin(draft)
    assert (waiting_for("author"), waiting_for("clinician")) == (["Cite it."], [])
    assert personal_tasks.count_tasks(make_user("author")) == 1
    comments.answer(thread, draft, body="Which?", by=make_user("author"))
    assert (waiting_for("author"), waiting_for("clinician")) == ([], ["Which?"])
    assert waiting_for("stranger") == []
    comments.resolve(thread, draft, by=make_user("author"))
    assert (waiting_for("author"), waiting_for("clinician")) == ([], [])


@pytest.mark.parametrize("decide", ["approve", "ask for changes"])
def test_what_was_answered_before_they_decided_does_not_wait_for_them(draft, decide):
    thread, clinician = begin(draft), make_user("clinician")
    comments.answer(thread, draft, body="Done.", by=make_user("author"))
    if decide == "approve":
        transitions.approve(draft, by=clinician)
    else:
        transitions.ask_for_changes(draft, comment="Shorter.", by=clinician)
    assert waiting_for("clinician") == []
    comments.answer(thread, draft, body="And now?", by=make_user("author"))
    assert waiting_for("clinician") == ["And now?"]


def test_who_takes_the_draft_over_is_asked_too(draft):
    begin(draft)
    save_draft(draft.record, by="heir", answer="Mine.")
    assert waiting_for("heir") == ["Cite it."]


def test_readers_see_nothing_of_it_and_no_copy_grows_old(client, draft):
    number = ContentVersion.objects.get_current()
    begin(draft, body="Zqxwv words.")
    assert ContentVersion.objects.get_current() == number
    assertNotContains(client.get(draft.record.get_absolute_url()), "Zqxwv")
    publish_later = publish_of(draft)
    assertNotContains(client.get(publish_later.get_absolute_url()), "Zqxwv")


def publish_of(draft):
    transitions.approve(draft, by=make_user("colleague"))
    return transitions.publish(draft, by=make_user("publisher"))


def test_a_review_screen_costs_the_same_with_many_comments(
    clinician, draft, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    comments.answer(begin(draft), draft, body="So.", by=make_user("author"))
    screen(clinician, draft)
    with CaptureQueriesContext(connection) as few:
        screen(clinician, draft)
    for number in range(10):
        thread = begin(draft, by=f"reader-{number}")
        comments.answer(thread, draft, body="So.", by=make_user(f"other-{number}"))
    with django_assert_num_queries(len(few)):
        screen(clinician, draft)


@pytest.mark.parametrize(
    "fields",
    [
        {"by": None},
        {"body": ""},
        {"field": ""},
        {"row_id": None},
        {"resolved_at": timezone.now()},
        {"reviewer": True},
        {"parent": True},
    ],
    ids=lambda fields: min(fields),
)
def test_the_database_refuses_what_is_no_comment(draft, fields):
    thread = begin(draft)
    if "reviewer" in fields:
        fields = {"reviewer": make_reviewer()}
    if "parent" in fields:
        fields = {"parent": begin(draft)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=thread.pk).update(**fields)


def test_a_comment_is_mailed_to_the_authors_and_to_who_wrote_in_the_thread(monkeypatch, sign_in):
    monkeypatch.setattr(transaction, "on_commit", lambda run, **options: run())
    for name in ("author", "clinician", "reader", "stranger"):
        sign_in(name, "view_historyentry")
        user = make_user(name)
        user.email = f"{name}@clinic.example"
        user.save()
    draft = send_for_review(make_faq(answer="Old words."), answer=TWO)
    thread = begin(draft)
    assert [sent.to for sent in mail.outbox] == [["author@clinic.example"]]
    assert "It can help." in mail.outbox[0].body
    assert f"/review/#comment-{thread.pk}" in mail.outbox[0].body
    comments.answer(thread, draft, body="Which?", by=make_user("reader"))
    mail.outbox.clear()
    comments.resolve(thread, draft, by=make_user("author"))
    told = sorted(sent.to[0].partition("@")[0] for sent in mail.outbox)
    assert told == ["clinician", "reader"]


def test_the_comments_of_a_published_text_stay_in_its_history(draft):
    thread = begin(draft)
    record = publish_of(draft)
    save_draft(record, answer="Newer.")
    publish_draft(record)
    assert HistoryEntry.objects.about(record).filter(thread=thread).count() == 1
