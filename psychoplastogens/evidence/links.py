"""The addresses outside this site that readers may follow, and whether they answer.

`manage.py check_links` asks them, in the background; nothing that an editor or a reader does waits
for the network.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils import timezone

from psychoplastogens.evidence.models import LinkCheck, Source
from psychoplastogens.evidence.visiting import Allows, Answer, is_outside, visit

PAUSE = 1.0
"""Seconds between two questions to the same host."""
TOO_MANY_REQUESTS = 429
HOSTS_TO_BE_SURE = 5
"""When so many could not be reached, and nobody was, the fault is on our side."""

Lister = Callable[[], Iterable[str]]
_listers: list[Lister] = []


def lists_addresses(lister: Lister) -> Lister:
    """Decorator: `lister()` gives addresses that readers may follow. Rooms above offer theirs."""
    _listers.append(lister)
    return lister


@lists_addresses
def addresses_of_sources() -> Iterator[str]:
    for source in Source.objects.exclude(doi="", url="").only("doi", "url"):
        yield source.link


class Offline(Exception):
    """Nothing at all could be reached: that says more about this machine than about the links."""


@dataclass
class Report:
    """What a run did. `rested` had been checked lately; `put_off` are left for a later run."""

    checked: list[LinkCheck] = field(default_factory=list)
    rested: int = 0
    put_off: int = 0
    too_long: list[str] = field(default_factory=list)

    def count(self, state: str) -> int:
        return sum(link.state == state for link in self.checked)


def check_links(
    *,
    allows: Allows = is_outside,
    wait: Callable[[float], None] = time.sleep,
    tell: Callable[[LinkCheck], None] = lambda link: None,
) -> Report:
    """Ask every address that has not been asked lately, and keep what it answered.

    `allows` and `wait` are for tests. Raises Offline, and then nothing is changed, when of several
    hosts none could be reached.
    """
    report, now = Report(), timezone.now()
    report.too_long = _take_stock()
    due = list(LinkCheck.objects.due(now))
    report.rested = LinkCheck.objects.count() - len(due)
    unsaved: list[LinkCheck] = []
    lost: set[str] = set()
    for link in _in_turn(due, wait, report):
        answer = visit(link.address, allows=allows)
        _keep(link, answer)
        unsaved.append(link)
        tell(link)
        if report.checked or answer.status:
            report.checked += _saved(unsaved)
        elif answer.no_way:
            lost.add(_host(link))
        if not report.checked and len(lost) >= HOSTS_TO_BE_SURE:
            raise Offline
    if not report.checked and len(lost) > 1:
        raise Offline
    report.checked += _saved(unsaved)
    return report


def _take_stock() -> list[str]:
    """Make the table hold just the addresses there are; return those that are too long for it."""
    longest = LinkCheck._meta.get_field("address").max_length
    there = {address for lister in _listers for address in lister()}
    fitting = {address for address in there if len(address) <= longest}
    known = set(LinkCheck.objects.values_list("address", flat=True))
    LinkCheck.objects.of(known - fitting).delete()
    new = [LinkCheck(address=address) for address in sorted(fitting - known)]
    LinkCheck.objects.bulk_create(new, ignore_conflicts=True)
    return sorted(there - fitting)


def _host(link: LinkCheck) -> str:
    try:
        return urlsplit(link.address).netloc
    except ValueError:
        return ""  # visit() says what is wrong with such an address.


def _in_turn(
    links: list[LinkCheck], wait: Callable[[float], None], report: Report
) -> Iterator[LinkCheck]:
    """The links host by host in turn, none asked twice within PAUSE.

    A host that says “too many requests” is left in peace for the rest of the run.
    """
    waiting = defaultdict(list)
    for link in links:
        waiting[_host(link)].append(link)
    asked_at: dict[str, float] = {}
    while waiting:
        for host in list(waiting):
            wait(max(0.0, asked_at.get(host, 0.0) + PAUSE - time.monotonic()))
            link = waiting[host].pop(0)
            yield link
            asked_at[host] = time.monotonic()
            if link.http_status == TOO_MANY_REQUESTS:
                report.put_off += len(waiting[host])
                waiting[host].clear()
            if not waiting[host]:
                del waiting[host]


def _keep(link: LinkCheck, answer: Answer) -> None:
    link.state, link.http_status = answer.state, answer.status
    link.problem, link.suggested_fix = answer.problem, answer.suggested_fix
    link.checked_at = timezone.now()


def _saved(links: list[LinkCheck]) -> list[LinkCheck]:
    """Write `links` down and empty the list; return what was in it."""
    saved = list(links)
    LinkCheck.objects.bulk_update(
        saved, ["state", "http_status", "problem", "suggested_fix", "checked_at"]
    )
    links.clear()
    return saved
