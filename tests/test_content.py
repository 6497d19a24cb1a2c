"""The real content of fixtures/ against the rules of honest, plain patient texts."""

import re
import statistics
from datetime import date
from functools import cache

import pytest

from psychoplastogens.content import prose, reading
from psychoplastogens.content.checks.page import Page
from psychoplastogens.content.models import (
    Compound,
    CompoundStatus,
    Condition,
    ConditionEvidence,
    ConditionOption,
    Explainer,
    Faq,
    GlossaryTerm,
    Section,
)
from psychoplastogens.content.models.written import prose_fields
from psychoplastogens.delivery.crisis import COUNTRIES
from psychoplastogens.editorial import starter
from psychoplastogens.editorial.checks import Severity, problems_of
from psychoplastogens.evidence.models import Claim, Finding, Source
from psychoplastogens.walkthrough.models import Check, Step, Walkthrough

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]

WRITTEN = [Compound, Condition, ConditionOption, ConditionEvidence, Explainer, Section, Faq]
WRITTEN += [Walkthrough, Step, Check]
PAGES = [Compound, Condition, Explainer, Faq, GlossaryTerm, Walkthrough]
TODAY = date(2026, 11, 28)  # the day of the starter content


def texts(models):
    """(where, text) of every prose text of the given models."""
    for model in models:
        for record in model.objects.all():
            for name in prose_fields(model):
                text = getattr(record, name)
                if text:
                    yield f"{model.__name__} {record}.{name}", text


@cache
def glossary_words():
    words = set()
    for term in GlossaryTerm.objects.all():
        words |= {term.term.lower(), *(synonym.lower() for synonym in term.synonyms)}
    return frozenset(words)


def grades(models):
    for where, text in texts(models):
        if len(reading.plain(text).split()) >= 12:
            yield reading.grade(text, glossary_words()), where


def test_it_is_no_thinner_than_promised():
    assert Compound.objects.published().count() >= 16
    assert Condition.objects.published().count() >= 10
    assert Explainer.objects.published().count() >= 8
    assert Section.objects.count() >= 35
    assert Faq.objects.published().count() >= 45
    assert GlossaryTerm.objects.published().count() >= 100
    assert Finding.objects.published().count() >= 80
    assert Claim.objects.published().count() == 75
    assert Step.objects.filter(side_path=False).count() == 8
    assert Step.objects.filter(growth__isnull=False).exists()


def test_no_record_has_an_error_and_few_have_a_warning(monkeypatch):
    """Cited, published, plain, fair: the rules are in the rooms' checks.py."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
    found = [
        (problem.severity, record.slug, problem)
        for kind in starter.kinds()
        for record in kind.objects.all()
        for problem in problems_of(record)
    ]
    assert [one for one in found if one[0] == Severity.ERROR] == []
    elsewhere = [one for one in found if "Take the number from" in one[2].message]
    assert len(found) - len(elsewhere) <= 30


NUMBERS_FROM_ELSEWHERE = {
    "jnj-2025": "The paper's abstract, all that could be read of it, does not give the counts.",
    "nyu-psilocybin-aud": "The paper's abstract does not give who had stopped drinking.",
    "goodwin-2022-news": "The paper's abstract does not give the counts.",
    "mims-mm120-2025": "The paper's abstract, as far as it could be read, stops before the counts.",
    "mapp2-summary-2023": "The paper's abstract gives scores, not who no longer had PTSD.",
    "spravato-hcp-safety": "Five rows of the label's table stand on a page that could not be read.",
}
"""Sources that are no paper, label or register and carry a number, each with the reason."""


def test_numbers_come_from_papers_labels_and_registers_but_for_a_named_few():
    elsewhere = Source.objects.exclude(kind__in=["article", "label", "registry"])
    carrying = elsewhere.filter(findings__isnull=False)
    assert set(carrying.values_list("slug", flat=True)) == set(NUMBERS_FROM_ELSEWHERE)
    assert Finding.objects.filter(source__in=elsewhere).count() <= 13


def test_a_status_typed_by_hand_has_the_month_of_its_record():
    """In lines that hold no marks: summaries, notes of numbers and lists."""
    told = CompoundStatus.objects.to_tell(Compound.objects.values("slug"))
    lines = [(c, c.summary) for c in Compound.objects.all()]
    lines += [(c, c.standing_note) for c in Compound.objects.all()]
    lines += [
        (compound, finding.note)
        for finding in Finding.objects.all()
        for compound in Compound.objects.all()
        if finding.note.find(f"{compound.name} was not FDA approved as of") >= 0
    ]
    said = [
        (compound.slug, month, told[compound.slug].words)
        for compound, text in lines
        for month in re.findall(r"not FDA approved as of (\w+ \d{4})", text, re.IGNORECASE)
    ]
    assert len(said) > 10
    assert [one for one in said if not one[2].endswith(one[1])] == []


def test_the_checks_read_all_there_is():
    """What they find nothing wrong with, they have looked at."""
    pages = [Page(record) for kind in PAGES for record in kind.objects.all()]
    assert sum(len(page.prose) for page in pages) >= 800
    assert sum(len(p.references) for page in pages for p in page.prose) > 1_000
    assert not any(page.too_long for page in pages)


def test_how_it_may_work_always_says_in_whom_it_was_seen():
    silent = [
        compound.slug
        for compound in Compound.objects.published()
        if not re.search(
            r"\[\^[a-z0-9-]+:(people|animals|cells)\]|We found no study", compound.how_it_may_work
        )
    ]
    assert silent == []


def test_a_badge_never_says_more_than_its_source():
    """Where a source is known to have looked at one subject, no text claims another for it."""
    subjects = dict(Source.objects.exclude(subject="none").values_list("slug", "subject"))
    wrong = [
        f"{where}: {slug} looked at {subjects[slug]}, not {seen}"
        for where, text in texts([*WRITTEN, GlossaryTerm])
        for slug, seen in re.findall(r"\[\^([a-z0-9-]+):(people|animals|cells)\]", text)
        if subjects.get(slug, seen) != seen
    ]
    assert wrong == []


def test_patient_texts_read_at_grade_7_and_none_above_9():
    found = sorted(grades([*WRITTEN, GlossaryTerm]))
    assert statistics.median(grade for grade, _ in found) <= 7
    assert [pair for pair in found if pair[0] > 9] == []


def test_why_a_claim_holds_or_not_reads_at_grade_9_at_most():
    words = glossary_words()
    hard = [c.slug for c in Claim.objects.all() if reading.grade(c.why, words) > 9]
    assert hard == []


def test_no_page_names_where_the_claims_were_found():
    everything = [(c.slug, f"{c.text} {c.why}") for c in Claim.objects.all()]
    everything += [(s.slug, f"{s.title} {s.publisher} {s.supports}") for s in Source.objects.all()]
    everything += [*texts([*WRITTEN, GlossaryTerm])]
    forbidden = re.compile(r"new pathways|popular article|article [AB]\b|dossier", re.IGNORECASE)
    assert [where for where, text in everything if forbidden.search(text)] == []


def test_what_was_not_read_is_marked_and_rarely_cited():
    from_knowledge = set(
        Source.objects.filter(verified=Source.Verified.FROM_KNOWLEDGE).values_list(
            "slug", flat=True
        )
    )
    cited = [
        (where, r.slug)
        for where, text in texts(WRITTEN)
        for r in prose.references(text)
        if r.kind == "source" and r.slug in from_knowledge
    ]
    assert len(cited) <= 25


def test_starter_content_claims_no_review():
    for model in (Compound, Condition, Explainer, Faq, GlossaryTerm, Finding, Claim, Source):
        assert not model.objects.filter(reviewed_at__isnull=False).exists()


def test_every_record_is_due_for_a_check_within_a_year_or_so():
    for model in (Compound, Condition, Explainer, Faq):
        for record in model.objects.all():
            assert record.review_due, record
            assert (record.review_due - record.written_on).days <= 366


def test_every_number_of_crisis_help_can_be_tapped_and_names_its_source(client):
    """Spaces in a number are for the eye; where a number is written, a link dials it."""
    html = client.get("/help/").text
    for line in (line for country in COUNTRIES.values() for line in country.lines):
        assert f"/sources/{line.source}/" in html, line.source
        for number in re.findall(r"\d[\d -]{6,}\d", f"{line.action} {line.about}"):
            digits = re.sub(r"\D", "", number)
            assert re.search(rf'href="(?:tel|sms):{digits}"', html), number
