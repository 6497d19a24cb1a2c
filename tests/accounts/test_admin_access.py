"""Every page of the admin about a real record: opening it changes nothing, and nobody keeps it."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.core import serializers
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.review.links import create_review_link as make_review_link
from psychoplastogens.editorial.workflow import transitions
from tests.factories import (
    make_claim,
    make_clinic,
    make_code,
    make_explainer,
    make_faq,
    make_link,
    make_pack,
    make_reviewer,
    make_source,
    make_spine_change,
    make_staff,
    make_term,
    make_user,
    make_walkthrough,
)
from tests.login import sign_in
from tests.workflow_helpers import get_draft, make_approver, save_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def records():
    """One of most kinds, a draft of one, and a clinic's list."""
    faq = make_faq(answer="Old words.")
    save_draft(faq, answer="New words.")
    walkthrough = make_walkthrough({"check": {}, "growth": [make_spine_change()]})
    pack = make_pack(make_explainer({}))
    own = [faq, faq.topic, walkthrough, walkthrough.steps.get(), pack, pack.clinic, make_term()]
    own += [make_claim([make_source()]), make_code(), make_reviewer(), make_link("https://a.org/")]
    return own


def list_record_urls(records):
    """The address of each page of the admin that is about one of these, or lists its kind."""
    for record in records:
        options = record._meta
        for pattern in admin.site._registry[type(record)].urls:
            route = str(pattern.pattern)
            for name in ("<path:object_id>", "<uuid:key>", "<id>"):
                route = route.replace(name, str(record.pk))
            route = route.replace("<slug:file_format>", "yaml").replace("<path:part>", "poster/")
            yield f"/admin/{options.app_label}/{options.model_name}/{route}"


def everything():
    """Every row of every table but the sessions, which say when they were used."""
    kinds = [model for model in apps.get_models() if model is not Session]
    rows = (row for model in kinds for row in model._base_manager.order_by("pk"))
    return serializers.serialize("json", rows)


def test_opening_any_page_of_a_record_changes_nothing_and_nobody_keeps_it(admin_client, records):
    for _ in range(2):  # The first look may make what is made once.
        before = everything()
        kept = [url for url in list_record_urls(records) if is_kept(admin_client.get(url))]
    assert everything() == before
    assert kept == []


def is_kept(answer):
    return answer.status_code == 200 and "no-store" not in answer["Cache-Control"]


def test_other_sites_frame_none_of_them_and_learn_no_address(admin_client, records):
    for url in list_record_urls(records):
        answer = admin_client.get(url)
        own = "/previewed/" in url
        assert answer["X-Frame-Options"] == ("SAMEORIGIN" if own else "DENY"), url
        framed = "frame-ancestors 'self'" if own else "frame-ancestors 'none'"
        assert framed in answer["Content-Security-Policy"], url
        assert answer["Referrer-Policy"] in ("same-origin", "no-referrer"), url


@pytest.mark.parametrize("role", ["Clinic editor", None])
def test_who_has_nothing_to_do_with_a_page_is_let_in_nowhere(client, records, role):
    sign_in(client, make_staff(*filter(None, [role])))
    for url in list_record_urls(records):
        answer = client.get(url)
        is_own = url.startswith(("/admin/clinics/", "/admin/short_links/")) and url.count("/") < 6
        assert answer.status_code in (302, 403, 404, 405) or (role and is_own), url
        for told in ("New words", "Oakside"):
            assert told not in answer.content.decode(), url


def test_no_page_of_a_record_is_posted_without_a_token(admin_client, records):
    admin_client.handler.enforce_csrf_checks = True
    for url in list_record_urls(records):
        assert admin_client.post(url, {"post": "yes"}).status_code in (302, 403), url
    assert all(type(record)._base_manager.filter(pk=record.pk) for record in records)


HOSTILE = "<script>alert(1)</script>\"'{{7*7}}"


def test_hostile_words_of_people_stay_words_on_every_page(admin_client, client):
    """Of an author, a clinician, a clinic, and of somebody who says why."""
    reviewer = make_reviewer(HOSTILE, credentials=HOSTILE, user=make_user("ada"))
    read = {"reviewed_at": "2026-01-01", "reviewed_by": reviewer, "update_note": HOSTILE}
    faq = make_faq(question=HOSTILE, answer=HOSTILE, **read)
    save_draft(faq, answer=f"{HOSTILE} New.", question=f"{HOSTILE} New?")
    draft = get_draft(faq)
    transitions.submit(draft, by=make_user("author"), note=HOSTILE)
    transitions.comment(draft, by=make_user("ada"), text=HOSTILE)
    link = make_review_link(draft, by=make_approver(), reviewer=reviewer)
    guide = make_explainer({"title": HOSTILE, "plain": HOSTILE}, title=HOSTILE, summary=HOSTILE)
    pack = make_pack(guide, clinic=make_clinic(name=HOSTILE), title=HOSTILE, greeting=HOSTILE)
    opened = [
        *list_record_urls([faq, guide, pack, pack.clinic, reviewer]),
        "/admin/",
        "/admin/editorial/historyentry/",
    ]
    pages = [(url, admin_client.get(url)) for url in opened if "export" not in url]
    public = [f"/review/{link.token}/", f"/review/{link.token}/page/0/", faq.get_absolute_url()]
    public += [guide.get_absolute_url(), pack.get_absolute_url(), "/changes/", "/changes/feed/"]
    pages += [(address, client.get(address)) for address in public]
    assert sum("&lt;script&gt;alert" in page.text for _, page in pages) > 20
    for address, page in pages:
        # A browser shows no JSON: what asks for it writes it into the page as words.
        if page["Content-Type"] != "application/json":
            assert "<script>alert" not in page.text, address


def test_an_account_without_a_role_is_told_whom_to_ask(client):
    make_staff(name="chief", first_name="Cleo", email="cleo@clinic.example", is_superuser=True)
    make_staff(name="gone", is_superuser=True, is_active=False)
    make_staff("Publisher", name="publisher")
    page = sign_in(client, make_staff(name="new")).get("/admin/")
    assertContains(page, "Your account has no role yet")
    assertContains(page, "Cleo")
    assertContains(page, "cleo@clinic.example")
    for name in ("gone", "publisher"):
        assertNotContains(page, name)
    assertNotContains(sign_in(client, make_staff("Author")).get("/admin/"), "no role yet")
