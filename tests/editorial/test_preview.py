"""A draft as a reader would see it: for staff only, marked, and without a trace in what is live."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Explainer
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.models import ContentVersion, Status
from psychoplastogens.editorial.workflow import transitions
from tests import factories
from tests.admin_forms import address_of
from tests.factories import make_explainer, make_faq, make_user, make_walkthrough
from tests.workflow_helpers import approve_draft, without_checks

pytestmark = pytest.mark.django_db


def drafted(record, **fields):
    snapshot = take_snapshot(record)
    snapshot[0]["fields"] |= fields
    return transitions.save_draft(record, snapshot, by=make_user("author"))


def test_a_draft_is_shown_as_the_page_it_would_be_and_marked(admin_client, client):
    faq = make_faq(answer="Old.", slug="it")
    drafted(faq, answer="New words.")
    page = admin_client.get(address_of(faq, "previewed"))
    assertContains(page, "New words.")
    assertContains(page, "Draft, not approved")
    assertContains(page, '<meta name="robots" content="noindex, nofollow">')
    assertNotContains(page, "htmx.min.js")
    live = client.get("/questions/it/")
    assertContains(live, "Old.")
    assertNotContains(live, "draft-mark")


def test_what_is_approved_or_published_is_not_called_a_draft(admin_client):
    faq = make_faq(answer="Old.")
    page = admin_client.get(address_of(faq, "previewed"))
    assertContains(page, '<p class="draft-mark" role="note">Published text, in a preview</p>')
    drafted(faq, answer="New words.")
    draft = approve_draft(faq)
    page = admin_client.get(address_of(faq, "previewed"), {"revision": draft.pk})
    assertContains(page, '<p class="draft-mark is-draft" role="note">Approved, not published</p>')
    with without_checks():
        transitions.publish(draft, by=make_user("publisher"))
    page = admin_client.get(address_of(faq, "previewed"), {"revision": draft.pk})
    assertContains(page, "Published text, in a preview")


def test_a_frame_of_a_draft_is_kept_by_nobody_and_framed_by_us_alone(admin_client):
    page = admin_client.get(address_of(make_faq(), "previewed"))
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "no-referrer"


def test_a_preview_leaves_what_is_live_as_it_is(admin_client):
    explainer = make_explainer({"title": "Part"}, title="Old")
    drafted(explainer, title="New")
    number = ContentVersion.objects.get_current()
    admin_client.get(address_of(explainer, "previewed") + "?number=1")
    assert Explainer.objects.get().title == "Old"
    assert ContentVersion.objects.get_current() == number


def test_each_page_of_a_record_has_its_frame(admin_client):
    explainer = make_explainer({"title": "Part one", "plain": "Words of part one."})
    page = admin_client.get(address_of(explainer, "preview"))
    assertContains(page, "Part one")
    assertContains(page, "number=0&amp;shape=dark")
    framed = admin_client.get(address_of(explainer, "previewed") + "?number=1")
    assertContains(framed, "Words of part one.")


def test_shapes_are_the_colors_and_the_paper_of_readers(admin_client):
    address = address_of(make_faq(), "previewed")
    assertContains(admin_client.get(address + "?shape=dark"), 'data-theme="dark"')
    assertContains(admin_client.get(address + "?shape=print"), 'print.css" media="all"')
    for shape in ("desk", "<script>"):
        framed = admin_client.get(address, {"shape": shape})
        assertContains(framed, 'print.css" media="print"')
        assertNotContains(framed, 'data-theme="dark"')


def test_shapes_have_one_set_of_words(admin_client):
    faq = make_faq()
    for page in ("preview", "change"):
        shown = admin_client.get(address_of(faq, page))
        for words in ("On a phone", "On a phone, dark", "On a desk", "Printed"):
            assertContains(shown, f">{words}<")


@pytest.mark.parametrize(
    "query", ["number=99", "number=2000000000000", "revision=x", f"revision={'0' * 32}"]
)
def test_a_page_or_revision_that_is_not_there_is_said_so(admin_client, query):
    address = address_of(make_faq(), "previewed")
    assert admin_client.get(f"{address}?{query}").status_code in (200, 404)


def test_the_draft_of_another_record_is_not_shown_under_this_one(admin_client):
    other = drafted(make_faq(), answer="Another.")
    page = admin_client.get(address_of(make_faq(), "previewed") + f"?revision={other.pk}")
    assert page.status_code == 404


EVERY_KIND = [
    *(
        factories.make_source,
        factories.make_finding,
        factories.make_claim,
        factories.make_term,
        factories.make_topic,
    ),
    *(
        factories.make_faq,
        factories.make_compound,
        factories.make_condition,
        factories.make_spine_change,
    ),
    *(make_explainer, lambda **fields: make_walkthrough({}, **fields)),
]


@pytest.mark.parametrize("make_one", EVERY_KIND)
@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.DRAFT])
def test_every_kind_can_be_previewed_before_and_after_it_is_published(
    admin_client, make_one, status
):
    record = make_one(status=status) if status == Status.DRAFT else make_one()
    drafted(record)
    assert admin_client.get(address_of(record, "preview")).status_code == 200
    page = admin_client.get(address_of(record, "previewed"))
    assert page.status_code in (200, 404)


@pytest.mark.parametrize("page", ["preview", "previewed", "history", "conflict", "do"])
def test_nobody_outside_sees_a_draft(client, page):
    faq = make_faq(status=Status.DRAFT)
    drafted(faq)
    answer = client.get(address_of(faq, page))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")
