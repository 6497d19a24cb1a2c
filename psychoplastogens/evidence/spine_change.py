"""What studies in animals counted: the model is offered by psychoplastogens.evidence.models."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, ngettext

from psychoplastogens.editorial.models import Publishable, PublishableQuerySet

HOURS_IN_DAYS_FROM = 120
"""From here on readers are told days."""


class SpineChangeQuerySet(PublishableQuerySet):
    def with_source(self):
        return self.select_related("source")

    def for_figures(self):
        """With no more than a figure and its table show, and the slug of the source."""
        counted = (
            "hours",
            "percent",
            "percent_low",
            "percent_high",
            "direction",
            "compared_change",
        )
        told = ("study", "animal", "brain_area", "dose", "compared_with", "note")
        return self.select_related("source").only("slug", *counted, *told, "source__slug")


class SpineChange(Publishable):
    """How many more or fewer spines a study in animals counted, some time after a dose.

    `hours` are after the last dose; 0 is before it. Percents are of the comparison's count,
    whole numbers; empty where only a direction was read.
    """

    class Animal(models.TextChoices):
        MOUSE = "mouse", "mice"
        RAT = "rat", "rats"

    class Direction(models.TextChoices):
        MORE = "more", "More spines"
        SAME = "same", "About the same"
        FEWER = "fewer", "Fewer spines"
        RESTORED = "restored", "Lost spines came back"

    fixture = "growth"
    title_field = "study"

    study = models.CharField(max_length=120, help_text="As readers know it: Li 2010 (rats).")
    animal = models.CharField(max_length=5, choices=Animal)
    brain_area = models.CharField(max_length=120)
    dose = models.CharField(max_length=160, help_text="In plain words: one dose of ketamine.")
    hours = models.FloatField(help_text="After the last dose; 0 is before it.")
    percent = models.SmallIntegerField(null=True, blank=True, help_text="+10 is a tenth more.")
    percent_low = models.SmallIntegerField("lowest", null=True, blank=True)
    percent_high = models.SmallIntegerField("highest", null=True, blank=True)
    direction = models.CharField(max_length=8, choices=Direction)
    compared_with = models.CharField(
        max_length=160, help_text="Follows “compared with”: mice given salt water."
    )
    compared_change = models.SmallIntegerField(
        "change in the comparison",
        null=True,
        blank=True,
        help_text="Since before the dose, in percent: -15 is 15 in 100 fewer.",
    )
    note = models.CharField(max_length=300, blank=True, help_text="One plain sentence.")
    source = models.ForeignKey(
        "evidence.Source", on_delete=models.PROTECT, related_name="spine_changes"
    )
    order = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar = SpineChangeQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["hours", "order", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(hours__gte=0),
                name="evidence_spinechange_hours",
                violation_error_message="Hours count from the dose: 0 or more.",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=-100),
                name="evidence_spinechange_percent_possible",
                violation_error_message="No more than all spines can be lost.",
            ),
            models.CheckConstraint(
                condition=Q(compared_change__isnull=True) | Q(compared_change__gte=-100),
                name="evidence_spinechange_compared_change_possible",
                violation_error_message="No more than all spines can be lost.",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{lower}__isnull": True})
                    | Q(**{f"{higher}__isnull": True})
                    | Q(**{f"{lower}__lte": F(higher)}),
                    name=f"evidence_spinechange_{lower}_{higher}",
                    violation_error_message=f"{lower} is above {higher}.",
                )
                for lower, higher in (
                    ("percent_low", "percent"),
                    ("percent", "percent_high"),
                    ("percent_low", "percent_high"),
                )
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True)
                | (Q(percent__gt=0) | ~Q(direction="more"))
                & (Q(percent__lt=0) | ~Q(direction="fewer")),
                name="evidence_spinechange_direction_fits",
                violation_error_message="The percent does not go in the direction.",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["more", "same", "fewer", "restored"]),
                name="evidence_spinechange_direction_known",
            ),
        ]

    def __str__(self):
        return f"{self.slug}: {self.study}"

    def get_absolute_url(self):
        return self.source.get_absolute_url()

    @property
    def time_in_words(self):
        """When it was counted, from the last dose: 'Before', '24 hours', '14 days'."""
        if not self.hours:
            return gettext("Before")
        if self.hours < HOURS_IN_DAYS_FROM:
            hours = round(self.hours)
            return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
        days = round(self.hours / 24)
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}

    @property
    def change_in_words(self):
        """'10 more spines for every 100 (from 4 to 16)'; the direction where no count was read."""
        if self.percent is None:
            return self.get_direction_display().lower()
        if self.percent > 0:
            words = gettext("%(n)s more spines for every 100") % {"n": self.percent}
        elif self.percent < 0:
            words = gettext("%(n)s fewer spines for every 100") % {"n": -self.percent}
        else:
            words = gettext("about as many spines")
        return f"{words} {self._range_in_words}".strip()

    @property
    def may_be_chance(self):
        """Whether the range holds both more and fewer."""
        low, high = self.percent_low, self.percent_high
        return low is not None and high is not None and low <= 0 <= high

    @property
    def in_words(self):
        """All that the growth figure says of it."""
        where = f"{self.study}, {self.get_animal_display()}, {self.brain_area}:"
        compared = f"{self.change_in_words}, {self.compared_with} ({self.dose})."
        return f"{where} {compared} {self.note}"

    @property
    def _range_in_words(self):
        low, high = self.percent_low, self.percent_high
        if low is None or high is None:
            return ""
        if low < 0 < high:
            words = gettext("(from %(low)s fewer to %(high)s more)")
            return words % {"low": -low, "high": high}
        return gettext("(from %(low)s to %(high)s)") % {"low": low, "high": high}
