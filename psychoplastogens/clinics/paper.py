"""Paper to print on: the two sizes that offices have, first the one that is usual here."""

from django.conf import settings

NAMES = {"letter": "Letter", "a4": "A4"}
"""As addresses name them, and as people do."""


def sizes() -> list[tuple[str, str]]:
    """(name in an address, name for people) of each, the usual one first."""
    found = list(NAMES.items())
    return found if settings.CRISIS_COUNTRY in ("US", "CA") else found[::-1]


def chosen(name: str) -> str:
    """`name` in an address; for anything unknown the usual one."""
    return name if name in NAMES else sizes()[0][0]
