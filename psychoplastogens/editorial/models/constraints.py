"""Database constraints that several models share."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_

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


def exactly_one_constraint(*conditions, name, message):
    """Return a constraint: one of `conditions` holds, and no other.

    A condition is the name of a field that is set, or a Q.
    """
    known = [c if isinstance(c, Q) else Q(**{f"{c}__isnull": False}) for c in conditions]
    alone = (reduce(and_, (c if c is chosen else ~c for c in known)) for chosen in known)
    return models.CheckConstraint(
        condition=reduce(or_, alone), name=name, violation_error_message=message
    )


def signature_constraint(reviewer):
    """Return a constraint: a record with a `reviewer` stores the name with which they signed."""
    return models.CheckConstraint(
        condition=Q(**{f"{reviewer}__isnull": True}, reviewer_name="")
        | Q(Q(**{f"{reviewer}__isnull": False}) & ~Q(reviewer_name="")),
        name="%(app_label)s_%(class)s_signed_by_name",
        violation_error_message="A review needs the name with which its clinician signed.",
    )
