"""What a page shows, by the names that its template uses.

The pages themselves show it, and so does whatever shows a page in another frame: each record in
one template, from one function.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psychoplastogens.content import structured
from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, Section, Topic
from psychoplastogens.content.pages import Prose
from psychoplastogens.evidence.models import Finding

Shown = dict[str, Any]


def compound_detail(compound: Compound) -> Shown:
    """Needs `with_statuses()`."""
    pictured = list(Finding.objects.published().with_source().pictured_on(compound))
    statuses = [status for status in compound.statuses.all() if status.source.is_published]
    prose = Prose(
        compound.prose_texts(), pictured, also=[status.source.slug for status in statuses]
    )
    return {
        "compound": compound,
        "prose": prose,
        "pictured": pictured,
        "statuses": statuses,
        "has_numbers": Finding.objects.published().of(compound).exists(),
        "conditions": Condition.objects.published().treated_with(compound),
        "faqs": Faq.objects.published().about_compound(compound)[:6],
        "others": Compound.objects.published().exclude(pk=compound.pk)[:3],
        "structured": structured.compound(compound, statuses, prose),
    }


def condition_detail(condition: Condition) -> Shown:
    """Needs `with_parts()`."""
    pictured = list(Finding.objects.published().with_source().pictured_on(condition))
    prose = Prose(condition.texts_in_order(), pictured)
    return {
        "condition": condition,
        "options": condition.options.all(),
        "evidence": condition.evidence.all(),
        "prose": prose,
        "pictured": pictured,
        "has_numbers": Finding.objects.published().of(condition).exists(),
        "faqs": Faq.objects.published().about_condition(condition)[:6],
        "structured": structured.condition(condition, prose),
    }


def section_detail(explainer: Explainer, section: Section, depth: str = "") -> Shown:
    """`section` is one of `explainer.sections.all()`. Needs `with_sections()`."""
    sections = list(explainer.sections.all())
    place = sections.index(section)
    prose = Prose([section.plain, section.more], heading=2)
    return {
        "explainer": explainer,
        "sections": sections,
        "section": section,
        "number": place + 1,
        "previous": sections[place - 1] if place else None,
        "next": sections[place + 1] if place + 1 < len(sections) else None,
        "next_explainer": Explainer.objects.published().after(explainer),
        "prose": prose,
        "depth": depth,
        "structured": structured.section(explainer, section, prose),
    }


def explainer_all(explainer: Explainer, depth: str = "") -> Shown:
    """Needs `with_sections()`."""
    sections = explainer.sections.all()
    texts = [explainer.key_points] + [t for s in sections for t in (s.plain, s.more)]
    return {
        "explainer": explainer,
        "sections": sections,
        "prose": Prose(texts),
        "depth": depth,
    }


def faq_detail(faq: Faq) -> Shown:
    """Needs `with_topic()`."""
    prose = Prose([faq.answer])
    return {
        "faq": faq,
        "prose": prose,
        "others": Faq.objects.published().on_topic(faq.topic.slug).exclude(pk=faq.pk)[:5],
        "compounds": Compound.objects.published().of_question(faq),
        "conditions": Condition.objects.published().of_question(faq),
        "structured": structured.faq(faq, prose),
    }


def ask(questions: Iterable[str] = (), about: Iterable[str] = ()) -> Shown:
    """The list for the visit: `questions` and `about` hold slugs, today's or earlier ones."""
    about = list(about)
    subjects = [
        *Compound.objects.published().ever_named(about),
        *Condition.objects.published().ever_named(about),
    ]
    return {
        "faqs": Faq.objects.published().with_topic().ever_named(list(questions)),
        "subjects": [subject for subject in subjects if subject.questions],
        "topics": Topic.objects.published(),
    }
