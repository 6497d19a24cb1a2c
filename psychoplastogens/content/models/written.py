"""What compounds, conditions, explainers and answers have in common: prose that must be sound."""

from django.core.exceptions import ValidationError
from django.db import models

from psychoplastogens.content import prose
from psychoplastogens.content.fields import ProseField
from psychoplastogens.evidence.models import Finding, Source


def prose_fields(model):
    return [field.name for field in model._meta.fields if isinstance(field, ProseField)]


def unknown_references(text):
    """A sentence for each source, term and finding that `text` names and nobody has written."""
    from psychoplastogens.content.models.glossary import GlossaryTerm

    named = list(prose.references(text))
    models_of = {"source": Source, "finding": Finding, "term": GlossaryTerm}
    unknown = []
    for kind, model in models_of.items():
        slugs = {reference.slug for reference in named if reference.kind == kind}
        known = set(model.objects.filter(slug__in=slugs).values_list("slug", flat=True))
        unknown += [r for r in named if r.kind == kind and r.slug not in known]
    unknown.sort(key=lambda reference: reference.line)
    return [f"Line {r.line}: there is no {r.kind} “{r.slug}”." for r in unknown]


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
        for name in prose_fields(type(self)):
            if unknown := unknown_references(getattr(self, name) or ""):
                errors[name] = unknown
        if errors:
            raise ValidationError(errors)

    def prose_texts(self):
        """Every prose text of this record itself, in reading order."""
        return [getattr(self, name) for name in prose_fields(type(self))]
