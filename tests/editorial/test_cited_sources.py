"""The sources of a change: opened from the review, by colleagues and by who has a link."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.review.links import create_review_link
from tests.admin_forms import address_of
from tests.factories import make_faq, make_finding, make_reviewer, make_source
from tests.html_outline import find_faults
from tests.workflow_helpers import make_approver, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
LABEL = "https://label.example/386"
OPENED = f'href="{LABEL}"'


@pytest.fixture
def source():
    fields = {"title": "The label", "year": 2025, "supports": "At least 2 hours.", "url": LABEL}
    return make_source(slug="fda-386", **fields)


def outside_page(client, draft):
    link = create_review_link(draft, by=make_approver(), reviewer=make_reviewer())
    return client.get(f"/review/{link.token}/")


def test_a_citation_beside_a_changed_number_leads_to_its_source(admin_client, client, source):
    faq = make_faq(answer="Stay 2 hours.[^fda-386:people]\n\nAn old line.")
    draft = send_for_review(faq, answer="Stay 3 hours.[^fda-386:people]\n\nAn old line.")
    for page in (admin_client.get(address_of(faq, "review")), outside_page(client, draft)):
        assertContains(page, OPENED, count=3)  # before, after, and in the list of sources
        assertContains(page, "The label")
        assertContains(page, "(2025)")
        assertContains(page, "At least 2 hours.")
        assertContains(page, "[^fda-386:people]")
        assert 'target="_blank"' in page.text.split(OPENED)[1].split(">")[0]
        assert find_faults(page.text) == []


def test_what_did_not_change_brings_no_source_along(admin_client, source):
    faq = make_faq(answer="A line.[^fda-386]\n\nTwo hours.")
    send_for_review(faq, answer="A line.[^fda-386]\n\nThree hours.")
    page = admin_client.get(address_of(faq, "review"))
    assertNotContains(page, OPENED)
    assertNotContains(page, "Sources of what changed")


def test_a_source_that_is_not_known_or_has_no_address_stays_text(admin_client):
    make_source(slug="on-paper", title="A book", url="", doi="")
    faq = make_faq(answer="Old.")
    send_for_review(faq, answer="New.[^on-paper][^nobody][^<b>]")
    page = admin_client.get(address_of(faq, "review"))
    assertContains(page, "A book")
    assertContains(page, "[^nobody]")
    assertContains(page, "[^&lt;b&gt;]")
    assertNotContains(page, "[^<b>]")


def test_the_source_of_a_new_number_is_there_too(admin_client, source):
    finding = make_finding(source=source, status="draft")
    send_for_review(finding, name="Hours")
    assertContains(admin_client.get(address_of(finding, "review")), OPENED)
