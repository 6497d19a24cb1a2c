"""What the review screen folds away, and what it says where there is nothing to decide."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow import comments, transitions
from tests.admin_forms import address_of
from tests.factories import make_faq, make_user
from tests.workflow_helpers import approve_draft, save_draft, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]


def screen(client, revision):
    return client.get(address_of(revision.record, "review"), {"revision": revision.pk})


def test_what_a_new_record_has_besides_its_text_is_folded(clinician):
    draft = send_for_review(make_faq(status=Status.DRAFT, question="Is it?", answer="So."))
    shown = screen(clinician, draft).content.decode().partition('id="changes"')[2]
    text, _, details = shown.partition("<summary>Details:")
    assert "<h4>Answer</h4>" in text
    assert "<h4>Slug</h4>" not in text
    assert "<h4>Slug</h4>" in details.partition("</details>\n</article>")[0]
    changed = screen(clinician, send_for_review(slug="other")).content.decode()
    assert "<summary>Details:" not in changed
    assert "<h4>Slug</h4>" in changed


@pytest.mark.parametrize("state", ["draft", "approved", "published"])
def test_where_there_is_nothing_to_decide_it_says_why_and_gives_no_hint(clinician, state):
    faq = make_faq()
    draft = save_draft(faq, answer="New.")
    if state != "draft":
        draft = approve_draft(faq)
    if state == "published":
        transitions.publish(draft, by=make_user("publisher"))
    said = {
        "draft": "It is a draft: there is something to decide once it is sent for review.",
        "approved": "It is approved already. What you say now stands beside “Publish”.",
        "published": "It was approved and published.",
    }
    page = screen(clinician, draft)
    assertContains(page, said[state])
    assertNotContains(page, "When you ask for changes, say why")
    assertContains(screen(clinician, send_for_review()), "When you ask for changes, say why")


def test_a_comment_on_what_is_folded_opens_it(clinician):
    draft = send_for_review(make_faq(status=Status.DRAFT))
    folded = '<details class="diff-same" >'
    assertContains(screen(clinician, draft), folded)
    place = comments.Place(draft.object_id, "slug", "Slug", draft.snapshot[0]["fields"]["slug"])
    comments.begin_thread(draft, place, body="Shorter?", by=make_user("clinician"))
    page = screen(clinician, draft)
    assertContains(page, '<details class="diff-same" open>')
    assertContains(page, "Shorter?")
