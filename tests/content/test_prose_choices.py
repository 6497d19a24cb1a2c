"""The lists from which editors choose while they write: nobody types a slug."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.text import slugify
from pytest_django.asserts import assertContains

from psychoplastogens.content.checks.links import get_link_targets
from psychoplastogens.content.fields import validate_prose
from psychoplastogens.content.models.prose_model import find_unknown_references
from psychoplastogens.content.prose_choices import CHOICE_FINDERS, MAX_CHOICES
from psychoplastogens.editorial.models import Status
from psychoplastogens.evidence.models import Source
from tests.admin_forms import typed
from tests.factories import (
    make_compound,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_staff,
    make_term,
    make_walkthrough,
)
from tests.login import sign_in

pytestmark = pytest.mark.django_db
MOST_QUERIES = {"source": 1, "term": 2, "number": 2, "page": 9, "callout": 0}
QUERIES_OF_A_SESSION = 3


def choose(client, kind, words=""):
    """{Markdown: what the editor reads} of a list."""
    answer = client.get(f"/admin/prose/choices/{kind}/", {"q": words})
    assert answer.status_code == 200
    options = re.findall(r'data-text="(.*?)".*?>(.*?)</div>', answer.content.decode(), re.DOTALL)
    return {
        html.unescape(text): " ".join(html.unescape(re.sub("<.*?>", " ", shown)).split())
        for text, shown in options
    }


@pytest.mark.parametrize("words", ["side effects", "SHORT", "2018", "lancet", "effects 2018", ""])
def test_a_source_is_found_by_title_author_year_and_journal(admin_client, words):
    fields = {"authors": "Short B", "year": 2018, "publisher": "Lancet Psychiatry"}
    make_source(slug="short-2018", title="Side effects of ketamine", subject="people", **fields)
    make_source(slug="other", title="Another study")
    found = choose(admin_client, "source", words)
    assert found["[^short-2018:people]"] == "Side effects of ketamine Short B, 2018 · People"
    assert len(found) == (1 if words else 2)


def test_what_is_not_yet_said_to_be_a_study_is_cited_without_a_strength(admin_client):
    make_source(slug="new", status=Status.DRAFT, subject="")
    assert "[^new]" in choose(admin_client, "source")


def test_what_is_no_study_is_cited_without_a_strength(admin_client):
    make_source(slug="label", title="A label", kind="label", subject="none")
    assert choose(admin_client, "source") == {"[^label]": "A label A journal · Drug label"}


def test_a_source_that_was_withdrawn_or_retracted_is_not_offered_and_a_draft_says_so(admin_client):
    make_source(slug="gone").withdraw(by=make_staff("Publisher"), reason="Wrong.")
    make_source(slug="retracted", is_retracted=True)
    make_source(slug="new", status=Status.DRAFT)
    assert choose(admin_client, "source") == {
        "[^new]": "A study A journal · Journal article · not published"
    }


def test_a_word_that_begins_a_title_comes_before_one_within_it(admin_client):
    make_source(slug="within", title="A trial of ketamine", authors="A")
    make_source(slug="begins", title="Ketamine for pain", authors="Z")
    make_source(slug="elsewhere", title="A drip", supports="Of ketamine.", authors="A")
    assert list(choose(admin_client, "source", "ketamine")) == [
        "[^begins]",
        "[^within]",
        "[^elsewhere]",
    ]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("syn", "[[Synapse]]"),
        ("Synapses", "[[Synapse|Synapses]]"),
        ("synapses", "[[Synapse|synapses]]"),
    ],
)
def test_a_term_is_found_by_a_synonym_which_stays_the_word_that_is_read(admin_client, words, text):
    make_term(slug="synapse", term="Synapse", synonyms=["synapses"])
    assert list(choose(admin_client, "term", words)) == [text]


def test_a_term_that_is_not_named_as_its_address_is_opened_by_its_address(admin_client):
    make_term(slug="rating-scale", term="MADRS (a scale)")
    assert list(choose(admin_client, "term")) == ["[[rating-scale]]"]


@pytest.mark.parametrize("words", ["halved", "69", "spray"])
def test_a_number_is_found_by_its_name_and_count_in_each_of_its_forms(admin_client, words):
    finding = make_finding(slug="response")
    found = choose(admin_client, "number", words)
    name, other = "Depression halved, on the spray", "on a spray without the drug"
    assert found == {
        "{{finding:response}}": f"{name} Picture · 69 out of 100, compared with 52",
        "{{finding:response|sentence}}": f"{name} {finding.sentence}",
        "{{finding:response|treated}}": f"{name} 69 out of 100",
        "{{finding:response|compared}}": f"{name} 52 out of 100 · {other}",
    }


def test_the_status_of_a_medicine_stands_among_the_numbers(admin_client):
    make_compound(slug="ketamine", name="Ketamine")
    assert choose(admin_client, "number", "ketam") == {
        "{{status:ketamine}}": "Ketamine Legal status · Off-label"
    }


def test_a_page_is_linked_by_words_of_its_title_if_readers_may_open_it(admin_client):
    make_explainer(("Going home", "Rest."), slug="the-day", title="The day")
    make_faq(slug="home", question="Who takes me home?")
    make_faq(slug="secret", question="Home in secret?", status=Status.DRAFT)
    assert choose(admin_client, "page", "home") == {
        "[Going home](/explainers/the-day/part-0/)": "The day: Going home Parts of guides",
        "[Who takes me home?](/questions/home/)": "Who takes me home? Questions people ask",
    }


def test_a_box_is_chosen_by_what_it_says_and_closes_itself(admin_client):
    assert choose(admin_client, "callout", "clinic") == {
        ":::call-clinic Call your clinic\n\n:::": "Call your clinic call-clinic"
    }
    assert ":::advice\n\n:::" in choose(admin_client, "callout")


def test_whatever_is_chosen_can_be_saved(admin_client):
    make_source(slug="it", subject="animals")
    make_finding(slug="number")
    make_term(slug="odd-address", term="Odd [a] | word", synonyms=["so"])
    make_compound(slug="ketamine")
    make_walkthrough({"title": "One [two]"})
    texts = [text for kind in CHOICE_FINDERS for text in choose(admin_client, kind)]
    for text in [*texts, *choose(admin_client, "term", "so")]:
        validate_prose(text)
        assert not find_unknown_references(text)


@pytest.mark.parametrize("kind", CHOICE_FINDERS)
def test_a_list_costs_the_same_few_queries_with_a_thousand_records(admin_client, kind):
    make_explainer(("One", "Two."))
    sources = [
        Source(slug=f"s-{number}", title=f"Study {number}", kind="article", supports="It.")
        for number in range(1000)
    ]
    Source.objects.bulk_create(sources)
    for number in range(30):
        make_term(slug=f"t-{number}", term=f"T {number}")
        make_finding(slug=f"f-{number}", source=sources[0])
        make_faq(slug=f"q-{number}")
    choose(admin_client, kind)
    with CaptureQueriesContext(connection) as queries:
        found = choose(admin_client, kind)
    assert len(queries) <= MOST_QUERIES[kind] + QUERIES_OF_A_SESSION
    assert 0 < len(found) <= MAX_CHOICES


@pytest.mark.parametrize("words", ["\x00", "'; drop", "%", "_", '"', "\\", "x" * 5_000, "<script>"])
@pytest.mark.parametrize("kind", CHOICE_FINDERS)
def test_odd_words_find_nothing_and_break_nothing(admin_client, kind, words):
    make_source(slug="it")
    make_term(term="Word")
    assert admin_client.get(f"/admin/prose/choices/{kind}/", {"q": words}).status_code in (200, 400)


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("source", "/admin/evidence/source/add/?title="),
        ("term", "/admin/content/glossaryterm/add/?term="),
        ("number", "/admin/evidence/finding/add/?name="),
    ],
)
def test_what_is_not_found_is_added_in_a_form_that_has_what_was_typed(admin_client, kind, form):
    answer = admin_client.get(f"/admin/prose/choices/{kind}/", {"q": "okafor & co"})
    assertContains(answer, f"Add “okafor &amp; co” as a new {kind}")
    assertContains(answer, f'data-address="{form}okafor+%26+co&amp;from_text=1"')
    assertContains(admin_client.get(f"{form}okafor+%26+co"), 'value="okafor &amp; co"')


@pytest.mark.parametrize(("came_by", "is_told"), [("?title=Rest&from_text=1", True), ("", False)])
@pytest.mark.parametrize("button", ["_save", "_submit"])
def test_who_came_from_a_text_is_told_to_go_back_to_it(admin_client, came_by, is_told, button):
    address = f"/admin/evidence/source/add/{came_by}"
    title = "Rest after moss" if is_told else "Rest"  # Its title may be another than was sought.
    sent = typed(admin_client.get(address), title=title, supports="It.", **{button: "1"})
    page = admin_client.post(address, sent, follow=True)
    told = f"Go back to it and look for “{title}”"
    assert (told in page.content.decode()) is is_told


def test_nothing_is_added_without_words_or_permission_or_where_something_is_found(
    client, admin_client
):
    make_source(title="Okafor")
    for words in ("", "okafor"):
        answer = admin_client.get("/admin/prose/choices/source/", {"q": words})
        assert "data-address" not in answer.content.decode()
    reviewer = sign_in(client, make_staff("Reviewer"))
    answer = reviewer.get("/admin/prose/choices/source/", {"q": "nobody"})
    assert "data-address" not in answer.content.decode()
    for kind in ("page", "callout"):
        answer = admin_client.get(f"/admin/prose/choices/{kind}/", {"q": "zzzz"})
        assert "data-address" not in answer.content.decode()


def test_a_title_is_escaped(admin_client):
    make_source(slug="it", title='<script>alert("x")</script>')
    answer = admin_client.get("/admin/prose/choices/source/").content.decode()
    assert "<script>" not in answer


def test_who_may_not_see_sources_is_given_none(client):
    make_source(slug="it")
    make_faq(slug="home")
    clinic = sign_in(client, make_staff("Clinic editor"))
    for kind in ("source", "term", "number"):
        assert clinic.get(f"/admin/prose/choices/{kind}/").status_code == 403
    assert choose(clinic, "page") == {}


@pytest.mark.parametrize("address", ["choices/source/", "measures/"])
def test_nobody_outside_reaches_it(client, address):
    for answer in (client.get(f"/admin/prose/{address}"), client.post(f"/admin/prose/{address}")):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


def test_there_is_no_other_list_and_nothing_is_posted_to_one(admin_client):
    assert admin_client.get("/admin/prose/choices/user/").status_code == 404
    assert admin_client.post("/admin/prose/choices/source/").status_code == 405


def measure(client, text, **fields):
    answer = client.post("/admin/prose/measures/", {"text": text, **fields})
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub("<.*?>", " ", answer.content.decode())).split())


def test_a_short_text_is_counted_and_not_graded(admin_client):
    assert measure(admin_client, "Rest at home.") == "3 words"


def test_a_text_is_graded_as_the_checks_grade_it(admin_client):
    from psychoplastogens.content.rendering.readability import get_reading_grade

    text = "You may feel far from your body. " * 6
    assert measure(admin_client, text) == f"42 words · grade {get_reading_grade(text):.1f}"


def test_a_long_sentence_and_one_of_hard_words_are_shown(admin_client):
    make_source(slug="it")
    long = "It is so and " * 8 + "it ends.[^it]"
    hard = "Dissociative pharmacological experiences necessitate multidisciplinary supervision."
    told = measure(admin_client, f"{long} {hard}")
    assert "Long: split it. It is so and" in told
    assert "Hard words: Dissociative pharmacological" in told
    assert "[^it]" not in told


def test_a_number_counts_with_the_words_that_readers_get(admin_client):
    make_finding(slug="one", population="P", both_groups="Everyone also took a pill " * 5 + ".")
    assert "Long: split it. Everyone also took" in measure(admin_client, "{{finding:one|sentence}}")


def test_mistakes_are_told_as_the_form_tells_them(admin_client):
    told = measure(admin_client, "So.[^none]\n\n:::box\n:::")
    assert "Line 3: there is no callout “box”." in told
    assert "Line 1: there is no source “none”." in measure(admin_client, "So.[^none]")


def test_a_medicine_that_is_being_written_may_name_its_own_status(admin_client):
    assert "there is no" in measure(admin_client, "{{status:new-one}}")
    assert "there is no" not in measure(admin_client, "{{status:new-one}}", slug="new-one")


def test_a_text_that_is_too_long_is_measured_by_its_length_alone(admin_client):
    told = measure(admin_client, "Rest. " * 20_000)
    assert "The text has 120000 characters; 60000 is the most." in told


def test_measuring_needs_a_token(admin_client):
    admin_client.handler.enforce_csrf_checks = True
    assert admin_client.post("/admin/prose/measures/", {"text": "So."}).status_code == 403


def test_each_text_of_a_form_has_the_tools_and_each_line_has_not(admin_client):
    page = admin_client.get("/admin/content/explainer/add/").content.decode()
    assert "data-prose" in re.search(r'<textarea name="key_points".*?>', page)[0]
    assert "data-prose" in re.search(r'<textarea name="sections-__prefix__-plain".*?>', page)[0]
    assert 'id="prose-tools"' in page
    page = admin_client.get("/admin/content/compound/add/").content.decode()
    assert "data-prose" not in re.search(r'<textarea name="other_names".*?>', page)[0]


@pytest.mark.parametrize(
    ("term", "within"),
    [
        ("Dissociation", "[[dissociation]]"),
        ("Treatment-resistant depression", "[[treatment-resistant depression]]"),
        ("Phase 2", "[[phase 2]]"),
        ("Spravato", ""),
        *(
            (name, "")
            for name in ("NMDA receptor", "SSRI", "TrkB", "mTOR", "Schedule I", "FDA-approved")
        ),
    ],
)
def test_a_term_is_small_within_a_sentence_where_it_is_no_name(admin_client, term, within):
    make_compound(brand="Spravato")
    make_term(slug=slugify(term), term=term)
    answer = admin_client.get("/admin/prose/choices/term/", {"q": term}).content.decode()
    assert re.findall(r'data-within="(.*?)"', answer) == ([within] if within else [])


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("https://www.nami.org/x?a=1&b=2#c", "[www.nami.org](https://www.nami.org/x?a=1&b=2#c)"),
        ("http://old.example/", "[old.example](https://old.example/)"),
        ("HTTPS://Nami.org", "[nami.org](https://Nami.org)"),
        ("www.nami.org", "[www.nami.org](https://www.nami.org)"),
        ("nami.org", "[nami.org](https://nami.org)"),
        ("nami.org/help", "[nami.org](https://nami.org/help)"),
        ("https://a.example/b_(c)](d)", "[a.example](https://a.example/b_%28c%29%5D%28d%29)"),
        ("https://a.example/" + "x" * 300, f"[a.example](https://a.example/{'x' * 300})"),
        ("http://testserver/explainers/a/", "[/explainers/a/](/explainers/a/)"),
    ],
)
def test_a_link_leads_to_another_website_by_https_alone(admin_client, typed, text):
    assert list(choose(admin_client, "page", typed)) == [text]
    assert get_link_targets(f"See {text}.") == [text.split("](")[1].removesuffix(")")]


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "https://",
        "https://[",
        "ftp://a.example/",
        "e.g.",
        "https://a b",
        "1.5",
    ],
)
def test_what_is_no_web_address_is_linked_by_nobody(admin_client, typed):
    assert choose(admin_client, "page", typed) == {}
