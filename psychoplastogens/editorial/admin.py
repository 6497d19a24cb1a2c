from django.conf import settings
from django.contrib import admin

from psychoplastogens.accounts.read_only import ReadOnlyAdmin
from psychoplastogens.editorial.histories import ActAdmin
from psychoplastogens.editorial.models import Act, OldAddress, Reviewer
from psychoplastogens.editorial.publishable_admin import KeepsWhatIsUsed

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = "What readers read, and what it rests on"

admin.site.register(Act, ActAdmin)


@admin.register(Reviewer)
class ReviewerAdmin(KeepsWhatIsUsed):
    list_display = ("name", "credentials", "email", "user")
    search_fields = ("name", "credentials")

    def get_readonly_fields(self, request, obj=None):
        """Whoever is linked to a clinician signs for pages as them: that is about accounts."""
        return () if request.user.is_superuser else ("user",)


@admin.register(OldAddress)
class OldAddressAdmin(ReadOnlyAdmin):
    """Written by the site itself whenever an address changes; promises are not edited."""

    list_display = ("slug", "content_type", "leads_to", "created_at")
    list_display_links = None
    list_filter = (("content_type", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("content_type",)
    search_fields = ("slug",)
    date_hierarchy = "created_at"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("record")

    @admin.display(description="leads to", empty_value="Nothing: deleted")
    def leads_to(self, old):
        return old.record
