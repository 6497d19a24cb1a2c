"""A link of a form that leads to a next step: it saves what was typed first."""

import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Revision
from psychoplastogens.editorial.workflow import comments, transitions
from tests.admin_forms import address_of, typed
from tests.factories import make_faq, make_user, make_walkthrough
from tests.workflow_helpers import (
    get_draft,
    make_approver,
    save_draft,
    send_for_review,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]


def save(client, record, **changes):
    address = address_of(record)
    return client.post(address, typed(client.get(address), **changes))


def saving_links(client, record):
    """The words of the links in the form of a record that save it first."""
    page = client.get(address_of(record)).content.decode()
    links = re.findall(r"<a\s[^>]*data-next-step[^>]*>(.*?)</a>", page, re.DOTALL)
    return [words.strip() for words in links]


def test_a_save_leads_to_the_step_that_its_link_names(admin_client):
    faq = make_faq()
    step = address_of(faq, "review") + "?all=1#comment-1"
    page = save(admin_client, faq, question="Typed before the click?", next_step=step)
    assert page["Location"] == step
    assert get_draft(faq).snapshot[0]["fields"]["question"] == "Typed before the click?"


def test_where_nothing_was_typed_it_leads_there_too(admin_client):
    faq = make_faq()
    draft = save_draft(faq, question="Saved before?")
    step = address_of(faq, "bundle")
    page = save(admin_client, faq, change_kind=draft.change, next_step=step)
    assert page["Location"] == step
    assert get_draft(faq) == draft


@pytest.mark.parametrize(
    "outside",
    [
        "https://evil.example/admin/",
        "//evil.example/admin/",
        "/\\evil.example/admin/",
        "\\\\evil.example/admin/",
        "http:///evil.example/admin/",
        "javascript:alert(1)//admin/",
        "/questions/",
        "",
        "admin/",
        " /admin/",
    ],
)
def test_no_address_outside_of_this_admin_is_a_next_step(admin_client, outside):
    faq = make_faq()
    page = save(admin_client, faq, question="Typed?", next_step=outside)
    assert page["Location"] == address_of(faq)
    assert get_draft(faq)


def test_a_form_that_is_refused_shows_its_errors_and_leads_nowhere(admin_client):
    faq = make_faq()
    page = save(admin_client, faq, slug="no slug", next_step=address_of(faq, "review"))
    assertContains(page, "Use small letters, digits and hyphens")
    assert not Revision.objects.exists()


def test_a_text_that_somebody_changed_meanwhile_leads_to_both_texts(admin_client):
    faq = make_faq()
    form = typed(admin_client.get(address_of(faq)), question="Mine?")
    save_draft(faq, question="Theirs?")
    step = address_of(faq, "review")
    page = admin_client.post(address_of(faq), form | {"next_step": step})
    assert page["Location"].startswith(address_of(faq, "conflict"))


def test_links_to_a_review_to_others_and_to_a_part_save_first(admin_client):
    faq = make_faq()
    draft = send_for_review(faq, question="Changed?")
    place = comments.Place(faq.pk, "question", "Question", "Changed?")
    comments.begin_thread(draft, place, body="So?", by=make_approver())
    transitions.ask_for_changes(draft, by=make_approver(), comment="Shorter.")
    steps = {"Answer or resolve", "What changed, and review", "Send with what it needs"}
    assert steps <= set(saving_links(admin_client, faq))


def test_the_form_of_a_part_is_a_next_step_too(admin_client):
    walkthrough = make_walkthrough({"title": "One"})
    assert "Change" in saving_links(admin_client, walkthrough)


def test_no_link_takes_a_text_out_of_review_by_saving_it(admin_client):
    faq, asks = make_faq(), "data-save-ends-review"
    draft = save_draft(faq, question="Changed?")
    assertNotContains(admin_client.get(address_of(faq)), asks)
    transitions.submit(draft, by=make_user("author"))
    assertContains(admin_client.get(address_of(faq)), asks)
    transitions.approve(get_draft(faq), by=make_approver())
    assertContains(admin_client.get(address_of(faq)), asks)
