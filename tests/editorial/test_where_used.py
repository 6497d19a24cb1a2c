"""Where a record is used, as staff are shown it before they change or withdraw it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Compound, Faq, GlossaryTerm
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.references import find_dependents, find_uses
from psychoplastogens.evidence.models import Claim, Source
from tests.admin_forms import address_of
from tests.factories import (
    make_claim,
    make_clinic,
    make_code,
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_pack,
    make_source,
    make_staff,
    make_term,
    make_topic,
    make_user,
    make_walkthrough,
)
from tests.login import sign_in
from tests.workflow_helpers import publish_draft, save_draft

pytestmark = pytest.mark.django_db


def drafted(record, **fields):
    """A draft of `record` with other fields, which readers do not see."""
    snapshot = take_snapshot(record)
    snapshot[0]["fields"] |= fields
    return transitions.save_draft(record, snapshot, by=make_user("author"))


def states(record):
    return {str(use.page): use.state for use in find_uses(record)}


def test_a_source_is_used_by_texts_numbers_and_claims():
    source = make_source(slug="li-2010")
    finding = make_finding(source=source)
    make_claim([source], text="It works.")
    make_explainer({"more": "Yes.[^li-2010]"}, title="A guide")
    make_faq(question="Other?", answer="No.[^li-2010-b]")
    read = "readers read it now"
    assert states(source) == {str(finding): read, "It works.": read, "A guide": read}


def test_a_draft_that_cites_it_counts():
    source = make_source(slug="li-2010")
    draft = drafted(make_faq(question="Safe?", answer="Yes."), answer="Yes.[^li-2010]")
    assert states(source) == {"Safe?": f"only in its draft, revision {draft.number}"}


def test_a_draft_that_points_to_it_counts():
    compound = make_compound()
    drafted(make_faq(question="Safe?"), compounds=[str(compound.pk)])
    assert list(states(compound)) == ["Safe?"]


def test_a_page_and_its_draft_are_one_place():
    make_source(slug="li-2010")
    faq = make_faq(question="Safe?", answer="Yes.[^li-2010]")
    drafted(faq, answer="Yes, it is.[^li-2010]")
    [state] = states(Source.objects.get()).values()
    assert state.startswith("readers read it now, and in its draft")


def test_a_draft_that_was_set_aside_does_not_count():
    source = make_source(slug="li-2010")
    draft = drafted(make_faq(), answer="Yes.[^li-2010]")
    transitions.discard(draft, by=make_user())
    assert states(source) == {}


def test_what_was_withdrawn_does_not_count():
    source = make_source(slug="li-2010")
    transitions.withdraw(make_faq(answer="Yes.[^li-2010]"), by=make_user(), reason="Wrong.")
    assert states(source) == {}


def test_a_page_that_readers_never_saw_counts_and_says_so():
    term = make_term(slug="synapse", term="Synapse")
    make_faq(question="Soon?", answer="A [[Synapse]].", status=Status.DRAFT)
    assert states(term) == {"Soon?": "not before readers"}


def test_a_link_to_a_page_is_a_use_and_its_own_text_is_none():
    compound = make_compound(slug="ketamine", summary="See [here](/compounds/ketamine/).")
    make_faq(question="Linked?", answer="See [it](/compounds/ketamine/numbers/).")
    make_faq(question="Not?", answer="See [it](/compounds/ketamine-two/).")
    assert list(states(compound)) == ["Linked?"]


def test_links_to_an_address_that_it_had_before_are_uses_too():
    meal = make_faq(slug="eat", answer="Yes.")
    make_faq(question="Linked?", answer="See [it](/questions/eat/).")
    drafted(make_faq(question="Soon?"), answer="See [it](/questions/eat/).")
    make_faq(question="Now?", answer="See [it](/questions/meals/).")
    publish_draft(save_draft(meal, slug="meals").record)
    assert set(states(Faq.objects.get(slug="meals"))) == {"Linked?", "Soon?", "Now?"}


def test_reading_lists_and_codes_count_also_those_of_a_part():
    condition, guide = make_condition(), make_explainer({"slug": "one"})
    code = make_code("F33", page=condition)
    make_pack(condition, guide.sections.get(), title="First visit")
    assert list(states(condition)) == [str(code), "First visit"]
    assert states(guide) == {"First visit": "readers have it now"}


def test_a_closed_list_says_so():
    faq = make_faq()
    make_pack(faq, title="Old list", is_live=False)
    assert states(faq) == {"Old list": "closed now"}


def test_a_topic_is_used_by_its_questions():
    make_faq(question="Why?", topic=(topic := make_topic()))
    assert list(states(topic)) == ["Why?"]


def test_a_record_that_a_draft_needs_is_not_deleted(admin_client):
    source = make_source(slug="new", status=Status.DRAFT)
    drafted(make_faq(question="Safe?"), answer="Yes.[^new]")
    page = admin_client.post(address_of(source, "delete"), {"post": "yes"})
    assertContains(page, ">Safe?</a>")
    assert Source.objects.exists()


def test_what_a_draft_only_lists_is_left_out_of_it_and_may_go():
    compound = make_compound(status=Status.DRAFT)
    drafted(make_faq(), compounds=[str(compound.pk)])
    assert find_dependents(compound) == []


def test_the_form_shows_some_and_the_page_all(admin_client):
    source = make_source(slug="li-2010")
    for number in range(7):
        make_faq(question=f"Question {number}?", answer="Yes.[^li-2010]")
    form = admin_client.get(address_of(source))
    assertContains(form, ">Question 4?</a>")
    assertNotContains(form, "Question 5?")
    assertContains(form, "and 2 more")
    assertContains(form, address_of(source, "uses"))
    assertContains(admin_client.get(address_of(source, "uses")), ">Question 6?</a>")


def test_a_page_that_nothing_uses_says_so(admin_client):
    page = admin_client.get(address_of(make_faq(), "uses"))
    assertContains(page, "No page, open draft, translation, reading list or code uses it.")
    assertContains(page, "Nothing: no synonym of the search")


def test_every_kind_has_the_page(admin_client):
    made = (make_source, make_finding, make_claim, make_compound, make_condition, make_topic)
    for make in (*made, make_faq, make_term, make_explainer, make_walkthrough, make_code):
        assert admin_client.get(address_of(make(), "uses")).status_code == 200


def test_it_costs_the_same_with_more_uses():
    source = make_source(slug="li-2010")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert states(source)
        return len(queries)

    def use():
        make_finding(source=source)
        make_claim([source])
        make_compound(statuses=[{"source": source}])
        make_explainer({"more": "Yes.[^li-2010]"}, {"more": "No.[^li-2010]"})
        make_walkthrough({"more": "Yes.[^li-2010]"})
        drafted(make_faq(), answer="Yes.[^li-2010]")

    use()
    asked()
    few = asked()
    for _ in range(5):
        use()
    assert asked() == few


def test_a_walkthrough_of_many_steps_costs_the_same(django_assert_max_num_queries):
    long = make_walkthrough(*({"check": {}} for _ in range(9)))
    find_uses(long)  # The first look fetches the content types, which Django keeps.
    with CaptureQueriesContext(connection) as for_many:
        find_uses(long)
    short = make_walkthrough({"check": {}}, slug="short")
    with django_assert_max_num_queries(len(for_many)) as for_one:
        find_uses(short)
    assert len(for_one) == len(for_many)


def test_readers_are_not_shown_a_draft_that_cites_a_source(client):
    make_source(slug="li-2010")
    drafted(make_faq(question="Safe?"), answer="Yes.[^li-2010]", question="Marker zebra?")
    for address in ("/sources/li-2010/", "/sources/", "/questions/"):
        assertNotContains(client.get(address), "zebra")
    assertNotContains(client.get("/sources/li-2010/"), "Safe?")


def test_who_may_not_see_the_record_may_not_see_its_uses(client):
    faq = make_faq()
    page = address_of(faq, "uses")
    assert client.get(page).status_code == 302
    sign_in(client, make_staff("Clinic editor"))
    assert client.get(page).status_code == 403


def test_an_author_sees_where_a_list_holds_the_page(client):
    faq = make_faq()
    make_pack(faq, clinic=make_clinic(), title="First visit")
    sign_in(client, make_staff("Author"))
    uses = client.get(address_of(faq, "uses"))
    assertContains(uses, "Reading list: First visit")
    assertNotContains(uses, "/admin/clinics/")


KINDS = (Compound, Faq, GlossaryTerm, Claim)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_uses_a_new_record(kind):
    make = dict(zip(KINDS, (make_compound, make_faq, make_term, make_claim), strict=True))[kind]
    assert states(make()) == {}
