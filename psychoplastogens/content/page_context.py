"""Template contexts of pages, for the public views and for everything else that renders a page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise, zip_longest
from typing import Any

from psychoplastogens.content import schema_org
from psychoplastogens.content.models import (
    Compound,
    Condition,
    Decision,
    Explainer,
    Faq,
    Section,
    Translation,
)
from psychoplastogens.content.question_codes import choose_questions
from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.rendering.first_sentence import split_first_sentence
from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.editorial.version_cache import cache_for_version
from psychoplastogens.evidence.models import Finding

PageContext = dict[str, Any]


@cache_for_version(maxsize=4)
def list_compounds_by_standing() -> list[Compound]:
    """Every medicine, with where it stands."""
    return list(Compound.objects.published().for_standing_list())


@cache_for_version(maxsize=4)
def list_timed_explainers() -> list[Explainer]:
    """Every guide, with the minutes to read it."""
    return list(Explainer.objects.published().for_timed_list())


def get_compound_context(compound: Compound) -> PageContext:
    """Needs `with_statuses()`."""
    findings = get_findings_shown(compound, compound.prose_texts())
    statuses = [status for status in compound.statuses.all() if status.source.is_published]
    stands = compound.find_status_in(statuses)
    pictured = pair_benefits_with_harms(finding for finding in findings if finding.is_pictured)
    opening = [text for _, text in compound.lines]
    opening += [f"[^{stands.source.slug}]"] if stands else []
    opening += [f"[^{finding.source.slug}]" for finding in pictured]
    prose = ProseRenderer(
        [*opening, *compound.prose_texts()],
        findings,
        also=[status.source.slug for status in statuses],
    )
    return {
        "compound": compound,
        "prose": prose,
        "stands": stands,
        "pictured": pictured,
        "statuses": statuses,
        "has_numbers": compound.has_numbers,
        **_list_pages_beside_compound(compound),
        "structured": schema_org.describe_compound(compound, statuses),
    }


@cache_for_version(maxsize=64)
def _list_pages_beside_compound(compound: Compound) -> PageContext:
    return {
        "conditions": list(Condition.objects.published().treated_with(compound).for_links()),
        "faqs": list(Faq.objects.published().about_compound(compound).for_links()[:3]),
        "others": list(Compound.objects.published().exclude(pk=compound.pk).for_links()[:3]),
    }


def get_comparison_context(slugs: list[str]) -> PageContext:
    """The compounds with these slugs side by side, in this order."""
    found = Compound.objects.published().with_slugs(slugs).with_statuses().with_pictured()
    compared = sorted(found, key=lambda compound: slugs.index(compound.slug))
    columns = [_build_column(compound) for compound in compared]
    labels = dict(Compound.GLANCE)
    above, below = (
        [(labels[name], [getattr(compound, name) for compound in compared]) for name in names]
        for names in (Compound.COMPARED_ABOVE_NUMBERS, Compound.COMPARED_BELOW_NUMBERS)
    )
    findings = [finding for compound in compared for finding in compound.drawn]
    in_order = [f"[^{column['stands'].source.slug}]" for column in columns if column["stands"]]
    in_order += [text for _, texts in above for text in texts]
    in_order += [f"[^{finding.source.slug}]" for finding in findings]
    in_order += [text for _, texts in below for text in texts]
    return {
        "compared": compared,
        "names": ", ".join(compound.name for compound in compared),
        "columns": columns,
        "above": above,
        "below": below,
        "prose": ProseRenderer(in_order, findings),
    }


def _build_column(compound: Compound) -> dict[str, Any]:
    """Needs `with_statuses()` and `with_pictured()`."""
    statuses = [status for status in compound.statuses.all() if status.source.is_published]
    return {
        "compound": compound,
        "stands": compound.find_status_in(statuses),
        "benefits": [one for one in compound.drawn if one.kind == Finding.Kind.BENEFIT],
        "harms": [one for one in compound.drawn if one.kind == Finding.Kind.HARM],
    }


def get_findings_shown(record: Compound | Condition, texts: Iterable[str]) -> list[Finding]:
    """The published findings that are pictured on a page or named in its texts, in one query."""
    slugs = {slug for text in texts for slug in markdown.get_finding_slugs(text or "")}
    return _list_findings(record, frozenset(slugs))


@cache_for_version(maxsize=64)
def _list_findings(record: Compound | Condition, slugs: frozenset[str]) -> list[Finding]:
    return list(Finding.objects.published().for_figures().shown_on(record, slugs))


def pair_benefits_with_harms(findings: Iterable[Finding]) -> list[Finding]:
    """A benefit, a harm, a benefit, a harm: as they stand side by side."""
    sides: dict[str, list[Finding]] = {kind: [] for kind in Finding.Kind.values}
    for finding in findings:
        sides[finding.kind].append(finding)
    pairs = zip_longest(sides[Finding.Kind.BENEFIT], sides[Finding.Kind.HARM])
    return [finding for pair in pairs for finding in pair if finding]


def get_condition_context(condition: Condition) -> PageContext:
    """Needs `with_parts()`."""
    findings = get_findings_shown(condition, condition.texts_in_order())
    pictured = pair_benefits_with_harms(finding for finding in findings if finding.is_pictured)
    opening = condition.texts_before_numbers()
    opening += [f"[^{finding.source.slug}]" for finding in pictured]
    prose = ProseRenderer([*opening, *condition.texts_in_order()], findings)
    return {
        "condition": condition,
        "options": condition.options.all(),
        "evidence": condition.evidence.all(),
        "prose": prose,
        "pictured": pictured,
        "has_numbers": condition.has_numbers,
        "faqs": _list_faqs_about_condition(condition),
        "structured": schema_org.describe_condition(condition),
    }


@cache_for_version(maxsize=64)
def _list_faqs_about_condition(condition: Condition) -> list[Faq]:
    return list(Faq.objects.published().about_condition(condition).for_links()[:4])


def get_section_context(explainer: Explainer, section: Section, depth: str = "") -> PageContext:
    """`section` is one of `explainer.sections.all()`. Needs `with_sections()`."""
    sections = list(explainer.sections.all())
    place = sections.index(section)
    prose = ProseRenderer([section.plain, section.more], heading=2)
    return {
        "explainer": explainer,
        "sections": sections,
        "section": section,
        "number": place + 1,
        "previous": sections[place - 1] if place else None,
        "next": sections[place + 1] if place + 1 < len(sections) else None,
        "next_explainer": _get_next_explainer(explainer),
        "prose": prose,
        "depth": depth,
        "structured": schema_org.describe_section(explainer, section),
    }


@cache_for_version(maxsize=64)
def _get_next_explainer(explainer: Explainer) -> Explainer | None:
    return Explainer.objects.published().after(explainer)


def get_explainer_context(explainer: Explainer, depth: str = "") -> PageContext:
    """Needs `with_page_data()`."""
    sections = list(explainer.sections.all())
    for section, after in pairwise(sections):
        section.next_part = after
    texts = [explainer.key_points]
    texts += [t for moment in explainer.moments.all() for t in (moment.feels, moment.staff)]
    texts += [t for section in sections for t in (section.plain, section.more)]
    prose = ProseRenderer(texts)
    return {
        "explainer": explainer,
        "sections": sections,
        "next_explainer": _get_next_explainer(explainer),
        "prose": prose,
        "depth": depth,
        "structured": schema_org.describe_explainer(explainer),
    }


def get_decision_context(decision: Decision) -> PageContext:
    """Needs `with_page_data()`."""
    prose = ProseRenderer(decision.texts_in_order())
    return {
        "decision": decision,
        "options": decision.options.all(),
        "prose": prose,
        "structured": schema_org.describe_decision(decision),
    }


def get_faq_context(faq: Faq) -> PageContext:
    """Needs `with_topic()`."""
    prose = ProseRenderer([faq.answer, faq.do_now])
    first, rest = split_first_sentence(faq.answer)
    return {
        "faq": faq,
        "first": first,
        "rest": rest,
        "prose": prose,
        **_list_pages_beside_faq(faq),
        "structured": schema_org.describe_faq(faq),
    }


@cache_for_version(maxsize=256)
def _list_pages_beside_faq(faq: Faq) -> PageContext:
    return {
        "others": list(Faq.objects.published().next_on_topic(faq)[:2]),
        "compounds": list(Compound.objects.published().linked_to_faq(faq).for_links()),
        "conditions": list(Condition.objects.published().linked_to_faq(faq).for_links()),
    }


def get_translation_context(translation: Translation) -> PageContext:
    """Needs `with_page()`."""
    return {
        "translated": translation,
        "prose": ProseRenderer([translation.text], heading=2),
        "structured": schema_org.describe_translation(translation),
    }


def get_question_list_context(
    questions: Iterable[str] = (), about: Iterable[str] = ()
) -> PageContext:
    """The list of questions for a visit.

    `questions` holds slugs of FAQs, `about` those of compounds, conditions and decisions: with
    the code of one of their questions ("ketamine.3f2a"), or alone for all of them. Slugs may be
    former ones.
    """
    codes: dict[str, set[str]] = {}
    for place in about:
        slug, _, code = place.partition(".")
        codes.setdefault(slug, set()).add(code)
    subjects = [
        *Compound.objects.published().with_current_or_old_slugs(list(codes)),
        *Condition.objects.published().with_current_or_old_slugs(list(codes)),
        *Decision.objects.published().with_current_or_old_slugs(list(codes)),
    ]
    chosen = [(one, choose_questions(one.questions, codes.get(one.slug))) for one in subjects]
    return {
        "faqs": Faq.objects.published().with_topic().with_current_or_old_slugs(list(questions)),
        "subjects": [(subject, chosen) for subject, chosen in chosen if chosen],
    }
