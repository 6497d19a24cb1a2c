"""A clinician without an account: what the link shows, who can press its buttons, when it ends."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Faq
from psychoplastogens.editorial.models import HistoryEntry, Reviewer, ReviewLink, Revision
from psychoplastogens.editorial.review.links import create_review_link, revoke_review_link
from psychoplastogens.editorial.workflow import transitions
from tests.factories import make_explainer, make_faq, make_reviewer, make_user
from tests.html_outline import find_faults
from tests.workflow_helpers import make_approver, save_draft, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
State = Revision.State
REASON = "reason-a2-keep-sentences-short"
SIGNED = {"name": "Ada Moss", "confirmed": "on"}


@pytest.fixture
def link():
    """Of a draft that says "New words." where readers read "Old words."."""
    return link_to(send_for_review(make_faq(slug="it", answer="Old words.")))


def link_to(draft, by="colleague"):
    ada = make_reviewer(email="ada@clinic.example")
    return create_review_link(draft, by=make_approver(by), reviewer=ada)


def address(link):
    return f"/review/{link.token}/"


def decide(client, link, decision, **sent):
    return client.post(address(link), {"decision": decision} | sent)


def revision_of(link):
    return Revision.objects.get(pk=link.revision_id)


def everything():
    """Every row of every table."""
    rows = (row for model in apps.get_models() for row in model._base_manager.order_by("pk"))
    return serializers.serialize("json", rows)


def test_it_says_who_asks_and_shows_what_changed_first(client, link):
    page = client.get(address(link))
    assertContains(page, "colleague of Understory asks you to read a text for patients")
    assertContains(page, "<del>Old</del> words.")
    assertContains(page, 'src="page/0/"', count=2)
    html = page.content.decode()
    places = [html.index(f'id="{name}"') for name in ("changes", "pages", "checklist", "decision")]
    assert places == sorted(places)
    assert find_faults(html) == []


def test_it_is_marked_as_no_page_for_readers(client, link):
    page = client.get(address(link))
    assertContains(
        page, '<aside class="draft-mark is-draft" aria-label="Status">Draft, not approved</aside>'
    )
    assertContains(page, '<meta name="robots" content="noindex, nofollow">', html=True)
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "same-origin"
    assert not page.cookies
    assert "Cookie" not in page.get("Vary", "")


def test_its_address_stands_nowhere_on_it_but_in_small_print_that_is_not_printed(client, link):
    html = client.get(address(link)).content.decode()
    assert "canonical" not in html
    assert "og:url" not in html
    assert html.count(link.token.split(":")[1]) == 1
    assert 'class="on-print' in html[: html.index(link.token.split(":")[1])].splitlines()[-1]


def test_a_frame_shows_the_page_as_readers_will_see_it(client, link):
    frame = client.get(f"{address(link)}page/0/")
    assertContains(frame, "New words.")
    assertContains(frame, "Draft, not approved")
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"]
    assert frame["Referrer-Policy"] == "no-referrer"
    assert frame["Cache-Control"] == "no-store"
    assertNotContains(frame, link.token)
    assert client.get(f"{address(link)}page/7/").status_code == 404


def test_each_page_of_a_guide_has_its_frame(client):
    link = link_to(send_for_review(make_explainer(("One", "A."), ("Two", "B.")), title="New"))
    for number, words in enumerate(("New", "A.", "B.")):
        assertContains(client.get(f"{address(link)}page/{number}/"), words)


def test_opening_it_changes_nothing_however_often(client, link):
    before = everything()
    for _ in range(20):
        for path in (address(link), f"{address(link)}page/0/"):
            assert client.get(path).status_code == 200
            assert client.head(path).status_code == 200
    assert everything() == before


SCANNERS = [
    {},
    {"decision": "approve"},
    {"decision": "approve", "confirmed": "on", "whole_page": "on"},
    {"decision": "approve", "name": "", "confirmed": "on"},
    {"decision": "approve", "name": "test", "confirmed": "on", "comment": "test"},
    {"decision": "approve", "name": "MD, psychiatrist", "confirmed": "on"},
    {"decision": "approve", "name": "Ada", "confirmed": "on"},
    {"decision": "approve", "name": "Ada Moss"},
    {"decision": "ask", "name": "test@test.test", "confirmed": "on", "comment": "test"},
    {"decision": "comment", "name": "1", "confirmed": "1", "comment": "1"},
    {"decision": "explain", "name": "Ada Moss", "confirmed": "on"},
    {"decision": "publish", "name": "Ada Moss", "confirmed": "on"},
    {"name": "Ada Moss", "confirmed": "on"},
]


@pytest.mark.parametrize("sent", SCANNERS)
def test_a_machine_that_submits_its_form_changes_nothing(client, link, sent):
    before = everything()
    page = client.post(address(link), sent)
    assert page.status_code == 200
    assertContains(page, "Nothing was decided yet")
    assert everything() == before


def test_the_name_that_is_asked_for_is_not_on_the_page(client, link):
    assertNotContains(client.get(address(link)), "Moss")  # Random tokens may hold shorter names.
    assertNotContains(decide(client, link, "approve", name="Eve", confirmed="on"), "Moss")


@pytest.mark.parametrize("name", ["Ada Moss", "Dr Ada Moss", "Dr. Ada Moss, MD"])
def test_a_title_that_the_team_wrote_into_the_name_may_be_left_out(client, link, name):
    Reviewer.objects.update(name="Dr. Ada Moss")
    decide(client, link, "approve", name=name, confirmed="on", comment="Clear.")
    link.revision.refresh_from_db()
    assert link.revision.state == Revision.State.APPROVED


@pytest.mark.parametrize("name", ["Dr.", "MD", "Dr. Ada", "Moss", ", .", "Prof"])
def test_a_title_alone_is_nobodys_name(client, link, name):
    Reviewer.objects.update(name="Dr. Ada Moss")
    decide(client, link, "approve", name=name, confirmed="on", comment="Clear.")
    link.revision.refresh_from_db()
    assert link.revision.state == Revision.State.IN_REVIEW


@pytest.mark.parametrize(
    "name",
    ["Ada Moss", "ada moss", "  ADA   MOSS ", "Dr. Ada Moss", "Prof. Dr. Ada Moss, M.D., PhD"],
)
def test_a_pressed_button_with_the_right_name_approves(client, link, name):
    page = decide(client, link, "approve", name=name, confirmed="on", comment="Clear.")
    assertContains(page, "Your approval is recorded as that of Ada Moss, MD, psychiatrist.")
    revision = revision_of(link)
    assert (revision.state, revision.approved_through) == (State.APPROVED, link)
    assert revision.vouched_by == make_user("colleague")
    act = HistoryEntry.objects.about(revision.record).first()
    assert (act.who, act.note) == ("Ada Moss, MD, psychiatrist", "Clear.")
    assert Faq.objects.get().answer == "Old words."


def test_no_cookie_and_no_other_site_has_a_say(link):
    """The token alone lets in, so there is no CSRF token, and a session means nothing here."""
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.post(address(link), {"decision": "comment", "comment": "Hm."} | SIGNED)
    assert page.status_code == 200
    assert not page.cookies
    signed_in = Client()
    signed_in.force_login(make_user("author"))
    page = decide(signed_in, link, "approve", name="author", confirmed="on")
    assert revision_of(link).state == State.IN_REVIEW


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"origin": "https://evil.example"},
        {"origin": "https://testserver"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "null"},
    ],
)
def test_a_page_of_another_site_cannot_send_the_form(client, link, headers):
    page = client.post(address(link), {"decision": "ask", "comment": "No."}, headers=headers)
    assertContains(page, "This form was not sent from here", status_code=403)
    assert page["Cache-Control"] == "no-store"
    assert revision_of(link).state == State.IN_REVIEW


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"sec-fetch-site": "none"},
        {"origin": "http://testserver"},
    ],
)
def test_our_own_page_sends_the_form_in_every_browser(client, link, headers):
    sent = {"decision": "approve"} | SIGNED
    assert client.post(address(link), sent, headers=headers).status_code == 200
    assert revision_of(link).state == State.APPROVED


def test_an_answer_that_is_sent_again_says_that_it_was_answered(client, link):
    decide(client, link, "approve", **SIGNED)
    before = everything()
    for decision in ("approve", "ask", "comment"):
        page = decide(client, link, decision, comment="Again.", **SIGNED)
        assertContains(page, "It was answered already.", status_code=410)
    assert everything() == before


def test_asking_for_changes_needs_words_and_sends_the_text_back(client, link):
    page = decide(client, link, "ask", **SIGNED)
    assertContains(page, "Write what you want to say.")
    decide(client, link, "ask", comment="Cite it.", **SIGNED)
    assert revision_of(link).state == State.DRAFT
    assertContains(client.get(address(link)), "It was answered already.", status_code=410)


def test_a_comment_decides_nothing_and_leaves_the_link_open(client, link):
    page = decide(client, link, "comment", comment="I read on tonight.", **SIGNED)
    assertContains(page, "Nothing was decided: your link still works.")
    assert client.get(address(link)).status_code == 200
    assert (
        HistoryEntry.objects.about(revision_of(link).record).first().outsider.startswith("Ada Moss")
    )


def test_what_was_typed_is_kept_when_something_is_missing(client, link, fake_problem):
    fake_problem()
    sent = {"name": "Ada Moss", "comment": "Long thoughts.", REASON: ""}
    page = decide(client, link, "approve", **sent)
    for words in ("Long thoughts.", 'value="Ada Moss"', "Say why this may stand", "Tick this"):
        assertContains(page, words)


def test_a_warning_needs_a_reason_from_outside_too_or_the_authors(client, fake_problem):
    fake_problem()
    draft = send_for_review()
    link = link_to(draft)
    decide(client, link, "approve", **SIGNED)
    assert revision_of(link).state == State.IN_REVIEW
    transitions.give_reasons(
        draft, by=make_user("author"), reasons={"A2 Keep sentences short": "A quotation."}
    )
    assertContains(client.get(address(link)), "A quotation.</textarea>")
    decide(client, link, "approve", **SIGNED, **{REASON: "A quotation."})
    assert revision_of(link).state == State.APPROVED


def test_an_error_of_the_checks_stops_it_and_the_link_still_works(client, link, fake_problem):
    fake_problem("error", "D8 Cite sources")
    assertNotContains(client.get(address(link)), 'value="approve"')
    page = decide(client, link, "approve", **SIGNED)
    assertContains(page, "Answer: It has 40 words.")
    assert revision_of(link).state == State.IN_REVIEW
    assert client.get(address(link)).status_code == 200


def test_who_has_read_the_whole_page_is_named_to_readers_with_the_next_date(client, link):
    due = timezone.localdate() + timedelta(days=180)
    decide(client, link, "approve", whole_page="on", next_review=due.isoformat(), **SIGNED)
    transitions.publish(revision_of(link), by=make_user("publisher"))
    faq = Faq.objects.get()
    assert (faq.reviewed_by.name, faq.review_due) == ("Ada Moss", due)


def test_without_that_tick_no_review_is_claimed(client, link):
    due = timezone.localdate() + timedelta(days=180)
    decide(client, link, "approve", next_review=due.isoformat(), **SIGNED)
    transitions.publish(revision_of(link), by=make_user("publisher"))
    assert Faq.objects.get().reviewed_by is None


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_the_next_review_must_be_believable(client, link, days):
    due = timezone.localdate() + timedelta(days=days)
    page = decide(client, link, "approve", whole_page="on", next_review=due.isoformat(), **SIGNED)
    assertContains(page, "The next review must be within the coming 12 months.")
    assert client.get(address(link)).status_code == 200


def expire(link):
    ReviewLink.objects.filter(pk=link.pk).update(expires_at=timezone.now())


def revoke(link):
    revoke_review_link(link, by=make_user("colleague"))


def edit(link):
    save_draft(link.revision.record, by="somebody", answer="New words, and more.")


def discard(link):
    transitions.discard(link.revision, by=make_user("author"))


def approve(link):
    transitions.approve(link.revision, by=make_user("clinician"))


@pytest.mark.parametrize("end", [expire, revoke, edit, discard, approve])
def test_a_link_that_has_ended_says_why_and_shows_nothing_of_the_draft(client, link, end):
    end(link)
    before = everything()
    for path in (address(link), f"{address(link)}page/0/"):
        page = client.get(path)
        assertContains(page, "This link has ended", status_code=410)
        assertContains(page, "colleague of Understory asked you to review", status_code=410)
        assert not {"words", "Does it work"} & set(page.content.decode().split())
        assert page["Cache-Control"] == "no-store"
        assert page["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    page = decide(client, link, "approve", **SIGNED)
    assertContains(page, link_now(link).closed_reason, status_code=410)
    assert everything() == before


def link_now(link):
    return ReviewLink.objects.select_related("revision").get(pk=link.pk)


def test_an_altered_or_made_up_token_leads_nowhere(client, link):
    key, signature = link.token.split(":")
    other = "0" * 32
    made_up = [key, f"{key}:", f"{other}:{signature}", f"{key}:{signature[::-1]}", "x" * 3_000]
    made_up += [Signer().sign(key), Signer(key="guess", salt=ReviewLink.SALT).sign(key)]
    made_up += [Signer(salt=ReviewLink.SALT).sign(other), link.token + "%20", f"%00{link.token}"]
    for token in made_up:
        for path in (f"/review/{token}/", f"/review/{token}/page/0/"):
            assert client.get(path).status_code in (400, 404), token
            assert client.post(path, {"decision": "approve"} | SIGNED).status_code in (400, 404)
    assert revision_of(link).state == State.IN_REVIEW


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused(client, link, method):
    assert getattr(client, method)(address(link)).status_code == 405
    assert client.post(f"{address(link)}page/0/").status_code == 405


def test_a_text_of_hostile_markup_stays_text(client):
    script = "<script>alert(1)</script>"
    link = link_to(send_for_review(make_faq(), question=script, answer=script))
    html = client.get(address(link)).content.decode()
    assert script not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_machines_are_told_to_stay_away(client, link):
    assertContains(client.get("/robots.txt"), "Disallow: /review/")
    assertNotContains(client.get("/sitemap.xml"), link.token)


def test_an_unpublished_part_of_the_site_is_no_way_in(client, link):
    assert client.get("/review/").status_code == 404
