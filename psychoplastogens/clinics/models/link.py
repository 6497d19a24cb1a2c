"""Short links that last for ever, and how often each was opened on a day."""

import secrets

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone

from psychoplastogens.clinics.models.clinic import Clinic
from psychoplastogens.clinics.models.pack import Pack
from psychoplastogens.content.models import Section
from psychoplastogens.walkthrough.models import Step

# No vowels, so that no code is a word; none of 0 O 1 I L 5 S 2 Z 8 B 9 Q, which look alike.
LETTERS = "cdfghjkmnprtvwx3467"
LENGTH = 5
TRIES = 30
FEWEST_SHOWN = 10
"""A smaller number of openings is not told: it could be one patient whom the clinic knows."""


class NoCodeLeft(RuntimeError):
    """Every code that was tried belongs to another link."""


class NeverDeleted(models.QuerySet):
    def delete(self):
        raise ValidationError("A short link is for ever: it may be in emails and on paper.")


class ShortLinkQuerySet(NeverDeleted):
    def for_object(self, record):
        """The link of `record`, made at the first call.

        `record` is anything with a UUID key and an address: a publishable record, a section, a
        step, a pack, a clinic. Raises TypeError for anything else, NoCodeLeft when codes run out.
        """
        if not isinstance(record._meta.pk, models.UUIDField) or not hasattr(
            record, "get_absolute_url"
        ):
            raise TypeError(f"A short link cannot lead to a {record._meta.verbose_name}.")
        kind = ContentType.objects.get_for_model(record)
        for _ in range(TRIES):
            link = self.filter(content_type=kind, object_id=record.pk).first()
            if link:
                return link
            try:
                with transaction.atomic():
                    return self.create(code=new_code(), content_type=kind, object_id=record.pk)
            except IntegrityError:
                continue  # The code is another link's, or somebody made this link just now.
        raise NoCodeLeft(f"No free code of {LENGTH} letters was found in {TRIES} tries.")

    def leading_to(self, record):
        """The link of `record`, or None where nobody has made one."""
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=record.pk).first()

    def addresses(self, codes):
        """{code: where it leads now} for those of `codes` that exist; '' for a deleted record."""
        owned = [
            Section.objects.select_related("explainer"),
            Step.objects.select_related("walkthrough"),
            Pack.objects.select_related("clinic"),
        ]
        links = self.filter(pk__in=codes).prefetch_related(GenericPrefetch("record", owned))
        return {link.pk: link.record.get_absolute_url() if link.record else "" for link in links}

    def of_editor(self, user):
        """The links whose openings `user` may see: of their own clinics; for a superuser all."""
        if user.is_superuser:
            return self
        kinds = ContentType.objects.get_for_models(Pack, Clinic)
        packs = Pack.objects.of_editor(user).values("pk")
        clinics = Clinic.objects.of_editor(user).values("pk")
        return self.filter(
            Q(content_type=kinds[Pack], object_id__in=packs)
            | Q(content_type=kinds[Clinic], object_id__in=clinics)
        )


def new_code():
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def normal_code(typed):
    """`typed` as codes are kept: any case is accepted; '' for what cannot be a code."""
    code = typed.strip().lower()
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else ""


class ShortLink(models.Model):
    """A short address for emails and paper. It leads to a record, wherever that is now."""

    code = models.CharField(
        max_length=LENGTH,
        primary_key=True,
        validators=[RegexValidator(rf"\A[{LETTERS}]{{{LENGTH}}}\Z")],
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.UUIDField()
    record = GenericForeignKey()
    created_on = models.DateField(auto_now_add=True)

    objects = ShortLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="clinics_shortlink_one_a_record"
            )
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("clinics:short_link", args=[self.code])

    def openings_by_month(self, most=12):
        """(first day of the month, openings as anybody may read them), the latest first."""
        months = self.days.by_month()[:most]
        return [(month, shown_count(number)) for month, number in months]

    def opened_this_month(self):
        """The openings of this month so far, as anybody may read them."""
        first = timezone.localdate().replace(day=1)
        number = self.days.filter(day__gte=first).aggregate(openings=Sum("number"))["openings"]
        return shown_count(number or 0)

    def delete(self, *args, **kwargs):
        raise ValidationError("A short link is for ever: it may be in emails and on paper.")


class DailyCountQuerySet(models.QuerySet):
    def add(self, openings):
        """Add `openings`, a number for each (code, day), to what is there: all of them or none.

        Rows are taken in one order, so that processes that write at once wait for each other
        instead of blocking each other. A code that no link has is left out.
        """
        with transaction.atomic(using=self.db):
            codes = {code for code, _ in openings}
            known = set(ShortLink.objects.filter(pk__in=codes).values_list("pk", flat=True))
            rows = sorted(key for key in openings if key[0] in known)
            self.bulk_create(
                [self.model(link_id=code, day=day) for code, day in rows], ignore_conflicts=True
            )
            for code, day in rows:
                found = self.filter(link_id=code, day=day)
                found.update(number=F("number") + openings[code, day])

    def by_month(self):
        """(first day of the month, openings), the latest first."""
        months = self.annotate(month=TruncMonth("day")).values_list("month")
        return months.annotate(openings=Sum("number")).order_by("-month")


class DailyCount(models.Model):
    """How often a link was opened on a day: openings, not people. Nothing else is kept."""

    link = models.ForeignKey(ShortLink, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    number = models.PositiveIntegerField(default=0)

    objects = DailyCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "day"], name="clinics_dailycount_one_a_day")
        ]

    def __str__(self):
        return f"{self.link_id}, {self.day}: {shown_count(self.number)}"


def shown_count(number):
    """A number of openings as anybody may read it."""
    return str(number) if number >= FEWEST_SHOWN else f"fewer than {FEWEST_SHOWN}"
