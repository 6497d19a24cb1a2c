"""Codes of record systems: which page answers which, and which codes no page answered."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import slugify

from psychoplastogens.delivery.expiring_counts import ExpiringCountQuerySet
from psychoplastogens.editorial.models import (
    ContentVersion,
    PagePointer,
    PagePointerQuerySet,
    Publishable,
    PublishableQuerySet,
)
from psychoplastogens.infobutton.code_systems import (
    CODE_SYSTEMS,
    CODE_SYSTEMS_BY_KEY,
    MAX_CODE_LENGTH,
)
from psychoplastogens.infobutton.subtopics import SUBTOPICS


# django-stubs gives each queryset a manager of its own type, so those of two bases never agree.
class CodeQuerySet(PublishableQuerySet, PagePointerQuerySet):  # type: ignore[override]
    def sharing_page_with(self, code):
        """The other codes that the same page answers."""
        return self.filter(page_type=code.page_type_id, page_id=code.page_id).exclude(pk=code.pk)


class Code(Publishable, PagePointer):
    """A code of a code system, and the one page that answers it.

    The slug is made from system, code and subtopic: a code has no address of its own.
    """

    fixture = "codes"

    system = models.CharField(max_length=12, choices=[(s.key, s.name) for s in CODE_SYSTEMS])
    code = models.CharField(
        max_length=MAX_CODE_LENGTH, help_text="As the code system writes it, for example F33.2."
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
        help_text="F33 answers F33.2 too, where no longer code is here, and a product of the NDC "
        "its packages. ICD and NDC only.",
    )
    objects: ClassVar = CodeQuerySet.as_manager()  # type: ignore[assignment]  # As above.

    class Meta(Publishable.Meta):
        ordering = ["system", "code", "subtopic"]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=["language", "system", "code", "subtopic"],
                name="infobutton_code_one_page",
                violation_error_message="This code has a page already, in this language and for "
                "this subtopic. Change that one.",
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
        if system := CODE_SYSTEMS_BY_KEY.get(self.system):
            self.code = system.normalize(self.code)
            if not system.is_valid_code(self.code):
                message = f"This is no code of {system.name}: they look like {system.example}."
                raise ValidationError({"code": message})
        if self.page and self.owner.language != self.language:
            raise ValidationError(f"“{self.page}” is in another language.")

    @property
    def owner(self):
        """The publishable record that decides whether readers may read the page."""
        return self.page.owner

    def get_absolute_url(self):
        return self.page.get_absolute_url()


class ProductQuerySet(models.QuerySet):
    def map_to_ingredients(self):
        """{(system, code): RxNorm code of the ingredient}."""
        rows = self.values_list("system", "code", "ingredient")
        return {(system, code): ingredient for system, code, ingredient in rows}

    @transaction.atomic
    def replace_all(self, products):
        """Keep these products, and no others. What answers a code may be another then."""
        self.all().delete()
        self.bulk_create(products, batch_size=500)
        ContentVersion.objects.bump()


class Product(models.Model):
    """A product, brand or package, and the RxNorm code of the one ingredient that it contains.

    `manage.py import_rxnorm` copies these from RxNorm. No page is named here: which page answers an
    ingredient is said by a Code, which a second person approved.
    """

    system = models.CharField(max_length=12, choices=[("rxnorm", "RxNorm"), ("ndc", "NDC")])
    code = models.CharField(max_length=MAX_CODE_LENGTH)
    name = models.CharField(max_length=255)
    ingredient = models.CharField("contains (RxNorm)", max_length=MAX_CODE_LENGTH)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["system", "name", "code"]
        verbose_name = "product of RxNorm"
        verbose_name_plural = "products of RxNorm"
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="infobutton_product_once"),
            models.CheckConstraint(
                condition=~Q(system="rxnorm", code=F("ingredient")),
                name="infobutton_product_holds_another",
            ),
        ]

    def __str__(self):
        return f"{self.get_system_display()} {self.code}, {self.name}"


class UnansweredQuerySet(ExpiringCountQuerySet):
    MAX_ROWS_PER_DAY = 500
    """Different codes that are counted on one day; what comes after them is not."""
    RETENTION_DAYS = 365

    def increment(self, system, code):
        """Count that `code`, a sound one, was asked for today, and that no page answers it."""
        today = timezone.localdate()
        what = {"system": system, "code": code, "day": today}
        if self.filter(**what).update(times=F("times") + 1):
            return
        counted = self.filter(day=today).count()
        if not counted:
            self.delete_old(today)
        if counted >= self.MAX_ROWS_PER_DAY:
            return
        try:
            with transaction.atomic():
                self.create(**what)
        except IntegrityError:  # Somebody else was quicker.
            self.filter(**what).update(times=F("times") + 1)


class Unanswered(models.Model):
    """How often a code was asked for on a day without an answer; who asked is nowhere."""

    MIN_SHOWN_COUNT = 10

    system = models.CharField(max_length=12, choices=[(s.key, s.name) for s in CODE_SYSTEMS])
    code = models.CharField(max_length=MAX_CODE_LENGTH)
    day = models.DateField()
    times = models.PositiveIntegerField(default=1)

    objects = UnansweredQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-times", "system", "code"]
        verbose_name = "code without a page"
        verbose_name_plural = "codes without a page"
        constraints = [
            models.UniqueConstraint(
                fields=["system", "code", "day"], name="infobutton_unanswered_once_a_day"
            )
        ]

    def __str__(self):
        return f"{self.get_system_display()} {self.code}, {self.day}"


def delete_old_counts(**kwargs):
    """Receiver of `clean_up`: delete the counts that are too old."""
    number = Unanswered.objects.delete_old(timezone.localdate())
    return f"counts of codes without a page: {number}"
