"""Database constraints that several models share."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def both_or_neither_constraint(first, second):
    """Return a constraint: both fields are set, or neither."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": False, f"{second}__isnull": False}),
        name=f"%(app_label)s_%(class)s_{first}_and_by",
        violation_error_message=f"Fill in both {first} and {second}, or neither.",
    )


def signature_constraint(reviewer):
    """Return a constraint: a record with a `reviewer` stores the name with which they signed."""
    return models.CheckConstraint(
        condition=Q(**{f"{reviewer}__isnull": True}, reviewer_name="")
        | Q(Q(**{f"{reviewer}__isnull": False}) & ~Q(reviewer_name="")),
        name="%(app_label)s_%(class)s_signed_by_name",
        violation_error_message="A review needs the name with which its clinician signed.",
    )
