"""What staff may only read."""

from django.contrib import admin


class ReadOnlyAdmin(admin.ModelAdmin):
    """What the site itself writes down: nobody adds, changes or deletes any of it."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
