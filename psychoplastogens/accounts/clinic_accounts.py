"""Accounts that people make themselves: for the editors of a clinic, and for nobody else."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q

from psychoplastogens.accounts import roles


def find_account(email: str):
    """The account of whoever signs in, or signed in once, with this mail address, or None."""
    accounts = get_user_model().objects
    return accounts.filter(Q(username__iexact=email) | Q(email__iexact=email)).first()


@transaction.atomic
def create_clinic_editor(email: str, password: str, *, by=None):
    """An account that signs in with its mail address. `password` is a hash; `by` approved it.

    Raises IntegrityError where the address has an account.
    """
    user = get_user_model()(username=email, email=email, password=password, is_staff=True)
    user.save(force_insert=True)
    user.groups.add(Group.objects.get(name=roles.CLINIC_EDITOR))
    roles.record_role_change(user, before="", by=by)
    return user
