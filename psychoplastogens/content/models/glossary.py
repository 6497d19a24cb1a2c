from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from psychoplastogens.content.fields import ProseField, WordsField
from psychoplastogens.content.models.prose_model import ProseModel
from psychoplastogens.editorial.models import Publishable


class GlossaryTerm(ProseModel, Publishable):
    """A word that people meet, explained in one to three plain sentences."""

    fixture = "glossary"
    citation_optional = ("meaning",)

    term = models.CharField(max_length=80)
    pronunciation = models.CharField(
        max_length=80, blank=True, help_text="A sound hint; capitals are stressed: SIN-aps."
    )
    synonyms = WordsField(help_text="Plurals, short forms and brand names. One per line.")
    meaning = ProseField(help_text="One to three plain sentences. Cite with [^source].")

    class Meta(Publishable.Meta):
        ordering = [Lower("term")]

    def __str__(self):
        return self.term

    def get_absolute_url(self):
        return reverse("content:glossary_detail", args=[self.slug])
