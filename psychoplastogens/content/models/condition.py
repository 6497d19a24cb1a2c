from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext_lazy

from psychoplastogens.content.fields import LinesField, ProseField, WordsField, split_lines
from psychoplastogens.content.models.compound import Compound
from psychoplastogens.content.models.prose_model import ProseModel, ProsePage
from psychoplastogens.content.rendering import markdown
from psychoplastogens.editorial.models import (
    ChoiceGroup,
    Part,
    Publishable,
    PublishableQuerySet,
    SearchGroup,
    SearchText,
)
from psychoplastogens.evidence.models import Finding


class Strength(models.TextChoices):
    """How sure we are that a compound beats its comparison for a condition."""

    STRONG = "strong", "Strong"
    MODERATE = "moderate", "Moderate"
    EARLY = "early", "Early"
    NONE = "none", "None"
    FAILED = "failed", "Did not work"


class ConditionQuerySet(PublishableQuerySet):
    def with_parts(self):
        """With options and evidence; `.has_numbers` if there are public findings."""
        evidence = ConditionEvidence.objects.select_related("compound")
        numbers = Finding.objects.published().filter(conditions=OuterRef("pk"))
        whole = self.prefetch_related("options", Prefetch("evidence", evidence))
        return whole.annotate(has_numbers=Exists(numbers))

    def with_page_data(self):
        return self.with_parts()

    def treated_with(self, compound):
        return self.filter(evidence__compound=compound).distinct()

    def with_help_first(self):
        """Published conditions whose page begins with crisis lines."""
        return self.published().filter(help_first=True)

    def linked_to_faq(self, faq):
        return self.filter(faqs=faq)


class Condition(ProsePage, Publishable):
    """A health problem that people are offered these compounds for, and the other options."""

    fixture = "conditions"
    parts = ("options", "evidence")
    title_field = "name"
    route = "conditions/<slug:slug>/"
    url_name = "content:condition_detail"
    in_changes = is_shareable = True
    search_group = SearchGroup("condition", gettext_lazy("Conditions"), 1.2, order=4)
    choice_group = ChoiceGroup("Conditions", order=5)
    timed_parts = ("options", "evidence", "pictured")
    template_name = "content/condition_detail.html"
    feed_text_field = "key_points"

    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=20, blank=True, help_text="PTSD, OCD.")
    other_names = WordsField(help_text="Names people search for. One per line.")
    order = models.PositiveSmallIntegerField(default=0)
    summary = models.CharField(max_length=180)
    help_first = models.BooleanField(
        "begins with who to call",
        default=False,
        help_text="For a page that somebody in danger may read: thoughts of suicide.",
    )
    key_points = ProseField(help_text="Three cited points.")
    what_it_is = ProseField()
    how_common = ProseField()
    usual_treatments = ProseField()
    choice = models.CharField(
        max_length=300, help_text="One sentence: You and your clinician are choosing between ..."
    )
    what_studies_show = ProseField()
    not_known = ProseField("what is not known")
    what_matters = LinesField("what matters to me", blank=True, help_text="One per line.")
    questions_to_ask = LinesField(blank=True, help_text="One question per line.")
    pictured = models.ManyToManyField(
        Finding,
        blank=True,
        related_name="pictured_on_conditions",
        help_text="Drawn on the page. As many harms as benefits.",
    )
    findings = models.ManyToManyField(Finding, blank=True, related_name="conditions")

    has_numbers: bool
    """Set by `with_parts()`."""

    objects: ClassVar = ConditionQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["order", "name"]

    def get_other_names(self):
        return [name for name in (self.short_name, *self.other_names) if name]

    def get_search_text(self):
        return SearchText(
            self.name,
            names=tuple(self.get_other_names()),
            summary=self.summary,
            prose=tuple(self.texts_in_order()),
        )

    def get_context(self, depth=""):
        from psychoplastogens.content.page_context import get_condition_context

        return get_condition_context(self)

    def build_sheet(self, parts=(), *, more=False):
        from psychoplastogens.content.sheets import build_condition_sheet

        return build_condition_sheet(self)

    def build_short_sheet(self):
        from psychoplastogens.content.sheets import build_short_condition_sheet

        return build_short_condition_sheet(self)

    def get_timed_texts(self):
        drawn = (markdown.draw_finding(finding.slug) for finding in self.pictured.all())
        return [self.summary, self.choice, *self.texts_in_order(), *drawn]

    def texts_before_numbers(self):
        """The prose above the pictures of 100 people. Needs `with_parts()`."""
        options = [t for option in self.options.all() for t in option.prose_texts()]
        return [self.what_it_is, *options]

    def texts_in_order(self):
        """All prose of the page, parts included, in reading order. Needs `with_parts()`."""
        evidence = [row.text for row in self.evidence.all()]
        short = [self.key_points, self.how_common]
        before = [*self.texts_before_numbers(), *short, self.what_studies_show]
        return [*before, *evidence, self.usual_treatments, self.not_known]

    @property
    def matters(self):
        return split_lines(self.what_matters)

    @property
    def questions(self):
        return split_lines(self.questions_to_ask)


class ConditionOption(ProseModel, Part):
    """A way to go: what is good, what is hard, what it is like to live with. Equal detail."""

    citation_optional = ("living_with", "approval")

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="options")
    name = models.CharField(max_length=80)
    good = ProseField()
    hard = ProseField()
    living_with = ProseField("what it takes", blank=True)
    approval = ProseField("status", blank=True, help_text="What the FDA says of it, with a date.")

    class Meta(Part.Meta):
        verbose_name = "option"

    def __str__(self):
        return self.name


class ConditionEvidence(ProseModel, Part):
    """How strong the evidence is that one compound helps with one condition."""

    condition = models.ForeignKey(Condition, on_delete=models.CASCADE, related_name="evidence")
    compound = models.ForeignKey(
        Compound, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    label = models.CharField(max_length=80)
    strength = models.CharField(max_length=8, choices=Strength)
    mixed = models.BooleanField(default=False, help_text="Good trials disagree.")
    text = ProseField()

    class Meta(Part.Meta):
        verbose_name_plural = "evidence by compound"

    def __str__(self):
        return f"{self.label}: {self.get_strength_display()}"
