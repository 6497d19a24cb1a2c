"""The pages of a walkthrough and their fragments."""

import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

import psychoplastogens.search.index_cache
from psychoplastogens.editorial.models import Status
from psychoplastogens.evidence.models import SpineChange
from tests.factories import make_source, make_spine_change, make_term, make_walkthrough
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
FIRST, LAST, ASIDE = "/tea/pour/", "/tea/drink/", "/tea/or-milk/"


@pytest.fixture
def tea():
    make_source(slug="li-2010", authors="Li N")
    make_term(slug="synapse")
    growth = [make_spine_change(slug="day"), make_spine_change(slug="later", hours=72, percent=30)]
    return make_walkthrough(
        {
            "slug": "pour",
            "title": "Pour it",
            "time": "before",
            "plain": "A [[synapse]] waits.[^li-2010:animals]",
            "more": "More of it.",
            "seen_in_people": "Not seen in people.",
            "check": {"b_because": "Not quite: a [[synapse]].[^li-2010]"},
        },
        {"slug": "wait", "title": "Wait", "time": "24h", "growth": growth},
        {"slug": "drink", "title": "Drink it", "time": "2w"},
        {"slug": "or-milk", "title": "Or milk", "side_path": True},
        slug="tea",
        title="Making tea",
    )


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        *("/tea/", "/tea/all/", FIRST, LAST, ASIDE, "/tea/wait/", "/tea/wait/?time=2h"),
        *(f"{FIRST}?answer=a", f"{FIRST}?answer=b", f"{FIRST}?depth=more", "/tea/wait/?time=2w"),
    ],
)
def test_every_page_of_it_is_sound(client, tea, address):
    assert find_faults(text_of(client, address)) == []


def test_the_start_page_leads_to_every_step_and_the_side_path(client, tea):
    page = text_of(client, "/tea/")
    assert page.index(FIRST) < page.index('"/tea/wait/"') < page.index(LAST) < page.index(ASIDE)


def test_a_step_says_where_it_is_and_side_paths_do_not_count(client, tea):
    assert "step 2 of 3" in text_of(client, "/tea/wait/")
    aside = text_of(client, ASIDE)
    assert "a side path" in aside
    assert f'rel="prev" href="{LAST}"' in aside
    assert ASIDE in text_of(client, LAST).split("<h1")[1]
    assert ASIDE not in text_of(client, FIRST).split("<h1")[1]


def test_next_and_back_are_links_that_htmx_can_follow_too(client, tea):
    page = text_of(client, "/tea/wait/")
    for rel, address in (("prev", FIRST), ("next", LAST)):
        link = re.search(f'<a [^>]*rel="{rel}"[^>]*>', page)[0]
        for attribute in (
            f'href="{address}"',
            f'hx-get="{address}fragment/"',
            'hx-target="#step"',
            f'hx-push-url="{address}"',
        ):
            assert attribute in link


@pytest.mark.parametrize(
    ("fragment", "page"),
    [
        (f"{FIRST}fragment/", FIRST),
        ("/tea/wait/fragment/", "/tea/wait/"),
        (f"{ASIDE}fragment/", ASIDE),
        *(
            (f"{FIRST}check/fragment/{query}", f"{FIRST}{query}")
            for query in ("", "?answer=a", "?answer=b", "?answer=z")
        ),
        *(
            (f"/tea/wait/growth/fragment/{query}", f"/tea/wait/{query}")
            for query in ("", "?time=before", "?time=2h", "?time=72h", "?time=2w", "?time=3d")
        ),
    ],
)
def test_a_fragment_is_its_part_of_the_page_to_the_byte(client, tea, fragment, page):
    response = client.get(fragment)
    part = re.sub(r"^<title>.*</title>\n", "", response.content.decode())
    assert part.strip() in text_of(client, page)
    assert response["X-Robots-Tag"] == "noindex"


def test_a_step_fragment_brings_the_title_of_its_page(client, tea):
    title = re.search("<title>.*</title>", text_of(client, FIRST))[0]
    assert text_of(client, f"{FIRST}fragment/").startswith(title)


def test_the_heading_can_take_the_focus(client, tea):
    assertContains(client.get(FIRST), '<h1 class="serif" tabindex="-1" data-focus>Pour it</h1>')


def test_an_answer_is_explained_and_kept_in_the_address(client, tea):
    answered = client.get(f"{FIRST}?answer=b")
    assertContains(answered, "Not quite: a")
    assertContains(answered, 'value="b" required checked')
    assertNotContains(client.get(FIRST), "Not quite")
    response = client.get(f"{FIRST}check/fragment/?answer=b")
    assert response["HX-Replace-Url"] == f"{FIRST}?answer=b"


@pytest.mark.parametrize("answer", ["c", "z", "", "right", "%22", "a_because", "é"])
def test_an_answer_that_is_not_offered_shows_the_question(client, tea, answer):
    for address in (FIRST, f"{FIRST}check/fragment/"):
        page = client.get(f"{address}?answer={answer}")
        assertContains(page, "What does it block?")
        assertContains(page, '<div id="check-because"></div>')


def test_a_moment_shows_who_measured_it_and_says_that_it_was_in_animals(client, tea):
    page = client.get("/tea/wait/?time=24h")
    assertContains(
        page, "24 hours after a dose: 13 spines beside 12 without it. In mice, not people."
    )
    assertNotContains(page, "Chance could explain")
    assertContains(page, "<td>mice given salt water</td>")
    assertContains(page, 'id="at-24h" href="/tea/wait/?time=24h"')


def test_a_range_that_holds_more_and_fewer_is_drawn_and_says_that_it_may_be_chance(client, tea):
    SpineChange.objects.filter(slug="day").update(percent_low=-4, percent_high=16)
    page = client.get("/tea/wait/?time=24h")
    assertContains(page, "Chance could explain the gap.")
    assertContains(page, 'aria-label="10 more spines for every 100 (from 4 fewer to 16 more)"')


def test_a_moment_that_nobody_measured_says_so_and_counts_nothing(client, tea):
    page = client.get("/tea/wait/?time=2w")
    assertContains(page, "2 weeks: not measured. No study here counted at this time.")
    assertContains(page, ">?</text>", count=2)


@pytest.mark.parametrize(
    ("asked", "shown"), [("3h", "2h"), ("1d", "24h"), ("4d", "72h"), ("9w", "2w"), ("x", "24h")]
)
def test_another_time_shows_the_nearest_moment(client, tea, asked, shown):
    page = text_of(client, f"/tea/wait/?time={asked}")
    assert re.search('<a id="at-([a-z0-9]+)"[^>]*aria-current="true"', page)[1] == shown


def test_counts_that_the_public_may_not_read_are_not_drawn(client, tea):
    SpineChange.objects.update(status=Status.DRAFT)
    assertNotContains(client.get("/tea/wait/"), "What studies in animals counted")
    assert client.get("/tea/wait/growth/fragment/").status_code == 404


def test_a_number_leads_to_the_step_with_that_number(client, tea):
    response = client.get("/tea/3/")
    assert (response.status_code, response["Location"]) == (302, LAST)


@pytest.mark.parametrize(
    "address",
    [
        *("/tea/4/", "/tea/0/", "/tea/999999999999/", "/tea/nothing/", "/tea/nothing/fragment/"),
        *("/coffee/", "/coffee/pour/", "/coffee/all/", "/tea/2/fragment/", "/tea/-1/"),
        *("/tea/wait/check/fragment/", "/tea/pour/growth/fragment/", "/tea/pour/other/fragment/"),
    ],
)
def test_what_is_not_there_is_404(client, tea, address):
    assert client.get(address).status_code == 404


def test_old_addresses_of_a_walkthrough_and_a_step_lead_to_the_new_ones(client, tea):
    step = tea.steps.get(slug="pour")
    step.slug = "first-pour"
    step.save()
    tea.slug = "making-tea"
    tea.save()
    assert client.get("/tea/pour/")["Location"] == "/making-tea/first-pour/"
    assert client.get("/tea/1/")["Location"] == "/making-tea/first-pour/"
    assert client.get("/making-tea/pour/")["Location"] == "/making-tea/first-pour/"
    moved = client.get("/making-tea/pour/check/fragment/")
    assert moved["Location"] == "/making-tea/first-pour/check/fragment/"


def test_a_withdrawn_walkthrough_is_gone_with_its_steps(client, tea):
    tea.withdraw(by=tea.published_by, reason="It was wrong.")
    for address in ("/tea/", "/tea/all/", FIRST, f"{FIRST}fragment/"):
        assertContains(client.get(address), "It was wrong.", status_code=410)


def test_more_detail_is_chosen_by_the_address(client, tea):
    assert 'value="plain" checked' in text_of(client, FIRST)
    assert 'value="more" checked' in text_of(client, f"{FIRST}?depth=more")
    assert 'value="more" checked' in text_of(client, "/tea/all/?depth=more")


def test_links_keep_more_detail_and_the_canonical_address_does_not(client, tea):
    for address in ("/tea/", "/tea/all/", FIRST, "/tea/wait/", LAST, ASIDE):
        page = text_of(client, f"{address}?depth=more")
        within = re.findall(r'<a (?![^>]*data-go-on)[^>]*href="(/tea/[^"]*)"', page)
        pages = [link for link in within if "/handout" not in link]
        assert pages
        assert [link for link in pages if not link.endswith("depth=more")] == []
        assert f'{address}"' in re.search('<link rel="canonical" href="[^"]*"', page)[0]
        assert "depth=more" not in text_of(client, address).replace('href="?depth=more"', "")
    assert client.get("/tea/2/?depth=more")["Location"] == "/tea/wait/?depth=more"
    assert 'name="depth" value="more"' in text_of(client, f"{FIRST}?depth=more&answer=a")


@pytest.mark.parametrize("depth", ["plain", "x", "%22%3E", "more%20"])
def test_another_depth_is_plain_and_not_kept(client, tea, depth):
    page = text_of(client, f"{FIRST}?depth={depth}")
    assert 'value="plain" checked' in page
    assert f'href="{FIRST.replace("pour", "wait")}"' in page


def test_it_is_in_the_sitemap_and_among_the_changes(client, tea):
    sitemap = text_of(client, "/sitemap.xml")
    assert all(f"{address}<" in sitemap for address in ("/tea/", FIRST, ASIDE))
    assertContains(client.get("/changes/"), "Making tea")


def test_a_search_finds_a_step(client, tea):

    psychoplastogens.search.index_cache.clear_index_cache()
    assertContains(client.get("/search/?q=drink it"), f'href="{LAST}"')


def test_a_source_lists_the_walkthrough_that_cites_it_even_in_a_check(client, tea):
    make_source(slug="only-there")
    check = tea.steps.get(slug="pour").checks.get()
    check.a_because = "Yes.[^only-there]"
    check.save()
    assertContains(client.get("/sources/only-there/"), 'href="/tea/"')


def test_a_word_in_a_step_puts_no_banner_before_it(client, tea):
    step = tea.steps.get(slug="pour")
    step.plain = "Thoughts of suicide."
    step.save()
    for address in (FIRST, f"{FIRST}fragment/"):
        page = text_of(client, address)
        assert 'class="crisis"' not in page


def test_pages_tell_machines_what_they_are(client, tea):
    page = text_of(client, FIRST)
    assert '"@type":"MedicalWebPage","name":"Pour it"' in page
    assert '"position":2,"name":"Pour it"' in page
