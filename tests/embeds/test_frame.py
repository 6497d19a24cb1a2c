"""A section, a walkthrough and its steps in a frame on a clinic's own site."""

import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Section
from psychoplastogens.editorial.models import Status
from psychoplastogens.walkthrough.models import Step
from tests.factories import (
    make_explainer,
    make_finding,
    make_reviewer,
    make_source,
    make_spine_change,
    make_term,
    make_user,
    make_walkthrough,
)
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
SECTION = "/embed/explainers/the-day/morning/"
START, POUR, WAIT = "/embed/tea/", "/embed/tea/pour/", "/embed/tea/wait/"
FRAMES = [SECTION, START, POUR, WAIT, "/embed/tea/aside/"]
PROSE = "A [[synapse]].[^li-2010:animals] See [that](https://example.org) and [this](/help/)."


@pytest.fixture
def guide():
    source = make_source(slug="li-2010", authors="Li N")
    make_term(slug="synapse")
    make_finding(slug="halved", source=source)
    return make_explainer(
        {
            "slug": "morning",
            "title": "The morning",
            "picture": "spot-bag",
            "plain": f"{PROSE}\n\n:::call-clinic\nCall.\n:::\n\n{{{{finding:halved}}}}",
            "more": "More.",
        },
        ("The evening", "Rest."),
        slug="the-day",
        title="The day of it",
        evidence_checked_on="2026-05-04",
    )


@pytest.fixture
def tea(guide):
    growth = [make_spine_change()]
    return make_walkthrough(
        {"slug": "pour", "title": "Pour it", "plain": PROSE, "scene": "synapse-blocked"},
        {"slug": "wait", "title": "Wait", "scene": "spines-new", "growth": growth, "caption": "W."},
        {"slug": "aside", "title": "Or milk", "side_path": True},
        slug="tea",
        title="Making tea",
        key_points=PROSE,
    )


@pytest.mark.parametrize("address", FRAMES)
def test_any_site_may_frame_it(client, tea, address):
    response = client.get(address)
    assert response.status_code == 200
    assert "X-Frame-Options" not in response
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'none'" in policy
    assert "default-src 'self'" in policy
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("address", FRAMES)
def test_its_html_is_sound_and_runs_nothing(client, tea, address):
    html = client.get(address).content.decode()
    assert find_faults(html) == []
    assert "<script" not in html
    assert "hx-" not in html
    assert not re.search(r"\son\w+=", html)


@pytest.mark.parametrize("address", FRAMES)
def test_it_brings_its_drawings_along(client, tea, address):
    html = client.get(address).content.decode()
    wanted = set(re.findall(r'<use [^>]*href="([^"]+)"', html))
    assert wanted
    assert {f'id="{name[1:]}"' for name in wanted} <= set(re.findall(r'id="[^"]+"', html))
    assert all(name.startswith("#") for name in wanted)


@pytest.mark.parametrize("address", FRAMES)
def test_its_links_open_outside_of_the_frame(client, tea, address):
    links = re.findall(r"<a [^>]*href=[^>]*>", client.get(address).content.decode())
    assert len(links) > 4
    for link in links:
        stays = re.search(r'href="(#|/embed/|tel:)', link)
        leaves = 'target="_blank" rel="noopener"' in link
        assert bool(stays) != leaves, link


def test_it_says_where_it_is_from_and_when_it_was_checked(client, guide):
    response = client.get(SECTION)
    assertContains(response, "No clinician has reviewed this page yet.")
    assertContains(response, "Sources checked 4 May 2026.")
    assertContains(response, '<a href="/explainers/the-day/morning/" target="_blank" rel="noopener')
    assertContains(response, "http://127.0.0.1:8000/explainers/the-day/morning/")
    assertContains(response, "1 source")
    assertContains(response, "Li N")
    assertContains(response, 'href="tel:988"')
    assertContains(response, 'rel="canonical" href="http://127.0.0.1:8000/explainers/the-day/mor')


def test_it_names_its_reviewer(client, guide):
    guide.reviewed_by, guide.reviewed_at = make_reviewer(), "2026-06-01"
    guide.reviewer_name, guide.reviewer_credentials = "Ada Moss", "MD, psychiatrist"
    guide.review_due = "2026-07-01"
    guide.save()
    response = client.get(SECTION)
    assertContains(response, "Reviewed by Ada Moss, MD, psychiatrist, on 1 June 2026.")
    assertContains(response, "It was due for a check in July 2026.")
    assertNotContains(response, "No clinician")


def test_it_shows_one_section_of_a_guide(client, guide):
    response = client.get(SECTION)
    assertContains(response, "<h1>The morning</h1>")
    assertContains(response, "69 of 100")
    assertNotContains(response, "The evening")


def test_the_steps_lead_to_each_other_inside_of_the_frame(client, tea):
    start = client.get(START).content.decode()
    assert start.index(POUR) < start.index(WAIT) < start.index("/embed/tea/aside/")
    first, second = client.get(POUR).content.decode(), client.get(WAIT).content.decode()
    assert f'rel="next" href="{WAIT}"' in first
    assert f'rel="prev" href="{START}"' in first
    assert f'rel="prev" href="{POUR}"' in second
    assert "What studies in animals counted" in second
    assert "Moss 2020" in second
    assert f'href="{START}"' in client.get("/embed/tea/aside/").content.decode()


def test_who_to_call_stands_in_the_emergency_card_of_a_framed_text(client, guide):
    Section.objects.filter(slug="morning").update(plain=":::emergency\nSuicide.\n:::")
    html = client.get(SECTION).content.decode()
    card = html[html.index('class="callout emergency"') :]
    assert card.index('href="tel:988"') < card.index("Suicide.")


def test_a_draft_is_not_there(client, tea, guide):
    for record in (tea, guide):
        record.status = Status.DRAFT
        record.save()
    for address in FRAMES:
        assert client.get(address).status_code == 404


def test_a_withdrawn_page_says_why_inside_of_the_frame(client, tea, guide):
    for record in (tea, guide):
        record.withdraw(by=make_user(), reason="It was <wrong>.")
    for address in FRAMES:
        response = client.get(address)
        assertContains(response, "It was &lt;wrong&gt;.", status_code=410)
        assert "frame-ancestors *" in response["Content-Security-Policy"]
        assert "X-Frame-Options" not in response
        assert find_faults(response.content.decode()) == []


def test_renamed_pages_lead_to_their_frames(client, tea, guide):
    for part, name in ((Section.objects.get(slug="morning"), "dawn"), (Step.objects.first(), "p")):
        part.slug = name
        part.save()
    guide.slug = "the-time"
    guide.save()
    response = client.get(SECTION, follow=True)
    assert response.redirect_chain == [("/embed/explainers/the-time/dawn/", 301)]
    assertContains(response, "<h1>The morning</h1>")
    assert client.get(POUR)["Location"] == "/embed/tea/p/"


def test_no_request_can_put_words_into_it(client, guide):
    response = client.get(f"{SECTION}?title=Marmots&phone=555-0199")
    assert (response.status_code, response["Location"]) == (302, SECTION)


def test_titles_are_shown_and_not_run(client):
    make_explainer({"slug": "s", "title": "<b>&</b>"}, slug="odd", title='"><script>')
    html = client.get("/embed/explainers/odd/s/").content.decode()
    assert "<h1>&lt;b&gt;&amp;&lt;/b&gt;</h1>" in html
    assert "<script" not in html
