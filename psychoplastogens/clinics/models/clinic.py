from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.http import Http404
from django.urls import reverse

from psychoplastogens.clinics.fields import (
    PhoneField,
    PlainTextField,
    build_tel_url,
    validate_brand_color,
    validate_no_phone_number,
)
from psychoplastogens.clinics.models.clinic_group import ClinicGroup
from psychoplastogens.clinics.models.logo import Logo
from psychoplastogens.delivery.page_store.policies import LISTS
from psychoplastogens.editorial.models import OldAddress, SluggedModel


class ClinicQuerySet(models.QuerySet):
    def editable_by(self, user):
        """The clinics whose pages `user` may see and change: a superuser all, others their own."""
        return self if user.is_superuser else self.filter(editors=user)

    def get_by_slug(self, slug):
        """The clinic that has this slug, or that had it when no other does; Http404 for none."""
        clinic = self.filter(slug=slug).first()
        if clinic:
            return clinic
        for old in OldAddress.objects.with_slug(Clinic, slug):
            if clinic := self.filter(pk=old.object_id).first():
                return clinic
        raise Http404("There is no clinic at this address.")

    def find(self, key):
        """The clinic with this key, as it stands in a form; None for none."""
        try:
            return self.filter(pk=key).first()
        except ValidationError:
            return None  # It is no key at all.

    def without_lists(self):
        """Those that have no reading list, open or closed."""
        return self.filter(packs=None)


class Clinic(SluggedModel):
    """A clinic that hands our pages out. All of its texts are its own words, shown as such."""

    version_name = LISTS

    name = PlainTextField(
        max_length=80, help_text="As patients know it. On a phone it can be seen by others."
    )
    phone = PhoneField(help_text="Shown beside every “Call your clinic”.")
    hours = PlainTextField(max_length=200, blank=True, help_text="When somebody answers the phone.")
    out_of_hours = PlainTextField(
        max_length=300, blank=True, help_text="What patients can do when nobody answers."
    )
    emergency = PlainTextField(
        max_length=300,
        blank=True,
        help_text="What patients do in an emergency. Our crisis lines are shown as well.",
    )
    greeting = PlainTextField(
        validators=[validate_no_phone_number],
        max_length=600,
        blank=True,
        help_text="Shown on each reading list without its own greeting.",
    )
    color = models.CharField(
        max_length=7,
        blank=True,
        validators=[validate_brand_color],
        help_text="Of your name on your handouts and posters, such as #1e5028. What the pages say, "
        "and their marks of evidence, keep theirs.",
    )
    discreet_previews = models.BooleanField(
        default=True,
        help_text="Mail and chat programs show a neutral title for your links, as on a lock "
        "screen. Without it they show the title of the list and your name.",
    )
    logo = models.OneToOneField(
        Logo, null=True, editable=False, on_delete=models.SET_NULL, related_name="clinic"
    )
    group = models.ForeignKey(
        ClinicGroup,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="clinics",
        help_text="It hands out the lists of this group as well.",
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="clinics",
        help_text="Staff who may see and change this clinic, its reading lists and its counts. "
        "They also need the permissions on clinics and packs.",
    )

    objects = ClinicQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name")]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="clinics_clinic_one_address"),
            models.UniqueConstraint(
                Lower("name"),
                name="clinics_clinic_one_name",
                violation_error_message="Another clinic has this name.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.packs.model.objects.match_group(self)

    def get_absolute_url(self):
        return reverse("clinics:clinic_detail", args=[self.slug])

    def clean(self):
        super().clean()
        if settings.SITE_NAME.casefold() in self.name.casefold():
            raise ValidationError({"name": "This is the name of the site. Use the clinic’s own."})

    def set_logo(self, image):
        """Show `image`, a LogoImage, on its lists and sheets from now on; None for no logo."""
        before = self.logo
        with transaction.atomic():
            self.logo = image and Logo.objects.create(
                png=image.png, width=image.width, height=image.height
            )
            self.save()
            if before:
                before.delete()

    @property
    def logo_address(self):
        """The path of its logo; '' without one."""
        if not self.logo_id:
            return ""
        return reverse("clinics:clinic_logo", args=[self.slug, self.logo_id])

    @property
    def phone_url(self):
        """For a link: tel:+15035550100."""
        return build_tel_url(self.phone)
