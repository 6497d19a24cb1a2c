"""A review stands under the name and the credentials with which its clinician signed it."""

from datetime import date

import pytest
from django.db import IntegrityError
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Compound
from psychoplastogens.editorial.drafts.serialization import compute_digest
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.models import Reviewer, Revision
from psychoplastogens.editorial.review.forms import get_day_in_a_year
from psychoplastogens.editorial.workflow import transitions
from tests import login
from tests.admin_forms import address_of, typed
from tests.factories import make_compound, make_faq, make_reviewer, make_staff, make_user
from tests.workflow_helpers import get_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
SIGNED, FORGED = "Ann True, MD", "Jane Nobody, MD, PhD, Harvard"


@pytest.fixture
def ann():
    return make_reviewer("Ann True", "MD", user=make_user("ann"))


def rename(client, reviewer):
    """As a publisher types it into the form of the clinician."""
    login.sign_in(client, make_staff("Publisher", name="pub"))
    sent = {"name": "Jane Nobody", "credentials": "MD, PhD, Harvard", "email": ""}
    client.post(f"/admin/editorial/reviewer/{reviewer.pk}/change/", sent)
    assert str(Reviewer.objects.get()) == FORGED


def confirm(record, by):
    read = compute_digest(take_snapshot(record))
    transitions.confirm_review(record, by=by, next_review=get_day_in_a_year(), read=read)


def test_who_changes_the_record_of_a_clinician_changes_no_page_that_was_confirmed(client, ann):
    confirm(make_compound(slug="ketamine"), ann.user)
    rename(client, ann)
    page = client.get("/compounds/ketamine/")
    assertContains(page, f"Reviewed by {SIGNED}.")
    assertContains(page, '"name":"Ann True"')
    assertNotContains(page, "Nobody")
    assertNotContains(page, "Harvard")


def approve(record, reviewer, **fields):
    draft = save_draft(record, **fields)
    transitions.submit(draft, by=make_user("author"))
    transitions.approve(draft, by=reviewer.user, reviewer=reviewer, next_review=get_day_in_a_year())
    return draft


def test_an_approval_keeps_the_name_until_it_is_published(client, ann):
    draft = approve(make_faq(slug="sleep"), ann, answer="New words.")
    rename(client, ann)
    transitions.publish(draft, by=make_user("publisher"))
    page = client.get("/questions/sleep/")
    assertContains(page, f"Reviewed by {SIGNED}.")
    assertNotContains(page, "Nobody")


def test_the_next_signature_has_the_new_name(client, ann):
    compound = make_compound(slug="ketamine")
    confirm(compound, ann.user)
    rename(client, ann)
    confirm(Compound.objects.get(), Reviewer.objects.get().user)
    assertContains(client.get("/compounds/ketamine/"), f"Reviewed by {FORGED}.")


def test_who_approves_anew_what_was_sent_back_does_not_sign_as_the_first(client, ann):
    faq = make_faq(slug="sleep")
    draft = approve(faq, ann, answer="New words.")
    transitions.withdraw(faq, by=make_user("publisher"), reason="It harms.")
    transitions.approve(draft, by=make_user("colleague"))
    transitions.publish(draft, by=make_user("publisher"))
    assertNotContains(client.get("/questions/sleep/"), "Ann True")


def test_no_file_and_no_form_sets_the_name_of_a_signature(admin_client):
    faq = make_faq()
    form = admin_client.get(address_of(faq))
    forged = {"reviewer_name": "Jane Nobody", "reviewer_credentials": "MD"}
    admin_client.post(address_of(faq), typed(form, answer="New.", **forged))
    assert not get_draft(faq).snapshot[0]["fields"].keys() & forged.keys()


@pytest.mark.parametrize("fields", [{"reviewer_name": ""}, {"reviewed_by": None}])
def test_the_database_wants_the_name_of_who_reviewed_and_no_other(ann, fields):
    faq = make_faq(reviewed_at=date(2026, 1, 2), reviewed_by=ann)
    fields |= {"reviewed_at": None} if "reviewed_by" in fields else {}
    with pytest.raises(IntegrityError, match="signed_by_name"):
        type(faq).objects.filter(pk=faq.pk).update(**fields)


def test_the_database_wants_the_name_with_an_approval(ann):
    draft = approve(make_faq(), ann, answer="New words.")
    with pytest.raises(IntegrityError, match="signed_by_name"):
        Revision.objects.filter(pk=draft.pk).update(reviewer_name="")
