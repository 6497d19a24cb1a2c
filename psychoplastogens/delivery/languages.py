"""The language of an address: that of the site, or the one that begins it, as in /es/."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language


def get_path_language(path: str) -> str:
    """The language in which an address is answered, as a code of Django: "en-us" or "es"."""
    path = path.lower()
    translated = (code for code, _name in settings.TRANSLATION_LANGUAGES)
    return next(
        (code for code in translated if path.startswith(f"/{code}/")), settings.LANGUAGE_CODE
    )


def get_translation_language() -> str:
    """The language of this request where it is another than that of the site; '' otherwise."""
    language = (get_language() or "").partition("-")[0]
    return language if language in dict(settings.TRANSLATION_LANGUAGES) else ""
