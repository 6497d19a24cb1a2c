from typing import ClassVar

from django.db import models
from django.db.models import Count
from django.db.models.functions import Lower, Substr
from django.utils.translation import gettext_lazy

from psychoplastogens.content.fields import ProseField, WordsField
from psychoplastogens.content.models.prose_model import ProsePage
from psychoplastogens.editorial.models import (
    Publishable,
    PublishableQuerySet,
    SearchGroup,
    SearchText,
)


class GlossaryTermQuerySet(PublishableQuerySet):
    def in_alphabetical_order(self):
        return self.order_by(Lower("term"), "slug")

    def count_by_letter(self):
        """(first letter, how many terms begin with it), in alphabetical order."""
        letters = self.annotate(letter=Lower(Substr("term", 1, 1))).order_by("letter")
        return letters.values_list("letter").annotate(count=Count("pk"))


class GlossaryTerm(ProsePage, Publishable):
    """A word that people meet, explained in one to three plain sentences."""

    fixture = "glossary"
    title_field = "term"
    route = "glossary/<slug:slug>/"
    url_name = "content:glossary_detail"
    search_group = SearchGroup("term", gettext_lazy("Words explained"), 0.9, order=5)
    feed_text_field = description_field = "meaning"
    citation_optional = ("meaning",)

    term = models.CharField(max_length=80)
    pronunciation = models.CharField(
        max_length=80, blank=True, help_text="A sound hint; capitals are stressed: SIN-aps."
    )
    synonyms = WordsField(help_text="Plurals, short forms and brand names. One per line.")
    meaning = ProseField(help_text="One to three plain sentences. Cite with [^source].")

    objects: ClassVar = GlossaryTermQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = [Lower("term")]

    @classmethod
    def get_kind(cls):
        return "term"

    def get_other_names(self):
        return self.synonyms

    def get_search_text(self):
        return SearchText(self.term, names=tuple(self.synonyms), prose=(self.meaning,))
