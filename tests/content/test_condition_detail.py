import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from tests.factories import make_compound, make_condition, make_faq, make_finding, make_source
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
URL = "/conditions/ptsd/"


def test_it_shows_every_text_option_and_strength(client):
    texts = {"key_points": "A.", "what_it_is": "B.", "how_common": "C.", "usual_treatments": "D."}
    texts |= {"what_studies_show": "E.", "not_known": "F."}
    texts = {name: f"Text {letter}" for name, letter in texts.items()}
    make_condition(
        slug="ptsd",
        short_name="PTSD",
        options=[
            {
                "name": "Wait",
                "good": "Free.",
                "hard": "Slow.",
                "living_with": "Long.",
                "approval": "None.",
            }
        ],
        evidence=[{"label": "MDMA", "strength": "moderate", "mixed": True, "text": "Two trials."}],
        what_matters="Sleep\n\nWork\n",
        questions_to_ask="Is it safe?",
        **texts,
    )
    response = client.get(URL)
    lines = ("Free.", "Slow.", "Long.", "None.")
    for words in (*texts.values(), *lines, "Two trials.", "Is it safe?"):
        assertContains(response, words)
    assertContains(response, "<li>Sleep</li>\n<li>Work</li>")
    assertContains(response, "Moderate, mixed")


def test_it_hides_every_draft(client):
    hidden = {"status": Status.DRAFT}
    secret = make_compound(slug="secret", name="Secretamine", **hidden)
    number = make_finding(name="Secret number", **hidden)
    condition = make_condition(
        slug="ptsd",
        what_it_is="A[^secret-source]",
        evidence=[{"compound": secret, "label": "A new drug"}],
        pictured=[number],
        findings=[number],
    )
    make_source(slug="secret-source", **hidden)
    make_faq(conditions=[condition], question="Secret question?", **hidden)
    response = client.get(URL)
    assertContains(response, "A new drug")
    assertNotContains(response, "ecret")
    assertNotContains(response, "All numbers")


def test_the_options_come_before_all_that_folds(client):
    make_condition(slug="ptsd", what_it_is="It is an illness.", options=[{"good": "Free."}])
    html = client.get(URL).text
    places = [
        html.index(words) for words in ("It is an illness.", "Free.", '<details class="part"')
    ]
    assert places == sorted(places)


def test_evidence_links_to_a_published_compound(client):
    make_condition(slug="ptsd", evidence=[{"compound": make_compound(slug="mdma"), "label": "M"}])
    assertContains(client.get(URL), '<a href="/compounds/mdma/">M</a>')


def test_sources_are_numbered_in_the_order_of_the_page(client):
    for slug in "abcdefg":
        make_source(slug=slug)
    make_condition(
        slug="ptsd",
        what_it_is="1[^g]",
        options=[{"good": "2[^f]", "hard": "3[^e]"}],
        key_points="4[^d]",
        what_studies_show="5[^c]",
        evidence=[{"text": "6[^b]"}],
        not_known="7[^a]",
    )
    html = client.get(URL).text
    places = [html.index(f'href="#s{number}"') for number in range(1, 8)]
    assert places == sorted(places)


@pytest.mark.parametrize("times", [1, 4])
def test_more_parts_need_no_more_queries(client, django_assert_num_queries, times):
    findings = [make_finding() for _ in range(times)]
    condition = make_condition(
        slug="ptsd",
        options=[{"good": "A[^a]"}] * times,
        evidence=[{"compound": make_compound()} for _ in range(times)],
        pictured=findings,
        findings=findings,
    )
    for _ in range(times):
        make_faq(conditions=[condition])
    with django_assert_num_queries(7):
        client.get(URL)


def test_a_page_without_any_text_is_sound(client):
    make_condition(slug="ptsd")
    assert find_faults(client.get(URL).text.replace('href="#sources"', 'href="/"')) == []


def test_its_table_of_numbers_names_it(client):
    make_condition(slug="ptsd", name="PTSD", findings=[make_finding(kind="harm")])
    assertContains(client.get(f"{URL}numbers/"), "PTSD: all numbers")
    assertContains(client.get(f"{URL}numbers/"), "Harm: Depression halved")


def test_the_list_hides_drafts(client):
    make_condition(name="Shown")
    make_condition(name="Hidden", status=Status.IN_REVIEW)
    assertContains(client.get("/conditions/"), "Shown")
    assertNotContains(client.get("/conditions/"), "Hidden")
