"""Context of every template: the site's name and origin, and the crisis lines of its country."""

from django.conf import settings

from psychoplastogens.delivery import crisis_lines


def site_context(request):
    return {
        "site_name": settings.SITE_NAME,
        "site_funding": settings.SITE_FUNDING,
        "site_origin": settings.SITE_ORIGIN,
        "crisis": crisis_lines.CRISIS_COUNTRIES[settings.CRISIS_COUNTRY],
        "draft_mark": getattr(request, "draft_mark", None),
    }
