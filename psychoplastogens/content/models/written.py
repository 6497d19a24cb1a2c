"""What compounds, conditions, explainers and answers have in common: prose that must be sound."""

from django.core.exceptions import ValidationError
from django.db import models

from psychoplastogens.content import prose
from psychoplastogens.content.fields import ProseField
from psychoplastogens.evidence.models import Finding, Source


def prose_fields(model):
    return [field.name for field in model._meta.fields if isinstance(field, ProseField)]


def unknown_references(text, being_written=""):
    """A sentence for each source, term, finding and status that `text` names and nobody wrote.

    `being_written` is the slug of the compound that the text is of: it may not be saved yet.
    """
    from psychoplastogens.content.models.compound import Compound
    from psychoplastogens.content.models.glossary import GlossaryTerm

    named = list(prose.references(text))
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


class Written(models.Model):
    """A model with prose. Saving through a form or a fixture refuses what does not exist.

    `may_be_bare` names the texts that hold no facts of medicine, and so need no source.
    """

    may_be_bare = ()

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        errors = {}
        own = self.slug if self._meta.model_name == "compound" else ""
        for name in prose_fields(type(self)):
            if unknown := unknown_references(getattr(self, name) or "", own):
                errors[name] = unknown
        if errors:
            raise ValidationError(errors)

    def prose_texts(self):
        """Every prose text of this record itself, in reading order."""
        return [getattr(self, name) for name in prose_fields(type(self))]
