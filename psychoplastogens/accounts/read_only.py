"""A model admin for records that staff may only read."""

from django.contrib import admin


class ReadOnlyAdmin(admin.ModelAdmin):
    """For records that the site itself writes: nobody adds, changes or deletes them."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
