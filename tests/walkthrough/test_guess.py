"""Guess first: a reader says a number before that of a study is shown."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.evidence.models import Finding, SpineChange
from psychoplastogens.walkthrough.guess_line import GuessLine
from psychoplastogens.walkthrough.models import Guess, Walkthrough
from tests.admin_forms import address_of, typed
from tests.check_helpers import get_problems
from tests.factories import (
    GUESS,
    make_finding,
    make_source,
    make_spine_change,
    make_term,
    make_walkthrough,
)
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
SPINES, PEOPLE, LASTING = "/tea/spines/", "/tea/people/", "/tea/days/"
DAYS = {
    "question": "After how many days was the pot cold?",
    "choices": "3 10 20 45",
    "days": 18,
    "days_sentence": "By {days} days it was cold.",
}
ANSWER = "It was 10 more spines for every 100 (from 2 fewer to 22 more), in mice. Chance could"


@pytest.fixture
def tea():
    make_term(slug="synapse")
    day = make_spine_change(
        slug="day", percent_low=-2, percent_high=22, source=make_source(slug="moss-2020")
    )
    halved = make_finding(slug="halved", source=make_source(slug="reif-2023"))
    afterword = "A [[synapse]] is no spine.[^moss-2020:animals]"
    return make_walkthrough(
        {
            "slug": "spines",
            "time": "24h",
            "plain": "A [[synapse]] waits.",
            "growth": [day],
            "guess": {"spine_change": day, "afterword": afterword},
        },
        {"slug": "people", "guess": {"finding": halved, "choices": "10 30 50 70 90"}},
        {"slug": "plain"},
        {"slug": "days", "guess": {**DAYS, "days_source": make_source(slug="murrough-2013b")}},
        slug="tea",
    )


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def shown(client, address):
    """What is on the screen of the part that asks: without what is folded."""
    part = re.search(r'<section id="guess".*?</section>', text_of(client, address), re.S)[0]
    return " ".join(re.sub(r"<details.*?</details>|<[^>]+>", " ", part, flags=re.S).split())


@pytest.mark.parametrize("query", ["", "?guess=25", "?guess=x", "?guess=25&depth=more"])
@pytest.mark.parametrize("address", [SPINES, PEOPLE, LASTING])
def test_every_state_is_a_sound_page(client, tea, address, query):
    page = text_of(client, address + query)
    assert find_faults(page) == []
    canonical = re.search(r'<link rel="canonical" href="[^"]*"', page)[0]
    assert canonical.endswith(f'{address}"')


@pytest.mark.parametrize("query", ["", "?guess=25", "?guess=x", "?guess=-3"])
@pytest.mark.parametrize("address", [SPINES, PEOPLE, LASTING])
def test_a_fragment_is_its_part_of_the_page_to_the_byte(client, tea, address, query):
    response = client.get(f"{address}guess/fragment/{query}")
    assert response["X-Robots-Tag"] == "noindex"
    assert response.content.decode().strip() in text_of(client, address + query)


def test_the_number_is_folded_until_somebody_guesses_and_the_figure_waits(client, tea):
    assert "10 more spines" not in shown(client, SPINES)
    page = text_of(client, SPINES)
    assert page.index('id="guess"') < page.index("10 more spines") < page.index('id="counted"')
    assert 'id="growth-shown"' not in page
    assert f'href="{SPINES}?time=24h"' in page
    assertContains(client.get(SPINES), "<td>mice given salt water</td>")
    for query in ("?guess=25", "?time=24h"):
        asked = text_of(client, SPINES + query)
        assert 'id="growth-shown"' in asked
        assert 'id="counted"' not in asked


def test_a_guess_stands_beside_the_number_with_its_range_and_in_whom(client, tea):
    said = shown(client, f"{SPINES}?guess=25")
    assert f"You said 25. {ANSWER}" in said
    assert "24 hours after one dose of ketamine, compared with mice given salt water." in said
    assertContains(client.get(f"{SPINES}?guess=25"), 'value="25" required checked')


def test_days_stand_beside_the_guess_on_a_line_that_holds_them(client, tea):
    assert "18" not in shown(client, LASTING)
    said = shown(client, f"{LASTING}?guess=45")
    assert "You said 45. By 18 days it was cold." in said
    assert "0 50 18 You said 45" in said
    assertContains(client.get(f"{LASTING}?guess=45"), "murrough-2013b")


@pytest.mark.parametrize(
    "fields",
    [
        {"days": 0},
        {"days_source": None},
        {"days_sentence": "By 18 days it was cold."},
        {"finding": "halved"},
    ],
)
def test_days_need_their_source_and_a_sentence_and_no_other_number(tea, fields):
    if "finding" in fields:
        fields = {"finding": Finding.objects.get()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Guess.objects.filter(days=18).update(**fields)


def test_days_of_a_withdrawn_source_are_asked_of_nobody(client, tea):
    source = Guess.objects.get(days=18).days_source
    source.status = Status.WITHDRAWN
    source.save()
    assertNotContains(client.get(LASTING), 'id="guess"')


def test_people_are_told_of_both_groups_how_sure_it_is_and_when(client, tea):
    said = shown(client, f"{PEOPLE}?guess=30")
    finding = Finding.objects.get()
    assert f"You said 30. {finding.sentence}" in said
    for words in (finding.otherwise, finding.confidence, "Seen in people"):
        assert words in said


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("25", 25), ("26", 25), ("999999999999999999999", 50), ("-7", 0), ("17", 10), ("18", 25)],
)
def test_a_number_that_is_not_offered_is_the_nearest_one(client, tea, typed, nearest):
    assert f"You said {nearest}." in shown(client, f"{SPINES}?guess={typed}")


@pytest.mark.parametrize("typed", ["", "x", "1e3", "2.5", "%22%3E", "nan", "9" * 5000, "%00"])
def test_what_is_no_number_asks_again(client, tea, typed):
    response = client.get(f"{SPINES}?guess={typed}")
    assert response.status_code in (200, 400)
    assertNotContains(response, "You said", status_code=response.status_code)


def test_the_address_of_a_fragment_is_that_of_the_page(client, tea):
    assert client.get(f"{SPINES}guess/fragment/?guess=25")["HX-Replace-Url"] == f"{SPINES}?guess=25"


def test_a_step_without_a_guess_has_no_such_part(client, tea):
    assertNotContains(client.get("/tea/plain/"), 'id="guess"')
    assert client.get("/tea/plain/guess/fragment/").status_code == 404


@pytest.mark.parametrize("kind", [Finding, SpineChange])
def test_a_number_that_the_public_may_not_read_is_not_asked_for(client, tea, kind):
    kind.objects.update(status=Status.DRAFT)
    asked = PEOPLE if kind is Finding else SPINES
    assertNotContains(client.get(asked), "How many more?")
    assert client.get(f"{asked}guess/fragment/?guess=10").status_code == 404
    assertNotContains(client.get("/embed" + asked), "How many more?")


def test_paper_asks_and_answers_at_once(client, tea, handouts_as_text):
    page = text_of(client, "/tea/all/")
    assert page.index("How many more?") < page.index(ANSWER)
    handout = client.get("/tea/handout.pdf?length=full").content.decode()
    assert handout.index("How many more?") < handout.index(ANSWER)


def test_a_frame_holds_the_number_behind_its_question(client, tea):
    frame = text_of(client, "/embed/tea/spines/")
    assert frame.index("How many more?") < frame.index("<details") < frame.index(ANSWER)


def test_the_line_holds_all_that_is_drawn_on_it(tea):
    guess = Guess.objects.get(spine_change__slug="day")
    line = GuessLine(guess, 50)
    assert line.ends == (-10, 50)
    assert 44 < line.span[0] < line.answer < sum(line.span) < line.said_place <= 316
    people = GuessLine(Guess.objects.get(finding__slug="halved"))
    assert (people.ends, people.compared[0]) == ((0, 100), 52)


def test_a_guess_has_one_number_and_a_step_one_guess(tea):
    step = tea.steps.get(slug="plain")
    finding, change = Finding.objects.get(), SpineChange.objects.get()
    both = Guess(step=step, finding=finding, spine_change=change, **GUESS)
    second = Guess(step=tea.steps.get(slug="people"), finding=finding, **GUESS)
    for wrong, words in ((both, "Choose one number"), (second, "one guess at most")):
        with pytest.raises(ValidationError, match=words):
            wrong.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()
    with pytest.raises(ValidationError, match="Choose the number"):
        Guess(step=step, **GUESS).full_clean()


def test_a_study_without_a_count_answers_nothing(client, tea):
    change = SpineChange.objects.get()
    change.percent = change.percent_low = change.percent_high = None
    change.save()
    with pytest.raises(ValidationError, match="gives no number"):
        Guess.objects.get(spine_change=change).full_clean()
    assertNotContains(client.get(SPINES), 'id="guess"')


@pytest.mark.parametrize(
    "choices",
    ["10 5 20", "1 2", "1 1 2", "1 2 3 4 5 6 7 8", "a b c", "1 2 2000", "1, 2, 3", "1.5 2 3"],
)
def test_unsound_numbers_to_choose_from_are_refused(tea, choices):
    guess = Guess.objects.get(spine_change__slug="day")
    guess.choices = choices
    with pytest.raises(ValidationError):
        guess.full_clean()


@pytest.mark.parametrize("choices", ["", "zqxwv words.", "--5 - ²"])
def test_a_draft_with_unsound_numbers_can_still_be_looked_at(client, tea, choices):
    Guess.objects.update(choices=choices)
    assertContains(client.get(f"{SPINES}?guess=3"), "How many more?")


def test_checks_name_a_number_that_is_gone_and_one_that_nobody_can_come_near(tea):
    Guess.objects.filter(finding__isnull=False).update(choices="1 2 3")
    Guess.objects.filter(spine_change__isnull=False).update(spine_change=None)
    cited = get_problems(tea, CheckRule.CITED)
    assert ("error", "steps[spines].guesses[1].finding") in [(p.severity, p.field) for p in cited]
    fields = [problem.field for problem in get_problems(tea, CheckRule.BALANCE)]
    assert "steps[people].guesses[1].choices" in fields


def test_checks_want_as_many_harms_as_benefits(tea):
    assert "steps" in [problem.field for problem in get_problems(tea, CheckRule.BALANCE)]
    Finding.objects.update(kind="harm")
    assert "steps" not in [problem.field for problem in get_problems(tea, CheckRule.BALANCE)]


def test_an_editor_asks_for_a_guess_in_the_admin(client, admin_client, tea):
    step = tea.steps.get(slug="plain")
    fields = GUESS | {"order": 1, "finding": str(Finding.objects.get().pk), "question": "And now?"}
    sent = {f"guesses-0-{name}": value for name, value in fields.items()}
    page = admin_client.get(address_of(step))
    admin_client.post(address_of(step), typed(page, **sent, **{"guesses-TOTAL_FORMS": 1}))
    draft = admin_client.get(address_of(tea, "previewed"))
    assert draft.status_code == 200
    assertNotContains(client.get("/tea/plain/"), "And now?")
    from tests.workflow_helpers import get_draft

    rows = [row for row in get_draft(tea).snapshot if row["model"] == "walkthrough.guess"]
    assert "And now?" in [row["fields"]["question"] for row in rows]


def test_a_number_that_a_guess_needs_cannot_be_deleted(admin_client, tea):
    page = admin_client.get(address_of(Finding.objects.get(), "delete"))
    assertContains(page, str(tea))


def test_more_guesses_take_no_more_queries(client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    day = make_spine_change()
    make_walkthrough({"guess": {"spine_change": day}}, slug="one")
    make_walkthrough(*({"guess": {"spine_change": day}} for _ in range(5)), slug="five")
    with CaptureQueriesContext(connection) as few:
        list(Walkthrough.objects.with_steps().with_slugs(["one"]))
    with django_assert_num_queries(len(few)):
        list(Walkthrough.objects.with_steps().with_slugs(["five"]))
