"""What somebody may be worried about, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ConcernGroup(StrEnum):
    """Who is in danger, and of what. If several match, the first counts."""

    BODY = "body"
    """An emergency in somebody's body: the emergency number comes first."""
    TAKEN = "taken"
    """Too much of something was taken, or the wrong thing."""
    OTHER = "other"
    """Somebody else may be thinking of suicide."""
    SELF = "self"
    """Whoever types may be thinking of suicide or self-harm."""


@dataclass(frozen=True)
class Concern:
    """`is_danger` if help must come first; otherwise the text only asks about the subject."""

    group: ConcernGroup
    is_danger: bool = True
