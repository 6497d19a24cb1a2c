from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Faq
from psychoplastogens.editorial.models import OldAddress, Status
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import make_faq, make_reviewer, make_source, make_staff, make_user
from tests.login import sign_in
from tests.workflow_helpers import approve_draft, publish_draft

pytestmark = pytest.mark.django_db
FAQS = "/admin/content/faq/"


@pytest.fixture
def onlooker(client):
    """A client of staff who may look at questions and change nothing."""
    user = make_user("onlooker")
    user.user_permissions.add(Permission.objects.get(codename="view_faq"))
    return sign_in(client, user)


def choose(client, action, *records, **sent):
    chosen = {"action": action, "_selected_action": [str(record.pk) for record in records]}
    return client.post(FAQS, chosen | sent, follow=True)


def save(client, record, **changes):
    return client.post(address_of(record), typed(client.get(address_of(record)), **changes))


def days_ahead(days):
    return timezone.localdate() + timedelta(days=days)


def test_the_sign_in_page_names_the_site(client, settings):
    assertContains(client.get("/admin/login/"), settings.SITE_NAME)


def test_a_list_says_status_and_date_in_words(admin_client):
    make_faq()
    make_faq(status=Status.DRAFT)
    today = timezone.localdate().strftime("%Y")
    page = admin_client.get(FAQS)
    assertContains(page, '<td class="field-state">Published ')
    assertContains(page, f"{today}</td>")
    assertContains(page, '<td class="field-state">Draft</td>')


def test_a_list_marks_what_is_overdue(admin_client):
    make_faq(review_due=days_ahead(-1))
    make_faq(review_due=days_ahead(0))
    assertContains(admin_client.get(FAQS), '<strong class="overdue">Overdue since', count=1)


@pytest.mark.parametrize(
    ("due", "shown"),
    [("overdue", {"Yesterday?"}), ("soon", {"Today?", "Soon?"}), ("never", {"Undated?"})],
)
def test_a_list_can_be_narrowed_to_what_is_due(admin_client, due, shown):
    questions = {"Yesterday?": -1, "Today?": 0, "Soon?": 90, "Later?": 120}
    for question, days in questions.items():
        make_faq(question=question, review_due=days_ahead(days))
    make_faq(question="Undated?")
    found = admin_client.get(FAQS, {"due": due}).context["cl"].result_list
    assert {faq.question for faq in found} == shown


@pytest.mark.usefixtures("no_checks")
def test_publishing_puts_what_is_approved_before_readers(admin_client, admin_user):
    faq = make_faq(status=Status.DRAFT, question="Now?", slug="now")
    save(admin_client, faq, answer="Yes, now.")
    approve_draft(faq)
    assert admin_client.get("/questions/now/").status_code == 404
    assertContains(choose(admin_client, "publish", faq), "Published: “Now?”.")
    assertContains(admin_client.get("/questions/now/"), "Yes, now.")
    assert Faq.objects.get().published_by == admin_user


def test_publishing_a_list_says_of_each_why_it_cannot_be(admin_client):
    read, unread = make_faq(question="Read?"), make_faq(question="Unread?", status=Status.DRAFT)
    save(admin_client, unread, answer="Soon.")
    page = choose(admin_client, "publish", read, unread)
    assertContains(page, "“Read?”: it has no draft.")
    assertContains(page, "“Unread?”: This revision is “Draft” now.")
    assert Faq.objects.get(pk=read.pk).published_at == read.published_at


def test_withdrawing_asks_why_before_it_does_anything(admin_client):
    faq = make_faq()
    assertContains(choose(admin_client, "withdraw", faq), "Why is it withdrawn?")
    assertContains(choose(admin_client, "withdraw", faq, reason="  "), "This field is required.")
    assertContains(choose(admin_client, "withdraw", faq, reason="x" * 201), "at most 200")
    assert Faq.objects.get().is_published


def test_readers_of_a_withdrawn_page_are_told_the_reason(admin_client):
    faq = make_faq(slug="old")
    choose(admin_client, "withdraw", faq, reason="The drug is no longer sold.")
    page = admin_client.get("/questions/old/")
    assertContains(page, "The drug is no longer sold.", status_code=410)
    assertContains(admin_client.get(address_of(faq)), "The drug is no longer sold.")


def test_what_readers_never_saw_cannot_be_withdrawn(admin_client):
    draft = make_faq(status=Status.DRAFT)
    assertContains(
        choose(admin_client, "withdraw", draft, reason="Why not."), "Nothing to withdraw"
    )
    assert Faq.objects.get().status == Status.DRAFT


@pytest.mark.parametrize("action", ["publish", "withdraw"])
def test_who_may_only_look_can_do_neither(onlooker, action):
    before = [make_faq(status=Status.DRAFT), make_faq()]
    assertNotContains(onlooker.get(FAQS), f'value="{action}"')
    choose(onlooker, action, *before, reason="Because.")
    assert {faq.status for faq in Faq.objects.all()} == {Status.DRAFT, Status.PUBLISHED}


def test_only_what_readers_see_has_a_link_to_the_site(admin_client):
    link = 'class="viewsitelink"'
    assertContains(admin_client.get(address_of(make_faq(slug="seen"))), 'href="/questions/seen/"')
    assertContains(admin_client.get(address_of(make_faq())), link)
    assertNotContains(admin_client.get(address_of(make_faq(status=Status.DRAFT))), link)


def test_a_form_says_whether_readers_see_it(admin_client):
    draft = make_faq(status=Status.DRAFT)
    assertContains(admin_client.get(address_of(draft)), "Draft. Readers do not see it.")
    assertContains(
        admin_client.get(address_of(make_faq())), "by editor. Readers see what was approved"
    )


def test_a_form_puts_the_words_before_the_status_and_the_status_before_the_change(admin_client):
    page = admin_client.get(FAQS + "add/").content.decode()
    places = [page.index(f'name="{name}"') for name in ("answer", "language", "change_reason")]
    assert places == sorted(places)


def test_an_address_that_is_taken_is_refused_at_its_field(admin_client):
    make_faq(question="First?", slug="first")
    form = admin_client.get(address_of(make_faq(slug="second")))
    page = admin_client.post(form.request["PATH_INFO"], typed(form, slug="first"))
    assert errors_of(page) == {"slug": ["“First?” has this address. Choose another."]}


def test_an_address_that_changes_keeps_leading_there(admin_client):
    faq = make_faq(slug="before")
    save(admin_client, faq, slug="after")
    assert admin_client.get("/questions/before/").status_code == 200
    publish_draft(faq)
    moved = admin_client.get("/questions/before/")
    assert (moved.status_code, moved["Location"]) == (301, "/questions/after/")


def test_only_a_superuser_says_whose_account_a_clinician_has(client, admin_client):
    ada, publisher = make_reviewer(), make_staff("Publisher", "Reviewer")
    sent = {"name": ada.name, "credentials": "MD", "user": publisher.pk}
    sign_in(client, publisher).post(address_of(ada), sent)
    ada.refresh_from_db()
    assert (ada.credentials, ada.user) == ("MD", None)
    admin_client.post(address_of(ada), sent)
    ada.refresh_from_db()
    assert ada.user == publisher


def test_a_clinician_whom_a_page_names_cannot_be_deleted(admin_client):
    reviewer = make_reviewer()
    make_faq(question="Safe?", reviewed_at=timezone.localdate(), reviewed_by=reviewer)
    page = admin_client.post(address_of(reviewer, "delete"), {"post": "yes"})
    assertContains(page, "cannot be deleted now, because it is in use")
    assertContains(page, ">Safe?</a>")


def test_what_readers_have_links_to_is_never_deleted(admin_client):
    faq = make_faq()
    for _ in range(2):
        page = admin_client.post(address_of(faq, "delete"), {"post": "yes"})
        assertContains(page, "Readers have links to it: withdraw it instead.")
        choose(admin_client, "withdraw", faq, reason="Double.")
    assert Faq.objects.get().status == Status.WITHDRAWN


def test_several_can_be_deleted_together_if_nobody_reads_them(admin_client):
    drafts = [make_faq(status=Status.DRAFT) for _ in range(2)]
    assertContains(choose(admin_client, "delete_selected", make_faq(), post="yes"), "in use")
    choose(admin_client, "delete_selected", *drafts, post="yes")
    assert Faq.objects.get().is_published


def test_old_addresses_say_where_they_lead_and_cannot_be_changed(admin_client):
    source = make_source(slug="old", title="A trial")
    source.slug = "new"
    source.save()
    assertContains(admin_client.get("/admin/editorial/oldaddress/"), "new: A trial")
    old = OldAddress.objects.get()
    assert admin_client.get("/admin/editorial/oldaddress/add/").status_code == 403
    assert admin_client.post(address_of(old, "delete"), {"post": "yes"}).status_code == 403
    assert admin_client.post(address_of(old), {"slug": "x"}).status_code == 403
