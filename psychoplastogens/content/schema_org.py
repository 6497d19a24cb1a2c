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
    Decision,
    Explainer,
    Faq,
    GlossaryTerm,
    Section,
    Translation,
)
from psychoplastogens.editorial.models import Page

JsonLd = dict[str, Any]


def build_absolute_url(path: str) -> str:
    return settings.SITE_ORIGIN + path


def describe_publisher() -> JsonLd:
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": build_absolute_url("/")}


def describe_site() -> JsonLd:
    search = {
        "@type": "SearchAction",
        "target": build_absolute_url("/search/?q={q}"),
        "query-input": "required name=q",
    }
    return build_graph(
        {
            "@type": "WebSite",
            "name": settings.SITE_NAME,
            "url": build_absolute_url("/"),
            "publisher": describe_publisher(),
            "potentialAction": search,
        }
    )


def build_graph(*things: JsonLd) -> JsonLd:
    return {"@context": "https://schema.org", "@graph": list(things)}


def build_breadcrumbs(*steps: tuple[str, str]) -> JsonLd:
    """The way to a page: (name, path) from the list it stands in down to itself."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": build_absolute_url(path)}
            for n, (name, path) in enumerate(steps, start=1)
        ],
    }


def describe_web_page(page: Page, **more: Any) -> JsonLd:
    """A MedicalWebPage; `lastReviewed` only where a clinician's review is recorded."""
    record = page.owner
    data: JsonLd = {
        "@type": "MedicalWebPage",
        "name": str(page),
        "url": build_absolute_url(page.get_absolute_url()),
        "inLanguage": record.language,
        "datePublished": record.written_on.isoformat(),
        "dateModified": record.changed_on.isoformat(),
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
        "publisher": describe_publisher(),
        "publishingPrinciples": build_absolute_url(reverse("content:about_review")),
    } | more
    if record.signature and record.reviewed_at:
        data["lastReviewed"] = record.reviewed_at.isoformat()
        data["reviewedBy"] = {
            "@type": "Person",
            "name": record.reviewer_name,
            "jobTitle": record.reviewer_credentials,
        }
    return data


def describe_compound(record: Compound, statuses: list[CompoundStatus]) -> JsonLd:
    """`statuses` are those that the page shows."""
    drug: JsonLd = {"@type": "Drug", "name": record.name, "description": record.summary}
    if names := [*record.other_names, *filter(None, [record.brand])]:
        drug["alternateName"] = names
    drug["drugClass"] = record.family
    legal = [{"@type": "DrugLegalStatus", "name": status.text} for status in statuses]
    if legal:
        drug["legalStatus"] = legal
    way = build_breadcrumbs(
        (_("Compounds"), reverse("content:compound_list")),
        (record.name, record.get_absolute_url()),
    )
    return build_graph(describe_web_page(record, about=drug), way)


def describe_condition(record: Condition) -> JsonLd:
    about: JsonLd = {
        "@type": "MedicalCondition",
        "name": record.name,
        "description": record.summary,
    }
    if names := [*record.other_names, *filter(None, [record.short_name])]:
        about["alternateName"] = names
    way = build_breadcrumbs(
        (_("Conditions"), reverse("content:condition_list")),
        (record.name, record.get_absolute_url()),
    )
    return build_graph(describe_web_page(record, about=about), way)


def describe_decision(record: Decision) -> JsonLd:
    return build_graph(
        describe_web_page(record, description=record.summary),
        build_breadcrumbs(
            (_("Guides"), reverse("content:explainer_list")),
            (record.title, record.get_absolute_url()),
        ),
    )


def describe_explainer(record: Explainer) -> JsonLd:
    return build_graph(
        describe_web_page(record, description=record.summary),
        build_breadcrumbs(*_get_explainer_breadcrumbs(record)),
    )


def describe_section(record: Explainer, part: Section) -> JsonLd:
    path = reverse("content:section_detail", args=[record.slug, part.slug])
    page = describe_web_page(record, name=part.title, url=build_absolute_url(path))
    return build_graph(
        page, build_breadcrumbs(*_get_explainer_breadcrumbs(record), (part.title, path))
    )


def _get_explainer_breadcrumbs(record: Explainer) -> list[tuple[str, str]]:
    return [
        (_("Guides"), reverse("content:explainer_list")),
        (record.title, record.get_absolute_url()),
    ]


def describe_faq(record: Faq) -> JsonLd:
    way = build_breadcrumbs(
        (_("Questions"), reverse("content:faq_list")),
        (record.question, record.get_absolute_url()),
    )
    return build_graph(describe_web_page(record), way)


def describe_translation(record: Translation) -> JsonLd:
    original = record.original
    work = {
        "@type": "MedicalWebPage",
        "url": build_absolute_url(original.get_absolute_url()),
        "inLanguage": original.owner.language,
    }
    page = describe_web_page(record, description=record.summary, translationOfWork=work)
    return build_graph(page)


def describe_term(record: GlossaryTerm) -> JsonLd:
    return build_graph(
        {
            "@type": "DefinedTerm",
            "name": record.term,
            "alternateName": record.synonyms,
            "url": build_absolute_url(record.get_absolute_url()),
            "inDefinedTermSet": build_absolute_url(reverse("content:glossary_list")),
        }
    )
