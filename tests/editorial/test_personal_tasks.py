"""What waits for one person: on the first page of the admin, in its header and on the form."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.admin import personal_tasks
from psychoplastogens.editorial.models import Bundle, Revision
from psychoplastogens.editorial.workflow import transitions
from tests.factories import make_faq, make_user
from tests.workflow_helpers import (
    approve_draft,
    get_draft,
    make_approver,
    publish_draft,
    save_draft,
    send_for_review,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
EDITS = ("view_historyentry", "view_faq", "change_faq")
APPROVES = (*EDITS, "approve_revision")
PUBLISHES = (*EDITS, "publish_revision")


def get_piles(client):
    """What stands in each panel of the first page that is for the person, by its title."""
    page = client.get("/admin/").content.decode()
    personal = page.partition("What waits for everybody")[0]
    panels = re.findall(r"<h3>(.+?) <span.+?</span></h3>(.*?)</section>", personal, re.DOTALL)
    return {title: re.findall(r">([^<>]+)</a>", items) for title, items in panels}


def ask_for_changes(draft, comment="Cite the second sentence."):
    transitions.ask_for_changes(draft, comment=comment, by=make_approver())


def test_an_author_reads_what_was_asked_on_the_first_page_and_on_the_form(sign_in):
    faq = make_faq(question="Does it work?")
    ask_for_changes(send_for_review(faq))
    author = sign_in("author", *EDITS)
    assert get_piles(author) == {"Sent back to you": ["Does it work?"]}
    assertContains(author.get("/admin/"), "“Cite the second sentence.”")
    form = author.get(f"/admin/content/faq/{faq.pk}/change/")
    assertContains(form, "Cite the second sentence.")
    assertContains(form, "<b>colleague</b>")


def test_the_comment_stays_beside_the_text_until_it_is_published(sign_in):
    faq = make_faq(question="Does it work?")
    ask_for_changes(send_for_review(faq))
    save_draft(faq, answer="Cited words.")
    author = sign_in("author", *EDITS)
    assert get_piles(author) == {"Your drafts": ["Does it work?"]}
    form = f"/admin/content/faq/{faq.pk}/change/"
    assertContains(author.get(form), "Cite the second sentence.")
    publish_draft(faq)
    save_draft(faq, answer="Newer words.")
    assertNotContains(author.get(form), "Cite the second sentence.")


def test_a_comment_is_shown_as_it_was_typed(sign_in):
    faq = make_faq()
    ask_for_changes(send_for_review(faq), "<script>alert(1)</script>")
    author = sign_in("author", *EDITS)
    for path in ("/admin/", f"/admin/content/faq/{faq.pk}/change/"):
        assertNotContains(author.get(path), "<script>alert(1)")


def test_who_wrote_on_a_text_is_not_asked_to_approve_it(sign_in):
    faq, other = make_faq(question="Wrote on it?"), make_faq(question="Others wrote?")
    save_draft(faq, by="clinician", answer="First words.")
    send_for_review(faq, by="author", answer="Second words.")
    send_for_review(other)
    clinician = sign_in("clinician", *APPROVES)
    assert get_piles(clinician) == {"For you to approve": ["Others wrote?"]}
    assert personal_tasks.count_tasks(make_user("clinician")) == 1


def test_who_wrote_what_is_published_may_approve_what_came_after(sign_in):
    faq = make_faq(question="Once mine?")
    save_draft(faq, by="editor", answer="My words.")
    publish_draft(faq)
    send_for_review(faq, by="author", answer="Later words.")
    piles = get_piles(sign_in("editor", *APPROVES))
    assert piles == {"For you to approve": ["Once mine?"], "News": ["Once mine?"]}


def test_an_approved_text_waits_for_publishers_and_is_on_its_way_for_its_author(sign_in):
    faq = make_faq(question="Ready?")
    save_draft(faq, answer="New words.")
    approve_draft(faq)
    publisher = sign_in("publisher", *PUBLISHES)
    assert get_piles(publisher) == {"For you to publish": ["Ready?"]}
    assertContains(publisher.get("/admin/content/faq/"), "For you:")
    author = sign_in("author", *EDITS)
    assert get_piles(author) == {"Yours, on the way to readers": ["Ready?"]}
    assertContains(author.get("/admin/"), "Approved by clinician")
    assertNotContains(author.get("/admin/content/faq/"), "For you:")


def test_nothing_waits_once_it_is_done(sign_in):
    faq = make_faq()
    save_draft(faq, answer="New words.")
    publish_draft(faq)
    for name, permissions in (("publisher", PUBLISHES), ("colleague", APPROVES)):
        client = sign_in(name, *permissions)
        assert get_piles(client) == {}
        assertContains(client.get("/admin/"), "Nothing waits for you.")


def test_who_does_not_work_on_texts_is_told_of_none(sign_in):
    send_for_review(make_faq(question="Not told?"))
    page = sign_in("desk", "view_clinic", "approve_revision").get("/admin/")
    assertNotContains(page, "For you")
    assertNotContains(page, "Not told?")


def test_the_panels_and_the_number_cost_the_same_with_more_tasks(sign_in):
    client = sign_in("clinician", *APPROVES, "publish_revision")

    def count_queries():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        return len(queries)

    def add_tasks():
        send_for_review(make_faq())
        ask_for_changes(send_for_review(make_faq(), by="clinician"))
        save_draft(make_faq(), by="clinician", answer="New.")
        approved = make_faq()
        save_draft(approved, answer="New.")
        approve_draft(approved)

    add_tasks()
    count_queries()
    few = count_queries()
    for _ in range(10):
        add_tasks()
    assert count_queries() == few
    assert personal_tasks.count_tasks(make_user("clinician")) == 33


def test_the_number_is_one_query(django_assert_num_queries):
    user = make_approver()
    send_for_review(make_faq())
    user.has_perm("editorial.approve_revision")  # its permissions are read once a request
    with django_assert_num_queries(1):
        assert personal_tasks.count_tasks(user) == 1
    assert get_draft(make_faq()) is None


def test_a_publisher_publishes_from_the_first_page(sign_in):
    faq = make_faq(question="Does it work?", answer="Old.")
    save_draft(faq, answer="New.")
    approve_draft(faq)
    publisher = sign_in("publisher", *PUBLISHES)
    page = publisher.get("/admin/")
    draft = get_draft(faq)
    assertContains(page, f'action="/admin/content/faq/{faq.pk}/do/"')
    sent = {"verb": "publish", "revision": draft.pk}
    publisher.post(f"/admin/content/faq/{faq.pk}/do/", sent)
    faq.refresh_from_db()
    assert faq.answer == "New."
    assertNotContains(sign_in("author", *EDITS).get("/admin/"), "/do/")


def test_one_of_a_bundle_is_not_published_alone(sign_in):
    first, second = make_faq(question="One?"), make_faq(question="Two?")
    drafts = [save_draft(faq, answer="New.") for faq in (first, second)]
    Revision.objects.filter(pk__in=[draft.pk for draft in drafts]).update(
        bundle=Bundle.objects.create(made_by=make_user("author"))
    )
    for faq in (first, second):
        approve_draft(faq)
    page = sign_in("publisher", *PUBLISHES).get("/admin/")
    assertContains(page, "For you to publish")
    assertContains(page, "; sent together with “One?”")
    assert personal_tasks.count_tasks(make_user("publisher")) == 1
    [panel] = personal_tasks.get_personal_panels(make_user("publisher"))
    assert (panel.count, len(panel.items)) == (1, 1)
    assertNotContains(page, "/do/")
    assertContains(page, f'href="/admin/content/faq/{second.pk}/review/#bundle"')
