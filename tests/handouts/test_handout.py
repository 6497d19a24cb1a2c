"""The whole text of a page as a PDF: what is in it, for whom, and who may not get into it."""

import io

import pikepdf
import pytest
from django.core.cache import caches

from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, Section
from psychoplastogens.editorial.models import Status
from psychoplastogens.short_links.models import ShortLink
from psychoplastogens.walkthrough.models import Walkthrough
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_reviewer,
    make_source,
    make_spine_change,
    make_term,
    make_user,
    make_walkthrough,
)
from tests.handouts import pdf_reader

pytestmark = pytest.mark.django_db
ADDRESSES = [
    "/compounds/ketamine/handout.pdf?length=full",
    "/conditions/depression/handout.pdf?length=full",
    "/explainers/the-day/handout.pdf?length=full",
    "/explainers/the-day/handout.pdf?section=morning",
    "/explainers/the-day/handout.pdf?section=morning&section=evening&depth=more",
    "/questions/does-it-work/handout.pdf?length=full",
    "/how-it-works/handout.pdf?length=full",
    "/how-it-works/handout.pdf?paper=a4&size=large&depth=more",
]
PROSE = """
### A heading

One **bold** word, a [link](https://example.org/far/away) and `code`.[^li-2010:animals][^katz-2021]

1. First, a [[synapse]]
2. Second

:::call-clinic Call if
- it hurts
:::

{{finding:halved}}

> Said so.
"""


@pytest.fixture(autouse=True)
def pages():
    caches["handouts"].clear()
    sources = [make_source(slug=slug, title=f"On {slug}") for slug in ("li-2010", "katz-2021")]
    finding = make_finding(slug="halved", source=sources[0])
    make_term(slug="synapse", meaning="Where two cells meet.[^katz-2021]")
    make_compound(
        pictured=[finding],
        statuses=[{"source": sources[1]}, {"country": "GB", "source": sources[0]}],
        slug="ketamine",
        what_it_is=PROSE,
        questions_to_ask="Why this one?",
    )
    make_condition(
        pictured=[finding],
        options=[{"good": "It is **free**.", "hard": PROSE}],
        evidence=[{"text": "Some.", "mixed": True}],
        slug="depression",
        choice="You choose.",
        what_matters="Sleep",
    )
    make_explainer(
        {"slug": "morning", "title": "The morning", "picture": "spot-bag", "plain": PROSE},
        {"slug": "evening", "title": "The evening", "plain": "Rest.", "more": "Rest more."},
        slug="the-day",
        title="The day of it",
        key_points="- Rest.",
    )
    make_faq(slug="does-it-work", answer=PROSE)
    growth = make_spine_change(source=sources[0])
    make_walkthrough(
        {"slug": "pour", "scene": "synapse-blocked", "seen_in_people": PROSE, "more": "More."},
        {"slug": "wait", "scene": "spines-new", "time": "24h", "growth": [growth]},
        {"slug": "aside", "side_path": True},
        slug="how-it-works",
    )


def handout(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_a_pdf_for_everybody(client, address):
    pdf = handout(client, address)
    assert pdf.startswith(b"%PDF-")
    assert pdf_reader.faults(pdf) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_has_dates_sources_help_and_a_code_that_opens_the_page(client, address):
    pdf = handout(client, address)
    words = pdf_reader.words(pdf)
    page = address.partition("handout")[0]
    if address.endswith("?section=morning"):
        page += "morning/"
    assert pdf_reader.first_page_codes(pdf) == [f"http://127.0.0.1:8000{page}"]
    assert "No clinician has reviewed this page yet." in words
    assert "Call or text 988" in words
    assert "On katz-2021" in words
    assert "{{" not in words
    assert "[^" not in words
    assert "[[" not in words


def test_the_check_of_these_files_finds_what_is_missing(client):
    pdf = pdf_reader.opened(handout(client, ADDRESSES[0]))
    del pdf.Root.Lang
    del next(found for tag, found in pdf_reader.elements(pdf) if tag == "Figure").Alt
    for tag, found in pdf_reader.elements(pdf):
        if tag in ("H2", "TH"):
            found.S = pikepdf.Name.P
    changed = io.BytesIO()
    pdf.save(changed)
    assert pdf_reader.faults(changed.getvalue()) == [
        "it names its language (7.2)",
        "no level of heading is left out (7.4.2)",
        "every figure is in words (7.3)",
        "every table has heads (7.5)",
    ]


def test_its_answer_is_for_machines_to_keep_and_not_to_list(client):
    response = client.get(ADDRESSES[0])
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="ketamine.pdf"'
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"].startswith("public, max-age=60")
    assert not response.cookies
    again = client.get(ADDRESSES[0], headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    head = client.head(ADDRESSES[0])
    assert head["Content-Length"] == str(len(response.content))


def test_it_goes_out_as_it_is_because_it_is_compressed_already(client):
    response = client.get(ADDRESSES[0], headers={"Accept-Encoding": "br, gzip"})
    assert not response.has_header("Content-Encoding")
    assert response.content.startswith(b"%PDF-")


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_same_content_gives_the_same_bytes(client, address):
    first = handout(client, address)
    caches["handouts"].clear()
    assert handout(client, address) == first


def test_another_content_gives_another_file(client):
    before = client.get(ADDRESSES[0])["ETag"]
    make_source(slug="unused")
    assert client.get(ADDRESSES[0])["ETag"] == before
    ketamine = Compound.objects.get()
    ketamine.what_it_is = "It is new."
    ketamine.save()
    assert client.get(ADDRESSES[0])["ETag"] != before


def test_the_sentence_the_picture_and_the_table_of_a_number_agree(client):
    pdf = handout(client, ADDRESSES[0])
    words = pdf_reader.words(pdf)
    assert "69 out of 100 people on the spray had their depression at least halved" in words
    assert "on the spray 69 of 100 70 of 101 people" in words
    assert "on a spray without the drug 52 of 100 52 of 100 people" in words
    told = pdf_reader.pictures_in_words(pdf_reader.opened(pdf))
    assert told.count("69 of 100 figures are filled in") == 2  # once in the text, once below it
    assert told.count("52 of 100 figures are filled in") == 2


def test_a_picture_of_a_step_is_told_in_words(client):
    pdf = pdf_reader.opened(handout(client, "/how-it-works/handout.pdf?length=full"))
    assert pdf_reader.pictures_in_words(pdf).count("A bare branch.") == 3


def test_it_says_who_reviewed_it_and_when(client):
    make_faq(
        slug="reviewed",
        reviewed_by=make_reviewer(),
        reviewed_at="2026-05-04",
        updated_on="2026-06-01",
        review_due="2026-11-01",
    )
    words = pdf_reader.words(handout(client, "/questions/reviewed/handout.pdf?length=full"))
    assert "Reviewed by Ada Moss, MD, psychiatrist, on 4 May 2026." in words
    assert "Updated 1 June 2026." in words
    assert "was due for a check in November 2026" in words
    assert "No clinician" not in words


@pytest.mark.parametrize(
    ("query", "width", "height"),
    [("", 612, 792), ("?paper=letter", 612, 792), ("?paper=a4", 595, 842), ("?paper=x", 612, 792)],
)
def test_it_fits_the_paper(client, query, width, height):
    pdf = handout(client, f"/questions/does-it-work/handout.pdf{query}")
    assert pdf_reader.size(pdf) == (width, height)


def test_where_letters_are_written_on_a4_so_are_handouts(client, settings):
    settings.CRISIS_COUNTRY = "GB"
    pdf = handout(client, "/questions/does-it-work/handout.pdf")
    assert pdf_reader.size(pdf) == (595, 842)
    assert "Samaritans" in pdf_reader.words(pdf)
    assert pdf_reader.opened(pdf).Root.Lang == "en-GB"


def test_large_print_takes_more_pages(client):
    normal = pdf_reader.opened(handout(client, ADDRESSES[0]))
    large = pdf_reader.opened(handout(client, f"{ADDRESSES[0]}&size=large"))
    assert len(large.pages) > len(normal.pages)


def test_chosen_sections_stand_alone_in_the_order_of_the_guide(client):
    words = pdf_reader.words(
        handout(client, "/explainers/the-day/handout.pdf?section=evening&section=morning")
    )
    assert words.index("The day of it") < words.index("The morning") < words.index("The evening")
    assert "In short" not in words
    one = pdf_reader.words(handout(client, "/explainers/the-day/handout.pdf?section=evening"))
    assert "The evening" in one
    assert "The morning" not in one
    assert "Rest more" not in one


def test_a_section_is_found_by_the_address_it_once_had(client):
    section = Section.objects.get(slug="evening")
    section.slug = "night"
    section.save()
    words = pdf_reader.words(handout(client, "/explainers/the-day/handout.pdf?section=evening"))
    assert "The evening" in words
    assert "The morning" not in words


def test_help_comes_first_where_the_words_call_for_it(client):
    make_faq(slug="dark", question="And thoughts of suicide?")
    dark = pdf_reader.words(handout(client, "/questions/dark/handout.pdf?length=full"))
    assert dark.count("just can’t cope?") == 1
    assert dark.index("just can’t cope?") < dark.index("For some people.")
    assert "just can’t cope?" not in pdf_reader.words(handout(client, ADDRESSES[5]))


def test_the_code_holds_the_short_link_where_there_is_one(client):
    faq = make_faq(slug="short")
    code = ShortLink.objects.get_or_create_for(faq).code
    pdf = handout(client, "/questions/short/handout.pdf")
    assert pdf_reader.first_page_codes(pdf) == [f"http://127.0.0.1:8000/s/{code}/"]
    assert f"127.0.0.1:8000/s/{code}" in pdf_reader.words(pdf)


def test_making_one_writes_nothing(client, django_assert_max_num_queries):
    before = ShortLink.objects.count()
    with django_assert_max_num_queries(15) as queries:
        handout(client, ADDRESSES[0])
    assert ShortLink.objects.count() == before
    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)


@pytest.mark.parametrize("address", [a.partition("?")[0] for a in ADDRESSES])
def test_a_draft_has_none(client, address):
    for model in (Compound, Condition, Explainer, Faq, Walkthrough):
        model.objects.update(status=Status.DRAFT)
    assert client.get(address).status_code == 404


def test_a_withdrawn_page_has_none_and_a_renamed_one_leads_there(client):
    make_faq(slug="wrong").withdraw(by=make_user(), reason="It was wrong.")
    gone = client.get("/questions/wrong/handout.pdf")
    assert gone.status_code == 410
    assert "It was wrong." in gone.content.decode()
    faq = make_faq(slug="before")
    faq.slug = "after"
    faq.save()
    for query in ("", "?paper=a4&size=large"):
        moved = client.get(f"/questions/before/handout.pdf{query}")
        assert moved.status_code == 301
        assert moved["Location"] == f"/questions/after/handout.pdf{query}"


def test_nothing_unpublished_leaves_a_trace(client):
    draft = {"status": Status.DRAFT}
    source = make_source(slug="secret", title="Marmot study", **draft)
    make_finding(slug="secret-number", name="Marmot number", source=source, **draft)
    make_term(slug="marmot", term="Marmot", meaning="Marmot meaning", **draft)
    growth = make_spine_change(study="Marmot 2020", source=source, **draft)
    make_walkthrough({"slug": "one", "growth": [growth]}, slug="marmots")
    make_compound(slug="other", statuses=[{"source": source, "text": "Marmot status"}])
    make_faq(
        slug="leaky",
        answer="Fine.[^secret] {{finding:secret-number|sentence}} [[marmot|So]]\n\n"
        "{{finding:secret-number}}",
    )
    for path in ("/questions/leaky/", "/compounds/other/", "/marmots/"):
        for length in ("short", "full"):
            pdf = handout(client, f"{path}handout.pdf?length={length}")
            assert "Marmot" not in pdf_reader.words(pdf), path


def test_a_request_can_put_no_words_on_it(client):
    address = "/compounds/ketamine/handout.pdf"
    response = client.get(f"{address}?phone=555-0199&clinic=Marmots&title=Marmots&paper=a4")
    assert response.status_code == 302
    assert response["Location"] == f"{address}?paper=a4"
    for parameter in ("paper", "size", "length"):
        pdf = handout(client, f"{address}?{parameter}=Marmots")
        assert b"Marmots" not in pdf
        assert "Marmots" not in pdf_reader.words(pdf)


def test_a_link_to_another_site_is_spelled_out_and_one_of_ours_is_not(client):
    make_faq(slug="linked", answer="See [that](https://example.org/far/) and [this](/glossary/).")
    words = pdf_reader.words(handout(client, "/questions/linked/handout.pdf"))
    assert "See that (example.org/far) and this." in words


def test_every_page_that_has_one_offers_it(client):
    offers = {
        "/compounds/ketamine/": "/compounds/ketamine/handout.pdf",
        "/conditions/depression/": "/conditions/depression/handout.pdf",
        "/explainers/the-day/": "/explainers/the-day/handout.pdf",
        "/explainers/the-day/all/": "/explainers/the-day/handout.pdf",
        "/explainers/the-day/evening/": "/explainers/the-day/handout.pdf?section=evening",
        "/questions/does-it-work/": "/questions/does-it-work/handout.pdf",
        "/how-it-works/": "/how-it-works/handout.pdf",
        "/how-it-works/all/": "/how-it-works/handout.pdf",
    }
    for page, address in offers.items():
        assert f'href="{address}"' in client.get(page).content.decode(), page
