"""Context of every template: the site's name and origin, its language, and its crisis lines."""

from django.conf import settings

from psychoplastogens.delivery import crisis_lines
from psychoplastogens.delivery.languages import get_translation_language


def site_context(request):
    return {
        "site_name": settings.SITE_NAME,
        "site_funding": settings.SITE_FUNDING,
        "site_origin": settings.SITE_ORIGIN,
        "crisis": crisis_lines.get_crisis_country(settings.CRISIS_COUNTRY),
        "translation": get_translation_language(),
        "draft_mark": getattr(request, "draft_mark", None),
    }
