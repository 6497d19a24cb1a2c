"""Three steps with pictures lead from a page to the visit."""

import re
from pathlib import Path

import pytest

from tests.factories import make_compound

STATIC = Path(__file__).resolve().parents[2] / "static"
ON_PAGES = [
    "/",
    "/how-ketamine-works/",
    "/compounds/ketamine/",
    "/compounds/esketamine/",
    "/explainers/safety-and-side-effects/",
    "/explainers/the-day-of-your-treatment/",
    "/conditions/major-depressive-disorder/",
    "/explainers/is-it-for-me/",
    "/decide/ketamine-for-depression/",
]


def get_steps(html):
    steps = re.search(r'<ol class="row">(.*?)</ol>', html, flags=re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", steps[1], flags=re.DOTALL) if steps else []


@pytest.mark.usefixtures("content")
@pytest.mark.django_db
@pytest.mark.parametrize("address", ON_PAGES)
def test_a_page_that_asks_for_something_breaks_it_into_three_drawn_steps(client, address):
    html = client.get(address).text
    drawn = [re.search(r"#act-(\w+)", step)[1] for step in get_steps(html)]
    assert drawn == ["tick", "show", "ask"]
    main = html[html.index("<main") :]
    assert 'href="/questions/"' in main or "data-ask" in main


@pytest.mark.django_db
def test_questions_are_ticked_where_they_stand_and_sent_without_scripts(client):
    make_compound(slug="on-rest", questions_to_ask="What does it cost?")
    html = client.get("/compounds/on-rest/").text
    form = re.search(r'<form class="flow" action="/ask/".*?</form>', html, flags=re.DOTALL)[0]
    assert "<a" not in "".join(get_steps(form))
    assert form.index('type="checkbox"') < form.index("act-tick") < form.index("<button")


@pytest.mark.django_db
def test_a_medicine_without_questions_asks_for_no_ticks(client):
    make_compound(slug="on-rest", questions_to_ask="")
    assert get_steps(client.get("/compounds/on-rest/").text) == []


def test_the_drawings_of_the_steps_exist():
    drawn = (STATIC / "drawings.svg").read_text()
    assert all(f'<symbol id="act-{name}"' in drawn for name in ("tick", "show", "ask"))
