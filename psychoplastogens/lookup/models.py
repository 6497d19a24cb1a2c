"""Codes of record systems: which page answers which, and which were asked for in vain."""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Max, Q, Sum
from django.utils import timezone
from django.utils.text import slugify

from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, Section
from psychoplastogens.editorial.models import Publishable, PublishableQuerySet, Status
from psychoplastogens.lookup.infobutton.subtopics import SUBTOPICS
from psychoplastogens.lookup.infobutton.systems import BY_KEY, LONGEST_CODE, SYSTEMS
from psychoplastogens.walkthrough.models import Walkthrough

PAGES = ("compound", "condition", "explainer", "section", "faq", "walkthrough")
"""The keys of a Code, one for each kind of page that may answer it."""


def exactly_one(names):
    """A condition: one of these fields is filled in, and the others are not."""
    only = ({name: name != one for name in names} for one in names)
    return reduce(or_, (Q(**{f"{n}__isnull": v for n, v in each.items()}) for each in only))


def answers_with(model, name=None):
    return models.ForeignKey(
        model, null=True, blank=True, on_delete=models.PROTECT, related_name="codes",
        verbose_name=name,
    )  # fmt: skip


class CodeQuerySet(PublishableQuerySet):
    def with_published_page(self):
        """Those whose page readers may read; a section is read with its guide."""
        owners = {name: f"{name}__status" for name in PAGES} | {
            "section": "section__explainer__status"
        }
        return self.filter(reduce(or_, (Q(**{way: Status.PUBLISHED}) for way in owners.values())))

    def with_page(self):
        return self.select_related(*PAGES, "section__explainer")

    def on_the_page_of(self, code):
        """The other codes that the same page answers."""
        return self.filter(**dict([code.page_key])).exclude(pk=code.pk)


class Code(Publishable):
    """A code of a code system, and the one page that answers it.

    The slug is made from system, code and subtopic: a code has no address of its own.
    """

    fixture = "codes"

    system = models.CharField(max_length=12, choices=[(s.key, s.name) for s in SYSTEMS])
    code = models.CharField(
        max_length=LONGEST_CODE, help_text="As the code system writes it, for example F33.2."
    )
    display = models.CharField(
        "name", max_length=255, help_text="What the code system calls it, in its own words."
    )
    subtopic = models.CharField(
        max_length=20,
        blank=True,
        choices=[(s.key, s.name) for s in SUBTOPICS],
        help_text="Leave it empty, unless another page answers for this side of the subject: a "
        "page without subtopic is opened at the fitting place by itself.",
    )
    finer = models.BooleanField(
        "finer codes too",
        default=True,
        help_text="F33 answers F33.2 too, where no longer code is here. ICD only.",
    )
    compound = answers_with(Compound)
    condition = answers_with(Condition)
    explainer = answers_with(Explainer)
    section = answers_with(Section)
    faq = answers_with(Faq, "question")
    walkthrough = answers_with(Walkthrough)

    objects = CodeQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["system", "code", "subtopic"]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=["language", "system", "code", "subtopic"],
                name="lookup_code_one_page",
                violation_error_message="This code has a page already, in this language and for "
                "this subtopic. Change that one.",
            ),
            models.CheckConstraint(
                condition=exactly_one(PAGES),
                name="lookup_code_exactly_one_page",
                violation_error_message="Choose exactly one page that answers this code.",
            ),
        ]

    def __str__(self):
        subtopic = f", {self.get_subtopic_display()}" if self.subtopic else ""
        return f"{self.get_system_display()} {self.code}{subtopic}"

    def save(self, *args, **kwargs):
        self.slug = slugify(f"{self.system}-{self.code.replace('.', '-')}-{self.subtopic}")
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        if system := BY_KEY.get(self.system):
            self.code = system.normal(self.code)
            if not system.is_sound(self.code):
                message = f"This is no code of {system.name}: they look like {system.example}."
                raise ValidationError({"code": message})
        if self.page and self.owner.language != self.language:
            raise ValidationError(f"“{self.page}” is in another language.")

    @property
    def page(self):
        """The page that answers, or None where none is chosen yet. Needs `with_page()`."""
        return next(filter(None, (getattr(self, name) for name in PAGES)), None)

    @property
    def page_key(self):
        """The kind of the page that answers, and its key."""
        return next((name, key) for name in PAGES if (key := getattr(self, f"{name}_id")))

    @property
    def owner(self):
        """The publishable record that decides whether readers may read the page."""
        return self.section.explainer if self.section else self.page

    def get_absolute_url(self):
        return self.page.get_absolute_url()


class CountQuerySet(models.QuerySet):
    """Counts by `day`, kept for DAYS_KEPT days."""

    def delete_old(self, today):
        """The number of rows that were too old."""
        return self.filter(day__lt=today - timedelta(days=self.DAYS_KEPT)).delete()[0]


class UnansweredQuerySet(CountQuerySet):
    MOST_A_DAY = 500
    """Different codes that are counted on one day; what comes after them is not."""
    DAYS_KEPT = 365

    def count_one(self, system, code):
        """Count that `code`, a sound one, was asked for today, and that no page answers it."""
        today = timezone.localdate()
        what = {"system": system, "code": code, "day": today}
        if self.filter(**what).update(times=F("times") + 1):
            return
        counted = self.filter(day=today).count()
        if not counted:
            self.delete_old(today)
        if counted >= self.MOST_A_DAY:
            return
        try:
            with transaction.atomic():
                self.create(**what)
        except IntegrityError:  # Somebody else was quicker.
            self.filter(**what).update(times=F("times") + 1)


class Unanswered(models.Model):
    """How often a code was asked for on a day without an answer; who asked is nowhere."""

    FEW = 10

    system = models.CharField(max_length=12, choices=[(s.key, s.name) for s in SYSTEMS])
    code = models.CharField(max_length=LONGEST_CODE)
    day = models.DateField()
    times = models.PositiveIntegerField(default=1)

    objects = UnansweredQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-times", "system", "code"]
        verbose_name = "code without a page"
        verbose_name_plural = "codes without a page"
        constraints = [
            models.UniqueConstraint(
                fields=["system", "code", "day"], name="lookup_unanswered_once_a_day"
            )
        ]

    def __str__(self):
        return f"{self.get_system_display()} {self.code}, {self.day}"


class MissedSearchQuerySet(CountQuerySet):
    MOST_A_DAY = 300
    """Different words that are kept of one day; what comes after them is not."""
    DAYS_KEPT = 90

    def add(self, words, day, number):
        """Add `number` searches for `words` on `day`. What is older than DAYS_KEPT goes."""
        with transaction.atomic():
            if self.filter(words=words, day=day).update(number=F("number") + number):
                return
            kept = self.filter(day=day).count()
            if not kept:
                self.delete_old(day)
            if kept < self.MOST_A_DAY:
                row = self.model(words=words, day=day, number=number)
                self.bulk_create([row], ignore_conflicts=True)

    def by_words(self, since):
        """{"words", "times", "last"} since a day, the most asked for first."""
        found = self.filter(day__gte=since).values("words")
        return found.annotate(times=Sum("number"), last=Max("day")).order_by("-times", "words")


class MissedSearch(models.Model):
    """Words that were searched for in vain, at least a few times on a day; who did is nowhere."""

    words = models.CharField(max_length=80)
    day = models.DateField()
    number = models.PositiveIntegerField()

    objects = MissedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-number", "words"]
        verbose_name = "search that found nothing"
        verbose_name_plural = "searches that found nothing"
        constraints = [
            models.UniqueConstraint(fields=["words", "day"], name="lookup_missedsearch_once_a_day")
        ]

    def __str__(self):
        return f"{self.words}, {self.day}"


def clean_up(**kwargs):
    """Delete the counts that are too old."""
    today = timezone.localdate()
    number = sum(model.objects.delete_old(today) for model in (Unanswered, MissedSearch))
    return f"counts of searches and codes that found nothing: {number}"
