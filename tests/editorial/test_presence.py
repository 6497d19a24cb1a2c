"""Who else has a page open, and which openings of a form the site has saved."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains

from psychoplastogens.editorial.models import ContentVersion, OpenForm, Revision
from tests.admin_forms import address_of, typed
from tests.factories import make_faq, make_staff, make_walkthrough
from tests.login import sign_in
from tests.workflow_helpers import send_for_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return sign_in(Client(), make_staff("Author", first_name="Ada", last_name="Moss"))


@pytest.fixture
def ben():
    return sign_in(Client(), make_staff("Author", name="ben"))


def notice(client, record, **sent):
    return client.post(address_of(record, "presence"), sent).json()["notice"]


def test_whoever_opens_a_page_second_is_told_who_has_it_open(ada, ben):
    faq = make_faq()
    assert notice(ada, faq) == ""
    assert re.fullmatch(r"Ada Moss has this page open since \d\d:\d\d UTC\.", notice(ben, faq))
    assert re.fullmatch(r"ben has this page open since \d\d:\d\d UTC\.", notice(ada, faq))


def test_three_are_told_of_each_other(ada, ben, admin_client):
    faq = make_faq()
    notice(ada, faq)
    notice(ben, faq)
    assert re.fullmatch(
        r"Ada Moss \(since \d\d:\d\d UTC\) and ben \(since \d\d:\d\d UTC\) have this page open\.",
        notice(admin_client, faq),
    )


def test_it_is_said_since_when_and_not_when_last_heard_of(ada, ben):
    faq = make_faq()
    notice(ada, faq)
    opened = timezone.now() - timedelta(days=2)
    OpenForm.objects.update(opened_at=opened)
    notice(ada, faq)
    day = timezone.localtime(opened)
    assert f"since {day.day} {day:%B}, " in notice(ben, faq)


def test_who_closed_it_or_was_not_heard_of_is_gone(ada, ben):
    faq, other = make_faq(), make_faq()
    notice(ada, faq)
    notice(ada, faq, left="1")
    assert notice(ben, faq) == ""
    notice(ada, faq)
    OpenForm.objects.update(seen_at=timezone.now() - timedelta(seconds=91))
    assert notice(ben, faq) == ""
    notice(ben, other)
    assert OpenForm.objects.count() == 2


@pytest.fixture
def clara():
    return sign_in(Client(), make_staff("Reviewer", name="clara"))


def test_who_edits_and_who_reviews_are_told_of_each_other(ada, ben, clara):
    faq = send_for_review().record
    notice(ada, faq)
    told = notice(clara, faq, reviewing="1")
    assert re.fullmatch(r"Ada Moss has this page open since \d\d:\d\d UTC\.", told)
    assert re.fullmatch(r"clara is reviewing it since \d\d:\d\d UTC\.", notice(ada, faq))
    told = notice(ben, faq, reviewing="1")
    since = r"since \d\d:\d\d UTC"
    expected = rf"Ada Moss has this page open {since}\. clara is reviewing it {since}\."
    assert re.fullmatch(expected, told)


def test_who_edits_and_reviews_is_told_of_once_and_leaves_each_by_itself(ada, clara):
    faq = make_faq()
    notice(ada, faq)
    notice(ada, faq, reviewing="1")
    assert notice(clara, faq, reviewing="1").count("Ada Moss") == 1
    notice(ada, faq, left="1")
    assert "Ada Moss has this page open" in notice(clara, faq, reviewing="1")
    notice(ada, faq, left="1", reviewing="1")
    assert notice(clara, faq, reviewing="1") == ""


def test_nobody_reviews_what_they_wrote_or_what_is_not_in_review(ada, clara):
    """Sending a text leaves its author on the review screen: nobody waits for them."""
    faq = send_for_review(by="clara").record
    for reader in (ada, clara):
        notice(reader, faq, reviewing="1")
    assert "clara has this page open" in notice(ada, faq)
    draft = send_for_review(by="ada")
    for reader in (ada, clara):
        notice(reader, draft.record, reviewing="1")
    assert "Ada Moss has this page open" in notice(clara, draft.record, reviewing="1")
    assert "clara is reviewing it" in notice(ada, draft.record)
    Revision.objects.filter(pk=draft.pk).update(state=Revision.State.DRAFT)
    assert "clara has this page open" in notice(ada, draft.record)


def test_the_review_screen_tells_it_without_scripts_too(ada, clara):
    faq = send_for_review().record
    notice(ada, faq)
    page = clara.get(address_of(faq, "review"))
    assertContains(page, "Ada Moss has this page open since")
    assertContains(page, "data-reviewing")
    assert "clara" not in notice(ada, faq)  # Looking is no act: it is told by the open screen.


def test_who_may_only_read_a_record_reviews_it_and_who_may_not_does_neither(clara):
    faq = make_faq()
    assert clara.post(address_of(faq, "presence")).status_code == 403
    stranger = sign_in(Client(), make_staff("Clinic editor", name="desk"))
    assert stranger.post(address_of(faq, "presence"), {"reviewing": "1"}).status_code == 403
    assert not OpenForm.objects.exists()


def test_another_page_is_another_page(ada, ben):
    notice(ada, make_faq())
    assert notice(ben, make_faq()) == ""


def test_a_step_and_its_walkthrough_are_one_page(ada, ben):
    walkthrough = make_walkthrough({})
    notice(ada, walkthrough.steps.get())
    assert "Ada Moss has this page open" in notice(ben, walkthrough)


def test_nobody_leaves_for_another(ada, ben):
    faq = make_faq()
    notice(ada, faq)
    notice(ben, faq, left="1", user="1")
    assert "Ada Moss" in notice(ben, faq)


def test_no_copy_of_readers_pages_grows_old_by_it(ada):
    faq = make_faq()
    number = ContentVersion.objects.get_current()
    notice(ada, faq)
    assert ContentVersion.objects.get_current() == number


def opening_in(page):
    return page.context["opening"]


def test_a_form_keeps_the_name_of_its_opening_through_mistakes(ada):
    faq = make_faq()
    page = ada.get(address_of(faq))
    name = opening_in(page)
    again = ada.post(address_of(faq), typed(page, question="", opening=name))
    assert opening_in(again) == name
    assert opening_in(ada.get(address_of(faq))) != name
    assert ada.session.get("saved_form_tokens", []) == []


@pytest.mark.parametrize("forged", ["x", "<script>", "a" * 5000, "a b", "ä" * 22])
def test_a_forged_name_of_an_opening_is_replaced(ada, forged):
    faq = make_faq()
    page = ada.post(address_of(faq), typed(ada.get(address_of(faq)), question="", opening=forged))
    assert re.fullmatch("[0-9A-Za-z]{22}", opening_in(page))


def test_a_saved_opening_is_told_to_the_browser(ada):
    faq = make_faq()
    ada.post(address_of(faq), typed(ada.get(address_of(faq)), answer="New.", opening="a" * 22))
    assertContains(ada.get(address_of(faq)), f'data-saved="{"a" * 22}"')


def test_text_that_met_a_newer_one_is_saved_too(ada, ben):
    faq = make_faq()
    mine = typed(ada.get(address_of(faq)), answer="Mine.", opening="a" * 22)
    ben.post(address_of(faq), typed(ben.get(address_of(faq)), answer="Theirs."))
    assert "/conflict/" in ada.post(address_of(faq), mine)["Location"]
    assert ada.session["saved_form_tokens"] == ["a" * 22]


def test_a_new_record_is_a_saved_opening_too(ada):
    add = "/admin/evidence/source/add/"
    sent = {"slug": "new", "title": "A paper", "kind": "article", "supports": "It."}
    sent["verified"] = "seen"
    ada.post(add, typed(ada.get(add), **sent, subject="none", opening="b" * 22))
    assert ada.session["saved_form_tokens"] == ["b" * 22]


def test_the_session_holds_the_latest_few_names(ada):
    faq = make_faq()
    form = typed(ada.get(address_of(faq)))
    for number in range(33):
        ada.post(address_of(faq), form | {"opening": f"{number:022}"})
    assert ada.session["saved_form_tokens"] == [f"{number:022}" for number in range(3, 33)]
