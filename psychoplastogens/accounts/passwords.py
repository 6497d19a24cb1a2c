"""The password hasher, and what a change of password triggers."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext

from psychoplastogens.accounts import sessions
from psychoplastogens.accounts.models import AccountEvent, FirstPassword, Invitation


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane (OWASP's Password Storage Cheat Sheet).

    Django's own takes 100 MiB: as many sign-ins as there are threads would fill a small machine.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1


class PasswordChangeAudit:
    """A password validator that only records changes: Django notifies validators of each one.

    Views say who changes it in `user.password_set_by`; without it, that is a command. They may say
    by what in `user.password_set_with`.
    """

    def validate(self, password, user=None):
        """Accept any password; the other validators check it."""

    def get_help_text(self):
        return gettext("A change ends all other sessions of the account, and is recorded.")

    def password_changed(self, password, user=None):
        by = getattr(user, "password_set_by", None)
        means = getattr(user, "password_set_with", "")
        what = f"Password set with {means}" if means else "Password set"
        AccountEvent.objects.record(AccountEvent.Kind.PASSWORD, user, what, by=by)
        FirstPassword.objects.filter(user=user).delete()
        Invitation.objects.filter(user=user).delete()


def set_own_password(user, password: str, means: str) -> None:
    """Set the password that `user` chose through a link, named by `means`, and end all sessions.

    Nobody is signed in by this: the second factor and lock-outs stay.
    """
    user.password_set_by, user.password_set_with = user, means
    user.set_password(password)
    user.save()
    sessions.end_all_sessions(user)
