from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext

from psychoplastogens.clinics.fields import PlainTextField, validate_no_phone_number
from psychoplastogens.clinics.models.clinic import Clinic
from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, Section
from psychoplastogens.editorial.models import (
    OldAddress,
    Part,
    SluggedModel,
    Status,
    current_language,
    exactly_one_constraint,
)
from psychoplastogens.editorial.shortcuts import build_gone, deduplicate_gone
from psychoplastogens.short_links.models import ShortLink
from psychoplastogens.walkthrough.models import Walkthrough

# What an item may open, besides the question list, and the way from it to what is published.
PAGE_RELATIONS = {
    "explainer": "explainer",
    "section": "section__explainer",
    "compound": "compound",
    "condition": "condition",
    "faq": "faq",
    "walkthrough": "walkthrough",
}
QUESTION_LIST = "question_list"


class PackQuerySet(models.QuerySet):
    def editable_by(self, user):
        return self.filter(clinic__in=Clinic.objects.editable_by(user))

    def live(self):
        return self.filter(is_live=True)

    def get_by_slug(self, slug):
        """The pack with this slug, or that had it when no other does.

        Raises Http404 where there is none, or none that readers ever saw.
        """
        found = list(self.filter(slug=slug))
        if not found:
            ids = [old.object_id for old in OldAddress.objects.with_slug(Pack, slug)]
            found = sorted(self.filter(pk__in=ids), key=lambda pack: ids.index(pack.pk))
        for pack in found:
            if pack.was_live:
                return pack
        raise Http404("There is no reading list at this address.")


class Pack(SluggedModel):
    """A clinic's reading list: pages of ours in the clinic's order, with its words around them."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="packs")
    title = PlainTextField(
        validators=[validate_no_phone_number],
        max_length=80,
        help_text="For example: Before your first visit.",
    )
    greeting = PlainTextField(
        validators=[validate_no_phone_number],
        max_length=600,
        blank=True,
        help_text="Without it the clinic’s greeting is shown.",
    )
    is_live = models.BooleanField(
        "open",
        default=True,
        help_text="Patients can open it. When you close it, its links say so and show your phone.",
    )
    was_live = models.BooleanField(default=False, editable=False)

    url_parent = "clinic"

    objects = PackQuerySet.as_manager()

    class Meta:
        verbose_name = "reading list"
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "slug"],
                name="clinics_pack_one_address",
                violation_error_message="Another list of this clinic has this address.",
            ),
            models.CheckConstraint(
                condition=Q(is_live=False) | Q(was_live=True), name="clinics_pack_was_live"
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.was_live = self.was_live or self.is_live
        with transaction.atomic():
            super().save(*args, **kwargs)
            ShortLink.objects.get_or_create_for(self)

    def get_absolute_url(self):
        return reverse("clinics:pack_detail", args=[self.clinic.slug, self.slug])

    def clean(self):
        super().clean()
        self.was_live = self.was_live or self.is_live

    @property
    def address_scope(self):
        return str(self.clinic_id or "")

    @property
    def effective_greeting(self):
        """What the clinic says above the list."""
        return self.greeting or self.clinic.greeting

    def get_visible_items(self):
        """The items that readers may open now, in order, each with its `number` from 1 and `pack`.

        One query, and one for each kind of parts that `minutes` needs.
        """
        items = list(self.items.visible())
        for number, item in enumerate(items, start=1):
            item.number, item.pack = number, self
        return items

    def get_withdrawal_reasons(self):
        """Why pages of it were withdrawn, each reason once: a PageGone for each."""
        items = self.items.withdrawn()
        return deduplicate_gone(build_gone(item.target.owner) for item in items)


class PackItemQuerySet(models.QuerySet):
    def visible(self):
        """The items whose page is published, with all that their titles and minutes need."""
        open_now = Q(question_list=True) | build_status_condition(Status.PUBLISHED)
        return self.filter(open_now).with_pages().order_by("order", "pk")

    def withdrawn(self):
        """The items whose page was taken from readers."""
        return (
            self.filter(build_status_condition(Status.WITHDRAWN))
            .with_pages()
            .order_by("order", "pk")
        )

    def with_pages(self):
        """With the record that each item opens."""
        parts = ("explainer__sections", "walkthrough__steps")
        parts += ("condition__options", "condition__evidence")
        return self.select_related(*PAGE_RELATIONS.values()).prefetch_related(*parts)


def build_status_condition(status):
    """A condition on items: that their page, or the guide of their part, has this status."""
    language = current_language()
    states = ({f"{w}__status": status, f"{w}__language": language} for w in PAGE_RELATIONS.values())
    return reduce(or_, (Q(**state) for state in states))


def sum_minutes(items):
    """Whole minutes to read all of these items."""
    return sum(item.minutes for item in items)


class PackItem(Part):
    """One line of a reading list. It goes with the page that it opens."""

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="items")
    explainer = models.ForeignKey(
        Explainer, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    section = models.ForeignKey(
        Section, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    compound = models.ForeignKey(
        Compound, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    condition = models.ForeignKey(
        Condition, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    faq = models.ForeignKey(Faq, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    walkthrough = models.ForeignKey(
        Walkthrough, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    question_list = models.BooleanField("questions for the visit", default=False)
    note = PlainTextField(
        validators=[validate_no_phone_number],
        max_length=200,
        blank=True,
        help_text="Optional. Shown as a note from the clinic.",
    )

    objects = PackItemQuerySet.as_manager()

    class Meta(Part.Meta):
        verbose_name = "page"
        constraints = [
            exactly_one_constraint(
                *PAGE_RELATIONS,
                Q(question_list=True),
                name="clinics_packitem_exactly_one",
                message="A line of a reading list opens exactly one page.",
            )
        ]

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        if (
            sum(bool(getattr(self, f"{name}_id")) for name in PAGE_RELATIONS) + self.question_list
            != 1
        ):
            raise ValidationError("Choose one page.")

    @property
    def kind(self):
        """The name of the field that is filled in: explainer, section, ... question_list."""
        return next((n for n in PAGE_RELATIONS if getattr(self, f"{n}_id")), QUESTION_LIST)

    @property
    def form_value(self):
        """The page as a form and an address name it: “faq:<key>”, or “question_list”."""
        return self.kind if self.question_list else f"{self.kind}:{self.target.pk}"

    @property
    def target(self):
        """The record that it opens; None for the question list. Needs `with_pages()`."""
        return None if self.question_list else getattr(self, self.kind)

    @property
    def title(self):
        return gettext("My questions for the visit") if self.question_list else str(self.target)

    @property
    def summary(self):
        """One line about the page, in our words; '' where its title says enough."""
        return "" if self.question_list else self.target.list_summary

    @property
    def minutes(self):
        """Whole minutes to read the page; 0 for the question list. Needs `with_pages()`."""
        return 0 if self.question_list else self.target.minutes

    @property
    def page_address(self):
        """The address of the page itself, outside of any list."""
        return reverse("content:ask") if self.question_list else self.target.get_absolute_url()

    def get_absolute_url(self):
        """Its address in the list. Needs the `number` that `Pack.get_visible_items` gives.

        In a list that anybody made there is no pack: there it is the page's own.
        """
        if not self.pack_id:
            return self.page_address
        return reverse(
            "clinics:item_detail", args=[self.pack.clinic.slug, self.pack.slug, self.number]
        )
