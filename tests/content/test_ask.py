import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from tests.factories import make_compound, make_condition, make_faq
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db


def test_it_holds_the_chosen_questions_only(client):
    make_faq(slug="a", question="May I drive?")
    make_faq(slug="b", question="May I work?")
    make_faq(slug="c", question="May I eat?")
    response = client.get("/ask/?q=a&q=c&q=a&q=nothing")
    assertContains(response, "May I drive?", count=1)
    assertContains(response, "May I eat?")
    assertNotContains(response, "May I work?")
    assert find_faults(response.text) == []


def test_it_holds_the_questions_of_compounds_and_conditions(client):
    make_compound(slug="ketamine", questions_to_ask="Is it safe?\n\n  Is it dear?  \n")
    make_condition(slug="ptsd", name="PTSD", questions_to_ask="Why?")
    response = client.get("/ask/?about=ketamine&about=ptsd")
    for words in ("<span>Is it safe? ", "<span>Is it dear? ", "<span>Why? ", "(PTSD)"):
        assertContains(response, words)


def get_places(response):
    return re.findall(r'data-shared="([^"]+)"', response.text)


def test_one_question_of_a_page_is_chosen_alone(client):
    make_compound(slug="ketamine", questions_to_ask="Is it safe?\nIs it dear?")
    safe, dear = get_places(client.get("/ask/?about=ketamine"))
    response = client.get(f"/ask/?{dear}")
    assertContains(response, "Is it dear?")
    assertNotContains(response, "Is it safe?")
    assert get_places(client.get(f"/ask/?{safe}&{dear}")) == [safe, dear]


def test_a_question_that_was_worded_anew_brings_all_of_its_page(client):
    make_compound(slug="ketamine", questions_to_ask="Is it safe?\nIs it dear?")
    response = client.get("/ask/?about=ketamine.0000")
    for words in ("Is it safe?", "Is it dear?"):
        assertContains(response, words)


def test_a_renamed_page_keeps_its_questions_on_the_list_of_an_old_bookmark(client):
    compound = make_compound(slug="k", questions_to_ask="Is it safe?\nIs it dear?")
    (safe, _) = get_places(client.get("/ask/?about=k"))
    compound.slug = "ketamine"
    compound.save()
    assertContains(client.get(f"/ask/?{safe}"), "Is it safe?")


def test_it_hides_drafts(client):
    make_faq(slug="a", question="Secret?", status=Status.DRAFT)
    make_compound(slug="b", questions_to_ask="Secret?", status=Status.DRAFT)
    response = client.get("/ask/?q=a&about=b")
    assertNotContains(response, "Secret?")
    assertContains(response, "Your list is empty.")


def test_a_subject_without_questions_is_an_empty_list(client):
    make_compound(slug="ketamine")
    response = client.get("/ask/?about=ketamine")
    assertContains(response, "Your list is empty.")
    assertNotContains(response, '<ol class="lines"></ol>')


def test_it_leads_back_with_the_choice(client):
    make_faq(slug="a")
    make_faq(slug="b")
    assertContains(client.get("/ask/?q=a&q=b&q=call-us"), 'href="/questions/?q=a&amp;q=b"')


@pytest.mark.parametrize("query", ["q=%3Cscript%3E", "about=%22%3E%3Cscript%3E&q=x"])
def test_an_odd_choice_is_quoted(client, query):
    assertNotContains(client.get(f"/ask/?{query}"), '"><script>')
    assertNotContains(client.get(f"/ask/?{query}"), "=<script>")


def test_a_renamed_question_stays_on_the_list_of_an_old_bookmark(client):
    faq = make_faq(slug="drive", question="May I drive?")
    faq.slug = "driving"
    faq.save()
    assertContains(client.get("/ask/?q=drive"), "May I drive?")


@pytest.mark.parametrize("questions", [1, 9])
def test_more_questions_need_no_more_queries(client, django_assert_num_queries, questions):
    slugs = [make_faq().slug for _ in range(questions)]
    client.get("/ask/?q=a&about=a")  # Django looks up its content types once in a process
    with django_assert_num_queries(4):
        client.get("/ask/", {"q": slugs, "about": ["a", "b"]})
