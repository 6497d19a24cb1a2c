"""ProseModel, the base class of models with prose."""

from functools import cache

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import ngettext

from psychoplastogens.content.fields import ProseField
from psychoplastogens.content.rendering import markdown, readability
from psychoplastogens.editorial.drafts.snapshots import fetch_with_parts, iter_rows
from psychoplastogens.editorial.models import Page
from psychoplastogens.evidence.models import Finding, Source, SpineChange


@cache
def get_prose_fields(model):
    return tuple(field.name for field in model._meta.fields if isinstance(field, ProseField))


def find_unknown_references(text, being_written=""):
    """A message for each source, term, finding and status that `text` names but does not exist.

    `being_written` is the slug of the text's own compound, which may not be saved yet.
    """
    from psychoplastogens.content.models.compound import Compound
    from psychoplastogens.content.models.glossary import GlossaryTerm

    named = markdown.find_references(text)
    models_of = {"source": Source, "finding": Finding, "term": GlossaryTerm, "status": Compound}
    unknown = []
    for kind, model in models_of.items():
        slugs = {reference.slug for reference in named if reference.kind == kind}
        known = set(model.objects.filter(slug__in=slugs).values_list("slug", flat=True))
        unknown += [r for r in named if r.kind == kind and r.slug not in known]
    unknown = [r for r in unknown if (r.kind, r.slug) != ("status", being_written)]
    unknown.sort(key=lambda reference: reference.line)
    kind_of = {"status": "compound"}
    return [
        f"Line {r.line}: there is no {kind_of.get(r.kind, r.kind)} “{r.slug}”." for r in unknown
    ]


class ProseModel(models.Model):
    """A model with prose. Validation refuses references to records that do not exist.

    `citation_optional` names the fields without medical facts, which need no source.
    """

    citation_optional: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        errors = {}
        own = self.slug if self._meta.model_name == "compound" else ""
        for name in get_prose_fields(type(self)):
            text = getattr(self, name) or ""
            strange = self.find_strange_part(markdown.get_part_names(text))
            if unknown := find_unknown_references(text, own) + strange:
                errors[name] = unknown
        if errors:
            raise ValidationError(errors)

    def find_strange_part(self, names):
        """A message if one of `names` is no part of the picture beside the text, in a list."""
        return [f"There is no picture here with a part “{name}”." for name in names[:1]]

    def prose_texts(self):
        """Every prose text of this record itself, in reading order."""
        return [getattr(self, name) for name in get_prose_fields(type(self))]


def names_evidence(row):
    """Whether a record or a part itself cites a source, or shows a number or a status."""
    texts = row.prose_texts() if isinstance(row, ProseModel) else ()
    if any(markdown.names_evidence(text or "") for text in texts):
        return True
    fields = (*row._meta.concrete_fields, *row._meta.many_to_many)
    used = (field for field in fields if field.related_model in (Source, Finding, SpineChange))
    return any(
        getattr(row, field.name).exists() if field.many_to_many else getattr(row, field.attname)
        for field in used
    )


class ProsePage(ProseModel, Page):
    """A page with prose."""

    class Meta:
        abstract = True

    def get_timed_texts(self):
        """What a reader of the page reads, as Markdown: texts, captions and drawn numbers.

        Not the detail for who wants it, nor sources. Needs what `timed_parts` names.
        """
        return self.prose_texts()

    @property
    def rests_on_sources(self):
        """Whether it cites a source, or shows a number or a status, in itself or in a part.

        Reads the saved record with its parts.
        """
        return any(map(names_evidence, iter_rows(fetch_with_parts(self))))

    @property
    def minutes(self):
        """Whole minutes to read the page. Needs what `timed_parts` names."""
        return readability.get_reading_minutes(*self.get_timed_texts())

    @property
    def reading_time(self):
        """'4 minutes'. Needs what `timed_parts` names."""
        minutes = self.minutes
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
