from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from psychoplastogens.content.fields import LinesField, ProseField, split_lines
from psychoplastogens.content.models.explainer import GUIDES
from psychoplastogens.content.models.prose_model import ProseModel, ProsePage
from psychoplastogens.editorial.models import (
    ChoiceGroup,
    Part,
    Publishable,
    PublishableQuerySet,
    SearchText,
)

MOST_LINES = 12
"""Of options, values and questions: static/decision.css fills the sheet with so many of each."""


class DecisionQuerySet(PublishableQuerySet):
    def with_page_data(self):
        return self.prefetch_related("options")


class Decision(ProsePage, Publishable):
    """A choice between treatments: all options in equal detail, and a sheet for the visit."""

    fixture = "decisions"
    parts = ("options",)
    route = "decide/<slug:slug>/"
    url_name = "content:decision_detail"
    in_changes = is_shareable = True
    search_group = GUIDES
    choice_group = ChoiceGroup("Decisions", order=7)
    timed_parts = ("options",)
    template_name = "content/decision_detail.html"
    feed_text_field = "key_points"
    citation_optional = ("in_pictures", "how_made")

    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=180, help_text="Who it is for and what they get.")
    choice = models.CharField(
        max_length=300, help_text="One sentence: You and your clinician are choosing between ..."
    )
    weighed = models.CharField(
        max_length=80, help_text="Fits: “Speaks for ___”. For example: ketamine or Spravato."
    )
    key_points = ProseField(help_text="Three to five cited points.")
    what_it_is = ProseField("the condition")
    without_treatment = ProseField(help_text="What happens without treatment, with numbers.")
    in_pictures = ProseField(
        "numbers as pictures",
        blank=True,
        help_text="One {{finding:...}} on each line: as many harms as benefits.",
    )
    what_matters = LinesField("what matters to me", help_text="One per line, at most 12.")
    questions_to_ask = LinesField(help_text="One question per line, at most 12.")
    not_known = ProseField("what is not known")
    how_made = ProseField(
        "how this page was made",
        help_text="How options and evidence were chosen, who wrote it, and what was not tested.",
    )

    objects: ClassVar = DecisionQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["title"]

    def get_search_text(self):
        texts = self.texts_in_order()
        return SearchText(self.title, summary=self.summary, prose=tuple(texts))

    def get_context(self, depth=""):
        from psychoplastogens.content.page_context import get_decision_context

        return get_decision_context(self)

    def build_sheet(self, parts=(), *, more=False):
        from psychoplastogens.content.sheets import build_decision_sheet

        return build_decision_sheet(self)

    def build_short_sheet(self):
        from psychoplastogens.content.sheets import build_short_decision_sheet

        return build_short_decision_sheet(self)

    def get_timed_texts(self):
        return self.texts_in_order()

    def texts_in_order(self):
        """All prose of the page, options included, in reading order. Needs `with_page_data()`."""
        options = [text for option in self.options.all() for text in option.prose_texts()]
        before = [self.key_points, self.what_it_is, self.without_treatment]
        return [*before, *options, self.in_pictures, self.not_known, self.how_made]

    def clean(self):
        super().clean()
        for name in ("what_matters", "questions_to_ask"):
            if len(split_lines(getattr(self, name))) > MOST_LINES:
                raise ValidationError({name: f"At most {MOST_LINES} lines fit the sheet."})

    @property
    def matters(self):
        return split_lines(self.what_matters)

    @property
    def questions(self):
        return split_lines(self.questions_to_ask)


class DecisionOption(ProseModel, Part):
    """A way to go. Every line is filled for every option: where a fact is missing, it says so."""

    citation_optional = ("how", "time", "cost", "standing")

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="options")
    name = models.CharField(max_length=80)
    gist = models.CharField(max_length=120, help_text="One line that is true alone.")
    how = ProseField("how it is done")
    time = ProseField("time it takes")
    cost = ProseField()
    benefit = ProseField("what it may do", help_text="Out of 100, beside the comparison.")
    harm = ProseField("what it may harm", help_text="Out of 100, beside the comparison.")
    standing = ProseField("status", help_text="Approved or not, with its date.")

    class Meta(Part.Meta):
        verbose_name = "option"

    def __str__(self):
        return self.name
