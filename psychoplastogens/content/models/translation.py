from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy

from psychoplastogens.content.crisis import mentions_suicide
from psychoplastogens.content.fields import ProseField
from psychoplastogens.content.models.prose_model import ProsePage
from psychoplastogens.content.rendering.dates import format_date
from psychoplastogens.editorial.models import (
    Page,
    PagePointer,
    PagePointerQuerySet,
    Publishable,
    PublishableQuerySet,
    SearchGroup,
    SearchText,
    Status,
    current_language,
)


# django-stubs gives each queryset a manager of its own type, so those of two bases never agree.
class TranslationQuerySet(PublishableQuerySet, PagePointerQuerySet):  # type: ignore[override]
    def published(self):
        """Those that readers may open; none whose page they may not open in English."""
        return PublishableQuerySet.published(self.with_published_page())

    def withdrawn(self):
        """Those that were taken from readers, or whose page was."""
        with_page = self.with_withdrawn_page().filter(language=current_language())
        return PublishableQuerySet.withdrawn(self) | with_page.filter(status=Status.PUBLISHED)

    def with_published_page(self):
        with translation.override(settings.LANGUAGE_CODE):  # Theirs, not that of this request.
            return super().with_published_page()

    def with_withdrawn_page(self):
        with translation.override(settings.LANGUAGE_CODE):
            return super().with_withdrawn_page()

    def with_page_data(self):
        return self.with_page()


class Translation(ProsePage, Publishable, PagePointer):
    """The text of one page in another language, which is written, approved and dated by itself.

    `page` is the page in English. Where its meaning has changed after `compared_on`, readers are
    told so; while they may not open it, they may not open its translation.
    """

    fixture = "translations"
    route = "es/<slug:slug>/"
    url_name = "content:translation_detail"
    search_group = SearchGroup("translation", gettext_lazy("Pages"), 1.0, order=10)
    template_name = "content/translation_detail.html"
    timed_parts = ()

    language = models.CharField(max_length=5, choices=settings.TRANSLATION_LANGUAGES, default="es")
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=180, help_text="What the page says, in a sentence.")
    text = ProseField(help_text="Cite with [^source], as the page in English does.")
    compared_on = models.DateField(
        default=timezone.localdate,
        help_text="The day on which this text was last compared with the page in English.",
    )

    objects: ClassVar = TranslationQuerySet.as_manager()  # type: ignore[assignment]  # As above.

    class Meta(Publishable.Meta):
        ordering = ["title"]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=["language", "page_type", "page_id"],
                name="content_translation_once",
                violation_error_message="This page has a text in this language already.",
            ),
        ]

    @property
    def original(self) -> Page:
        """The page in English."""
        assert self.page is not None  # It cannot be deleted while this points at it.
        return self.page

    @property
    def changed_since(self) -> date | None:
        """The day on which the page changed in meaning after the two were compared, or None.

        Of two changes on one day, the later publication tells.
        """
        original = self.original.owner
        changed = original.updated_on
        if not changed or changed < self.compared_on:
            return None
        ours, theirs = self.published_at, original.published_at
        is_later = changed > self.compared_on or bool(ours and theirs and theirs > ours)
        return changed if is_later else None

    @property
    def change_notice(self) -> str:
        """What readers are told of such a change, in its language; '' where there is none."""
        if not (changed := self.changed_since):
            return ""
        with translation.override(self.language):
            said = gettext(
                "The page in English was changed on %(date)s. This text does not have that change "
                "yet. Ask your clinic."
            )
            return said % {"date": format_date(changed)}

    @property
    def names_suicide(self) -> bool:
        """Whether who to call comes before it."""
        return mentions_suicide(f"{self.title} {self.summary} {self.text}")

    def get_search_text(self):
        return SearchText(self.title, summary=self.summary, prose=(self.text,))

    def get_timed_texts(self):
        return [self.title, self.summary, self.text]

    def get_context(self, depth=""):
        from psychoplastogens.content.page_context import get_translation_context

        return get_translation_context(self)
