from django.contrib import admin

from psychoplastogens.accounts.read_only import ReadOnlyAdmin
from psychoplastogens.short_links.formatting import format_clicks_by_month, format_urls
from psychoplastogens.short_links.models import ShortLink


@admin.register(ShortLink)
class ShortLinkAdmin(ReadOnlyAdmin):
    """Made by the site; never changed and never deleted: they are in emails and on paper."""

    list_display = ("code", "leads_to", "opened", "created_on")
    search_fields = ("code",)
    fields = ("address", "leads_to", "openings", "created_on")
    readonly_fields = fields
    ordering = ("-created_on", "code")

    def get_queryset(self, request):
        links = super().get_queryset(request).prefetch_related("page")
        return links.editable_by(request.user)

    @admin.display(description="leads to", empty_value="Nothing: deleted")
    def leads_to(self, link):
        return link.page

    @admin.display(description="address")
    def address(self, link):
        return format_urls([("Short", link)])

    @admin.display(description="openings")
    def openings(self, link):
        return format_clicks_by_month(link)

    @admin.display(description="opened this month")
    def opened(self, link):
        return link.get_clicks_this_month()

    def get_view_on_site_url(self, obj=None):
        return None  # It would count an opening.
