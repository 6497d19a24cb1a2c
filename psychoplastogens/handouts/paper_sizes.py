"""Paper to print on: the two sizes that offices have, first the one that is usual here."""

from django.conf import settings

PAPER_NAMES = {"letter": "Letter", "a4": "A4"}
"""As addresses name them, and as people do."""


def get_paper_choices() -> list[tuple[str, str]]:
    """(name in an address, name for people) of each, the usual one first."""
    found = list(PAPER_NAMES.items())
    return found if settings.CRISIS_COUNTRY in ("US", "CA") else found[::-1]


def get_paper_size(name: str) -> str:
    """`name` in an address; for anything unknown the usual one."""
    return name if name in PAPER_NAMES else get_paper_choices()[0][0]
