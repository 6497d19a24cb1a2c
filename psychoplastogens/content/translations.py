"""Which pages have a text in another language, and where it is."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation

from psychoplastogens.content.models import Translation
from psychoplastogens.editorial.version_cache import cache_for_version

LINK_WORDS = {"en": "In English", "es": "En español"}
"""What a link to a page in this language says, in that language."""


def find_alternates(path: str) -> dict[str, str]:
    """{language: path} of the page at `path` in each language that has it; {} for English alone."""
    return map_alternates().get(path, {})


@cache_for_version(maxsize=4)
def list_translations(language: str) -> list[Translation]:
    """What readers may open in this language, by title, each with its page."""
    with translation.override(language):
        return list(Translation.objects.published().with_page())


@cache_for_version(maxsize=4)
def map_alternates() -> dict[str, dict[str, str]]:
    """{path: {language: path}} of every page that is there in another language, at each path."""
    found: dict[str, dict[str, str]] = {}
    for code, _name in settings.TRANSLATION_LANGUAGES:
        for text in list_translations(code):
            page = text.original
            address = page.get_absolute_url()
            alternates = found.setdefault(address, {page.owner.language: address})
            alternates[code] = text.get_absolute_url()
    return {path: one for one in found.values() for path in one.values()}
