from django import template

from psychoplastogens.editorial.admin import dashboard

register = template.Library()

# Titles of drafts are confidential: users need the permission to read the history.
VIEW_DRAFTS_PERMISSION = "editorial.view_historyentry"


@register.inclusion_tag("admin/_dashboard.html", takes_context=True)
def dashboard_panels(context):
    """Notices for the user, and the panels of open tasks for staff who work on texts."""
    may_see = context["user"].has_perm(VIEW_DRAFTS_PERMISSION)
    panels = dashboard.get_panels() if may_see else []
    return {"notices": dashboard.get_notices(context["request"]), "panels": panels}
