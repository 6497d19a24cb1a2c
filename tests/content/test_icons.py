"""The small pieces of HTML that pages hold dozens of, and the parts that all pages share."""

import re

import pytest
from django.utils.translation import override
from pytest_django.asserts import assertNotContains

from psychoplastogens.content.rendering import icons
from psychoplastogens.delivery.crisis_lines import CRISIS_COUNTRIES
from tests.factories import make_source


@pytest.mark.parametrize("count", [0, 1, 9, 10, 37, 99, 100])
def test_an_icon_array_fills_as_many_figures_as_it_says(count):
    array = icons.render_icon_array(count)
    assert f'aria-label="{count} of 100 figures are filled in"' in array
    rows = re.findall(r'<svg width="110" height="(\d+)">', array)
    rest = re.findall(r'<svg y="(\d+)" width="(\d+)" height="15">', array)
    filled = sum(int(height) // 15 * 10 for height in rows)
    filled += sum(int(width) // 11 for _, width in rest)
    assert filled == count
    assert array.count('class="f"') == len(rows) + len(rest)


@pytest.mark.parametrize(
    ("seen", "words"),
    [("people", "Seen in people"), ("animals", "Seen in animals"), ("cells", "Seen in cells")],
)
def test_a_badge_says_what_was_studied_short_or_long(seen, words):
    long, bare = (
        icons.render_badge("/icons.svg", seen, is_bare, "en") for is_bare in (False, True)
    )
    assert f"<span>{words}</span>" in long
    assert f"<span>{words}</span>" in bare
    assert (" bare" in long, " bare" in bare) == (False, True)


@pytest.mark.parametrize("seen", ["", "none", "<b>", "mice"])
def test_what_is_no_subject_has_no_badge(seen):
    assert icons.render_badge("/icons.svg", seen, False, "en") == ""


def test_the_label_of_an_icon_is_escaped():
    icon = icons.render_icon("mark", '"><script>')
    assert "<script>" not in icon
    assert 'aria-label="&quot;&gt;&lt;script&gt;"' in icon


@pytest.mark.django_db
@pytest.mark.parametrize("short", [True, False])
def test_a_source_is_escaped_and_says_that_it_was_retracted(short):
    odd = {"title": "<i>T</i>", "authors": "<i>A</i>", "publisher": "<i>P</i>", "year": 2010}
    line = icons.render_source(make_source(slug="a", is_retracted=True, **odd), short)
    assert "<i>" not in line
    assert "2010" in line
    assert line.endswith("<b>Retracted.</b>")


@pytest.mark.django_db
def test_the_items_of_a_list_have_the_numbers_that_the_text_cites():
    sources = [make_source(slug=slug) for slug in "ab"]
    items = icons.render_source_items(sources)
    assert re.findall(r'<li id="(s\d)"><?.*?/sources/([ab])/', items, re.DOTALL) == [
        ("s1", "a"),
        ("s2", "b"),
    ]


@pytest.mark.django_db
def test_what_all_pages_share_follows_the_settings(client, settings):
    before = client.get("/help/")
    settings.SITE_NAME, settings.CRISIS_COUNTRY = "Garden of Words", "IE"
    after = client.get("/help/")
    header = r"<header.*?</header>"
    assert "Garden of Words" in re.search(header, after.text, re.DOTALL)[0]
    assert "Garden of Words" not in re.search(header, before.text, re.DOTALL)[0]
    irish = CRISIS_COUNTRIES["IE"].lines[0].action
    assert irish in re.search(r"<footer.*?</footer>", after.text, re.DOTALL)[0]


@pytest.mark.django_db
def test_nothing_of_a_request_stays_in_what_all_pages_share(client):
    client.get("/search/", {"q": "marmot"}, HTTP_USER_AGENT="marmot", HTTP_REFERER="/marmot/")
    assertNotContains(client.get("/"), "marmot")


@pytest.mark.django_db
def test_a_badge_of_one_language_is_not_shown_in_another(monkeypatch):
    monkeypatch.setattr(icons, "gettext", lambda words: f"{words} (es)")
    with override("es"):
        assert "Seen in cells (es)" in icons.render_badge("/icons.svg", "cells", False, "es")
    monkeypatch.undo()
    assert "(es)" not in icons.render_badge("/icons.svg", "cells", False, "en")
    icons.render_badge.cache_clear()
