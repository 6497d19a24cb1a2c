"""One table of public addresses, with the real content, and what must hold for each of them."""

import re
from functools import cache
from pathlib import Path

import brotli
import pytest
from django.test import Client

from psychoplastogens.clinics.reading_lists import MAX_PAGES
from psychoplastogens.delivery.storage import minify_css
from psychoplastogens.handouts.pdf_rendering import MAX_CACHED_BYTES
from tests.clinics.listable_pages import list_listable_pages
from tests.handouts import pdf_reader
from tests.html_outline import find_faults, parse_outline

STATIC = Path(__file__).resolve().parent.parent / "static"
FIRST_ROUND_TRIP = 14_600
LONG_LIST = 30_000
NEXT_STEP = 6_000

# The guides for a first visit, the walkthrough and the questions for the visit.
READING_LIST = "7kdc7t4vc64dvctwxwnh4vcw"
PAGES = [
    "/",
    "/help/",
    "/explainers/",
    "/how-ketamine-works/",
    "/how-ketamine-works/chain/",
    "/how-ketamine-works/chain/?without=mtor",
    "/how-ketamine-works/chain/?without=ampa&lens=people",
    "/how-ketamine-works/chain/?lens=people",
    "/how-ketamine-works/clock/",
    "/how-ketamine-works/clock/?at=10m",
    "/how-ketamine-works/clock/?at=7d",
    "/how-ketamine-works/say-it-back/",
    "/how-ketamine-works/say-it-back/?order=brake.nmda.burst.ampa.bdnf.trkb.mtor.spines",
    "/compounds/",
    "/compounds/compare/",
    "/compounds/compare/?c=ketamine&c=esketamine&c=psilocybin",
    "/compounds/ketamine/",
    "/compounds/esketamine/",
    "/compounds/psilocybin/",
    "/compounds/lsd/",
    "/compounds/mdma/",
    "/compounds/arketamine/",
    "/compounds/dmt/",
    "/compounds/5-meo-dmt/",
    "/compounds/ibogaine/",
    "/compounds/noribogaine/",
    "/compounds/scopolamine/",
    "/compounds/dextromethorphan-bupropion/",
    "/compounds/zalsupindole/",
    "/compounds/tabernanthalog/",
    "/compounds/2-bromo-lsd/",
    "/compounds/lisuride/",
    "/compounds/rapastinel/",
    "/compounds/esketamine/numbers/",
    "/compounds/lisuride/numbers/",
    "/conditions/",
    "/conditions/major-depressive-disorder/",
    "/conditions/treatment-resistant-depression/",
    "/conditions/ptsd/",
    "/conditions/alcohol-use-disorder/",
    "/conditions/substance-use-disorders/",
    "/conditions/generalized-anxiety-disorder/",
    "/conditions/social-anxiety-disorder/",
    "/conditions/ocd/",
    "/conditions/bipolar-depression/",
    "/conditions/suicidal-thoughts/",
    "/conditions/ptsd/numbers/",
    "/ask/",
    "/ask/?about=ketamine",
    "/glossary/synapse/",
    "/sources/li-2010/",
    "/sources/katz-2021/",
    "/about/",
    "/about/review/",
    "/privacy/",
    "/accessibility/",
    "/changes/",
    "/search/",
    "/search/?q=driving",
    "/search/?q=qqqqzzzz",
    "/for-clinics/",
    f"/list/{READING_LIST}/",
    f"/list/{READING_LIST}/hand-out/",
    f"/list/{READING_LIST}/hand-out/poster/",
    f"/list/{READING_LIST}/handout/clinic/",
    "/explainers/the-day-of-your-treatment/handout/clinic/?section=going-home",
]
GUIDES = [
    "/explainers/what-psychoplastogens-are/",
    "/explainers/psychoplastogens-and-psychedelics/",
    "/explainers/is-it-for-me/",
    "/explainers/before-your-first-visit/",
    "/explainers/the-day-of-your-treatment/",
    "/explainers/after-treatment/",
    "/explainers/safety-and-side-effects/",
    "/explainers/what-research-shows/",
    "/explainers/for-families/",
]
LONG_LISTS = [
    *GUIDES,
    f"/clinics/?list={READING_LIST}",
    "/how-ketamine-works/all/",
    "/decide/ketamine-for-depression/",
    "/questions/",
    "/glossary/",
    "/claims/",
    "/sources/",
    "/sources/?page=2",
    "/connect/",
    "/connect/?system=rxnorm&code=6130&subtopic=side-effects",
]
# What a clinic hands out tells a lock screen nothing, so its titles are not told apart.
HANDED_OUT = ["/c/oakside/", "/c/oakside/before/", "/c/oakside/before/4/", "/s/"]
FRAGMENTS = [
    f"/clinics/fragment/?list={READING_LIST}",
    "/questions/fragment/",
    "/glossary/synapse/fragment/",
    "/claims/fragment/",
    "/connect/fragment/?system=icd-10-cm&code=F33.2",
    "/how-ketamine-works/new-spines/fragment/",
    "/how-ketamine-works/chain/fragment/?lens=people",
    "/how-ketamine-works/chain/fragment/?without=nmda&lens=people",
    "/how-ketamine-works/clock/fragment/?at=40m",
    "/how-ketamine-works/new-spines/growth/fragment/?time=24h",
    "/how-ketamine-works/new-spines/guess/fragment/?guess=25",
    "/how-ketamine-works/say-it-back/fragment/?order=nmda",
    "/how-ketamine-works/say-it-back/fragment/?order=brake.nmda.burst.ampa.bdnf.trkb.mtor.spines",
    "/how-ketamine-works/letting-go-of-a-brake/picture/fragment/?state=off",
    "/how-ketamine-works/stress-and-lost-connections/check/fragment/?answer=b",
]
FOR_MACHINES = [
    *("/changes/feed/", "/sitemap.xml", "/robots.txt", "/healthz", "/readyz"),
    "/oembed/?url=http://127.0.0.1:8000/how-ketamine-works/&maxwidth=300",
]
HANDOUTS = [
    "/compounds/esketamine/handout.pdf",
    "/compounds/esketamine/handout.pdf?length=full",
    "/conditions/suicidal-thoughts/handout.pdf?size=large",
    "/explainers/the-day-of-your-treatment/handout.pdf?depth=more",
    "/how-ketamine-works/handout.pdf?paper=a4",
    "/c/oakside/before/handout.pdf?length=each",
    "/c/oakside/before/handout.pdf?length=full",
    f"/list/{READING_LIST}/handout.pdf?length=full&size=large",
]
FULL_PAGES = [*PAGES, *LONG_LISTS, *HANDED_OUT]
EVERYTHING = [*FULL_PAGES, *FRAGMENTS, *FOR_MACHINES, *HANDOUTS]

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]


@pytest.fixture(scope="module")
def answer():
    """answer(address): what a reader is sent. Each address is asked for once for all tests."""
    return cache(Client().get)


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize("address", EVERYTHING)
def test_it_answers_without_cookie_for_everybody_alike(client, answer, address):
    response = answer(address)
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "max-age=" in response["Cache-Control"]
    assert client.get(address, headers={"HX-Request": "true"}).content == response.content


@pytest.mark.parametrize("address", EVERYTHING)
def test_head_is_get_without_its_body(client, answer, address):
    got, head = answer(address), client.head(address)
    assert head.status_code == got.status_code
    assert dict(head.headers) == dict(got.headers)
    assert head.content == b""


@pytest.mark.parametrize("address", FULL_PAGES)
def test_its_html_is_sound(answer, address):
    assert find_faults(text_of(answer(address))) == []


@pytest.mark.parametrize("address", FULL_PAGES)
def test_help_is_in_the_same_place(answer, address):
    html = text_of(answer(address))
    assert html.index('popovertarget="help"') < html.index("<main")
    assert 'href="tel:988"' in html[html.index("<footer") :]


@pytest.mark.parametrize("address", FULL_PAGES)
def test_help_now_is_in_the_header_of_every_page(answer, address):
    html = text_of(answer(address))
    header = html[html.index("<header") : html.index("</header>")]
    assert "Help now" in header
    assert 'id="help"' in html
    assert 'href="tel:988"' in html[html.index('id="help"') :]


def test_every_title_and_description_is_its_own(answer):
    own = [address for address in (*PAGES, *LONG_LISTS) if "?" not in address]
    pages = {address: text_of(answer(address)) for address in own}
    titles = [re.search(r"<title>(.*?)</title>", html)[1] for html in pages.values()]
    assert len(set(titles)) == len(titles)
    for address, html in pages.items():
        assert 30 <= len(re.search(r'name="description" content="(.*?)"', html)[1]) <= 200, address


def stylesheets(html):
    return [
        STATIC / name
        for name in re.findall(r'href="/static/([\w/]+\.css)"(?! media="print")', html)
    ]


def weight(html):
    """Bytes of a page and its styles, compressed as they are served."""
    styles = [minify_css(path.read_text()) for path in stylesheets(html)]
    return sum(len(brotli.compress(text.encode())) for text in [html, *styles])


@pytest.mark.parametrize("address", [*PAGES, *HANDED_OUT])
def test_a_page_fits_into_the_first_round_trip(answer, address):
    assert weight(text_of(answer(address))) <= FIRST_ROUND_TRIP


@pytest.mark.parametrize("address", GUIDES)
def test_what_a_guide_says_in_short_fits_into_the_first_round_trip(answer, address):
    page = text_of(answer(address))
    assert weight(page[: page.index("</summary>", page.index('id="parts"'))]) <= FIRST_ROUND_TRIP


def test_a_section_fits_into_the_first_round_trip_and_a_whole_guide_into_a_second(answer):
    from psychoplastogens.content.models import Explainer

    for explainer in Explainer.objects.published().with_sections():
        path = explainer.get_absolute_url()
        assert weight(text_of(answer(f"{path}all/"))) <= LONG_LIST, path
        for section in explainer.sections.all():
            page = text_of(answer(f"{path}{section.slug}/"))
            assert weight(page) <= FIRST_ROUND_TRIP, section
            assert find_faults(page) == [], section


def test_a_step_fits_into_the_first_round_trip_and_the_way_to_the_next_is_shorter_still(answer):
    """A step is weighed without its drawing: that may come after the words."""
    from psychoplastogens.walkthrough.models import Step

    for step in Step.objects.select_related("walkthrough"):
        path = step.get_absolute_url()
        page = text_of(answer(path))
        assert weight(re.sub(r'<svg viewBox="0 0 360.*?</svg>', "", page, flags=re.DOTALL)) <= (
            FIRST_ROUND_TRIP
        ), step
        assert find_faults(page) == [], step
        fragment = answer(f"{path}fragment/").content
        assert len(brotli.compress(fragment)) <= NEXT_STEP, step


def test_the_drawings_of_all_steps_weigh_at_most_40_kilobytes(answer):
    page = text_of(answer("/how-ketamine-works/all/"))
    drawings = re.findall(r'<svg viewBox="0 0 360.*?</svg>', page, flags=re.DOTALL)
    assert len(drawings) >= 8
    kept = brotli.compress((STATIC / "scenes.svg").read_bytes())
    assert len(kept) + len(brotli.compress("".join(drawings).encode())) <= 40_000


@pytest.mark.parametrize("address", LONG_LISTS)
def test_a_long_list_stays_within_its_weight(answer, address):
    assert weight(text_of(answer(address))) <= LONG_LIST


def test_all_scripts_together_weigh_at_most_25_kilobytes(answer):
    from django.contrib.staticfiles import finders

    html = text_of(answer("/how-ketamine-works/new-spines/"))
    scripts = re.findall(r'<script[^>]* src="/static/([^"]+)"', html)
    assert len(scripts) == 5
    weights = [len(brotli.compress(Path(finders.find(name)).read_bytes())) for name in scripts]
    assert sum(weights) <= 25_000


def test_every_internal_link_leads_somewhere(answer):
    """From every page in the table, one step along each link, each page once."""
    seen, broken = set(), []
    for address in FULL_PAGES:
        for link in parse_outline(text_of(answer(address))).links:
            path, _, anchor = link.partition("#")
            if not path.startswith("/") or (path, anchor) in seen:
                continue
            seen.add((path, anchor))
            response = answer(path.replace("&amp;", "&"))
            if response.status_code != 200:
                broken.append(f"{address} -> {link}: {response.status_code}")
            elif anchor and f'id="{anchor}"' not in text_of(response):
                broken.append(f"{address} -> {link}: no such place on the page")
    assert not broken
    assert len(seen) > 400


@pytest.mark.parametrize("address", HANDOUTS)
def test_a_handout_is_sound_and_light_enough_for_a_mail(answer, address):
    pdf = answer(address).content
    assert pdf_reader.faults(pdf) == []
    assert len(pdf) <= 1_500_000


def test_the_longest_list_that_there_can_be_is_printed_within_its_bounds(answer):
    """The heaviest pages, as many as a list holds, in large print."""
    kinds = ("walkthrough", "explainer", "compound")
    heavy = [page.code for page in list_listable_pages() if page.kind in kinds][:MAX_PAGES]
    pdf = answer(f"/list/{''.join(heavy)}/handout.pdf?length=full&size=large").content
    assert pdf_reader.faults(pdf) == []
    assert len(pdf) <= MAX_CACHED_BYTES


def test_every_record_has_a_page_that_answers(answer):
    """The sitemap names every page; each of them answers, is sound and says when it was checked."""
    paths = re.findall(r"<loc>http://[^/]+(/[^<]*)</loc>", text_of(answer("/sitemap.xml")))
    assert len(paths) > 550
    for path in paths:
        response = answer(path)
        assert response.status_code == 200, path
        if re.match(r"/(compounds|conditions|questions|glossary|explainers)/[^/]+/", path):
            assert "Not yet reviewed by a clinician." in text_of(response), path
