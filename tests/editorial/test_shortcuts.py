"""Addresses are promises: where old ones lead."""

import pytest

from psychoplastogens.editorial.models import OldAddress, Status
from tests.factories import make_compound, make_explainer, make_faq, make_term, make_user

pytestmark = pytest.mark.django_db


def rename(record, *slugs):
    for slug in slugs:
        record.slug = slug
        record.save()
    return record


def leads_to(client, address):
    response = client.get(address)
    return response.status_code, response.get("Location")


@pytest.mark.parametrize("old", ["first", "second"])
def test_two_renames_leave_one_hop_from_each_old_address(client, old):
    rename(make_faq(slug="first"), "second", "third")
    assert leads_to(client, f"/questions/{old}/") == (301, "/questions/third/")
    assert client.get("/questions/third/").status_code == 200


def test_renaming_back_is_no_loop(client):
    rename(make_faq(slug="first"), "second", "first")
    assert client.get("/questions/first/").status_code == 200
    assert leads_to(client, "/questions/second/") == (301, "/questions/first/")


def test_a_new_record_that_takes_an_old_address_wins(client):
    rename(make_faq(slug="driving"), "driving-home")
    make_faq(slug="driving", question="A new question?")
    assert b"A new question?" in client.get("/questions/driving/").content


def test_a_draft_that_takes_an_old_address_does_not_win(client):
    rename(make_faq(slug="driving"), "driving-home")
    make_faq(slug="driving", status=Status.DRAFT)
    assert leads_to(client, "/questions/driving/") == (301, "/questions/driving-home/")


def test_an_address_leads_to_the_first_record_that_had_it(client):
    one = rename(make_faq(slug="a"), "one")
    rename(make_faq(slug="a"), "two")
    assert leads_to(client, "/questions/a/") == (301, "/questions/one/")
    rename(one, "a", "three")
    assert leads_to(client, "/questions/a/") == (301, "/questions/three/")


def test_an_old_address_of_another_kind_leads_nowhere(client):
    rename(make_compound(slug="first"), "second")
    assert client.get("/questions/first/").status_code == 404


def test_a_draft_is_not_there_under_any_of_its_addresses(client):
    rename(make_faq(slug="first", status=Status.DRAFT), "second")
    assert client.get("/questions/first/").status_code == 404
    assert client.get("/questions/second/").status_code == 404


def test_another_language_is_not_there(client):
    make_faq(slug="conducir", language="es")
    assert client.get("/questions/conducir/").status_code == 404


def test_a_withdrawn_page_says_why(client):
    faq = make_faq(slug="driving", question="May I drive?")
    faq.withdraw(by=make_user(), reason="The advice <changed>.")
    response = client.get("/questions/driving/")
    assert response.status_code == 410
    assert b"The advice &lt;changed&gt;." in response.content
    assert b"May I drive?" not in response.content


def test_a_withdrawn_page_says_why_under_its_old_address_too(client):
    faq = rename(make_faq(slug="first"), "second")
    faq.withdraw(by=make_user(), reason="The advice changed.")
    response = client.get("/questions/first/")
    assert response.status_code == 410
    assert b"The advice changed." in response.content


def test_a_deleted_record_leaves_not_found(client):
    rename(make_faq(slug="first"), "second").delete()
    assert client.get("/questions/first/").status_code == 404


def test_a_renamed_section_keeps_its_old_address(client):
    explainer = make_explainer({"slug": "bring"}, {"slug": "after"}, slug="guide")
    rename(explainer.sections.get(slug="bring"), "pack", "bag")
    assert leads_to(client, "/explainers/guide/bring/") == (301, "/explainers/guide/bag/")
    assert leads_to(client, "/explainers/guide/pack/") == (301, "/explainers/guide/bag/")


def test_a_section_leads_to_no_section_of_another_guide(client):
    other = make_explainer({"slug": "bring"}, slug="other")
    rename(other.sections.get(), "pack")
    make_explainer({}, slug="guide")
    assert client.get("/explainers/guide/bring/").status_code == 404


def test_a_guide_without_sections_has_none(client):
    make_explainer(slug="guide")
    assert client.get("/explainers/guide/bring/").status_code == 404


@pytest.mark.parametrize("below", ["part-0/", "all/"])
def test_a_renamed_guide_keeps_the_addresses_below_it(client, below):
    rename(make_explainer({}, slug="first"), "second")
    assert leads_to(client, f"/explainers/first/{below}") == (301, f"/explainers/second/{below}")


def test_a_renamed_compound_and_term_keep_the_addresses_below_them(client):
    rename(make_compound(slug="first"), "second")
    rename(make_term(slug="first"), "second")
    numbers = leads_to(client, "/compounds/first/numbers/")
    assert numbers == (301, "/compounds/second/numbers/")
    fragment = leads_to(client, "/glossary/first/fragment/")
    assert fragment == (301, "/glossary/second/fragment/")


def test_only_a_changed_address_is_remembered():
    faq = make_faq(slug="first")
    faq.question = "Another question?"
    faq.save()
    assert not OldAddress.objects.exists()
