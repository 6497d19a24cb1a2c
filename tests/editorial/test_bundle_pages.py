"""A bundle on the pages of the admin: proposed, sent, approved and published."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Faq, GlossaryTerm
from psychoplastogens.editorial.models import Bundle, Revision
from psychoplastogens.editorial.review import forms
from psychoplastogens.editorial.review.bundled_changes import find_bundled_changes
from psychoplastogens.editorial.review.report import build_review_report
from psychoplastogens.editorial.workflow import bundles, checks, transitions
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.evidence.models import Source
from tests.admin_forms import address_of, typed
from tests.editorial.bundle_drafts import DRAFT, draft_of, make_drafts, now, send, states
from tests.factories import make_faq, make_term, make_user
from tests.workflow_helpers import get_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_citations")]
State = Revision.State
BUTTONS = ("approve_bundle", "approve")
PUBLISHES = ("change_faq", "publish_revision", "view_historyentry")


@pytest.fixture
def draft():
    return make_drafts()


def decide(client, draft, decision, **typed):
    sent = {"decision": decision, "revision": draft.pk} | typed
    return client.post(address_of(draft.record, "review"), sent)


def test_an_author_confirms_the_set_and_sends_it(sign_in, draft):
    author = sign_in("author", "change_faq", "change_source", "change_glossaryterm", "view_faq")
    assertContains(author.get(address_of(draft.record)), "/bundle/")
    form = author.get(address_of(draft.record, "bundle"))
    assertContains(form, "checked", count=2)
    keys = [str(draft.pk) for draft in bundles.find_needed_drafts(draft)]
    refused = author.post(address_of(draft.record, "bundle"), {"along": keys[:1]})
    assertContains(refused, "Nothing was sent for review.")
    sent = author.post(address_of(draft.record, "bundle"), {"along": keys})
    assert sent["Location"] == address_of(draft.record, "review")
    shown = author.get(sent["Location"])
    assertContains(shown, "Sent together with")
    assertNotContains(shown, "Approve this")


def test_a_reviewer_approves_and_a_publisher_publishes_all(sign_in, draft):
    send(draft)
    perms = ("view_faq", "view_source", "view_glossaryterm")
    clinician = sign_in("clinician", *perms, "approve_revision")
    shown = clinician.get(address_of(draft.record, "review"))
    assertContains(shown, "Approve this and the 2 that go with it: “")
    assertContains(shown, "The checks found nothing.")
    decide(clinician, draft, "approve_bundle")
    assert set(states(draft).values()) == {State.APPROVED}
    do = address_of(draft.record, "do")
    assert clinician.post(do, {"verb": "publish_bundle", "revision": draft.pk}).status_code == 403
    publisher = sign_in("publisher", *perms, "publish_revision")
    assertContains(publisher.get(address_of(draft.record, "review")), "Publish them together")
    sent = {"verb": "publish_bundle", "revision": draft.pk}
    said = publisher.post(do, sent, follow=True)
    for page in (draft.record, GlossaryTerm.objects.get(), Source.objects.get(slug="moss-2026")):
        assertContains(said, f'href="{page.get_absolute_url()}">Open the page</a>')
    assert set(states(draft).values()) == {State.PUBLISHED}


def test_who_approves_one_alone_is_told_what_it_waits_for(sign_in, draft):
    send(draft)
    perms = ("view_faq", "view_source", "view_glossaryterm", "approve_revision")
    clinician = sign_in("clinician", *perms)
    html = clinician.get(address_of(draft.record, "review")).text
    usual, alone = (html.index(f'value="{name}" class="button') for name in BUTTONS)
    assert usual < alone
    assert html.count('class="button default"') == 1
    assert 'value="approve_bundle" class="button default"' in html
    decide(clinician, draft, "approve")
    said = clinician.get(address_of(draft.record, "review"))
    assertContains(said, "It is published together with “")
    assertNotContains(said, "Readers see it when somebody")
    for record in (GlossaryTerm.objects.get(), Source.objects.get(slug="moss-2026")):
        decide(clinician, get_draft(record), "approve")
    assertContains(clinician.get(address_of(record, "review")), "Readers see it when somebody")


def test_who_may_not_view_what_goes_along_is_told_no_title(sign_in, draft):
    send(draft)
    clinician = sign_in("clinician", "view_faq", "approve_revision")
    decide(clinician, draft, "approve")
    said = clinician.get(address_of(draft.record, "review"))
    assertContains(said, "It is published together with others, once all are approved.")
    assertNotContains(said, "Moss")


def test_a_publisher_is_offered_only_what_can_be_published(sign_in, draft):
    send(draft)
    transitions.approve(now(draft), by=make_user("clinician"))
    publisher = sign_in("publisher", "view_faq", "publish_revision", "view_historyentry")
    mine = publisher.get("/admin/").text.partition("What waits for everybody")[0]
    assert "For you to publish" not in mine
    bundles.approve_together(now(draft), by=make_user("clinician"))
    mine = publisher.get("/admin/").text.partition("What waits for everybody")[0]
    assert "Publish together …" in mine


def test_what_is_approved_along_is_shown_before_the_button_each_with_its_own_changes(
    sign_in, draft
):
    send(draft)
    perms = ("view_faq", "view_source", "view_glossaryterm")
    clinician = sign_in("clinician", *perms, "approve_revision")
    html = clinician.get(address_of(draft.record, "review")).content.decode()
    before, _, _ = html.partition('value="approve_bundle"')
    shown = before.partition('id="along"')[2].partition("</section>")[0]
    assert "The 2 texts that go with it" in shown
    assert shown.count("<details open>") == 2  # Who approves them has them before their eyes.
    assert "<ins>A gate.[^moss-2026]</ins>" in re.sub("</?mark[^>]*>", "", shown)
    assert "1 citation" in shown
    assert "<ins>Moss</ins>" in shown
    for record in (GlossaryTerm.objects.get(), Source.objects.get(slug="moss-2026")):
        assert f'href="{address_of(record, "review")}"' in shown
    assert html.count("Approve this one alone") == 1


def test_of_a_live_text_that_goes_along_only_what_changes_is_shown(sign_in, draft):
    send(draft)
    clinician = sign_in("clinician", "view_faq", "view_source", "view_glossaryterm")
    term = GlossaryTerm.objects.get()
    html = clinician.get(address_of(term, "review")).content.decode()
    shown = html.partition('id="along"')[2].partition("</section>")[0]
    assert "<del>Old.</del>" in shown
    assert shown.count("<ins>Moss</ins>") == 1


def test_what_goes_along_costs_the_same_however_many_they_are():
    def ask(number):
        slugs = [f"gate-{number}-{one}" for one in range(number)]
        for slug in slugs:
            draft_of(make_term(slug=slug, term=slug, meaning="A gate.", **DRAFT))
            save_draft(make_faq(question=f"{slug}?"), answer="New.")
        drafts = Revision.objects.open().order_by("created_at").prefetch_related("record")
        texts = list(drafts)[-2 * number :]
        with CaptureQueriesContext(connection) as queries:
            found = find_bundled_changes(texts)
        assert [len(text.differences) for text in found] == [1] * 2 * number
        return len(queries)

    ask(2)
    assert ask(9) == ask(3)


def test_the_reason_that_is_typed_counts_when_all_are_approved(sign_in, draft, monkeypatch):
    def warn(record):
        yield checks.warning(CheckRule.EXPLAIN, "slug", "Is it plain?")

    monkeypatch.setattr(checks, "_checks", [(Faq, warn)])
    send(draft)
    perms = ("view_faq", "view_source", "view_glossaryterm")
    clinician = sign_in("clinician", *perms, "approve_revision")
    reason = next(iter(forms.ReviewForm(None, build_review_report(draft)).rules))
    assertContains(decide(clinician, draft, "approve_bundle"), "Say why this may stand")
    assert set(states(draft).values()) == {State.IN_REVIEW}
    term = get_draft(GlossaryTerm.objects.get())
    stopped = decide(clinician, term, "approve_bundle")
    assertContains(stopped, "Does it work?: ")
    assertContains(stopped, "Open the review of “Does it work?”")
    assertContains(stopped, "Approve this one alone")  # Nothing was decided, of this one either.
    assertNotContains(stopped, "It is approved already")
    decide(clinician, draft, "approve_bundle", **{reason: "A child knows it."})
    assert set(states(draft).values()) == {State.APPROVED}
    assert list(now(draft).reasons.values()) == ["A child knows it."]


@pytest.mark.parametrize("button", ["form", "review screen"])
def test_send_for_review_leads_to_the_set_where_others_are_needed(sign_in, draft, button):
    author = sign_in("author", "change_faq", "change_source", "change_glossaryterm", "view_faq")
    record = draft.record
    if button == "form":
        form = author.get(address_of(record))
        sent = author.post(address_of(record), typed(form, _submit="Send for review"))
    else:
        verb = {"verb": "submit", "revision": draft.pk}
        sent = author.post(address_of(record, "do"), verb)
    assert sent["Location"] == address_of(record, "bundle")
    assertContains(author.get(sent["Location"]), "Send them along with it.")
    assert not Bundle.objects.exists()


def test_what_stops_the_sending_leads_to_the_page_that_sends_it_with_what_it_needs(sign_in, draft):
    author = sign_in("author", "change_faq", "change_source", "change_glossaryterm", "view_faq")
    stops = author.get(address_of(draft.record)).content.decode()
    stops = stops[stops.index('id="stops"') :].partition("</details>")[0]
    assert "Glossary term: Gate (draft)" in stops
    assert f'href="{address_of(draft.record, "bundle")}"' in stops


@pytest.mark.parametrize("lacking", ["a right to change the term", "a source that exists"])
def test_a_set_that_would_not_do_is_not_proposed(sign_in, draft, lacking):
    perms = ["change_faq", "change_glossaryterm", "view_faq", "change_source"]
    if lacking == "a source that exists":
        draft = save_draft(draft.record, answer="A [[gate]].[^nowhere]")
    else:
        perms.remove("change_glossaryterm")
    author = sign_in("author", *perms)
    sent = author.post(
        address_of(draft.record, "do"), {"verb": "submit", "revision": draft.pk}, follow=True
    )
    assert sent.redirect_chain[0][0].startswith(address_of(draft.record) + "?stops=1")
    assertContains(sent, "Send with what it needs")


def test_the_preview_for_staff_shows_the_others_as_readers_will_see_them(sign_in, draft):
    reader = sign_in("reader", "view_faq")
    frame = address_of(draft.record, "previewed")
    assertNotContains(reader.get(frame, {"revision": draft.pk}), "/glossary/gate/")
    send(draft)
    assertContains(reader.get(frame, {"revision": draft.pk}), "/glossary/gate/")


def test_what_an_author_may_not_change_does_not_go_along(sign_in, draft):
    author = sign_in("author", "change_faq", "view_faq")
    form = author.get(address_of(draft.record, "bundle"))
    assertContains(form, "It names no new text that readers cannot see yet.")
    keys = [str(draft.pk) for draft in bundles.find_needed_drafts(draft)]
    author.post(address_of(draft.record, "bundle"), {"along": keys})
    assert not Bundle.objects.exists()
    viewer = sign_in("viewer", "view_faq")
    assert viewer.get(address_of(draft.record, "bundle")).status_code == 403
    assert Client().get(address_of(draft.record, "bundle")).status_code == 302


def test_who_may_not_view_one_of_them_learns_no_title_and_approves_none(sign_in, draft):
    send(draft)
    clinician = sign_in("clinician", "view_faq", "approve_revision", "publish_revision")
    assertNotContains(clinician.get(address_of(draft.record, "review")), "Moss")
    sent = {"verb": "publish_bundle", "revision": draft.pk}
    assert clinician.post(address_of(draft.record, "do"), sent).status_code == 403
    assert decide(clinician, draft, "approve_bundle").status_code == 403
    assert set(states(draft).values()) == {State.IN_REVIEW}


def test_one_alone_has_no_button_that_publishes_and_all_of_them_come_first(sign_in, draft):
    send(draft)
    bundles.approve_together(now(draft), by=make_user("clinician"))
    publisher = sign_in("publisher", "view_faq", "view_source", "view_glossaryterm", *PUBLISHES)
    page = publisher.get(address_of(draft.record, "review"))
    assertContains(page, 'value="publish_bundle"', count=1)
    assertNotContains(page, 'value="publish"')
    form = publisher.get(address_of(draft.record))
    assertNotContains(form, 'value="publish"')
    assertContains(form, "Publish with what goes along")


def test_until_all_are_approved_it_says_which_are_not(sign_in, draft):
    send(draft)
    transitions.approve(now(draft), by=make_user("clinician"))
    publisher = sign_in("publisher", "view_faq", "view_source", "view_glossaryterm", *PUBLISHES)
    page = publisher.get(address_of(draft.record, "review"))
    assertNotContains(page, 'value="publish')
    assertContains(page, "once these are approved: “")
    assertContains(page, "Gate")


def test_a_refusal_leads_to_each_place_by_the_name_that_its_form_uses(sign_in, draft):
    def check(record):
        yield checks.error(CheckRule.CITED, "evidence_checked_on", "Say when.")
        yield checks.error(CheckRule.CITED, "meaning", "Say it shorter.")

    checks._checks.append((GlossaryTerm, check))
    author = sign_in("author", "change_faq", "change_source", "change_glossaryterm", "view_faq")
    keys = [str(other.pk) for other in bundles.find_needed_drafts(draft)]
    form = address_of(GlossaryTerm.objects.get())
    asked = "Gate: I searched and compared the sources today"
    told_at_once = author.get(address_of(draft.record, "bundle"))
    for page in told_at_once, author.post(address_of(draft.record, "bundle"), {"along": keys}):
        assertContains(page, f'<a href="{form}#id_evidence_checked_today">{asked}</a>: Say when.')
        assertContains(page, f'<a href="{form}#id_meaning">Gate: Meaning</a>: Say it shorter.')
    assertContains(told_at_once, "Before they can be sent together")
    assert states(draft) == {} or now(draft).state == State.DRAFT
