"""Dates as pages write them, in the active language."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext


def format_date(day: date) -> str:
    """3 May 2026."""
    return _format(day, gettext("j F Y"), get_language())


def format_month(day: date) -> str:
    """May 2026."""
    return _format(day, gettext("F Y"), get_language())


@lru_cache(maxsize=1_024)
def _format(day: date, shape: str, language: str | None) -> str:
    return date_format(day, shape)
