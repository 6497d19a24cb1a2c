"""What an author is told is there already, before a second one is sent."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Explainer, Faq, Topic
from psychoplastogens.editorial.models import Revision, Status
from psychoplastogens.editorial.workflow.twins import MAX_TWINS, find_twins
from psychoplastogens.evidence.models import Claim
from psychoplastogens.search.twins import find_by_title
from tests.admin_forms import address_of, typed
from tests.factories import make_compound, make_condition, make_faq, make_term, make_topic
from tests.workflow_helpers import publish_draft, save_draft, send_for_review, without_checks

pytestmark = pytest.mark.django_db
NAMED = "Is it there already?"
QUESTIONS = (
    *("Can I breastfeed?", "Does ketamine hurt?", "Is ketamine legal?", "Who gives ketamine?"),
    *("Can I drive home after ketamine?", "What is a trip?", "How much does ketamine cost?"),
)


@pytest.fixture(autouse=True)
def no_checks():
    """A small record of a test is no page for readers."""
    with without_checks():
        yield


@pytest.fixture
def questions():
    return {question: make_faq(question=question) for question in QUESTIONS}


def make_new(**fields):
    return make_faq(status=Status.DRAFT, **fields)


def named_for(question):
    return [str(twin) for twin in find_twins(make_new(question=question))]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Can I breastfeed after ketamine?", ["Can I breastfeed?"]),
        ("DRIVING home?", ["Can I drive home after ketamine?"]),
        ("Can I drive home after the visit?", ["Can I drive home after ketamine?"]),
        ("What is it?", []),
        ("Ketamine?", []),
        ("Does ketamine help?", []),
        ("", []),
        ("???", []),
    ],
)
def test_a_question_that_shares_rare_words_is_named(questions, question, named):
    assert named_for(question) == named


def test_the_same_title_is_named_even_where_all_its_words_are_common(questions):
    make_faq(question="What is it?")
    assert named_for("what is it") == ["What is it?"]


def test_a_draft_of_a_colleague_is_named_and_what_was_withdrawn_is_not(questions):
    make_new(question="Can I sing?")
    make_faq(question="Can I swim?", status=Status.WITHDRAWN)
    assert named_for("Can I sing there?") == ["Can I sing?"]
    assert named_for("Can I swim there?") == []


def test_nothing_is_named_for_what_readers_know(questions):
    make_new(question="Can I breastfeed after ketamine?")
    assert find_twins(questions["Can I breastfeed?"]) == []


def test_another_kind_or_language_is_no_twin():
    make_topic(name="Breastfeeding")
    make_faq(question="Breastfeeding?", language="es")
    assert named_for("Breastfeeding?") == []


def test_a_few_are_named_the_most_alike_first(questions):
    for number in range(MAX_TWINS):
        make_faq(question="Can I drive home alone?", slug=f"alone-{number}")
    named = named_for("Can I drive home?")
    assert named == ["Can I drive home after ketamine?", *["Can I drive home alone?"] * 2]


def test_names_of_terms_medicines_and_conditions_are_compared_in_all_their_forms():
    make_term(term="NMDA receptor", synonyms=["NMDAR"])
    make_compound(name="Esketamine", brand="Spravato", other_names=["S-ketamine"])
    make_condition(name="Post-traumatic stress disorder", short_name="PTSD")
    new = {"status": Status.DRAFT}
    for twin in (
        make_term(term="nmda receptors", **new),
        make_term(term="Ion channel", synonyms=["nmdar"], **new),
        make_compound(name="S ketamine", **new),
        make_compound(name="SPRAVATO", **new),
        make_condition(name="PTSD", **new),
    ):
        assert find_twins(twin), twin
    assert not find_twins(make_term(term="Receptor", **new))
    assert not find_twins(make_compound(name="Arketamine", **new))


def test_the_form_names_it_after_a_save_with_a_way_to_it(admin_client, questions):
    address = "/admin/content/faq/add/"
    words = {"question": "Can I breastfeed after ketamine?", "slug": "b", "answer": "Ask."}
    sent = typed(admin_client.get(address), topic=make_topic().pk, **words)
    page = admin_client.post(address, sent, follow=True)
    twin = questions["Can I breastfeed?"]
    assertContains(page, NAMED)
    link = f'<a href="{address_of(twin)}">Can I breastfeed?</a>'
    assertContains(page, link)
    assertContains(page, f"Compare yours with {link}")  # In sight where the list is not.
    page = admin_client.post(
        address_of(Revision.objects.get().record, "do"),
        {"verb": "submit", "revision": Revision.objects.get().pk},
        follow=True,
    )
    assert Revision.objects.get().state == Revision.State.IN_REVIEW  # it stops nothing
    assertContains(page, NAMED)
    assertContains(page, address_of(twin))


def test_a_refusal_to_send_names_it_too_in_the_list_that_covers_the_form(admin_client, questions):
    new = make_new(question="Can I breastfeed after ketamine?")
    save_draft(new, answer="So.[^none]")
    assertContains(admin_client.get(address_of(new)), NAMED, 1)
    sent = typed(admin_client.get(address_of(new)), _submit="1")
    page = admin_client.post(address_of(new), sent, follow=True).content.decode()
    assert 'id="stops" open' in page
    listed = page.partition('id="stops"')[2].partition("</details>")[0]
    assert NAMED in listed
    assert address_of(questions["Can I breastfeed?"]) in listed


def test_the_title_as_the_draft_has_it_is_compared(admin_client, questions):
    new = make_new(question="Something else?")
    save_draft(new, question="Can I breastfeed now?")
    assertContains(admin_client.get(address_of(new)), NAMED)
    save_draft(new, question="Something new?")
    assertNotContains(admin_client.get(address_of(new)), NAMED)


def test_a_title_is_shown_as_it_was_typed_and_runs_no_script(admin_client):
    make_faq(question="<script>alert(1)</script>?")
    new = make_new(question="<script>alert(1)</script> now?")
    send_for_review(new, answer="So.")
    page = admin_client.get(address_of(new, "review"))
    assertContains(page, "&lt;script&gt;alert(1)&lt;/script&gt;?</a>")


def test_what_was_published_is_not_named_again_at_its_next_change(admin_client, questions):
    new = make_new(question="Can I breastfeed after ketamine?")
    save_draft(new, answer="So.")
    publish_draft(new)
    new.refresh_from_db()
    save_draft(new, answer="So it is.")
    assertNotContains(admin_client.get(address_of(new)), NAMED)


def test_it_costs_one_query_however_many_there_are(questions, django_assert_num_queries):
    new = make_new(question="Can I breastfeed after ketamine?")
    for number in range(20):
        make_faq(question=f"Number {number}?")
    with django_assert_num_queries(1):
        find_twins(new)


@pytest.mark.parametrize("kind", [Faq, Topic, Explainer, Claim])
def test_no_two_titles_of_the_starter_content_are_named(content, kind):
    """What is named too often is soon read by nobody."""
    for record in kind.objects.all():
        assert list(find_by_title(record, kind.objects.exclude(pk=record.pk))) == []
