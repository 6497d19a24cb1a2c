"""On which day the sources were compared is said as it was, and only where there are sources."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import GlossaryTerm
from psychoplastogens.editorial.models import Revision
from psychoplastogens.evidence.models import Source
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import make_faq, make_source, make_term
from tests.workflow_helpers import get_draft

pytestmark = pytest.mark.django_db


def days_ago(count):
    return (timezone.localdate() - timedelta(days=count)).isoformat()


def save(client, record, **changes):
    sent = typed(client.get(address_of(record)), **changes)
    return client.post(address_of(record), sent, follow=True)


def get_checked_day(record):
    return get_draft(record).snapshot[0]["fields"]["evidence_checked_on"]


@pytest.mark.parametrize("count", [0, 1, 366])
def test_the_day_may_be_an_earlier_one(admin_client, count):
    make_source(slug="li")
    faq = make_faq(answer="So.[^li]")
    save(admin_client, faq, evidence_checked_day=days_ago(count))
    assert get_checked_day(faq) == days_ago(count)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"evidence_checked_day": days_ago(-2)}, "not come yet"),
        ({"evidence_checked_day": days_ago(367)}, "more than 12 months ago"),
        ({"evidence_checked_day": "some day"}, "valid date"),
        ({"evidence_checked_day": days_ago(1), "evidence_checked_today": "on"}, "not both"),
    ],
)
def test_a_day_that_cannot_be_is_refused(admin_client, fields, said):
    page = save(admin_client, make_faq(), **fields)
    assert said in str(errors_of(page)["evidence_checked_day"])
    assert not Revision.objects.exists()


def test_a_text_without_a_source_is_sent_and_claims_no_check(admin_client):
    add = "/admin/content/glossaryterm/add/"
    term = {"term": "Bud", "slug": "bud", "meaning": "A small part of a branch that grows."}
    sent = typed(admin_client.get(add), **term, _submit="1")
    admin_client.post(add, sent)
    made = GlossaryTerm.objects.get()
    assert get_draft(made).state == Revision.State.IN_REVIEW


@pytest.mark.parametrize("day", [None, "2026-03-01"])
def test_readers_of_a_text_without_a_source_are_told_of_no_check(client, day):
    make_term(slug="bud", meaning="A part of a branch that grows.", evidence_checked_on=day)
    page = client.get("/glossary/bud/")
    assertContains(page, "It cites no source.")
    assertNotContains(page, "Facts checked")
    assertNotContains(page, "Sources checked")


@pytest.mark.parametrize("field", ["evidence_checked_today", "evidence_checked_day"])
def test_a_tick_tells_readers_of_no_check_where_there_is_nothing_to_check(admin_client, field):
    term = make_term(meaning="So.")
    value = "on" if field.endswith("today") else days_ago(1)
    page = save(admin_client, term, meaning="So it is.", **{field: value})
    assertContains(page, "It rests on no source, so readers are told of no check.")
    assert get_checked_day(term) is None


def test_a_new_source_is_sent_without_a_day(admin_client):
    add = "/admin/evidence/source/add/"
    paper = {"title": "A paper", "year": "2010", "authors": "Li N", "kind": "article"}
    paper |= {
        "supports": "It holds.",
        "doi": "10.1000/xyz1",
        "verified": "seen",
        "subject": "people",
    }
    admin_client.post(add, typed(admin_client.get(add), **paper, _submit="1"))
    assert get_draft(Source.objects.get()).state == Revision.State.IN_REVIEW
