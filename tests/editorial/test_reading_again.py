"""Who reads a text again is shown what changed since, and all that readers would get new."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import HistoryEntry, ReviewLink, Status
from psychoplastogens.editorial.review.links import create_review_link
from psychoplastogens.editorial.workflow import comments, transitions
from tests.admin_forms import address_of
from tests.factories import make_faq, make_reviewer, make_user
from tests.workflow_helpers import make_approver, publish_draft, save_draft, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
READERS = "It is safe for all."
SENT_BACK = "It is safe for most people."
MENDED = "It is safe for most people. Nobody knows how long."


@pytest.fixture
def faq():
    return make_faq(answer=READERS)


def send_back(faq, by="clinician"):
    draft = send_for_review(faq, answer=SENT_BACK)
    transitions.ask_for_changes(draft, comment="Say what is not known.", by=make_user(by))
    return draft


def screen(client, revision):
    return client.get(address_of(revision.record, "review"), {"revision": revision.pk})


def parts(page):
    """What the page shows of what changed since, and of what is new to readers."""
    html = page.content.decode()
    since, _, rest = html.partition('id="changes"')
    return since.partition('id="since"')[2], rest.partition('id="pages"')[0]


def test_who_sent_it_back_sees_what_was_mended_and_below_all_that_is_new(clinician, faq):
    send_back(faq)
    page = screen(clinician, send_for_review(faq, answer=MENDED))
    assertContains(page, "Changed since revision 2, which you sent back")
    since, everything = parts(page)
    assert "Nobody knows how long.</ins>" in since
    assert "<del>" not in since
    assert '<a href="#changes">All that readers would get new</a>' in since
    assert "<del>all</del>" in everything
    assert "Nobody knows how long" in everything
    assert "Comment on this" in everything
    assertContains(page, 'value="approve"')


def test_a_new_record_is_not_all_new_to_who_read_it_before(clinician):
    faq = make_faq(answer="A draft.", status=Status.DRAFT)
    send_back(faq)
    since, everything = parts(screen(clinician, send_for_review(faq, answer=MENDED)))
    assert "Nobody knows how long.</ins>" in since
    assert "most people" not in since.partition("Nobody")[2]
    assert "Readers never saw this record: all of it is new." in everything


def test_who_never_read_it_is_shown_no_earlier_text(clinician, faq):
    send_back(faq, by="another")
    page = screen(clinician, send_for_review(faq, answer=MENDED))
    assertNotContains(page, "Changed since")
    assertContains(page, 'id="changes">What changed')


@pytest.mark.parametrize("said", ["approved", "commented", "remarked"])
def test_it_tells_what_they_did(clinician, faq, said):
    draft = send_for_review(faq, answer=SENT_BACK)
    user = make_user("clinician")
    if said == "approved":
        transitions.approve(draft, by=user)
    elif said == "commented":
        transitions.comment(draft, text="Hm.", by=user)
    else:
        place = comments.Place(faq.pk, "answer", "Answer", SENT_BACK)
        comments.begin_thread(draft, place, body="Hm.", by=user)
    words = {"approved": "which you approved"}.get(said, "on which you commented")
    page = screen(clinician, send_for_review(faq, answer=MENDED))
    assertContains(page, f"Changed since revision 2, {words}")


def test_the_decision_is_told_though_a_comment_came_after_it(clinician, faq):
    draft = send_back(faq)
    transitions.comment(draft, text="And the dose.", by=make_user("clinician"))
    page = screen(clinician, send_for_review(faq, answer=MENDED))
    assertContains(page, "which you sent back")


def test_the_newest_text_that_they_read_counts(clinician, faq):
    send_back(faq)
    later = send_for_review(faq, answer=MENDED)
    transitions.ask_for_changes(later, comment="Shorter.", by=make_user("clinician"))
    since, _ = parts(screen(clinician, send_for_review(faq, answer="Nobody knows.")))
    assert "revision 3, which you sent back" in since


def test_the_same_text_again_says_so(clinician, faq):
    send_back(faq)
    page = screen(clinician, send_for_review(faq, answer=SENT_BACK))
    assertContains(page, "Nothing: it says the same as it did then.")
    assert "<del>all</del>" in parts(page)[1]


def test_what_was_read_before_the_last_publication_does_not_count(clinician, faq):
    send_back(faq)
    publish_draft(save_draft(faq, answer=MENDED).record)
    assertNotContains(screen(clinician, send_for_review(faq, answer="New.")), "Changed since")


def test_a_published_text_is_compared_with_what_readers_read_alone(clinician, faq):
    send_back(faq)
    save_draft(faq, answer=MENDED)
    publish_draft(faq)
    assertNotContains(clinician.get(address_of(faq, "review")), "Changed since")


def test_a_clinician_with_a_link_sees_it_too_and_another_one_does_not(client, faq):
    ada, eve = make_reviewer(name="Ada Moss"), make_reviewer(name="Eve Fern")
    asker = make_approver()
    first = send_for_review(faq, answer=SENT_BACK)
    link = create_review_link(first, by=asker, reviewer=ada)
    answer = {"decision": "ask", "comment": "Why?", "name": "Ada Moss", "confirmed": "on"}
    assert client.post(f"/review/{link.token}/", answer).status_code == 200
    assert HistoryEntry.objects.filter(verb="changes_asked").exists()
    second = send_for_review(faq, answer=MENDED)
    for reviewer, sees in ((ada, True), (eve, False)):
        link = create_review_link(second, by=asker, reviewer=reviewer)
        page = client.get(f"/review/{link.token}/")
        assert ("which you sent back" in page.content.decode()) is sees
        assertContains(page, "<del>all</del>")
    assert ReviewLink.objects.count() == 3


def test_it_costs_the_same_however_often_they_read_it(clinician, faq):
    def ask():
        with CaptureQueriesContext(connection) as queries:
            assertContains(screen(clinician, send_for_review(faq, answer=MENDED)), "sent back")
        return len(queries)

    send_back(faq)
    ask()
    few = ask()
    for _ in range(5):
        send_back(faq)
    assert ask() == few
