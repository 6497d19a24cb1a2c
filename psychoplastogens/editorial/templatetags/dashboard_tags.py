from django import template

from psychoplastogens.editorial.admin import dashboard, personal_tasks
from psychoplastogens.editorial.admin.news import build_news_panel, get_news
from psychoplastogens.editorial.models import VIEW_DRAFTS_PERMISSION

register = template.Library()


@register.inclusion_tag("admin/_dashboard.html", takes_context=True)
def dashboard_panels(context):
    """Notices for the user; for staff who work on texts, what waits for them and for all."""
    notices = dashboard.get_notices(context["request"])
    user = context["user"]
    if not user.has_perm(VIEW_DRAFTS_PERMISSION):
        return {"notices": notices}
    panels = dashboard.get_panels()
    urgent = [panel for panel in panels if panel.is_urgent and panel.count]
    news = [panel for panel in [build_news_panel(user)] if panel.count]
    return {
        "notices": notices,
        "personal_panels": [*personal_tasks.get_personal_panels(user), *news, *urgent],
        "panels": [panel for panel in panels if panel not in urgent],
    }


@register.simple_tag(takes_context=True)
def count_tasks(context):
    """How many texts wait for the user, and news; 0 for those who do not work on texts."""
    user = context.get("user")
    if user is None or not user.has_perm(VIEW_DRAFTS_PERMISSION):
        return 0
    return personal_tasks.count_tasks(user) + get_news(user).count()
