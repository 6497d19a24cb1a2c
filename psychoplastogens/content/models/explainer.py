from itertools import zip_longest
from typing import ClassVar

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext, gettext_lazy

from psychoplastogens.content.fields import ProseField
from psychoplastogens.content.models.prose_model import ProseModel, ProsePage
from psychoplastogens.content.rendering.first_sentence import get_first_sentence
from psychoplastogens.editorial.models import (
    ChoiceGroup,
    Part,
    Publishable,
    PublishableQuerySet,
    SearchGroup,
    SearchText,
    SluggedModel,
)

GUIDES = SearchGroup("guide", gettext_lazy("Guides"), 1.0, order=2)


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

    def with_page_data(self):
        return self.prefetch_related("sections", "moments")

    def for_timed_list(self):
        """With no more than a list of guides shows: title, and the minutes to read it."""
        sections = Section.objects.only("explainer", "slug", "title", "plain")
        fields = self.only("slug", "title", "summary", "key_points")
        return fields.prefetch_related(Prefetch("sections", sections), "moments")

    def after(self, explainer):
        """The next explainer in order, or None."""
        later = Q(order__gt=explainer.order)
        later |= Q(order=explainer.order, title__gt=explainer.title)
        return self.filter(later).first()


class Explainer(ProsePage, Publishable):
    """A guide in a few sections, which open on its page; each has an address of its own too."""

    fixture = "explainers"
    parts = ("sections", "moments")
    page_parts = "sections"
    route = "explainers/<slug:slug>/"
    url_name = "content:explainer_detail"
    in_changes = is_shareable = True
    search_group = GUIDES
    choice_group = ChoiceGroup("Guides, whole", order=2)
    timed_parts = ("sections", "moments")
    handout_parameters = ("section", "depth")
    template_name = "content/explainer_detail.html"
    feed_text_field = "key_points"

    title = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    summary = models.CharField(max_length=180, help_text="Who it is for and what they get.")
    key_points = ProseField(help_text="Three to five cited points.")

    objects: ClassVar = ExplainerQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["order", "title"]

    def get_search_text(self):
        # The sections tell the points in full: those are to be found first.
        return SearchText(self.title, summary=self.summary, unquoted_prose=(self.key_points,))

    def get_context(self, depth=""):
        from psychoplastogens.content.page_context import get_explainer_context

        return get_explainer_context(self, depth)

    def build_sheet(self, parts=(), *, more=False):
        from psychoplastogens.content.sheets import build_explainer_sheet

        return build_explainer_sheet(self, parts, more)

    def build_short_sheet(self):
        from psychoplastogens.content.sheets import build_short_explainer_sheet

        return build_short_explainer_sheet(self)

    def get_timed_texts(self):
        moments = [text for moment in self.moments.all() for text in moment.prose_texts()]
        parts = [text for section in self.sections.all() for text in section.get_timed_texts()]
        return [self.title, self.summary, self.key_points, *moments, *parts]

    @property
    def visits(self):
        """The moments by treatment, in order, each with its `strength_after`."""
        visits = {}
        for moment in self.moments.all():
            visits.setdefault(moment.treatment, []).append(moment)
        for moments in visits.values():
            for moment, following in zip_longest(moments, moments[1:]):
                moment.strength_after = following.strength if following else 0
        return list(visits.items())


class Section(ProsePage, SluggedModel, Part):
    """A part of an explainer: a plain text that stands alone, and optional detail."""

    url_parent = "explainer"
    route = "explainers/<slug:slug>/<slug:section>/"
    url_name = "content:section_detail"
    is_shareable = True
    search_group = GUIDES
    choice_group = ChoiceGroup("Parts of guides", order=3)
    template_name = "content/section_detail.html"
    frame_template = "content/_section_frame.html"
    frame_styles = ("explainer.css",)
    feed_text_field = description_field = "plain"

    next_part: "Section"
    """The section after it; set where a page shows all of them."""

    explainer = models.ForeignKey(Explainer, on_delete=models.CASCADE, related_name="sections")
    title = models.CharField(max_length=120, help_text="States the point, or asks the question.")
    picture = models.CharField(max_length=20, choices=SectionPicture, blank=True)
    plain = ProseField("plain text", help_text="Stands alone, and holds all that is about safety.")
    more = ProseField(
        "more detail",
        blank=True,
        help_text="Folded until a reader chooses “More detail”. A handout can have it.",
    )

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["explainer", "slug"],
                name="content_section_once",
                violation_error_message="Two sections of an explainer cannot share an address.",
            )
        ]

    @property
    def list_summary(self):
        return gettext("From the guide “%(title)s”") % {"title": self.explainer}

    @property
    def gist(self):
        """What it says first; "" where that leads in a list, or is none."""
        first = get_first_sentence(self.plain)
        return first if first.endswith(".") else ""

    def get_search_text(self):
        return SearchText(self.title, prose=(self.plain, self.more), part_of=self.explainer.title)

    def get_context(self, depth=""):
        from psychoplastogens.content.page_context import get_section_context

        return get_section_context(self.explainer, self, depth)

    get_frame_context = get_context

    def build_sheet(self, parts=(), *, more=False):
        return self.explainer.build_sheet([self], more=more)

    @property
    def address_scope(self):
        return str(self.explainer_id or "")

    def get_timed_texts(self):
        return [self.title, self.plain]


class VisitMomentQuerySet(models.QuerySet):
    def on_clock(self):
        """Those of published guides that have a time on the clock."""
        return self.filter(explainer__in=Explainer.objects.published()).exclude(at="")


class VisitMoment(ProseModel, Part):
    """A moment of a treatment day: what the person may feel, and what staff do.

    The moments of one treatment stand together, in order, beside a line that widens with
    `strength`: a sketch of how strange it may feel, never data. Those with a time `at` stand on the
    clock of a walkthrough too, above what is thought to go on in the brain then.
    """

    strength_after: int
    """That of the next moment; set by `Explainer.visits`."""

    class Strength(models.IntegerChoices):
        NOT = 0, "Not"
        LITTLE = 1, "A little"
        SOME = 2, "Somewhat"
        MUCH = 3, "Clearly"
        MOST = 4, "Most"

    class At(models.TextChoices):
        START = "0", gettext_lazy("Start")
        MINUTES_10 = "10m", gettext_lazy("10 min")
        MINUTES_40 = "40m", gettext_lazy("40 min")
        MINUTES_90 = "90m", gettext_lazy("90 min")
        HOURS_2 = "2h", gettext_lazy("2 hours")
        HOURS_24 = "24h", gettext_lazy("Next day")
        DAYS_7 = "7d", gettext_lazy("A week")

    citation_optional = ("feels", "staff")

    explainer = models.ForeignKey(Explainer, on_delete=models.CASCADE, related_name="moments")
    treatment = models.CharField(max_length=40, help_text="Ketamine by drip. Spravato.")
    time = models.CharField(max_length=30, help_text="Before. 40 minutes. Next day.")
    feels = ProseField("what you may feel", help_text="One to three short sentences.")
    staff = ProseField("what staff do", blank=True, help_text="Follows “Staff”: start the drip.")
    strength = models.PositiveSmallIntegerField("how strange it may feel", choices=Strength)
    varies = models.BooleanField(
        "differs from clinic to clinic", default=False, help_text="The line is dotted from here."
    )
    at = models.CharField(
        "on the clock", max_length=3, choices=At, blank=True, help_text="Empty: not on the clock."
    )
    lift = models.PositiveSmallIntegerField(
        "how much mood may lift", choices=Strength, default=Strength.NOT, help_text="On the clock."
    )

    objects: ClassVar = VisitMomentQuerySet.as_manager()

    class Meta(Part.Meta):
        constraints = [
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}__lte": 4}),
                    name=f"content_visitmoment_{name}",
                    violation_error_message=f"{label} is 0 to 4.",
                )
                for name, label in (
                    ("strength", "How strange it may feel"),
                    ("lift", "How much mood may lift"),
                )
            ),
            models.UniqueConstraint(
                fields=["explainer", "treatment", "at"],
                condition=~models.Q(at=""),
                name="content_visitmoment_at_once",
                violation_error_message="A treatment has one moment at a time of the clock.",
            ),
        ]

    def __str__(self):
        return f"{self.treatment}: {self.time}"
