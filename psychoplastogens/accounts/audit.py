"""The audit list: sign-ins, account changes and admin changes, as a union of four tables.

django-axes records sign-ins and failures, Django's admin records changes, AccountEvent the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from axes.models import AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.db.models import (
    Case,
    F,
    GenericIPAddressField,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psychoplastogens.accounts.lockout import UNKNOWN_NAME_PREFIX
from psychoplastogens.accounts.models import AccountEvent

SIGNED_IN, SIGNED_OUT, FAILED, CHANGE = "signed_in", "signed_out", "failed", "change"
ENTRY_KINDS = {
    SIGNED_IN: gettext_lazy("Signed in"),
    SIGNED_OUT: gettext_lazy("Signed out"),
    FAILED: gettext_lazy("Failed to sign in"),
    **dict(AccountEvent.Kind.choices),
    CHANGE: gettext_lazy("Change of a record"),
}
# Typed placeholders for columns that a table lacks: PostgreSQL requires equal types in a union.
EMPTY_TEXT = Value("", TextField())
NO_ADDRESS = Cast(Value(None), GenericIPAddressField())
NO_FLAG = Cast(Value(None), IntegerField())
LOCKED_OUT = Case(When(locked_out=True, then=Value("locked out", TextField())), default=EMPTY_TEXT)


@dataclass
class AuditEntry:
    """A line of the list: `actor` did `words` to `subject`. Only sign-ins have an `origin` (IP)."""

    moment: datetime
    category: str
    actor: str | None
    subject: str
    words: str
    origin: str | None
    flag: int | None

    @property
    def who(self) -> str:
        if (self.actor or "").startswith(UNKNOWN_NAME_PREFIX):
            return _("An unknown name")
        return self.actor or _("A command on the server")

    @property
    def what(self) -> str:
        if self.category == CHANGE:
            change = {"object_repr": self.subject, "change_message": self.words}
            return str(LogEntry(action_flag=self.flag, **change))
        said = str(ENTRY_KINDS[self.category])
        if self.words:
            said = f"{said}: {self.words}"
        return said if self.subject in ("", self.actor) else f"{self.subject}. {said}"


def get_audit_rows(
    *,
    category: str = "",
    name: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet:
    """The fields of AuditEntry as dicts, latest first, filtered by category, user name and time.

    What happened at `since` is among them, what happened at `until` is not.
    """
    wanted = Q()
    if category:
        wanted &= Q(category=category)
    if name:
        wanted &= Q(actor__iexact=name) | Q(subject__iexact=name)
    if since:
        wanted &= Q(moment__gte=since)
    if until:
        wanted &= Q(moment__lt=until)
    tables = [
        get_sign_in_rows(),
        get_sign_out_rows(),
        get_failure_rows(),
        get_account_event_rows(),
        get_admin_log_rows(),
    ]
    first, *others = (table.filter(wanted) for table in tables)
    return first.union(*others, all=True).order_by("-moment")


def get_sign_in_rows() -> QuerySet:
    return select_entry_columns(
        AccessLog, SIGNED_IN, moment="attempt_time", actor="username", origin=F("ip_address")
    )


def get_sign_out_rows() -> QuerySet:
    ended = select_entry_columns(
        AccessLog, SIGNED_OUT, moment="logout_time", actor="username", origin=F("ip_address")
    )
    return ended.filter(logout_time__isnull=False)


def get_failure_rows() -> QuerySet:
    return select_entry_columns(
        AccessFailureLog, FAILED, moment="attempt_time", actor="username", words=LOCKED_OUT,
        origin=F("ip_address"),
    )  # fmt: skip


def get_account_event_rows() -> QuerySet:
    return select_entry_columns(
        AccountEvent, F("kind"), moment="at", actor="by", subject=F("account"), words=F("what")
    )


def get_admin_log_rows() -> QuerySet:
    return select_entry_columns(
        LogEntry, CHANGE, moment="action_time", actor="user__username", subject=F("object_repr"),
        words=F("change_message"), flag=F("action_flag"),
    )  # fmt: skip


def select_entry_columns(
    model,
    category,
    *,
    moment,
    actor,
    subject=EMPTY_TEXT,
    words=EMPTY_TEXT,
    origin=NO_ADDRESS,
    flag=NO_FLAG,
) -> QuerySet:
    """The rows of one table, with the field names of AuditEntry."""
    if isinstance(category, str):
        category = Value(category)
    return model.objects.order_by().values(
        moment=F(moment),
        category=Cast(category, TextField()),
        actor=Cast(actor, TextField()),
        subject=Cast(subject, TextField()),
        words=Cast(words, TextField()),
        origin=origin,
        flag=Cast(flag, IntegerField()),
    )
