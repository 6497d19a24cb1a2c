"""Mail about texts: to whom, when, and never to somebody who may not read a draft."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django.asserts import assertContains

from psychoplastogens.accounts.models import MailPreference
from psychoplastogens.editorial.models import HistoryEntry
from psychoplastogens.editorial.review.links import create_review_link
from psychoplastogens.editorial.workflow import schedules, transitions
from tests.factories import make_faq, make_reviewer, make_user
from tests.workflow_helpers import approve_draft, publish_draft, save_draft, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks", "staff", "mail_at_once")]
Frequency = MailPreference.Frequency
READS = "view_historyentry"


def make_staff(name, *codenames, **fields):
    user = make_user(name)
    user.is_staff, user.email = True, f"{name}@clinic.example"
    for field, value in fields.items():
        setattr(user, field, value)
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def staff():
    """An author, who may approve too, a colleague who approves, and one who publishes."""
    make_staff("author", READS, "approve_revision")
    make_staff("colleague", READS, "approve_revision")
    make_staff("publisher", READS, "publish_revision")


@pytest.fixture
def mail_at_once(monkeypatch):
    """What waits for the end of a transaction runs now, as it would when it is committed."""
    monkeypatch.setattr(transaction, "on_commit", lambda run, **options: run())


def choose(name, frequency):
    fields = {"frequency": frequency, "mailed_until": timezone.now() - timedelta(days=1)}
    MailPreference.objects.update_or_create(user=make_user(name), defaults=fields)


def get_mails():
    """(address, first line of the text) of each mail since the last look."""
    found = sorted((sent.to[0].partition("@")[0], sent.subject) for sent in mail.outbox)
    mail.outbox.clear()
    return found


def test_each_step_is_mailed_to_whom_it_concerns_and_not_to_who_took_it():
    faq = make_faq(question="Does it work?")
    draft = save_draft(faq, answer="New words.")
    assert get_mails() == []
    transitions.submit(draft, by=make_user("author"))
    assert get_mails() == [("colleague", "Understory: Sent it for review: Does it work?")]
    transitions.ask_for_changes(draft, comment="Cite it.", by=make_user("colleague"))
    assert "Cite it." in mail.outbox[0].body
    assert f"/admin/content/faq/{faq.pk}/change/" in mail.outbox[0].body
    assert get_mails() == [("author", "Understory: Asked for changes: Does it work?")]
    save_draft(faq, answer="Cited words.")
    approve_draft(faq)
    mailed = [name for name, subject in get_mails() if "Approved" in subject]
    assert mailed == ["author", "publisher"]


def test_the_comment_of_a_clinician_without_an_account_is_mailed():
    draft = send_for_review(make_faq())
    link = create_review_link(draft, by=make_user("colleague"), reviewer=make_reviewer())
    get_mails()
    transitions.comment(draft, text="One dose is missing.", link=link)
    assert sorted(sent.to[0] for sent in mail.outbox) == [
        *("author@clinic.example", "colleague@clinic.example")
    ]
    for sent in mail.outbox:
        assert "Ada Moss" in sent.body
        assert "One dose is missing." in sent.body
        assert link.token not in sent.body


def test_who_made_the_link_is_mailed_the_answer_and_no_other_reviewer():
    make_staff("another", READS, "approve_revision")
    draft = send_for_review(make_faq())
    link = create_review_link(draft, by=make_user("colleague"), reviewer=make_reviewer())
    get_mails()
    transitions.ask_for_changes(draft, comment="Cite it.", link=link)
    assert [name for name, _ in get_mails()] == ["author", "colleague"]


def test_who_set_the_time_is_mailed_that_it_was_published():
    faq = make_faq(question="Does it work?")
    save_draft(faq, answer="New words.")
    at = timezone.now() + timedelta(hours=1)
    schedules.schedule_publication(approve_draft(faq), by=make_user("publisher"), at=at)
    get_mails()
    schedules.run_due(at)
    subject = "Understory: Published: Does it work?"
    assert get_mails() == [("author", subject), ("publisher", subject)]


def test_a_published_text_is_told_to_its_author_alone():
    faq = make_faq(question="Does it work?")
    save_draft(faq, answer="New words.")
    publish_draft(faq)
    assert [name for name, subject in get_mails() if "Published" in subject] == ["author"]


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"is_staff": False}, {"email": ""}], ids=lambda f: min(f)
)
def test_who_has_left_or_has_no_address_gets_none(fields):
    make_staff("colleague", READS, "approve_revision", **fields)
    send_for_review(make_faq())
    assert get_mails() == []


def test_who_may_not_read_drafts_any_more_gets_none():
    make_staff("author")
    draft = send_for_review(make_faq())
    get_mails()
    transitions.ask_for_changes(draft, comment="Cite it.", by=make_user("colleague"))
    assert get_mails() == []


def test_a_title_of_two_lines_makes_no_header():
    send_for_review(make_faq(question="One\nBcc: everybody@example.org"))
    [sent] = mail.outbox
    assert sent.recipients() == ["colleague@clinic.example"]
    assert "\n" not in sent.subject


def test_a_server_that_refuses_the_mail_does_not_stop_the_step(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    draft = send_for_review(make_faq())
    assert HistoryEntry.objects.filter(revision=draft, verb="submitted").exists()


def test_nothing_is_asked_of_the_database_where_there_is_no_mail_server(
    settings, django_assert_num_queries
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    draft = save_draft(make_faq(), answer="New words.")
    record = draft.record
    with django_assert_num_queries(1):
        HistoryEntry.objects.log("submitted", record, by=draft.author, revision=draft)


def test_once_a_day_means_one_mail_with_what_came_and_what_waits():
    choose("colleague", Frequency.DAILY)
    for question in ("First?", "Second?"):
        send_for_review(make_faq(question=question))
    assert get_mails() == []
    call_command("mail_digest")
    [sent] = mail.outbox
    assert sent.to == ["colleague@clinic.example"]
    for told in ("First?", "Second?", "For you to approve: 2"):
        assert told in sent.body
    mail.outbox.clear()
    call_command("mail_digest")
    [again] = mail.outbox
    assert "First?" not in again.body
    assert "For you to approve: 2" in again.body


def test_no_mail_of_a_day_where_nothing_came_and_nothing_waits(capsys):
    choose("colleague", Frequency.DAILY)
    call_command("mail_digest")
    assert capsys.readouterr().out == "Mailed to 0.\n"
    assert mail.outbox == []


def test_never_means_never():
    choose("colleague", Frequency.NEVER)
    send_for_review(make_faq())
    call_command("mail_digest")
    assert get_mails() == []


def test_the_command_says_that_there_is_no_mail_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("mail_digest")


def test_each_person_chooses_on_a_page_of_the_admin(sign_in):
    client = sign_in("colleague", READS, "approve_revision")
    page = client.get("/admin/mail/")
    assertContains(page, "We mail to colleague@clinic.example.")
    assert client.post("/admin/mail/", {"frequency": "hourly"}).status_code == 200
    assert not MailPreference.objects.exists()
    assert client.post("/admin/mail/", {"frequency": "daily"}).status_code == 302
    preference = MailPreference.objects.get()
    assert (preference.user.username, preference.frequency) == ("colleague", "daily")
    assertContains(client.get("/admin/mail/"), 'value="daily"')


def test_the_page_says_why_nothing_is_mailed(sign_in, settings):
    make_staff("colleague", email="")
    client = sign_in("colleague", READS)
    assertContains(client.get("/admin/mail/"), "Your account has no address")
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assertContains(client.get("/admin/mail/"), "This site has no mail server")


def test_a_stranger_is_sent_to_the_login(client):
    assert client.get("/admin/mail/").url.startswith("/admin/login/")
    client.post("/admin/mail/", {"frequency": "never"})
    assert not MailPreference.objects.exists()
