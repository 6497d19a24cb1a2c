from django.db import models
from django.db.models import Q
from django.urls import reverse

from psychoplastogens.content.fields import ProseField
from psychoplastogens.content.models.prose_model import ProseModel
from psychoplastogens.content.rendering import readability
from psychoplastogens.editorial.models import Part, Publishable, PublishableQuerySet, SluggedModel


class SectionPicture(models.TextChoices):
    """Small drawings of static/drawings.svg that may stand beside a section."""

    BAG = "spot-bag", "A bag, packed"
    FLOAT = "spot-float", "A dandelion, its seeds afloat"
    HOME = "spot-home", "A house"
    DAY = "spot-day", "A treatment chair and a plant"
    HOW = "spot-how", "Two cells meeting"
    USE = "spot-use", "Pressed plants"


class ExplainerQuerySet(PublishableQuerySet):
    def with_sections(self):
        return self.prefetch_related("sections")

    def after(self, explainer):
        """The next explainer in order, or None."""
        later = Q(order__gt=explainer.order)
        later |= Q(order=explainer.order, title__gt=explainer.title)
        return self.filter(later).first()


class Explainer(ProseModel, Publishable):
    """A guide in a few sections, each on a page of its own."""

    fixture = "explainers"
    parts = ("sections",)

    title = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    summary = models.CharField(max_length=180, help_text="Who it is for and what they get.")
    key_points = ProseField(help_text="Three to five cited points.")

    objects = ExplainerQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["order", "title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("content:explainer_detail", args=[self.slug])

    @property
    def minutes(self):
        """Whole minutes to read the plain texts. Needs `with_sections()`."""
        return readability.get_reading_minutes(*(section.plain for section in self.sections.all()))


class Section(ProseModel, SluggedModel, Part):
    """A part of an explainer: a plain text that stands alone, and optional detail."""

    url_parent = "explainer"

    explainer = models.ForeignKey(Explainer, on_delete=models.CASCADE, related_name="sections")
    title = models.CharField(max_length=120, help_text="States the point, or asks the question.")
    picture = models.CharField(max_length=20, choices=SectionPicture, blank=True)
    plain = ProseField("plain text", help_text="Stands alone, and holds all that is about safety.")
    more = ProseField("more detail", blank=True, help_text="For those who want it.")

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["explainer", "slug"],
                name="content_section_once",
                violation_error_message="Two sections of an explainer cannot share an address.",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("content:section_detail", args=[self.explainer.slug, self.slug])

    @property
    def address_scope(self):
        return str(self.explainer_id or "")

    @property
    def minutes(self):
        return readability.get_reading_minutes(self.plain)
