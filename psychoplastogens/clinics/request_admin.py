"""Clinics that wait to be accepted, for superusers alone: nobody else makes accounts of people."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from psychoplastogens.accounts.read_only import ReadOnlyAdmin
from psychoplastogens.clinics import sign_up
from psychoplastogens.clinics.models import ClinicRequest


@admin.register(ClinicRequest)
class ClinicRequestAdmin(ReadOnlyAdmin):
    list_display = ("name", "phone", "email", "asked_on")
    fields = list_display
    actions = ("accept", "decline")

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_module_permission(self, request):
        return request.user.is_superuser

    @admin.action(description="Accept: make the clinic and its account", permissions=["view"])
    def accept(self, request, queryset):
        for waiting in queryset:
            email = waiting.email
            try:
                with transaction.atomic():
                    clinic = waiting.accept(by=request.user)
            except (ValidationError, IntegrityError) as error:
                said = " ".join(getattr(error, "messages", ["Its address has an account."]))
                self.message_user(request, f"{waiting}: {said}", messages.ERROR)
                continue
            sign_up.mail("accepted", "your clinic is here", [email])
            said = f"{clinic} is here. {email} can sign in and was told."
            self.message_user(request, said, messages.SUCCESS)

    @admin.action(description="Decline: delete what they sent", permissions=["view"])
    def decline(self, request, queryset):
        names = ", ".join(map(str, queryset))
        queryset.delete()
        self.message_user(request, f"Declined and deleted: {names}.", messages.SUCCESS)
