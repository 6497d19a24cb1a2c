"""The words of readers: synonyms that lead to pages, and counts of searches that found nothing."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Max, Sum
from django.db.models.functions import Lower
from django.utils import timezone

from psychoplastogens.content.fields import WordsField
from psychoplastogens.delivery.expiring_counts import ExpiringCountQuerySet
from psychoplastogens.editorial.models import ContentVersion, get_page_models

MAX_NAME_LENGTH = 80


def validate_search_name(name):
    """Raise ValidationError if a search cannot find `name`: it needs a letter or a figure."""
    if not any(map(str.isalnum, name)):
        raise ValidationError(f"“{name}” has neither a letter nor a figure.")


class SynonymQuerySet(models.QuerySet):
    def with_broader(self):
        return self.select_related("broader")

    def answered_at(self, addresses):
        """Those whose page is at one of `addresses`, or below one."""
        below = (models.Q(page__startswith=address) for address in addresses)
        return self.filter(reduce(or_, below, models.Q(pk__in=[])))

    def on_missing_pages(self):
        """Those that lead to no page that readers may open, with their broader synonym."""
        open_pages = set(map_published_addresses())
        return [
            synonym
            for synonym in self.with_broader()
            if synonym.page and synonym.page not in open_pages
        ]


class Synonym(models.Model):
    """What readers type for something that our pages name otherwise, and the page that answers.

    Vocabulary, no content: readers never see these words as a statement of ours. A medicine has
    its class as `broader`, and leads to the page of the class where it names none of its own.
    """

    class Kind(models.TextChoices):
        MEDICINE = "medicine", "medicine"
        MEDICINE_CLASS = "medicine_class", "class of medicines"
        SUBSTANCE = "substance", "substance or slang"
        ROUTE = "route", "way of taking it"
        CONDITION = "condition", "condition"
        AGE = "age", "age group"
        INSURER = "insurer", "insurer"
        WORD = "word", "everyday word"

    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(
        max_length=MAX_NAME_LENGTH,
        validators=[validate_search_name],
        help_text="The usual name. Pages that hold it are found by the other names too.",
    )
    other_names = WordsField(
        help_text="Brand names, slang, spellings, phrases of up to six words. One per line."
    )
    broader = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="narrower",
        limit_choices_to={"kind": Kind.MEDICINE_CLASS},
        verbose_name="class",
        help_text="For a medicine: its class, whose page answers for it.",
    )
    page = models.CharField(
        "page that answers",
        max_length=200,
        blank=True,
        validators=[
            RegexValidator(r"^/(?:[\w-]+/)+$", "An address such as /questions/pregnancy/.")
        ],
        help_text="Its address on this site, such as /questions/pregnancy/. "
        "Leave it empty where the page of the class answers.",
    )

    objects = SynonymQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="search_synonym_name_once",
                violation_error_message="A synonym has this name. Add to its other names.",
            ),
            models.CheckConstraint(
                condition=models.Q(broader__isnull=False) | ~models.Q(page=""),
                name="search_synonym_leads_to_page",
                violation_error_message="Name the page that answers, or a class.",
            ),
            models.CheckConstraint(
                condition=models.Q(broader__isnull=True) | models.Q(kind="medicine"),
                name="search_synonym_only_medicines_have_class",
                violation_error_message="Only a medicine has a class.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def names(self):
        return (self.name, *self.other_names)

    @property
    def pages(self):
        """The addresses that answer, the nearest first: its own and that of its class."""
        broader = self.broader.page if self.broader else ""
        return tuple(dict.fromkeys(filter(None, (self.page, broader))))

    def clean(self):
        self.clean_names()
        if self.page and self.page not in map_published_addresses():
            raise ValidationError({"page": f"Readers find no page at {self.page}."})

    def clean_names(self):
        """Raise ValidationError where a search could not use one of the other names."""
        for name in self.other_names:
            validate_search_name(name)
            if len(name) > MAX_NAME_LENGTH:
                raise ValidationError({"other_names": f"“{name[:20]} …” is too long."})


def map_published_addresses():
    """{address: title} of every page that a search may lead to."""
    return {
        page.get_absolute_url(): str(page)
        for model in get_page_models()
        if model.search_group
        for page in model.published_pages()
    }


def rebuild_index(**kwargs):
    """Receiver: a changed synonym changes what a search finds."""
    ContentVersion.objects.bump()


class MissedSearchQuerySet(ExpiringCountQuerySet):
    MAX_ROWS_PER_DAY = 300
    """Different words stored for one day; later ones are dropped."""
    RETENTION_DAYS = 90

    def add_count(self, words, day, number):
        """Add `number` searches for `words` on `day`. The first row of a day deletes old rows."""
        with transaction.atomic():
            if self.filter(words=words, day=day).update(number=F("number") + number):
                return
            stored = self.filter(day=day).count()
            if not stored:
                self.delete_old(day)
            if stored < self.MAX_ROWS_PER_DAY:
                row = self.model(words=words, day=day, number=number)
                self.bulk_create([row], ignore_conflicts=True)

    def group_by_words(self, since):
        """{"words", "times", "last"} since a day, the most frequent first."""
        found = self.filter(day__gte=since).values("words")
        return found.annotate(times=Sum("number"), last=Max("day")).order_by("-times", "words")


class MissedSearch(models.Model):
    """Words that were searched for without a result several times on a day. Never who searched."""

    words = models.CharField(max_length=80)
    day = models.DateField()
    number = models.PositiveIntegerField()

    objects = MissedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-number", "words"]
        verbose_name = "search that found nothing"
        verbose_name_plural = "searches that found nothing"
        constraints = [
            models.UniqueConstraint(fields=["words", "day"], name="search_missedsearch_once_a_day")
        ]

    def __str__(self):
        return f"{self.words}, {self.day}"


def delete_old_counts(**kwargs):
    """Receiver of `clean_up`: delete the counts that are too old."""
    number = MissedSearch.objects.delete_old(timezone.localdate())
    return f"counts of searches that found nothing: {number}"
