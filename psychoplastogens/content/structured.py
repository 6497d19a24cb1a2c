"""Structured data (schema.org, JSON-LD) from the same records as the pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from psychoplastogens.content.models import (
    Compound,
    CompoundStatus,
    Condition,
    Explainer,
    Faq,
    GlossaryTerm,
    Section,
)
from psychoplastogens.content.pages import Prose
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.evidence.models import Source

Data = dict[str, Any]


def absolute(path: str) -> str:
    return settings.SITE_ORIGIN + path


def publisher() -> Data:
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": absolute("/")}


def site() -> Data:
    search = {
        "@type": "SearchAction",
        "target": absolute("/search/?q={q}"),
        "query-input": "required name=q",
    }
    return graph(
        {
            "@type": "WebSite",
            "name": settings.SITE_NAME,
            "url": absolute("/"),
            "publisher": publisher(),
            "potentialAction": search,
        }
    )


def graph(*things: Data) -> Data:
    return {"@context": "https://schema.org", "@graph": list(things)}


def breadcrumbs(*steps: tuple[str, str]) -> Data:
    """The way to a page: (name, path) from the list it stands in down to itself."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": absolute(path)}
            for n, (name, path) in enumerate(steps, start=1)
        ],
    }


def citation(source: Source) -> Data:
    """A source by its title and its page here, which leads to the source itself."""
    kind = "ScholarlyArticle" if source.kind == Source.Kind.ARTICLE else "CreativeWork"
    return {"@type": kind, "name": source.title, "url": absolute(source.get_absolute_url())}


def web_page(record: Publishable, prose: Prose, **more: Any) -> Data:
    """A MedicalWebPage; `lastReviewed` only where a clinician's review is recorded."""
    data = {
        "@type": "MedicalWebPage",
        "name": str(record),
        "url": absolute(record.get_absolute_url()),
        "inLanguage": record.language,
        "datePublished": record.written_on.isoformat(),
        "dateModified": record.changed_on.isoformat(),
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
        "publisher": publisher(),
        "publishingPrinciples": absolute(reverse("content:about_review")),
        "citation": [citation(source) for source in prose.sources],
    } | more
    if record.signature:
        data["lastReviewed"] = record.reviewed_at.isoformat()
        data["reviewedBy"] = {
            "@type": "Person",
            "name": record.reviewer_name,
            "jobTitle": record.reviewer_credentials,
        }
    return data


def compound(record: Compound, statuses: list[CompoundStatus], prose: Prose) -> Data:
    """`statuses` are those that the page shows."""
    drug = {"@type": "Drug", "name": record.name, "description": record.summary}
    if names := [*record.other_names, *filter(None, [record.brand])]:
        drug["alternateName"] = names
    drug["drugClass"] = record.family
    legal = [{"@type": "DrugLegalStatus", "name": status.text} for status in statuses]
    if legal:
        drug["legalStatus"] = legal
    way = breadcrumbs(
        (_("Compounds"), reverse("content:compound_list")),
        (record.name, record.get_absolute_url()),
    )
    return graph(web_page(record, prose, about=drug), way)


def condition(record: Condition, prose: Prose) -> Data:
    about = {"@type": "MedicalCondition", "name": record.name, "description": record.summary}
    if names := [*record.other_names, *filter(None, [record.short_name])]:
        about["alternateName"] = names
    way = breadcrumbs(
        (_("Conditions"), reverse("content:condition_list")),
        (record.name, record.get_absolute_url()),
    )
    return graph(web_page(record, prose, about=about), way)


def explainer(record: Explainer, prose: Prose) -> Data:
    return graph(
        web_page(record, prose, description=record.summary),
        breadcrumbs(*_way_to_explainer(record)),
    )


def section(record: Explainer, part: Section, prose: Prose) -> Data:
    path = reverse("content:section_detail", args=[record.slug, part.slug])
    page = web_page(record, prose, name=part.title, url=absolute(path))
    return graph(page, breadcrumbs(*_way_to_explainer(record), (part.title, path)))


def _way_to_explainer(record: Explainer) -> list[tuple[str, str]]:
    return [
        (_("Guides"), reverse("content:explainer_list")),
        (record.title, record.get_absolute_url()),
    ]


def faq(record: Faq, prose: Prose) -> Data:
    way = breadcrumbs(
        (_("Questions"), reverse("content:faq_list")),
        (record.question, record.get_absolute_url()),
    )
    return graph(web_page(record, prose), way)


def term(record: GlossaryTerm) -> Data:
    return graph(
        {
            "@type": "DefinedTerm",
            "name": record.term,
            "alternateName": record.synonyms,
            "url": absolute(record.get_absolute_url()),
            "inDefinedTermSet": absolute(reverse("content:glossary_list")),
        }
    )
