"""A number that readers guess before they see it: Guess."""

from __future__ import annotations

import re
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from psychoplastogens.content.fields import ProseField
from psychoplastogens.content.models.prose_model import ProseModel
from psychoplastogens.editorial.models import Part
from psychoplastogens.evidence.models import Finding, Source, SpineChange, Subject
from psychoplastogens.walkthrough.guess_line import GuessLine

MIN_CHOICES, MAX_CHOICES = 3, 7
LOWEST, HIGHEST = -100, 1_000
"""Of the numbers to choose from: all spines lost, and ten times as many."""

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,4}")


def parse_choices(text: str) -> list[int]:
    """The whole numbers in a text, without the words among them."""
    return [int(word) for word in text.split() if _WHOLE_NUMBER.fullmatch(word)]


def validate_choices(text: str) -> None:
    numbers = parse_choices(text)
    if len(numbers) != len(text.split()) or numbers != sorted(set(numbers)):
        raise ValidationError("Write whole numbers with spaces between, the lowest first.")
    if not MIN_CHOICES <= len(numbers) <= MAX_CHOICES:
        raise ValidationError(f"Offer {MIN_CHOICES} to {MAX_CHOICES} numbers.")
    if not LOWEST <= numbers[0] <= numbers[-1] <= HIGHEST:
        raise ValidationError(f"Numbers go from {LOWEST} to {HIGHEST}.")


class GuessQuerySet(models.QuerySet):
    def answered(self):
        """Those whose number the public may read, with that number and its source."""
        findings = Q(finding__in=Finding.objects.published())
        changes = SpineChange.objects.published().exclude(percent=None)
        days = Q(days__isnull=False, days_source__in=Source.objects.published())
        found = self.filter(findings | Q(spine_change__in=changes) | days)
        return found.select_related("finding__source", "spine_change__source", "days_source")

    def asked_in(self, walkthrough):
        """All guesses of the steps of a walkthrough, answered or not."""
        found = self.filter(step__walkthrough=walkthrough).order_by("step__order")
        return found.select_related("step", "finding", "spine_change", "days_source")


class Guess(ProseModel, Part):
    """A question that a reader answers with a number, before the number of a study is shown.

    The answer is read from a record: people out of 100, or more spines for every 100. A time is
    said here: days, from a source, in a sentence that holds `{days}`.
    """

    citation_optional = ("afterword",)

    step = models.ForeignKey("walkthrough.Step", on_delete=models.CASCADE, related_name="guesses")
    question = models.CharField(
        max_length=200, help_text="Asks for one number, and does not tell it: Of 100 people ..."
    )
    choices = models.CharField(
        "numbers to choose from",
        max_length=60,
        validators=[validate_choices],
        help_text="Three to seven whole numbers with spaces between: 0 10 25 50 75.",
    )
    finding = models.ForeignKey(
        Finding,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="guesses",
        help_text="The answer, where it counts people: how many out of 100 of the treated group.",
    )
    spine_change = models.ForeignKey(
        SpineChange,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="guesses",
        help_text="The answer, where it counts spines: how many more for every 100.",
    )
    days = models.PositiveSmallIntegerField(
        "the answer in days", null=True, blank=True, help_text="Where it asks how long."
    )
    days_source = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="source of the days",
    )
    days_sentence = models.CharField(
        "the days in words",
        max_length=200,
        blank=True,
        help_text="One sentence, with {days} where their number stands: "
        "Half of them had relapsed by {days} days.",
    )
    afterword = ProseField(
        "said after the number", blank=True, help_text="What it does not say. One or two sentences."
    )

    objects: ClassVar = GuessQuerySet.as_manager()

    class Meta(Part.Meta):
        verbose_name_plural = "guesses"
        constraints = [
            models.UniqueConstraint(
                fields=["step"],
                name="walkthrough_guess_one_a_step",
                violation_error_message="A step asks for one guess at most.",
            ),
            models.CheckConstraint(
                condition=Q(finding=None, spine_change=None)
                | Q(finding=None, days=None)
                | Q(spine_change=None, days=None),
                name="walkthrough_guess_one_number",
                violation_error_message="Choose one number: people, spines or days.",
            ),
            models.CheckConstraint(
                condition=Q(days=None, days_source=None, days_sentence="")
                | Q(days__gte=1, days_source__isnull=False, days_sentence__contains="{days}"),
                name="walkthrough_guess_days_with_source",
                violation_error_message="Days need their source, and a sentence with {days} in it.",
            ),
        ]

    def __str__(self):
        return self.question

    def clean(self):
        super().clean()
        if not self.source:
            raise ValidationError({"finding": "Choose the number that answers it."})
        if self.answer is None:
            raise ValidationError({"spine_change": "This study gives no number to compare with."})

    @property
    def source(self) -> Source | None:
        """Who counted the number. Restored old texts may have lost it."""
        number = self.finding or self.spine_change
        return number.source if number else self.days_source

    @property
    def answer(self) -> int | None:
        """People out of 100, more spines for every 100, or days."""
        if self.spine_change:
            return self.spine_change.percent
        return self.finding.treatment_per100 if self.finding else self.days

    @property
    def subject(self) -> str:
        """In whom or what it was counted."""
        if self.spine_change:
            return Subject.ANIMALS
        counted = self.finding or self.days_source
        return counted.subject if counted else Subject.NONE

    @property
    def sentence(self) -> str:
        """The number in words, with its range or comparison, and in whom."""
        if self.finding:
            return self.finding.sentence
        if self.days:
            return self.days_sentence.replace("{days}", str(self.days))
        change = self.spine_change
        assert change  # A guess without a number is shown to nobody.
        words = {"change": change.change_in_words, "animals": change.get_animal_display()}
        sentence = gettext("It was %(change)s, in %(animals)s.") % words
        by_chance = gettext("Chance could explain the gap.") if change.may_be_chance else ""
        return f"{sentence} {by_chance}".rstrip()

    @property
    def numbers(self) -> list[int]:
        return parse_choices(self.choices)

    def get_nearest(self, text: str) -> int | None:
        """The number to choose from that is nearest to what `text` says; None for no number."""
        try:
            said = int(text)
        except ValueError:
            return None
        return min(self.numbers, key=lambda number: abs(number - said), default=None)

    @property
    def line(self) -> GuessLine:
        """The answer on a line, without a guess."""
        return GuessLine(self)
