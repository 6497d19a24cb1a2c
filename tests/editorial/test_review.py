"""The review screen of the admin: what it shows, who may decide, and that nothing typed is lost."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Faq
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.models import HistoryEntry, Revision, Status
from psychoplastogens.editorial.workflow import transitions
from tests.admin_forms import address_of
from tests.factories import make_explainer, make_faq, make_reviewer, make_user
from tests.workflow_helpers import (
    get_draft,
    publish_draft,
    save_draft,
    send_for_review,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
State = Revision.State
SHORT, ACTIVE = "A2 Keep sentences short", "A5 Use the active voice"
SHORT_REASON = "reason-a2-keep-sentences-short"


@pytest.fixture
def clinician(sign_in):
    return sign_in("clinician", "view_faq", "view_explainer", "approve_revision")


def screen(client, revision):
    return client.get(address_of(revision.record, "review"), {"revision": revision.pk})


def decide(client, revision, decision, **sent):
    address = address_of(revision.record, "review")
    return client.post(address, {"revision": revision.pk, "decision": decision} | sent)


def state_of(revision):
    return Revision.objects.get(pk=revision.pk).state


def day(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_what_changed_comes_first_then_the_page_then_the_checks_and_the_decision(clinician):
    html = screen(clinician, send_for_review(make_faq(answer="Old words."))).content.decode()
    places = [html.index(f'id="{name}"') for name in ("changes", "pages", "checklist", "decision")]
    assert places == sorted(places)
    assert "<del>Old</del> words." in html
    assert "<ins>New</ins> words." in html


def test_it_compares_with_what_readers_read_and_not_with_the_draft_before(clinician):
    faq = make_faq(answer="First words of it.")
    save_draft(faq, answer="Second words of it.")
    page = screen(clinician, send_for_review(faq, answer="Third words of it."))
    assertContains(page, "Compared with what readers read now.")
    assertContains(page, "<del>First</del>")
    assertNotContains(page, "Second words")


def test_of_a_page_that_readers_never_saw_everything_is_new(clinician):
    page = screen(clinician, send_for_review(make_faq(status=Status.DRAFT, question="Is it?")))
    assertContains(page, "Readers never saw this record: all of it is new.")
    assertContains(page, "<ins>Is it?</ins>")
    assertNotContains(page, "<del>")


def test_of_what_was_published_it_tells_what_that_changed(clinician):
    faq = make_faq(answer="One word.")
    for answer in ("Two words.", "Three words."):
        save_draft(faq, answer=answer)
        publish_draft(faq)
    page = screen(clinician, Revision.objects.about(faq).first())
    assertContains(page, "Compared with what readers read before, revision 2.")
    assertContains(page, "<del>Two</del>")
    assertNotContains(page, "One")


def test_it_frames_each_page_of_the_draft_on_a_phone_and_on_a_desk(clinician):
    draft = send_for_review(make_explainer(("One", "A."), ("Two", "B.")), title="New title")
    page = screen(clinician, draft)
    for number in range(3):
        source = f"../previewed/?revision={draft.pk}&amp;number={number}"
        assertContains(page, f'src="{source}"', count=2)
    frame = clinician.get(address_of(draft.record, "previewed"), {"revision": draft.pk})
    assertContains(frame, "New title")


def test_the_page_that_changed_is_the_one_that_is_open(clinician):
    explainer = make_explainer(("One", "A."), ("Two", "B."))
    snapshot = take_snapshot(explainer)
    snapshot[2]["fields"]["plain"] = "Changed."
    pages = (
        screen(clinician, transitions.save_draft(explainer, snapshot, by=make_user("author")))
        .context["report"]
        .pages
    )
    assert [(page.is_changed, page.is_first_changed) for page in pages] == [
        (False, False),
        (False, False),
        (True, True),
    ]


def test_a_colleague_approves(clinician):
    draft = send_for_review()
    page = decide(clinician, draft, "approve", comment="Read twice.")
    assert page["Location"] == address_of(draft.record, "review")
    assert Revision.objects.get(pk=draft.pk).approved_by == make_user("clinician")
    assert HistoryEntry.objects.about(draft.record).first().note == "Read twice."
    assertContains(clinician.get(page["Location"]), "Approved by clinician")


def test_the_author_is_told_why_not_and_what_to_do_and_a_forged_button_does_nothing(sign_in):
    draft = send_for_review()
    author = sign_in("author", "change_faq", "approve_revision")
    page = screen(author, draft)
    assertContains(page, "You wrote on this text, so you cannot approve it. Ask a colleague")
    assertNotContains(page, 'value="approve"')
    page = decide(author, draft, "approve", comment="Typed with care.")
    assertContains(page, "You wrote on this text. Somebody else must approve it.")
    assertContains(page, "Typed with care.")
    assert state_of(draft) == State.IN_REVIEW


def test_who_wrote_an_earlier_draft_of_it_is_told_so_too(sign_in):
    faq = make_faq()
    save_draft(faq, by="clinician", answer="Mine.")
    draft = send_for_review(faq, by="author", answer="Mine, and a comma.")
    client = sign_in("clinician", "change_faq", "approve_revision")
    assertNotContains(screen(client, draft), 'value="approve"')
    assertContains(decide(client, draft, "approve"), "Somebody else must approve it.")


def test_a_reviewer_who_mends_a_comma_is_an_author_from_then_on(sign_in):
    draft = send_for_review()
    client = sign_in("clinician", "change_faq", "approve_revision")
    mended = send_for_review(draft.record, by="clinician", answer="New words, mended.")
    assertContains(decide(client, mended, "approve"), "Somebody else must approve it.")
    assertContains(decide(client, draft, "approve"), "clinician saved a newer one")
    assert state_of(mended) == State.IN_REVIEW


@pytest.mark.parametrize("decision", ["approve", "ask"])
def test_without_the_permission_nobody_decides(sign_in, decision):
    draft = send_for_review()
    client = sign_in("writer", "change_faq", "view_faq")
    assertContains(screen(client, draft), "Your account may not approve.")
    assert decide(client, draft, decision, comment="No.").status_code == 403
    assert state_of(draft) == State.IN_REVIEW


def test_who_may_not_see_the_record_sees_no_review_of_it(sign_in):
    draft = send_for_review()
    client = sign_in("stranger", "view_source", "approve_revision")
    assert screen(client, draft).status_code == 403
    assert decide(client, draft, "approve").status_code == 403


def test_an_approval_of_a_text_that_was_edited_meanwhile_is_refused_and_the_words_are_kept(
    clinician,
):
    draft = send_for_review()
    slipped = save_draft(draft.record, by="somebody", answer="Slipped in.")
    page = decide(clinician, draft, "approve", comment="I agree with each word.")
    assertContains(page, "somebody saved a newer one")
    assertContains(page, "I agree with each word.")
    assertContains(page, "There is a newer text: revision 3, by somebody.")
    assert (state_of(draft), state_of(slipped)) == (State.SET_ASIDE, State.DRAFT)


def test_what_an_ended_session_cut_off_is_offered_again_and_what_was_kept_is_not(clinician):
    """Reading takes longer than a session lasts without use."""
    draft = send_for_review()
    page = screen(clinician, draft)
    opening = page.context["opening"]
    assertContains(page, f'name="opening" value="{opening}"')
    assertContains(page, "editorial/editing.js")
    sent = {"comment": "Half a", "opening": opening}
    failed = decide(clinician, draft, "approve", **sent, whole_page="on")
    assert failed.context["opening"] == opening
    assertNotContains(screen(clinician, draft), opening)
    decide(clinician, draft, "comment", **sent)
    assertContains(screen(clinician, draft), f'data-saved="{opening}"')


def test_a_warning_without_a_reason_stops_the_approval_and_keeps_what_was_typed(
    clinician, fake_problem
):
    fake_problem(rule=SHORT)
    fake_problem(rule=ACTIVE)
    draft = send_for_review()
    page = decide(clinician, draft, "approve", comment="Mine.", **{SHORT_REASON: "It is a list."})
    assertContains(page, "Say why this may stand, or ask for changes.", count=1)
    assertContains(page, "It is a list.")
    assertContains(page, "Mine.")
    top = page.text[: page.text.index('class="review"')]
    assert "Nothing was decided yet" in top
    place = re.search(r'role="alert">.*?href="#([^"]+)"', top, re.S)[1]
    assert re.search(rf'<textarea[^>]* id="{place}"', page.text)
    assert "Nothing was decided yet" not in screen(clinician, draft).text
    assert state_of(draft) == State.IN_REVIEW


def test_with_a_reason_for_each_rule_it_is_approved_and_they_are_kept(clinician, fake_problem):
    fake_problem()
    draft = send_for_review()
    assertContains(screen(clinician, draft), "1 warning needs a reason")
    decide(clinician, draft, "approve", **{SHORT_REASON: "It is a list."})
    assert Revision.objects.get(pk=draft.pk).reasons == {SHORT: "It is a list."}
    assertNotContains(screen(clinician, draft), "needs a reason")
    history = clinician.get(address_of(draft.record, "history"))
    assertContains(history, "Keep sentences short (A2): It is a list.")


def test_an_error_of_the_checks_stops_the_approval_and_is_shown(clinician, fake_problem):
    fake_problem("error", "D8 Cite sources")
    draft = send_for_review()
    assertContains(screen(clinician, draft), "1 error stops approval")
    page = decide(clinician, draft, "approve")
    assertContains(page, "Answer: It has 40 words.")
    assert state_of(draft) == State.IN_REVIEW


def test_the_author_may_say_beforehand_why_a_warning_may_stand(sign_in, fake_problem):
    fake_problem()
    draft = send_for_review()
    decide(sign_in("author", "change_faq"), draft, "explain", **{SHORT_REASON: "A quotation."})
    said = HistoryEntry.objects.about(draft.record).first().note
    assert said == "Keep sentences short (A2): A quotation."
    client = sign_in("clinician", "view_faq", "approve_revision")
    assertContains(screen(client, draft), "A quotation.</textarea>")
    assertContains(decide(client, draft, "approve", **{SHORT_REASON: " "}), "Say why this may")
    decide(client, draft, "approve", **{SHORT_REASON: "A quotation."})
    assert state_of(draft) == State.APPROVED


def test_reasons_of_the_last_approval_are_offered_again(clinician, fake_problem):
    fake_problem()
    draft = send_for_review()
    decide(clinician, draft, "approve", **{SHORT_REASON: "A quotation."})
    page = screen(clinician, send_for_review(draft.record, answer="Newer."))
    assertContains(page, "A quotation.</textarea>")


def test_who_may_only_look_explains_nothing(clinician, fake_problem):
    fake_problem()
    draft = send_for_review()
    assert decide(clinician, draft, "explain", **{SHORT_REASON: "So."}).status_code == 403
    assert Revision.objects.get(pk=draft.pk).reasons == {}


def test_changes_are_asked_for_in_words(clinician):
    draft = send_for_review()
    assertContains(decide(clinician, draft, "ask", comment=" "), "Write what you want to say.")
    decide(clinician, draft, "ask", comment="Cite it.")
    assert state_of(draft) == State.DRAFT
    page = screen(clinician, draft)
    assertContains(page, "Asked for changes")
    assertContains(page, "Cite it.")


def test_a_comment_decides_nothing(clinician):
    draft = send_for_review()
    decide(clinician, draft, "comment", comment="Good.")
    assert state_of(draft) == State.IN_REVIEW
    assertContains(screen(clinician, draft), "Good.")


@pytest.mark.parametrize("decision", ["", "publish", "delete", "__class__", "A" * 5_000])
def test_without_one_of_the_buttons_nothing_is_decided(clinician, decision):
    draft = send_for_review()
    acts = HistoryEntry.objects.count()
    page = decide(clinician, draft, decision, comment="Kept.")
    assertContains(page, "Nothing was decided: press one of the buttons.")
    assertContains(page, "Kept.")
    assert (state_of(draft), HistoryEntry.objects.count()) == (State.IN_REVIEW, acts)


def test_a_clinician_with_an_account_signs_for_the_whole_page(clinician):
    reviewer = make_reviewer(user=make_user("clinician"))
    draft = send_for_review()
    assertContains(screen(clinician, draft), "clinically reviewed by Ada Moss, MD, psychiatrist")
    decide(clinician, draft, "approve", whole_page="on", next_review=day(200))
    transitions.publish(draft, by=make_user("publisher"))
    faq = Faq.objects.get()
    assert (faq.reviewed_by, faq.review_due.isoformat()) == (reviewer, day(200))


def test_who_is_not_known_as_a_clinician_cannot_sign_for_a_page(clinician):
    make_reviewer()
    draft = send_for_review()
    assertNotContains(screen(clinician, draft), 'name="whole_page"')
    page = decide(clinician, draft, "approve", whole_page="on", next_review=day(200))
    assertContains(page, "A review of the whole page needs its clinician")
    assert state_of(draft) == State.IN_REVIEW


@pytest.mark.parametrize("due", ["", day(0), day(-1), day(400), "2027-02-30", "soon"])
def test_the_day_of_the_next_review_must_be_believable(clinician, due):
    make_reviewer(user=make_user("clinician"))
    draft = send_for_review()
    assert decide(clinician, draft, "approve", whole_page="on", next_review=due).status_code == 200
    assert state_of(draft) == State.IN_REVIEW


def test_the_next_review_is_in_a_year_unless_somebody_says_otherwise(clinician):
    make_reviewer(user=make_user("clinician"))
    field = screen(clinician, send_for_review()).context["form"]["next_review"]
    days = (field.value() - timezone.localdate()).days
    assert days in (365, 366)


def test_what_is_approved_is_published_from_here_by_who_may(sign_in):
    draft = send_for_review()
    transitions.approve(draft, by=make_user("clinician"))
    assertNotContains(screen(sign_in("writer", "change_faq"), draft), 'value="publish"')
    publisher = sign_in("publisher", "view_faq", "publish_revision")
    assertContains(screen(publisher, draft), 'value="publish"')
    verb = {"verb": "publish", "revision": draft.pk}
    publisher.post(address_of(draft.record, "do"), verb)
    assert Faq.objects.get().answer == "New words."


def test_a_text_that_nobody_touched_leads_back_to_its_form(clinician):
    faq = make_faq()
    page = clinician.get(address_of(faq, "review"), follow=True)
    assertContains(page, "Nobody has changed “Does it work?” yet.")


@pytest.mark.parametrize("key", ["x", "0", "11111111-1111-1111-1111-111111111111", "\x00"])
def test_a_forged_revision_is_nobodys(clinician, key):
    draft = send_for_review()
    address = address_of(draft.record, "review")
    assert clinician.get(address, {"revision": key}).status_code in (400, 404)
    sent = {"revision": key, "decision": "approve"}
    assert clinician.post(address, sent).status_code in (400, 404)
    assert state_of(draft) == State.IN_REVIEW


def test_a_revision_of_another_record_is_not_decided_here(clinician):
    draft, other = send_for_review(), send_for_review()
    address = address_of(other.record, "review")
    sent = {"revision": draft.pk, "decision": "approve"}
    assert clinician.post(address, sent).status_code == 404
    assert (state_of(draft), state_of(other)) == (State.IN_REVIEW, State.IN_REVIEW)


def test_a_text_that_cannot_be_shown_any_more_says_so(clinician):
    draft = send_for_review()
    missing = [{**draft.snapshot[0]}]
    missing[0]["fields"] = {**missing[0]["fields"], "topic": str(draft.pk)}
    Revision.objects.filter(pk=draft.pk).update(snapshot=missing)
    page = screen(clinician, draft)
    assertContains(page, "needs a topic that was deleted. Bring that back first.")
    assert decide(clinician, draft, "approve").status_code == 200
    assert get_draft(draft.record).state == State.IN_REVIEW


def test_a_text_whose_address_another_record_took_says_so(clinician):
    draft = send_for_review(make_faq(slug="it"), slug="taken")
    make_faq(slug="taken")
    page = screen(clinician, draft)
    assertContains(page, "Another record has its address now. Rename one of them.")
    assertContains(decide(clinician, draft, "approve"), "Another record has its address now.")
    assert state_of(draft) == State.IN_REVIEW


def test_the_screen_costs_the_same_however_long_the_history(
    clinician, django_assert_num_queries, fake_problem
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fake_problem()
    draft = send_for_review()
    screen(clinician, draft)
    with CaptureQueriesContext(
        connection,
    ) as few:
        screen(clinician, draft)
    for number in range(30):
        make_faq(question=f"Another {number}?")
        draft = send_for_review(draft.record, by=f"author-{number}", answer=f"Words {number}.")
        transitions.comment(draft, by=make_user(f"reader-{number}"), text="So.")
    with django_assert_num_queries(len(few)):
        screen(clinician, draft)
