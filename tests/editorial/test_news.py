"""News of texts that somebody wrote: on the first page until it is read, and counted."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.accounts.models import MailPreference
from psychoplastogens.editorial.admin import news
from psychoplastogens.editorial.models import HistoryEntry
from psychoplastogens.editorial.workflow import transitions
from tests.factories import make_faq, make_user
from tests.workflow_helpers import make_approver, publish_draft, save_draft, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
EDITS = ("view_historyentry", "view_faq", "change_faq")
TITLE = "News"
READ = "/admin/tasks/read/"


@pytest.fixture
def faq():
    """A question whose new answer by “author” somebody has approved and published."""
    faq = make_faq(question="Does it work?")
    publish_again(faq)
    return faq


def publish_again(faq, by="author"):
    save_draft(faq, by=by, answer=f"Words {timezone.now()}.")
    publish_draft(faq)


def read_until(client):
    panel = next(p for p in client.get("/admin/").context["personal_panels"] if p.title == TITLE)
    return panel.read_until


def test_an_author_hears_that_a_text_was_published(sign_in, faq):
    author = sign_in("author", *EDITS)
    page = author.get("/admin/")
    assertContains(page, TITLE)
    assertContains(page, f'/admin/content/faq/{faq.pk}/review/">Does it work?</a>')
    assertContains(page, "Published: publisher, ")
    assert re.search(r"For you:\s+1</a>", author.get("/admin/content/faq/").text)


def test_a_comment_to_nobody_s_paragraph_is_quoted(sign_in):
    draft = send_for_review(make_faq())
    transitions.comment(draft, by=make_approver(), text="Lovely, <b>thanks</b>.")
    page = sign_in("author", *EDITS).get("/admin/")
    assertContains(page, "“Lovely, &lt;b&gt;thanks&lt;/b&gt;.”")


def test_an_author_hears_that_a_text_was_withdrawn_and_who_withdrew_it_knows(sign_in, faq):
    faq.refresh_from_db()
    transitions.withdraw(faq, by=make_user("publisher"), reason="The trial was retracted.")
    assertContains(sign_in("author", *EDITS).get("/admin/"), "Withdrew it from readers: publisher")
    assert not news.get_news(make_user("publisher")).exists()


def test_who_did_it_and_who_wrote_nothing_hear_nothing(sign_in, faq):
    for name in ("stranger", str(HistoryEntry.objects.get(verb="published").by)):
        assertNotContains(sign_in(name, *EDITS).get("/admin/"), TITLE)


def test_what_is_read_is_gone_for_this_person_alone(sign_in, faq):
    author = sign_in("author", *EDITS)
    page = author.post(READ, {"until": read_until(author)}, follow=True)
    assertNotContains(page, TITLE)
    assert not news.get_news(make_user("author")).exists()
    publish_again(faq, by="other")
    assertContains(author.get("/admin/"), TITLE)
    assert news.get_news(make_user("other")).count() == 1


def test_what_came_after_the_page_was_opened_stays(sign_in, faq):
    author = sign_in("author", *EDITS)
    until = read_until(author)
    publish_again(faq)
    author.post(READ, {"until": until})
    assert news.get_news(make_user("author")).count() == 1


def test_the_newest_come_first_and_the_rest_is_folded(sign_in, monkeypatch):
    monkeypatch.setattr(news, "MAX_PANEL_ITEMS", 1)
    draft = send_for_review(make_faq())
    for said in ("First.", "Second.", "Third."):
        transitions.comment(draft, by=make_approver(), text=said)
    author = sign_in("author", *EDITS)
    html = author.get("/admin/").text
    places = [html.index(f"“{said}”") for said in ("Third.", "Second.", "First.")]
    assert places == sorted(places)
    folded = html.index("<details>", places[0])
    assert places[0] < folded < places[1]
    assert re.search(r"<summary>\s*2 more", html[folded:])
    author.post(READ, {"until": read_until(author)})
    assert not news.get_news(make_user("author")).exists()


def test_a_time_to_come_does_not_silence_what_comes(sign_in, faq):
    author = sign_in("author", *EDITS)
    author.post(READ, {"until": (timezone.now() + timedelta(days=9)).isoformat()})
    assert MailPreference.objects.get().news_read_until <= timezone.now()
    assert MailPreference.objects.get().frequency == "at_once"


@pytest.mark.parametrize("until", ["", "yesterday", "2026-11-30T20:00:00", "9" * 5000])
def test_what_is_no_time_is_refused(sign_in, until):
    author = sign_in("author", *EDITS)
    assert author.post(READ, {"until": until}).status_code == 400
    assert author.get(READ).status_code == 405


def test_after_two_weeks_it_is_no_news(sign_in, faq):
    HistoryEntry.objects.update(at=timezone.now() - timedelta(days=15))
    assertNotContains(sign_in("author", *EDITS).get("/admin/"), TITLE)
