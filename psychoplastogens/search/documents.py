"""Everything that a search may find: what is published, in the language of this request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, GlossaryTerm
from psychoplastogens.content.rendering import readability
from psychoplastogens.evidence.models import Claim, Source
from psychoplastogens.search.index import SearchDocument
from psychoplastogens.walkthrough.models import Walkthrough

# The kinds of results, the most useful first: what readers call them, and how much one counts
# when it is decided which kind stands first.
RESULT_KINDS = {
    "faq": (_("Questions"), 1.0),
    "guide": (_("Guides"), 1.0),
    "compound": (_("Medicines"), 1.2),
    "condition": (_("Conditions"), 1.2),
    "term": (_("Words explained"), 0.9),
    "claim": (_("Claims, checked"), 0.7),
    "page": (_("About this site"), 1.0),
    "source": (_("Sources"), 0.3),
}
# The pages that are not records.
STATIC_PAGES = {
    "help_now": (
        _("Help now"),
        _("Who to call or text in a crisis, in an emergency, or with thoughts of suicide."),
    ),
    "compound_compare": (
        _("Compare medicines"),
        _("Two or three medicines side by side, with sources."),
    ),
    "ask": (
        _("My questions for the visit"),
        _("Choose questions to ask your clinic, and print the list."),
    ),
    "glossary_list": (_("Glossary"), _("Medical words about ketamine, in plain words.")),
    "claim_list": (_("Claims, checked"), _("Things people read and hear: do they hold up?")),
    "source_list": (_("All sources"), _("Every paper and page that a fact here rests on.")),
    "about": (_("About this site"), _("Who this site is for, and what it is not.")),
    "about_review": (
        _("How we check facts"),
        _("Sources, strength of evidence, dates, review, and money: who pays."),
    ),
    "change_list": (_("What changed"), _("Pages that were added or changed, latest first.")),
    "privacy": (_("Privacy"), _("No cookies, no tracking, nothing personal stored.")),
    "accessibility": (
        _("Accessibility"),
        _("How this site works by keyboard, with a screen reader, in print, without scripts."),
    ),
}
_FINDING_MARKER = re.compile(r"\{\{[^{}]*\}\}")
_GAP = "…"
# A heading, the title of a callout and a point of a list end without a full stop.
_INVISIBLE_MARKUP = re.compile(r"\[\^[^\[\]]*\]|^:::[ \t]*$", re.MULTILINE)
_CALLOUT_TITLE = re.compile(r"^(:::[ \t]*[\w-]+[ \t]+\S.*)$", re.MULTILINE)
_UNPUNCTUATED_LINE_END = re.compile(r"(?<=[\w)*\]])[ \t]*\n(?=\s*(?:\n|:::|(?:[-*+]|\d+\.|#+)\s))")
_SENTENCE_END = re.compile(r"(?<=[.!?·])\s+")


def build_text_fields(*texts: str) -> dict[str, str]:
    """Prose in plain words, as fields of a Document.

    A sentence with a number that is drawn from a Finding is not to be quoted: cut in two, it
    would show the number without its comparator.
    """
    prose = _FINDING_MARKER.sub(_GAP, _INVISIBLE_MARKUP.sub("", "\n\n".join(texts)))
    prose = readability.strip_markup(
        _UNPUNCTUATED_LINE_END.sub(" ·\n", _CALLOUT_TITLE.sub(r"\1 ·", prose))
    )
    sentences = _SENTENCE_END.split(" ".join(prose.split()))
    text = " ".join(part for part in sentences if _GAP not in part)
    unquoted = " ".join(part for part in sentences if _GAP in part)
    return {"text": text.strip(" ·"), "unquoted": unquoted}


def build_documents() -> list[SearchDocument]:
    kinds = (
        iter_faq_documents,
        iter_guide_documents,
        iter_walkthrough_documents,
        iter_compound_documents,
        iter_condition_documents,
        iter_glossary_documents,
        iter_claim_documents,
        iter_static_page_documents,
        iter_source_documents,
    )
    return [document for kind in kinds for document in kind()]


def iter_faq_documents() -> Iterator[SearchDocument]:
    for faq in Faq.objects.published():
        address, page = faq.get_absolute_url(), ("faq", faq.pk)
        yield SearchDocument(
            "faq", faq.question, address, page=page, **build_text_fields(faq.answer)
        )


def iter_guide_documents() -> Iterator[SearchDocument]:
    for guide in Explainer.objects.published().with_sections():
        # The points of a guide are told in full in its sections: those are to be found first.
        points = build_text_fields(guide.key_points)["text"]
        address, summary, page = guide.get_absolute_url(), guide.summary, ("explainer", guide.pk)
        yield SearchDocument(
            "guide", guide.title, address, summary=summary, unquoted=points, page=page
        )
        for section in guide.sections.all():
            address = reverse("content:section_detail", args=[guide.slug, section.slug])
            prose, page = build_text_fields(section.plain, section.more), ("section", section.pk)
            yield SearchDocument(
                "guide", section.title, address, part_of=guide.title, page=page, **prose
            )


def iter_walkthrough_documents() -> Iterator[SearchDocument]:
    for walkthrough in Walkthrough.objects.published().with_steps():
        points = build_text_fields(walkthrough.key_points)["text"]
        address, title = walkthrough.get_absolute_url(), walkthrough.title
        summary, page = walkthrough.summary, ("walkthrough", walkthrough.pk)
        yield SearchDocument("guide", title, address, summary=summary, unquoted=points, page=page)
        for step in walkthrough.steps.all():
            prose = build_text_fields(step.plain, step.more, *(text for _, text in step.seen))
            yield SearchDocument(
                "guide", step.title, step.get_absolute_url(), part_of=title, **prose
            )


def iter_compound_documents() -> Iterator[SearchDocument]:
    for compound in Compound.objects.published():
        yield SearchDocument(
            "compound",
            compound.name,
            compound.get_absolute_url(),
            names=tuple(filter(None, (compound.brand, *compound.other_names))),
            summary=compound.summary,
            page=("compound", compound.pk),
            **build_text_fields(compound.standing_note, *compound.prose_texts()),
        )


def iter_condition_documents() -> Iterator[SearchDocument]:
    for condition in Condition.objects.published().with_parts():
        yield SearchDocument(
            "condition",
            condition.name,
            condition.get_absolute_url(),
            names=tuple(filter(None, (condition.short_name, *condition.other_names))),
            summary=condition.summary,
            page=("condition", condition.pk),
            **build_text_fields(*condition.texts_in_order()),
        )


def iter_glossary_documents() -> Iterator[SearchDocument]:
    for term in GlossaryTerm.objects.published():
        address, names = term.get_absolute_url(), tuple(term.synonyms)
        prose, page = build_text_fields(term.meaning), ("term", term.pk)
        yield SearchDocument("term", term.term, address, names=names, page=page, **prose)


def iter_claim_documents() -> Iterator[SearchDocument]:
    for claim in Claim.objects.published():
        yield SearchDocument(
            "claim", claim.text, claim.get_absolute_url(), **build_text_fields(claim.why)
        )


def iter_source_documents() -> Iterator[SearchDocument]:
    for source in Source.objects.published():
        text = f"{source.supports} {source.publisher} {source.year or ''}".strip()
        yield SearchDocument("source", source.title, source.get_absolute_url(), text=text)


def iter_static_page_documents() -> Iterator[SearchDocument]:
    for name, (title, text) in STATIC_PAGES.items():
        yield SearchDocument("page", str(title), reverse(f"content:{name}"), text=str(text))
