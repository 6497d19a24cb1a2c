"""What happened to accounts, where neither Django nor axes writes it down."""

from django.db import models


class AccountEventQuerySet(models.QuerySet):
    def record(self, kind, user, what, *, by=None):
        """Write down that `by`, or a command where that is None, did `what` to `user`."""
        name = by.get_username() if by else ""
        return self.create(kind=kind, account=user.get_username(), what=what, by=name)


class AccountEvent(models.Model):
    """A change of an account: its second factor, roles, password, or the end of a lock-out.

    Names are kept as text, so that they outlive the accounts.
    """

    class Kind(models.TextChoices):
        SECOND_FACTOR = "second_factor", "Second factor"
        ROLE = "role", "Role"
        PASSWORD = "password", "Password"
        LOCK_OUT = "lock_out", "Lock-out"

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.CharField(max_length=150, blank=True, help_text="Empty: a command.")
    account = models.CharField(max_length=150)
    kind = models.CharField(max_length=13, choices=Kind)
    what = models.CharField(max_length=200)

    objects = AccountEventQuerySet.as_manager()

    class Meta:
        verbose_name = "entry"
        verbose_name_plural = "audit list"
        ordering = ["-at"]
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.account}: {self.what}"
