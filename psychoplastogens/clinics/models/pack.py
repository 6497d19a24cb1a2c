from itertools import chain, count
from typing import ClassVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext

from psychoplastogens.clinics.fields import PlainTextField, validate_no_phone_number
from psychoplastogens.clinics.models.clinic import Clinic
from psychoplastogens.clinics.models.clinic_group import ClinicGroup
from psychoplastogens.delivery.page_store.policies import LISTS
from psychoplastogens.editorial.models import (
    OldAddress,
    PagePointer,
    PagePointerQuerySet,
    Part,
    SluggedModel,
    prefetch_pages,
)
from psychoplastogens.editorial.shortcuts import build_gone, deduplicate_gone
from psychoplastogens.short_links.models import ShortLink

QUESTION_LIST = "question_list"
READ_FIRST = 3
"""Pages that are read first where nobody chose them: what most people read before a visit."""


class PackQuerySet(models.QuerySet):
    def editable_by(self, user):
        return self.filter(
            Q(clinic__in=Clinic.objects.editable_by(user))
            | Q(group__in=ClinicGroup.objects.editable_by(user))
        )

    def live(self):
        return self.filter(is_live=True)

    def get_by_slug(self, slug):
        """The pack with this slug, or that had it when no other does.

        Raises Http404 where there is none, or none that readers ever saw.
        """
        packs = self.select_related("source__group")
        found = list(packs.filter(slug=slug))
        if not found:
            ids = [old.object_id for old in OldAddress.objects.with_slug(Pack, slug)]
            found = sorted(packs.filter(pk__in=ids), key=lambda pack: ids.index(pack.pk))
        for pack in found:
            if pack.was_live:
                return pack
        raise Http404("There is no reading list at this address.")

    def match_group(self, clinic):
        """Give `clinic` the lists of its group, and close those of a group that it has left."""
        group = clinic.group_id
        copies = self.filter(clinic=clinic, source__isnull=False, is_live=True)
        copies.exclude(source__group=group).update(is_live=False)
        for source in self.filter(group=group) if group else ():
            source.copy_to(clinic)


class Pack(SluggedModel):
    """A clinic's reading list: pages of ours in the clinic's order, with its words around them.

    A list of a group of clinics has no clinic, and no reader opens it: each clinic of the group has
    a copy, with an address and a short link of its own. A copy shows the pages of its `source`, and
    takes its title, words and openness whenever that is saved.
    """

    version_name = LISTS

    clinic = models.ForeignKey(
        Clinic, null=True, blank=True, on_delete=models.PROTECT, related_name="packs"
    )
    group = models.ForeignKey(
        ClinicGroup,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="packs",
        help_text="Instead of a clinic: each clinic of the group hands it out, with its own name "
        "and phone.",
    )
    source = models.ForeignKey(
        "self",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="copies",
    )
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
            models.UniqueConstraint(
                fields=["group", "slug"],
                name="clinics_pack_one_in_group",
                violation_error_message="Another list of this group has this address.",
            ),
            models.UniqueConstraint(
                fields=["clinic", "source"], name="clinics_pack_one_copy_a_clinic"
            ),
            models.CheckConstraint(
                condition=Q(is_live=False) | Q(was_live=True), name="clinics_pack_was_live"
            ),
            models.CheckConstraint(
                condition=Q(clinic__isnull=False, group__isnull=True)
                | Q(clinic__isnull=True, group__isnull=False, source__isnull=True),
                name="clinics_pack_clinic_or_group",
                violation_error_message="A list belongs to one clinic, or to one group.",
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.was_live = self.was_live or self.is_live
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.clinic_id:
                ShortLink.objects.get_or_create_for(self)
            else:
                self.copy_to_clinics()

    def copy_to_clinics(self):
        """Make the copies of a group's list say what it says; a new clinic gets one."""
        said = {"title": self.title, "greeting": self.greeting, "is_live": self.is_live}
        if self.is_live:
            said["was_live"] = True
        self.copies.filter(clinic__group=self.group).update(**said)
        for clinic in Clinic.objects.filter(group=self.group).exclude(packs__source=self):
            self.copy_to(clinic)

    def copy_to(self, clinic):
        """Give `clinic`, one of the group, this list of it, at an address that is free there."""
        copy = clinic.packs.filter(source=self).first() or Pack(clinic=clinic, source=self)
        copy.title, copy.greeting, copy.is_live = self.title, self.greeting, self.is_live
        copy.slug = copy.slug or self.find_free_slug(clinic)
        copy.save()

    def find_free_slug(self, clinic):
        """The slug of this list, with a number where `clinic` has, or had, another one there."""
        had = OldAddress.objects.filter(scope=str(clinic.pk), slug__startswith=self.slug[:70])
        taken = {*clinic.packs.values_list("slug", flat=True), *had.values_list("slug", flat=True)}
        numbered = (f"{self.slug[:70]}-{number}" for number in count(2))
        return next(slug for slug in chain([self.slug], numbered) if slug not in taken)

    def get_absolute_url(self):
        """Where patients open it; '' for a list of a group, which only its copies show."""
        if not self.clinic_id:
            return ""
        return reverse("clinics:pack_detail", args=[self.clinic.slug, self.slug])

    def clean(self):
        super().clean()
        self.was_live = self.was_live or self.is_live
        if bool(self.clinic_id) == bool(self.group_id):
            raise ValidationError("Choose the clinic of this list, or a group of clinics.")

    @property
    def address_scope(self):
        return str(self.clinic_id or f"group {self.group_id}")

    @property
    def effective_greeting(self):
        """What the clinic says above the list."""
        return self.greeting or self.clinic.greeting

    @property
    def owner(self):
        """Who chose its pages and wrote its notes: the clinic, or the group of its source."""
        return self.source.group if self.source_id else self.clinic

    @property
    def greeting_author(self):
        """Whose words the greeting is."""
        return self.owner if self.greeting else self.clinic

    @property
    def choice_sentence(self):
        """Whose choice the list is. Whose words its pages are, `describe_authorship` says."""
        return gettext("%(clinic)s chose these pages; a clinic cannot change them.") % {
            "clinic": self.owner.name
        }

    @property
    def own_items(self):
        """Its lines, kept at its source where it is a copy."""
        return PackItem.objects.filter(pack=self.source_id or self.pk)

    def get_visible_items(self):
        """The items that readers may open now, in order, each with its `number` from 1 and `pack`.

        One query, one for each kind of page, and one for each relation that `minutes` needs.
        """
        items = list(self.own_items.visible())
        for number, item in enumerate(items, start=1):
            item.number, item.pack = number, self
        return items

    def get_withdrawal_reasons(self):
        """Why pages of it were withdrawn, each reason once: a PageGone for each."""
        items = self.own_items.withdrawn()
        return deduplicate_gone(build_gone(item.page.owner) for item in items)


class PackItemQuerySet(PagePointerQuerySet):
    def visible(self):
        """The items that readers may open, in order, with all that titles and minutes need."""
        open_now = self.with_published_page() | self.filter(question_list=True)
        return open_now.with_page().order_by("order", "pk")

    def withdrawn(self):
        """The items whose page was taken from readers."""
        return self.with_withdrawn_page().with_page().order_by("order", "pk")

    def with_page(self):
        """With the page that each item opens, and what its minutes need."""
        return self.prefetch_related(prefetch_pages(PackItem.get_target_models(), timed=True))


def split_read_first(items):
    """(those to read first, those for who wants more): as ticked, or the first pages."""
    first = [item for item in items if item.read_first]
    first = first or [item for item in items if not item.question_list][:READ_FIRST] or items
    return first, [item for item in items if item not in first]


def list_records(items):
    """The records that the pages of these items belong to, each once."""
    return list(dict.fromkeys(item.page.owner for item in items if item.page))


def sum_minutes(items):
    """Whole minutes to read all of these items."""
    return sum(item.minutes for item in items)


class PackItem(PagePointer, Part):
    """One line of a reading list. It goes with the page that it opens."""

    on_page_delete = models.CASCADE
    version_name = LISTS

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="items")
    page_type = models.ForeignKey(
        ContentType,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    page_id = models.UUIDField(null=True, blank=True, db_index=True)
    question_list = models.BooleanField("questions for the visit", default=False)
    read_first = models.BooleanField(
        default=False,
        help_text="Shown before the others, which are folded. Without a tick the first three pages "
        "are read first.",
    )
    note = PlainTextField(
        validators=[validate_no_phone_number],
        max_length=200,
        blank=True,
        help_text="Optional. Shown as a note from the clinic.",
    )

    objects: ClassVar = PackItemQuerySet.as_manager()

    class Meta(Part.Meta):
        verbose_name = "page"
        constraints = [
            models.CheckConstraint(
                condition=Q(page_type__isnull=False, page_id__isnull=False, question_list=False)
                | Q(page_type__isnull=True, page_id__isnull=True, question_list=True),
                name="clinics_packitem_exactly_one",
                violation_error_message="A line of a reading list opens exactly one page.",
            )
        ]

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        if bool(self.page_id) == self.question_list:
            raise ValidationError("Choose one page.")

    @property
    def title(self):
        return gettext("My questions for the visit") if self.question_list else str(self.page)

    @property
    def summary(self):
        """One line about the page, in our words; '' where its title says enough."""
        return "" if self.question_list else self.page.list_summary

    @property
    def minutes(self):
        """Whole minutes to read the page; 0 for the question list. Needs `with_page()`."""
        return 0 if self.question_list else self.page.minutes

    @property
    def page_address(self):
        """The address of the page itself, outside of any list."""
        return reverse("content:ask") if self.question_list else self.page.get_absolute_url()

    def get_absolute_url(self):
        """Its address in the list. Needs the `number` that `Pack.get_visible_items` gives.

        In a list that anybody made there is no pack: there it is the page's own.
        """
        if not self.pack_id:
            return self.page_address
        return reverse(
            "clinics:item_detail", args=[self.pack.clinic.slug, self.pack.slug, self.number]
        )
