"""Links for clinicians without an account: who gets to see one, who is mailed one, who ends it."""

import smtplib

import pytest
from django.core import mail
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import HistoryEntry, ReviewLink, Revision
from psychoplastogens.editorial.review.links import create_review_link, revoke_review_link
from psychoplastogens.editorial.review.links import get_review_url as address_of_link
from psychoplastogens.editorial.workflow import transitions
from tests.admin_forms import address_of
from tests.factories import make_faq, make_reviewer, make_user
from tests.workflow_helpers import make_approver, save_draft, send_for_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
State = Revision.State


@pytest.fixture
def ada():
    return make_reviewer(email="ada@clinic.example")


def do(client, revision, verb, **sent):
    sent |= {"verb": verb, "revision": revision.pk}
    return client.post(address_of(revision.record, "do"), sent, follow=True)


def test_a_colleague_is_shown_the_link_and_vouches_for_whom_they_give_it(sign_in, ada):
    draft = send_for_review()
    colleague = sign_in("colleague", "view_faq", "approve_revision")
    page = do(colleague, draft, "link", reviewer=ada.pk)
    link = ReviewLink.objects.get()
    assertContains(page, f">{address_of_link(link)}</textarea>")
    assert (link.made_by.username, link.was_mailed, mail.outbox) == ("colleague", False, [])
    transitions.approve(draft, link=link)
    assert Revision.objects.get(pk=draft.pk).vouched_by == make_user("colleague")
    assert [act.verb for act in HistoryEntry.objects.about(draft.record)][:2] == [
        "approved",
        "link_made",
    ]


def test_nobody_else_is_shown_it(sign_in, ada):
    draft = send_for_review()
    link = create_review_link(draft, by=make_approver(), reviewer=ada)
    for name in ("author", "publisher"):
        client = sign_in(name, "view_faq", "change_faq", "approve_revision", "publish_revision")
        page = client.get(address_of(draft.record, "review"))
        assertContains(page, "Ada Moss, MD, psychiatrist")
        assertNotContains(page, link.token)


def test_for_an_author_the_site_mails_it_and_shows_it_to_nobody(sign_in, ada):
    draft = send_for_review()
    page = do(sign_in("author", "view_faq", "change_faq"), draft, "link", reviewer=ada.pk)
    link = ReviewLink.objects.get()
    assertContains(page, "The link was mailed to Ada Moss, MD, psychiatrist")
    assertNotContains(page, link.token)
    [sent] = mail.outbox
    assert sent.to == ["ada@clinic.example"]
    assert address_of_link(link) in sent.body
    transitions.approve(draft, link=link)
    assert Revision.objects.get(pk=draft.pk).vouched_by is None


def test_who_wrote_an_earlier_draft_of_it_counts_as_an_author(ada):
    faq = make_faq()
    save_draft(faq, by="first", answer="Mine.")
    draft = send_for_review(faq, by="second", answer="Mine, and a comma.")
    for name in ("first", "second"):
        assert create_review_link(draft, by=make_user(name), reviewer=ada).was_mailed


def test_who_may_not_approve_is_shown_no_link_with_which_they_could(sign_in, ada):
    """An author without a second factor could speak for a clinician with it."""
    draft = send_for_review()
    page = do(sign_in("other-author", "view_faq", "change_faq"), draft, "link", reviewer=ada.pk)
    link = ReviewLink.objects.get()
    assertContains(page, "The link was mailed to Ada Moss, MD, psychiatrist")
    assertNotContains(page, link.token)
    assert (link.was_mailed, [sent.to for sent in mail.outbox]) == (True, [[ada.email]])


def test_a_link_handed_out_by_who_may_not_approve_approves_nothing(ada):
    draft = send_for_review()
    link = ReviewLink.objects.create(revision=draft, reviewer=ada, made_by=make_user("helper"))
    with pytest.raises(WorkflowError, match="helper handed out this link, and may not approve"):
        transitions.approve(draft, link=link)


def test_who_may_not_approve_any_more_has_vouched_for_nobody(ada):
    draft, colleague = send_for_review(), make_approver()
    create_review_link(draft, by=colleague, reviewer=ada)
    colleague.user_permissions.clear()
    with pytest.raises(WorkflowError, match="may not approve"):
        transitions.approve(draft, link=ReviewLink.objects.get())


def test_nothing_is_mailed_where_another_author_may_change_addresses(sign_in, ada):
    """They could have it mailed to themselves, and approve their own words."""
    faq = make_faq()
    save_draft(faq, by="publisher", answer="Mine.")
    draft = send_for_review(faq, by="author", answer="Mine, and a comma.")
    sign_in("publisher", "change_reviewer")
    page = do(sign_in("author", "view_faq", "change_faq"), draft, "link", reviewer=ada.pk)
    assertContains(page, "publisher may change the addresses of clinicians")
    assert (mail.outbox, ReviewLink.objects.count()) == ([], 0)


def test_a_link_that_an_author_made_past_the_rules_approves_nothing(ada):
    draft = send_for_review()
    link = ReviewLink.objects.create(revision=draft, reviewer=ada, made_by=make_user("author"))
    with pytest.raises(WorkflowError, match="You wrote on this text"):
        transitions.approve(draft, link=link)


def test_without_a_mail_server_an_author_is_told_who_can_make_the_link(sign_in, ada, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    draft = send_for_review()
    page = do(sign_in("author", "view_faq", "change_faq"), draft, "link", reviewer=ada.pk)
    assertContains(page, "this site has no mail server. A colleague who may approve,")
    assert not ReviewLink.objects.exists()


def test_an_author_who_cannot_be_helped_by_mail_is_told_before_asking(sign_in, ada, settings):
    draft = send_for_review()
    author = sign_in("author", "view_faq", "change_faq")
    assertContains(author.get(address_of(draft.record, "review")), "Mail a link")
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    page = author.get(address_of(draft.record, "review"))
    assertContains(page, "this site has no mail server")
    assertNotContains(page, "Mail a link")


def test_without_an_address_on_file_nothing_is_mailed():
    draft = send_for_review()
    with pytest.raises(WorkflowError, match="no address on file for Ada Moss"):
        create_review_link(draft, by=make_user("author"), reviewer=make_reviewer())


@pytest.mark.parametrize("permission", ["change_reviewer", "add_reviewer"])
def test_an_author_who_may_change_addresses_is_mailed_nothing(sign_in, ada, permission):
    draft = send_for_review()
    client = sign_in("author", "view_faq", "change_faq", permission)
    assertContains(do(client, draft, "link", reviewer=ada.pk), "would prove nothing")
    assert (mail.outbox, ReviewLink.objects.count()) == ([], 0)


@pytest.mark.parametrize("by", ["author", "colleague"])
def test_a_clinician_who_wrote_on_the_text_is_not_asked_about_it(by):
    author = make_user("author")
    reviewer = make_reviewer(user=author, email="ada@clinic.example")
    with pytest.raises(WorkflowError, match="Ada Moss, MD, psychiatrist wrote on this text"):
        create_review_link(send_for_review(), by=make_user(by), reviewer=reviewer)


def test_nor_is_one_who_shares_a_mail_address_with_an_author(ada):
    author = make_user("author")
    author.email = "Ada@Clinic.example"
    author.save()
    draft = send_for_review()
    with pytest.raises(WorkflowError, match="wrote on this text"):
        create_review_link(draft, by=make_approver(), reviewer=ada)
    link = ReviewLink.objects.create(revision=draft, reviewer=ada, made_by=make_approver())
    with pytest.raises(WorkflowError, match="wrote on this text"):
        transitions.approve(draft, link=link)


def test_nor_is_one_who_has_the_name_of_an_author(ada):
    """Ada writes as staff; the clinician of that name has another mail address, and no account."""
    draft, author = send_for_review(), make_user("author")
    author.first_name, author.last_name = "ada", " Moss"
    author.save()
    with pytest.raises(WorkflowError, match="wrote on this text"):
        create_review_link(draft, by=author, reviewer=ada)
    assert mail.outbox == []


def test_a_link_whose_mail_fails_is_taken_back(ada, monkeypatch):
    def refuse(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected("Connection lost")

    monkeypatch.setattr("psychoplastogens.editorial.review.links.send_mail", refuse)
    with pytest.raises(WorkflowError, match="The mail could not be sent: Connection lost"):
        create_review_link(send_for_review(), by=make_user("author"), reviewer=ada)
    assert ReviewLink.objects.get().closed_reason == "It was taken back by the team."


def test_a_title_cannot_write_headers_into_the_mail(ada):
    draft = send_for_review(question="Is it?\r\nBcc: all@clinic.example")
    Revision.objects.filter(pk=draft.pk).update(title="Is it?\r\nBcc: all@clinic.example")
    draft.refresh_from_db()
    create_review_link(draft, by=make_user("author"), reviewer=ada)
    [sent] = mail.outbox
    assert sent.subject.endswith("please review “Is it? Bcc: all@clinic.example”")
    assert sent.recipients() == ["ada@clinic.example"]


def test_a_link_is_made_only_to_a_text_in_review(ada):
    with pytest.raises(WorkflowError, match="“Draft” now: send it for review"):
        create_review_link(save_draft(make_faq()), by=make_approver(), reviewer=ada)


@pytest.mark.parametrize("chosen", ["", "0", "x", "-1", "9" * 40, "\x00"])
def test_a_clinician_must_be_chosen(sign_in, ada, chosen):
    client = sign_in("colleague", "view_faq", "approve_revision")
    page = do(client, send_for_review(), "link", reviewer=chosen)
    assertContains(page, "Choose the clinician whom you want to ask.")
    assert not ReviewLink.objects.exists()


@pytest.mark.parametrize("verb", ["link", "revoke"])
def test_who_may_only_look_makes_and_ends_no_links(sign_in, ada, verb):
    draft = send_for_review()
    link = create_review_link(draft, by=make_approver(), reviewer=ada)
    page = do(sign_in("onlooker", "view_faq"), draft, verb, reviewer=ada.pk, link=link.pk)
    assert page.status_code == 403
    assert (ReviewLink.objects.get(), ReviewLink.objects.get().revoked_at) == (link, None)


def test_a_colleague_takes_a_link_back(sign_in, ada):
    draft = send_for_review()
    link = create_review_link(draft, by=make_approver(), reviewer=ada)
    page = do(sign_in("clinician", "view_faq", "approve_revision"), draft, "revoke", link=link.pk)
    assertContains(page, "The link for Ada Moss, MD, psychiatrist no longer works.")
    assertContains(page, "It was taken back by the team.")
    with pytest.raises(WorkflowError, match="taken back"):
        transitions.approve(draft, link=link)


def test_a_link_of_another_text_is_not_ended_from_here(sign_in, ada):
    draft, other = send_for_review(), send_for_review()
    link = create_review_link(other, by=make_approver(), reviewer=ada)
    page = do(sign_in("clinician", "view_faq", "approve_revision"), draft, "revoke", link=link.pk)
    assertContains(page, "There is no such link to this revision.")
    assert not ReviewLink.objects.get().revoked_at


def test_what_was_answered_cannot_be_taken_back(ada):
    draft = send_for_review()
    link = create_review_link(draft, by=make_approver(), reviewer=ada)
    transitions.approve(draft, link=link)
    with pytest.raises(WorkflowError, match="answered already"):
        revoke_review_link(link, by=make_approver())


def test_a_comment_through_a_link_that_ended_is_refused(ada):
    draft = send_for_review()
    link = create_review_link(draft, by=make_approver(), reviewer=ada)
    revoke_review_link(link, by=make_approver())
    with pytest.raises(WorkflowError, match="taken back"):
        transitions.comment(draft, text="Late.", link=link)
