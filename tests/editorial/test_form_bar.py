"""The bar of a form, with the state of its text, and the list of its parts."""

import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Revision, Status
from psychoplastogens.editorial.templatetags.form_tags import FIRST_WORDS, first_words
from psychoplastogens.editorial.workflow import transitions
from tests.admin_forms import address_of, typed
from tests.factories import make_explainer, make_faq, make_pack, make_staff, make_user
from tests.login import sign_in
from tests.workflow_helpers import (
    approve_draft,
    get_draft,
    make_approver,
    save_draft,
    send_for_review,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]


def shown_state(client, record):
    state = client.get(address_of(record)).context["state"]
    return state.name, state.label


def test_the_bar_says_where_a_text_is_on_its_way(admin_client):
    faq = make_faq()
    assert shown_state(admin_client, faq) == ("published", "Live")
    draft = send_for_review(faq)
    assert shown_state(admin_client, faq) == ("in_review", "In review")
    transitions.ask_for_changes(draft, by=make_approver(), comment="Shorter.")
    assert shown_state(admin_client, faq) == ("sent_back", "Sent back")
    save_draft(faq, answer="Shorter words.")
    assert shown_state(admin_client, faq) == ("draft", "Draft")
    approve_draft(faq)
    assert shown_state(admin_client, faq) == ("approved", "Approved")
    assert shown_state(admin_client, make_faq(status=Status.DRAFT)) == ("draft", "Draft")


def test_the_head_of_a_form_says_that_a_save_ends_a_review_or_an_approval(admin_client, client):
    faq = make_faq()
    in_review, approved = "It is in review. Saving a change", "It is approved. Saving a change"

    def assert_says(words, *others):
        page = admin_client.get(address_of(faq))
        head = page.content.decode().partition('id="draft-notice"')[2].partition("</section>")[0]
        assert words in head
        assert not [other for other in others if other in head]

    assert_says("This is what readers see now", in_review, approved)
    save_draft(faq, answer="Shorter.")
    assert_says("Not yet with readers", in_review, approved)
    transitions.submit(get_draft(faq), by=make_user("author"))
    assert_says(in_review, approved)
    transitions.approve(get_draft(faq), by=make_approver())
    assert_says(approved, in_review)
    reviewer = sign_in(client, make_staff("Reviewer"))
    assertNotContains(reviewer.get(address_of(faq)), approved)


def test_the_first_button_of_a_form_saves_since_the_enter_key_presses_it(admin_client):
    page = admin_client.get(address_of(make_faq())).content.decode()
    buttons = re.findall(r'<input\s+type="submit"[^>]*name="(\w+)"\s+form="faq_form"', page)
    assert buttons == ["_save", "_submit"]


def test_a_new_record_is_sent_for_review_as_it_is_saved(admin_client):
    address = "/admin/content/topic/add/"
    sent = typed(admin_client.get(address), name="Sleep", slug="sleep", _submit="1")
    page = admin_client.post(address, sent)
    [revision] = Revision.objects.all()
    assert revision.state == Revision.State.IN_REVIEW
    assert page["Location"] == address_of(revision.record, "review")


def test_a_new_record_with_mistakes_is_saved_and_says_what_stops_it(admin_client):
    address = "/admin/content/glossaryterm/add/"
    sent = typed(admin_client.get(address), term="Sleep", slug="sleep", meaning="So.[^none]")
    page = admin_client.post(address, {**sent, "_submit": "1"}, follow=True)
    assert Revision.objects.get().state == Revision.State.DRAFT
    assertContains(page, 'id="stops" open')
    assertContains(page, "1 before sending")


def test_publishing_is_offered_to_a_publisher_and_for_what_is_approved(admin_client, client):
    faq, button = make_faq(), '<button name="verb" value="publish"'
    send_for_review(faq)
    assertNotContains(admin_client.get(address_of(faq)), button)
    transitions.approve(get_draft(faq), by=make_approver())
    assertContains(admin_client.get(address_of(faq)), button, 1)
    author = sign_in(client, make_staff("Author"))
    assertNotContains(author.get(address_of(faq)), button)


def test_who_may_only_look_gets_no_button_that_saves(client):
    reviewer = sign_in(client, make_staff("Reviewer"))
    assertNotContains(reviewer.get(address_of(make_faq())), 'type="submit" value="Save')


def test_the_list_of_parts_leads_to_each_of_them(admin_client):
    guide = make_explainer({"title": "One"}, {"title": "Two"})
    page = admin_client.get(address_of(guide))
    parts = page.context["form_parts"]
    labels = [part.label for part in parts]
    assert labels == [
        *("What readers see first", "Sections", "Visit moments"),
        *("Status and dates", "This change"),
    ]
    assert [part.label for part in parts[1].below] == ["One", "Two"]
    html = page.content.decode()
    for part in [*parts, *parts[1].below]:
        assert html.count(f'id="{part.href[1:]}"') == 1


def test_forms_of_clinics_have_the_bar_too(admin_client):
    page = admin_client.get(address_of(make_pack()))
    assertContains(page, 'value="Save"')
    assertNotContains(page, 'name="_submit"')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("**Bold** words.[^it:people]\n\n- And [[synapse|more]].", "Bold words. And synapse|more."),
        ("{{finding:x}}", ""),
        ("", ""),
        ("word " * 100, f"{('word ' * 100)[: FIRST_WORDS - 1].rstrip()}…"),
    ],
)
def test_a_closed_part_shows_its_first_words_without_marks(admin_client, text, told):
    guide = make_explainer({"plain": text})
    page = admin_client.get(address_of(guide))
    [inline] = [i for i in page.context["inline_admin_formsets"] if i.formset.prefix == "sections"]
    assert first_words(inline.formset.forms[0]) == told


@pytest.mark.parametrize("move", [send_for_review, approve_draft], ids=["in review", "approved"])
def test_saving_says_that_it_ends_a_review_or_an_approval(admin_client, move):
    faq = make_faq()
    save_draft(faq, answer="New words.")
    move(faq)
    form = typed(admin_client.get(address_of(faq)), answer="Newer words.")
    page = admin_client.post(address_of(faq), form, follow=True)
    state = get_draft(faq).based_on.state
    assert state == Revision.State.SET_ASIDE
    assertContains(page, "no longer is: send this one when it is ready.")
    form = typed(admin_client.get(address_of(faq)), answer="Newest words.")
    page = admin_client.post(address_of(faq), form, follow=True)
    assertNotContains(page, "no longer is")


def test_after_a_publication_the_page_is_one_press_away(admin_client):
    faq = make_faq()
    save_draft(faq, answer="New words.")
    sent = {"verb": "publish", "revision": approve_draft(faq).pk}
    page = admin_client.post(address_of(faq, "do"), sent, follow=True)
    address = faq.get_absolute_url()
    assertContains(page, f'now. <a href="{address}">Open the page</a>')


def test_the_preview_says_that_it_shows_what_is_saved_and_leaves_the_form_open(admin_client):
    page = admin_client.get(address_of(make_faq())).content.decode()
    link = page.partition("/preview/")[2].partition("</a>")[0]
    assert 'target="_blank"' in link
    assert "what is saved" in link


def test_the_list_of_all_records_names_the_history_in_english(admin_client):
    assertContains(admin_client.get("/admin/"), "History entries")


def test_what_became_of_a_save_is_told_once_and_in_the_bar(admin_client):
    faq = make_faq()
    form = typed(admin_client.get(address_of(faq)), answer="New words.")
    page = admin_client.post(address_of(faq), form, follow=True)
    assertContains(page, "Saved as a draft", 1)
    head = page.content.decode().partition('class="form-head"')[2]
    told = head.partition('class="form-bar"')[0]
    assert 'class="success" role="status"' in told
    assertNotContains(admin_client.get(address_of(faq)), 'id="form-said"')


def test_what_was_not_saved_is_told_in_the_bar_with_a_way_to_the_list(admin_client):
    faq = make_faq()
    form = typed(admin_client.get(address_of(faq)), slug="No slug")
    page = admin_client.post(address_of(faq), form)
    assertContains(page, '<a href="#form-errors">Not saved yet: one thing to put right</a>')
    assertContains(page, 'id="form-errors"', 1)


def test_an_error_is_an_alert(admin_client):
    faq = make_faq()
    save_draft(faq, answer="New words.")
    sent = {"verb": "publish", "revision": get_draft(faq).pk}
    page = admin_client.post(address_of(faq, "do"), sent, follow=True)
    assertContains(page, 'class="error" role="alert"', 1)
