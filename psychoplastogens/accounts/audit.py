"""Who did what, and when: sign-ins, accounts and changes of content, from four tables in one list.

django-axes keeps sign-ins and failures, Django's admin keeps changes, AccountEvent the rest.
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

from psychoplastogens.accounts.lock_out import UNKNOWN
from psychoplastogens.accounts.models import AccountEvent

SIGNED_IN, SIGNED_OUT, FAILED, CHANGE = "signed_in", "signed_out", "failed", "change"
KINDS = {
    SIGNED_IN: gettext_lazy("Signed in"),
    SIGNED_OUT: gettext_lazy("Signed out"),
    FAILED: gettext_lazy("Failed to sign in"),
    **dict(AccountEvent.Kind.choices),
    CHANGE: gettext_lazy("Change of a record"),
}
# What a table lacks, in the type that the others have it in: PostgreSQL is strict in a union.
NOTHING = Value("", TextField())
NO_ADDRESS = Cast(Value(None), GenericIPAddressField())
NO_FLAG = Cast(Value(None), IntegerField())
LOCKED_OUT = Case(When(locked_out=True, then=Value("locked out", TextField())), default=NOTHING)


@dataclass
class Entry:
    """A line of the list: `actor` did `words` to `subject`. `origin` is known of sign-ins alone."""

    moment: datetime
    category: str
    actor: str | None
    subject: str
    words: str
    origin: str | None
    flag: int | None

    @property
    def who(self) -> str:
        if (self.actor or "").startswith(UNKNOWN):
            return _("An unknown name")
        return self.actor or _("A command")

    @property
    def what(self) -> str:
        if self.category == CHANGE:
            change = {"object_repr": self.subject, "change_message": self.words}
            return str(LogEntry(action_flag=self.flag, **change))
        said = str(KINDS[self.category])
        if self.words:
            said = f"{said}: {self.words}"
        return said if self.subject in ("", self.actor) else f"{self.subject}. {said}"


def rows(*, category: str = "", name: str = "", since: datetime | None = None) -> QuerySet:
    """What Entry holds, as dicts, the latest first: all, or of a category, a name, a time."""
    wanted = Q()
    if category:
        wanted &= Q(category=category)
    if name:
        wanted &= Q(actor__iexact=name) | Q(subject__iexact=name)
    if since:
        wanted &= Q(moment__gte=since)
    tables = [signed_in(), signed_out(), failed(), events(), changes()]
    first, *others = (table.filter(wanted) for table in tables)
    return first.union(*others, all=True).order_by("-moment")


def signed_in() -> QuerySet:
    return columns(
        AccessLog, SIGNED_IN, moment="attempt_time", actor="username", origin=F("ip_address")
    )


def signed_out() -> QuerySet:
    ended = columns(
        AccessLog, SIGNED_OUT, moment="logout_time", actor="username", origin=F("ip_address")
    )
    return ended.filter(logout_time__isnull=False)


def failed() -> QuerySet:
    return columns(
        AccessFailureLog, FAILED, moment="attempt_time", actor="username", words=LOCKED_OUT,
        origin=F("ip_address"),
    )  # fmt: skip


def events() -> QuerySet:
    return columns(
        AccountEvent, F("kind"), moment="at", actor="by", subject=F("account"), words=F("what")
    )


def changes() -> QuerySet:
    return columns(
        LogEntry, CHANGE, moment="action_time", actor="user__username", subject=F("object_repr"),
        words=F("change_message"), flag=F("action_flag"),
    )  # fmt: skip


def columns(
    model,
    category,
    *,
    moment,
    actor,
    subject=NOTHING,
    words=NOTHING,
    origin=NO_ADDRESS,
    flag=NO_FLAG,
) -> QuerySet:
    """The rows of one table under the names of Entry."""
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
