"""A page as an entry of an answer: made from the same record as the page, with its dates.

In a summary there is room for what comes first, whole paragraphs and points only. Numbers keep
their comparison, what was seen in animals or cells says so, and a text that names suicide begins
with who to call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from psychoplastogens.content.crisis import mentions_suicide
from psychoplastogens.content.models import Translation
from psychoplastogens.content.other_languages import OtherLanguage
from psychoplastogens.content.rendering.published_references import PublishedReferences
from psychoplastogens.content.review_sentences import describe_review_briefly
from psychoplastogens.content.translations import list_translations
from psychoplastogens.delivery import crisis_lines
from psychoplastogens.editorial.models import (
    Page,
    current_language,
    get_page_models,
)
from psychoplastogens.handouts.links import get_handout_url
from psychoplastogens.infobutton.plain_prose import PlainProse, render_plain_prose

MAX_SUMMARY_LENGTH, MAX_OPENING_LENGTH = 1_500, 320
"""Characters of HTML."""
MAX_NAMES = 6
HELP_KIND = "help"
"""The kind of the entry that says who to call; it is no record."""
OTHER_LANGUAGE_KIND = "other-language"
"""The kind of the entry that says in a language what there is in it; it is no record either."""


@dataclass(frozen=True)
class FeedEntry:
    """One page. `address` is its path, `handout` that of its PDF, `sources` (title, path) of each.

    `opening` is the first paragraph or point of `summary`, safe HTML like it.
    """

    kind: str
    key: UUID | None
    title: str
    address: str
    opening: SafeString
    summary: SafeString
    updated: date
    published: date
    sources: tuple[tuple[str, str], ...] = ()
    handout: str = ""
    language: str = field(default_factory=current_language)

    @property
    def names_suicide(self) -> bool:
        """Whether the page is about suicide or self-harm: then help comes before it."""
        return mentions_suicide(self.title)


def build_entries(pages: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], FeedEntry]:
    """The entries of those of these pages that readers may read, in one query for each kind."""
    records = dict(_iter_published_records(pages))
    texts = [record.get_feed_text() for record in records.values()]
    references = PublishedReferences(texts)
    return {page: _build_entry(page, record, references) for page, record in records.items()}


def build_help_entry(country: str) -> FeedEntry:
    """Who to call in a crisis, in `country` (two letters) or else where this site is for."""
    known = (
        crisis_lines.CRISIS_COUNTRIES.get(country)
        or crisis_lines.CRISIS_COUNTRIES[settings.CRISIS_COUNTRY]
    )
    lines = format_html_join(
        "",
        '<li><a href="{}">{}</a>: {}</li>',
        ((line.address, line.action, line.about) for line in known.lines),
    )
    opening = format_html("<p>{}</p>", _("You are worth the call."))
    return FeedEntry(
        HELP_KIND,
        None,
        _("Help now: who to call"),
        reverse("content:help_now"),
        opening,
        format_html("{}<ul>{}</ul>", opening, lines),
        updated=crisis_lines.NUMBERS_CHECKED_ON,
        published=crisis_lines.NUMBERS_CHECKED_ON,
    )


def build_translation_entries(
    pages: Iterable[FeedEntry], language: OtherLanguage
) -> list[FeedEntry]:
    """The entries of the texts in `language` of those of `pages` that have one."""
    texts = {text.original.get_absolute_url(): text for text in list_translations(language.code)}
    found = [texts[page.address] for page in pages if page.address in texts]
    return [_build_translation_entry(text, language) for text in found]


def _build_translation_entry(text: Translation, language: OtherLanguage) -> FeedEntry:
    """Who to call comes before what names suicide, and a change of the page before its text."""
    lead = format_html("<p>{}</p>", text.summary)
    before = (language.help if text.names_suicide else "", text.change_notice)
    notice = format_html_join("", "<p>{}</p>", ((said,) for said in before if said))
    return FeedEntry(
        text.get_kind(),
        text.pk,
        text.title,
        text.get_absolute_url(),
        lead,
        notice + lead,
        updated=text.changed_on,
        published=text.written_on,
        language=text.language,
    )


def build_other_language_entry(language: OtherLanguage) -> FeedEntry:
    """What there is in a language that was asked for, in this language."""
    notice = format_html("<p>{}</p><p>{}</p>", language.notice, language.help)
    return FeedEntry(
        OTHER_LANGUAGE_KIND,
        None,
        language.title,
        language.address,
        notice,
        notice,
        updated=crisis_lines.NUMBERS_CHECKED_ON,
        published=crisis_lines.NUMBERS_CHECKED_ON,
        language=language.code,
    )


def _iter_published_records(
    pages: Iterable[tuple[str, UUID]],
) -> Iterator[tuple[tuple[str, UUID], Page]]:
    keys = defaultdict(list)
    for kind, key in pages:
        keys[kind].append(key)
    for model in get_page_models():
        if model.feed_text_field and (wanted := keys[model.get_kind()]):
            for page in model.published_pages().filter(pk__in=wanted):
                yield (model.get_kind(), page.pk), page


def _build_entry(
    page: tuple[str, UUID], record: Page, references: PublishedReferences
) -> FeedEntry:
    kind, key = page
    body = render_plain_prose(record.get_feed_text(), references)
    names, owner = record.get_other_names()[:MAX_NAMES], record.owner
    lead = SafeString()
    if hasattr(record, "summary"):
        lead = format_html("<p>{}</p>", record.summary)
    return FeedEntry(
        kind,
        key,
        title=record.get_full_title(),
        address=record.get_absolute_url(),
        opening=lead or body.truncate(MAX_OPENING_LENGTH),
        summary=_build_summary(lead, body, names, owner),
        updated=owner.changed_on,
        published=owner.written_on,
        sources=tuple((source.title, source.get_absolute_url()) for source in body.sources),
        handout=get_handout_url(record),
    )


def _build_summary(lead: str, body: PlainProse, names, owner) -> SafeString:
    before = lead
    if mentions_suicide(f"{lead} {body.html}"):
        line = crisis_lines.CRISIS_COUNTRIES[settings.CRISIS_COUNTRY].lines[0]
        call = '<p><a href="{}">{}</a>. {}</p>'
        before = format_html(call, line.address, line.action, line.about) + before
    after = ""
    if names:
        also = _("Also called: %(names)s.") % {"names": ", ".join(names)}
        after += format_html('<p class="also-called">{}</p>', also)
    if body.sources:
        listed = "; ".join(dict.fromkeys(source.short for source in body.sources))
        after += format_html('<p class="sources">{}</p>', _("Sources: %s.") % listed)
    after += format_html('<p class="attribution">{}</p>', describe_review_briefly(owner))
    room = MAX_SUMMARY_LENGTH - len(before) - len(after)
    return mark_safe(before + body.truncate(room) + after)  # noqa: S308 - all three are safe
