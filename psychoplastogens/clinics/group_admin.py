"""Groups of clinics in the admin: a superuser makes them, their editors keep their lists."""

from django.contrib import admin
from django.contrib.auth import get_user_model

from psychoplastogens.accounts.listed_errors import ListedErrorsAdmin
from psychoplastogens.clinics.models import ClinicGroup
from psychoplastogens.editorial.counted_text import CountedModelForm


@admin.register(ClinicGroup)
class ClinicGroupAdmin(ListedErrorsAdmin):
    """Only superusers have its permissions. Which clinics belong to a group, each clinic says."""

    form = CountedModelForm
    list_display = ("name",)
    search_fields = ("name",)
    filter_horizontal = ("editors",)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "editors":
            kwargs["queryset"] = get_user_model().objects.filter(is_staff=True)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class GroupListAdminMixin:
    """For the admin of packs: lists of a group for its editors, and their copies to look at."""

    def may_choose_group(self, request):
        return ClinicGroup.objects.editable_by(request.user).exists()

    def get_fieldsets(self, request, obj=None):
        (title, shown), *others = super().get_fieldsets(request, obj)
        if obj and obj.source_id:
            said = f"{obj.source.group} keeps this list, the same for each of its clinics."
            shown = shown | {"description": said}
        is_of_group = obj.group_id if obj else self.may_choose_group(request)
        if not is_of_group:
            fields = tuple(name for name in shown["fields"] if name != "group")
            shown = shown | {"fields": fields}
        return ((title, shown), *others)

    def get_inlines(self, request, obj):
        return () if obj and obj.source_id else super().get_inlines(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "group":
            kwargs["queryset"] = ClinicGroup.objects.editable_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        """A copy changes with the list of the group."""
        return super().has_change_permission(request, obj) and not (obj and obj.source_id)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.source_id)

    @admin.display(description="whose", ordering="clinic__name")
    def whose(self, pack):
        if pack.source_id:
            return f"{pack.clinic} (from {pack.source.group})"
        return str(pack.clinic or pack.group)
