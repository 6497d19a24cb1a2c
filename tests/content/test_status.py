"""`{{status:slug}}`: one dated record says where a compound stands, wherever a text says it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import STATUS_UNAVAILABLE, Compound, CompoundStatus, Standing
from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.content.rendering.published_references import PublishedReferences
from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.references import find_text_references
from psychoplastogens.handouts.typst_data import TypstRenderer
from psychoplastogens.infobutton.plain_prose import render_plain_prose
from tests.check_helpers import get_problems
from tests.factories import make_compound, make_condition, make_faq, make_finding, make_source

pytestmark = pytest.mark.django_db

TOLD = "It is {{status:moss}}."
WORDS = "not FDA approved as of April 2026"


def make_moss(standing="trials", source=None, **fields):
    source = source or make_source(slug="register-2026")
    row = {"standing": standing, "as_of": "2026-04-24", "source": source}
    return make_compound(
        slug="moss",
        name="Moss",
        standing=standing,
        standing_as_of="2026-04-24",
        statuses=[row],
        **fields,
    )


def test_pages_feeds_and_handouts_say_the_same_with_the_date():
    make_moss()
    page = ProseRenderer([TOLD])
    assert f"It is {WORDS}<sup>" in page.render(TOLD)
    assert [source.slug for source in page.sources] == ["register-2026"]
    references = PublishedReferences([TOLD])
    plain = render_plain_prose(TOLD, references)
    assert plain.html == f"<p>It is {WORDS}.</p>"
    assert [source.slug for source in plain.sources] == ["register-2026"]
    [block] = TypstRenderer(references, 2).render_text(TOLD)
    assert block["of"][:2] == ["It is ", WORDS]
    assert block["of"][2]["kind"] == "cite"


@pytest.mark.parametrize("standing", Standing.values)
def test_every_standing_says_its_month(standing):
    status = CompoundStatus(standing=standing, as_of=date(2026, 4, 24))
    assert status.words.endswith("as of April 2026")
    assert status.words.startswith("not FDA approved") == (standing != Standing.APPROVED)


def test_the_status_follows_the_record():
    compound = make_moss()
    row = compound.statuses.get()
    compound.standing, compound.standing_as_of = "approved", date(2027, 2, 1)
    compound.save()
    row.standing, row.as_of = "approved", date(2027, 2, 1)
    row.save()
    assert "It is FDA approved as of February 2027" in ProseRenderer([TOLD]).render(TOLD)


def test_rows_of_other_countries_and_other_days_do_not_speak():
    compound = make_moss()
    for country, as_of in (("AU", "2026-04-24"), ("US", "2026-06-01")):
        CompoundStatus.objects.create(
            compound=compound,
            country=country,
            standing="trials",
            as_of=as_of,
            source=make_source(slug=f"{country}-{as_of}".lower()),
        )
    assert [source.slug for source in ProseRenderer([TOLD]).sources] == ["register-2026"]


@pytest.mark.parametrize("hidden", ["compound", "source"])
def test_what_readers_may_not_read_is_not_told_and_the_sentence_stays_whole(hidden):
    compound = make_moss(source=make_source(slug="register-2026", published=hidden != "source"))
    if hidden == "compound":
        Compound.objects.filter(pk=compound.pk).update(status=Status.DRAFT)
    whole = f"It is {STATUS_UNAVAILABLE}."
    page = ProseRenderer([TOLD])
    assert page.render(TOLD).strip() == f"<p>{whole}</p>"
    references = PublishedReferences([TOLD])
    plain = render_plain_prose(TOLD, references)
    assert (plain.html, plain.sources) == (f"<p>{whole}</p>", ())
    [block] = TypstRenderer(references, 2).render_text(TOLD)
    assert "".join(block["of"]) == whole
    [problem] = get_problems(make_faq(answer=TOLD), CheckRule.CITED)
    assert (problem.severity, problem.excerpt) == ("error", "moss")
    assert STATUS_UNAVAILABLE in problem.message


@pytest.mark.parametrize("text", ["Moss is {{status:moss}}, and green.", "{{status:moss}}"])
def test_a_withdrawal_that_is_forced_leaves_no_sentence_with_a_hole(text):
    compound = make_moss()
    Compound.objects.filter(pk=compound.pk).update(status=Status.WITHDRAWN)
    expected = text.replace("{{status:moss}}", STATUS_UNAVAILABLE)
    assert ProseRenderer([text]).render(text).strip() == f"<p>{expected}</p>"


def test_a_status_of_nothing_is_refused_with_its_line():
    faq = make_faq()
    faq.answer = "A.\n\nB {{status:nothing}}."
    with pytest.raises(ValidationError, match="Line 3: there is no compound “nothing”"):
        faq.full_clean()
    faq.answer = "{{status:moss|big}}"
    with pytest.raises(
        ValidationError, match="is not written as a source, term, part, finding or status"
    ):
        faq.full_clean()


def test_where_it_is_used_is_known():
    source = make_source(slug="register-2026")
    compound = make_moss(source=source)
    faq = make_faq(answer=TOLD)
    make_faq(answer="Moss is green, says {{status:other}}.")
    assert find_text_references(compound) == [faq]


def test_the_page_of_its_source_names_the_texts_that_tell_it(client):
    source = make_source(slug="register-2026")
    make_moss(source=source)
    faq = make_faq(question="Is moss on sale?", answer=TOLD)
    assertContains(client.get(source.get_absolute_url()), faq.question)


UNDATED = [
    "It is not approved.",
    "Moss is not FDA approved.",
    "It is not an approved medicine.",
    "Neither moss nor fern is FDA approved.",
    "The FDA has not approved it.",
    "No approved use.",
    "There is no approved medicine for this.",
    "Moss has been approved.",
    "Moss hasn't yet been approved for anyone.",
    "It isn’t approved for children.",
    "An unapproved drug.",
    "No moss has ever been approved by the FDA.",
]
DATED = [
    TOLD,
    "It was not FDA approved as of April 2026.",
    "As of 2019, no medicine was FDA approved for this.",
    "It has been approved since March 2019.",
    "Federal law allows it only in approved research.",
    "Do not take it outside an approved study.",
    "It is legal only in an approved trial, not outside.",
    "Off-label means that the FDA has not approved a medicine for that use.",
    "Ketamine is FDA approved as an anesthetic.",
    "That tag is not an approval.",
]


@pytest.mark.parametrize("text", UNDATED)
def test_an_undated_approval_by_hand_stops_the_approval(text):
    make_moss()
    problems = get_problems(make_faq(answer=text), CheckRule.DATES)
    assert [p.severity for p in problems if "status:slug" in p.message] == ["error"]


@pytest.mark.parametrize("text", DATED)
def test_a_dated_one_and_other_words_pass(text):
    make_moss()
    assert not [
        p
        for p in get_problems(make_faq(answer=text), CheckRule.DATES)
        if "status:slug" in p.message
    ]


def test_numbers_and_options_are_looked_at_too():
    finding = make_finding(note="Moss is not FDA approved.")
    condition = make_condition(options=[{"hard": "It is not approved."}])
    for record in (finding, condition):
        assert [p for p in get_problems(record, CheckRule.DATES) if "status:slug" in p.message]


def test_lists_may_not_say_other_than_the_row():
    compound = make_moss()
    assert not [p for p in get_problems(compound, CheckRule.DATES) if p.field == "standing_as_of"]
    compound.standing_as_of = "2026-05-01"
    compound.save()
    [problem] = [p for p in get_problems(compound, CheckRule.DATES) if p.field == "standing_as_of"]
    assert problem.severity == "error"


def test_numbers_stand_under_the_legal_status(client):
    make_moss(standing_note="The FDA declined it.", findings=[make_finding()])
    page = client.get("/compounds/moss/numbers/")
    assertContains(page, "The FDA declined it.")
    assertContains(page, "As of April 2026.")
    assertContains(page, "register-2026")
    other = make_condition(findings=[make_finding()])
    assertNotContains(client.get(f"{other.get_absolute_url()}numbers/"), "As of")


@pytest.mark.parametrize("address", ["/", "/compounds/", "/compounds/compare/?c=moss"])
def test_lists_date_what_they_say(client, address):
    make_moss(standing_note="In studies.")
    assertContains(client.get(address), "April 2026")
