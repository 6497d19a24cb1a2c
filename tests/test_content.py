"""The real content of fixtures/ against the rules of honest, plain patient texts."""

import re
import statistics
from functools import cache

import pytest

from psychoplastogens.content import prose, reading
from psychoplastogens.content.models import (
    Compound,
    Condition,
    ConditionEvidence,
    ConditionOption,
    Explainer,
    Faq,
    GlossaryTerm,
    Section,
)
from psychoplastogens.content.models.written import prose_fields
from psychoplastogens.evidence.models import Claim, Finding, Source
from psychoplastogens.walkthrough.models import Check, Step, Walkthrough

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]

WRITTEN = [Compound, Condition, ConditionOption, ConditionEvidence, Explainer, Section, Faq]
WRITTEN += [Walkthrough, Step, Check]
MUST_BE_CITED = [Compound, Condition, ConditionEvidence, ConditionOption, Explainer, Section]
MUST_BE_CITED += [Walkthrough, Step]
# What one can live with, and that nothing was seen in people, is no fact of a study
MAY_BE_BARE = re.compile(r"\.(living_with|seen_in_\w+)$")
# What to do, whom to ask: not facts of medicine
ADVICE = {"advice", "call-clinic", "emergency"}
CITES = re.compile(r"\[\^|\{\{finding:[a-z0-9-]+(\|sentence)?\}\}")
LIST_ITEM = re.compile(r"\s*(?:[-*]|\d+\.)\s")
NEVER = re.compile(
    r"\b(miracle|breakthrough|revolutionary|guaranteed?|rewir\w+|regrow\w*|game.changer|"
    r"suffer\w*|addicts?|abusers?|committed suicide|failed treatments?|non-compliant|"
    r"times more likely|relative risk|prevents suicide|anti-suicidal|proven|click here)\b",
    re.IGNORECASE,
)


def texts(models):
    """(where, text) of every prose text of the given models."""
    for model in models:
        for record in model.objects.all():
            for name in prose_fields(model):
                text = getattr(record, name)
                if text:
                    yield f"{model.__name__} {record}.{name}", text


def blocks(text):
    """(callout or '', block): paragraphs and whole lists, a list with the line that leads it in."""
    callout, found = "", []
    for chunk in re.split(r"\n{2,}|\n(?=:::)|(?<=:::)\n", text):
        for line_block in re.split(r"(?m)^(?=:::)|(?<=^:::)$", chunk):
            opening = re.match(r":::[ \t]*([\w-]+)[^\n]*\n?", line_block)
            if opening:
                callout, line_block = opening[1], line_block[opening.end() :]
            elif line_block.strip() == ":::":
                callout = ""
                continue
            body = line_block.replace(":::", "").strip()
            if body:
                found.append((callout, body))
            if line_block.rstrip().endswith(":::"):
                callout = ""
    return joined_lists(found)


def joined_lists(found):
    joined = []
    for callout, block in found:
        leads = joined and joined[-1][0] == callout
        if leads and LIST_ITEM.match(block) and re.search(r":$|^\s*[-\d]", joined[-1][1]):
            joined[-1] = (callout, f"{joined[-1][1]}\n{block}")
        else:
            joined.append((callout, block))
    return joined


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


def test_every_paragraph_of_fact_is_cited():
    bare = [
        f"{where}: {block[:80]}"
        for where, text in texts(MUST_BE_CITED)
        if not MAY_BE_BARE.search(where)
        for callout, block in blocks(text)
        if callout not in ADVICE and not block.startswith("#") and not CITES.search(block)
    ]
    assert bare == []


def test_how_it_may_work_always_says_in_whom_it_was_seen():
    silent = [
        compound.slug
        for compound in Compound.objects.published()
        if not re.search(
            r"\[\^[a-z0-9-]+:(people|animals|cells)\]|We found no study", compound.how_it_may_work
        )
    ]
    assert silent == []


def test_every_source_term_and_finding_that_is_named_is_published():
    shown = {
        "source": set(Source.objects.published().values_list("slug", flat=True)),
        "term": set(GlossaryTerm.objects.published().values_list("slug", flat=True)),
        "finding": set(Finding.objects.published().values_list("slug", flat=True)),
    }
    named = [
        (where, r)
        for where, text in texts([*WRITTEN, GlossaryTerm])
        for r in prose.references(text)
    ]
    assert len(named) > 1_000
    assert [(w, r) for w, r in named if r.slug not in shown[r.kind]] == []


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


def test_no_text_holds_a_word_of_hype_or_blame():
    everything = [*texts([*WRITTEN, GlossaryTerm])]
    everything += [(c.slug, c.why) for c in Claim.objects.all()]
    everything += [(c.slug, c.summary) for c in Compound.objects.all()]
    found = [
        f"{where}: {match[0]}"
        for where, text in everything
        for match in NEVER.finditer(reading.plain(text))
    ]
    assert found == []


def test_numbers_are_out_of_100_and_never_bare_shares():
    """Money shares and doses may be shares; counts of people may not."""
    allowed = re.compile(r"bill|cost|pay|price|Medicare|you then usually owe", re.IGNORECASE)
    found = []
    for where, text in texts(WRITTEN):
        for sentence in reading.sentences(reading.plain(text)):
            if re.search(r"\d ?%|\b1 in \d", sentence) and not allowed.search(sentence):
                found.append(f"{where}: {sentence}")
    assert found == []


def test_benefit_and_harm_are_pictured_in_equal_number():
    for model in (Compound, Condition):
        for record in model.objects.all():
            kinds = [finding.kind for finding in record.pictured.all()]
            assert kinds.count("benefit") == kinds.count("harm"), record


def test_every_page_says_what_is_not_known():
    for model in (Compound, Condition):
        assert not model.objects.filter(not_known="").exists()


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
