"""Short links that last for ever, and how often each was opened on a day."""

import secrets
import string
from typing import ClassVar
from unicodedata import normalize

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone

from psychoplastogens.delivery.characters import remove_invisible_characters
from psychoplastogens.editorial.models import PagePointer, PagePointerQuerySet, get_page_models

# No vowels, so that no code is a word; none of 0 O 1 I L 5 S 2 Z 8 B 9 Q, which look alike.
CODE_ALPHABET = "cdfghjkmnprtvwx3467"
AROUND_CODES = string.whitespace + string.punctuation + "…“”‘’«»‹›"
MAX_TYPED_LENGTH = 300
CODE_LENGTH = 5
MAX_CODE_ATTEMPTS = 30
MIN_SHOWN_CLICKS = 10
"""A smaller number of clicks is not told: it could be one patient whom the clinic knows."""


class NoFreeCodeError(RuntimeError):
    """Every code that was tried belongs to another link."""


class UndeletableQuerySet(PagePointerQuerySet):
    def delete(self):
        raise ValidationError("A short link is for ever: it may be in emails and on paper.")


class ShortLinkQuerySet(UndeletableQuerySet):
    def get_or_create_for(self, record):
        """The link of `record`, made at the first call.

        `record` is anything with a UUID key and an address: a publishable record, a section, a
        step, a pack, a clinic. Raises TypeError for anything else, NoFreeCodeError when no code
        is free.
        """
        if not isinstance(record._meta.pk, models.UUIDField) or not hasattr(
            record, "get_absolute_url"
        ):
            raise TypeError(f"A short link cannot lead to a {record._meta.verbose_name}.")
        for _ in range(MAX_CODE_ATTEMPTS):
            if link := self.find_for(record):
                return link
            try:
                with transaction.atomic():
                    return self.create(code=generate_code(), page=record)
            except IntegrityError:
                continue  # The code is another link's, or somebody made this link just now.
        raise NoFreeCodeError(
            f"No free code of {CODE_LENGTH} letters was found in {MAX_CODE_ATTEMPTS} tries."
        )

    def find_for(self, record):
        """The link of `record`, or None where nobody has made one."""
        return self.pointing_at([record]).first()

    def get_destination_urls(self, codes):
        """{code: path of its record now}; '' for a deleted record. Unknown codes are left out.

        Models whose address names a parent say so in `url_parent`, which saves a query a record.
        """
        with_parents = [
            model._default_manager.select_related(model.url_parent)
            for model in apps.get_models()
            if getattr(model, "url_parent", "")
        ]
        links = self.filter(pk__in=codes).prefetch_related(GenericPrefetch("page", with_parents))
        return {link.pk: link.page.get_absolute_url() if link.page else "" for link in links}

    def editable_by(self, user):
        """The links whose clicks `user` may see; a superuser sees all.

        These are the links to records that the user edits: of every model whose manager has a
        method `editable_by`, such as a clinic and its reading lists.
        """
        if user.is_superuser:
            return self
        condition = Q(pk__in=[])
        for model in apps.get_models():
            if model is not ShortLink and hasattr(model._default_manager, "editable_by"):
                records = model._default_manager.editable_by(user)
                kind = ContentType.objects.get_for_model(model)
                condition |= Q(page_type=kind, page_id__in=records.values("pk"))
        return self.filter(condition)


def generate_code():
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def normalize_code(typed):
    """`typed` as codes are kept; '' for what cannot be a code.

    Any case is accepted, spaces and characters that nobody sees, the punctuation around it that a
    message program took for a part of the address, and a whole link in its place.
    """
    code = normalize("NFKC", remove_invisible_characters(typed[:MAX_TYPED_LENGTH]))
    code = code.partition("?")[0].partition("#")[0].strip(AROUND_CODES).rpartition("/")[2]
    code = "".join(code.split()).lower()
    return code if len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET) else ""


class ShortLink(PagePointer):
    """A short address for emails and paper. It leads to a record, wherever that is now.

    Besides pages of ours it leads to reading lists and clinics. It outlives what it led to.
    """

    on_page_delete = models.DO_NOTHING

    code = models.CharField(
        max_length=CODE_LENGTH,
        primary_key=True,
        validators=[RegexValidator(rf"\A[{CODE_ALPHABET}]{{{CODE_LENGTH}}}\Z")],
    )
    created_on = models.DateField(auto_now_add=True)

    objects: ClassVar = ShortLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page_type", "page_id"], name="short_links_shortlink_one_a_record"
            )
        ]

    def __str__(self):
        return self.code

    @classmethod
    def get_target_models(cls):
        return [m for m in get_page_models() if m.is_shareable or m.frame_template]

    def get_absolute_url(self):
        return reverse("short_links:short_link", args=[self.code])

    def get_clicks_by_month(self, most=12):
        """(first day of the month, clicks as anybody may read them), the latest first."""
        months = self.days.sum_by_month()[:most]
        return [(month, format_click_count(number)) for month, number in months]

    def get_clicks_this_month(self):
        """The clicks of this month so far, as anybody may read them."""
        first = timezone.localdate().replace(day=1)
        number = self.days.filter(day__gte=first).aggregate(clicks=Sum("number"))["clicks"]
        return format_click_count(number or 0)

    def delete(self, *args, **kwargs):
        raise ValidationError("A short link is for ever: it may be in emails and on paper.")


class DailyCountQuerySet(models.QuerySet):
    def add_clicks(self, clicks):
        """Add `clicks`, a number for each (code, day), to what is there: all of them or none.

        Rows are taken in one order, so that processes that write at once wait for each other
        instead of blocking each other. A code that no link has is left out.
        """
        with transaction.atomic(using=self.db):
            codes = {code for code, _ in clicks}
            known = set(ShortLink.objects.filter(pk__in=codes).values_list("pk", flat=True))
            rows = sorted(key for key in clicks if key[0] in known)
            self.bulk_create(
                [self.model(link_id=code, day=day) for code, day in rows], ignore_conflicts=True
            )
            for code, day in rows:
                found = self.filter(link_id=code, day=day)
                found.update(number=F("number") + clicks[code, day])

    def sum_by_month(self):
        """(first day of the month, clicks), the latest first."""
        months = self.annotate(month=TruncMonth("day")).values_list("month")
        return months.annotate(clicks=Sum("number")).order_by("-month")


class DailyCount(models.Model):
    """How often a link was opened on a day: clicks, not people. Nothing else is kept."""

    link = models.ForeignKey(ShortLink, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    number = models.PositiveIntegerField(default=0)

    objects = DailyCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "day"], name="short_links_dailycount_one_a_day")
        ]

    def __str__(self):
        return f"{self.link_id}, {self.day}: {format_click_count(self.number)}"


def format_click_count(number):
    """A number of clicks as anybody may read it."""
    return str(number) if number >= MIN_SHOWN_CLICKS else f"fewer than {MIN_SHOWN_CLICKS}"
