import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Decision
from psychoplastogens.content.models.decision import MOST_LINES
from psychoplastogens.content.rendering.readability import count_words
from psychoplastogens.editorial.models import Status
from tests.factories import make_decision, make_finding
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
LINES = ("how", "time", "cost", "benefit", "harm", "standing")


def make_whole_decision(**fields):
    options = [
        {"name": name, "gist": f"{name} in short."} | {line: f"{name}: {line}." for line in LINES}
        for name in ("Talk", "Wait")
    ]
    texts = {"what_matters": "Time\nMoney", "questions_to_ask": "Is it safe?\nIs it dear?"}
    return make_decision(options, slug="d", weighed="the spray", **texts | fields)


def test_every_option_has_the_same_lines(client):
    make_whole_decision()
    response = client.get("/decide/d/")
    for name in ("Talk", "Wait"):
        for line in LINES:
            assertContains(response, f"{name}: {line}.")
    assert find_faults(response.text) == []


def test_values_questions_and_leaning_can_be_marked_and_each_has_a_line_on_the_sheet(client):
    make_whole_decision()
    html = client.get("/decide/d/").text
    marks = re.findall(r'<input\s[^>]*id="([mql]\d+(?:-\w+)?)"', html)
    lines = re.findall(r'<li class="([mql]\d+(?:-\w+)?)"', html)
    assert sorted(marks) == sorted(lines)
    assert len(marks) == 2 * 3 + 2 + 3
    assert "Speaks for the spray" in html


def test_not_being_sure_is_a_choice_like_the_others(client):
    make_whole_decision()
    leaning = client.get("/decide/d/").text.split('id="leaning"')[1].split("</fieldset>")[0]
    assert leaning.count('class="take"') == 3
    assert "checked" not in leaning


def test_no_mark_can_be_sent(client):
    make_whole_decision()
    html = client.get("/decide/d/").text
    forms = re.findall(r"<form.*?</form>", html.split("<main")[1], re.DOTALL)
    assert [form for form in forms if "data-mark" in form] == []
    assert client.get("/decide/d/?m1=for").status_code == 302


def test_the_sheet_has_room_for_as_many_lines_as_editors_may_write():
    styles = Path(finders.find("decision.css")).read_text()
    for end in ("for", "against", "unsure"):
        assert f"#m{MOST_LINES}-{end}:checked" in styles
    assert f"#q{MOST_LINES}:checked" in styles and f"#l{MOST_LINES}:checked" in styles


@pytest.mark.parametrize("field", ["what_matters", "questions_to_ask"])
def test_more_lines_than_the_sheet_holds_are_refused(field):
    decision = make_whole_decision(**{field: "\n".join(f"Line {n}" for n in range(13))})
    with pytest.raises(ValidationError, match="12"):
        decision.clean()


def test_a_number_is_that_of_its_record(client):
    make_finding(slug="relief")
    make_whole_decision(without_treatment="Relief: {{finding:relief|treated}}.")
    assertContains(client.get("/decide/d/"), "Relief: 69 out of 100.")


def test_its_questions_are_on_the_list_for_the_visit(client):
    make_whole_decision(title="Is it right?")
    code = re.search(r'value="d\.(\w{4})"', client.get("/decide/d/").text)[1]
    response = client.get(f"/ask/?about=d.{code}")
    assertContains(response, "Is it safe?")
    assertContains(response, "(Is it right?)")
    assertNotContains(response, "Is it dear?")


@pytest.mark.usefixtures("content")
def test_the_options_of_the_starter_content_are_told_in_equal_detail():
    for decision in Decision.objects.prefetch_related("options"):
        words = [
            sum(count_words(text) for text in option.prose_texts())
            for option in decision.options.all()
        ]
        assert max(words) <= 2 * min(words)


def test_a_draft_is_not_shown(client):
    make_whole_decision(status=Status.DRAFT)
    assert client.get("/decide/d/").status_code == 404
