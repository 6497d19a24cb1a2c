"""Check the external links that readers may follow.

`manage.py check_links` runs it in the background; no request of an editor or reader waits for the
network.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils import timezone

from psychoplastogens.evidence.filtered_network import ConnectionFilter, is_public_address
from psychoplastogens.evidence.link_fetcher import FetchResult, fetch_link
from psychoplastogens.evidence.models import LinkCheck, Source

SECONDS_BETWEEN_REQUESTS = 1.0
"""Between two requests to the same host."""
TOO_MANY_REQUESTS = 429
MAX_UNREACHABLE_HOSTS = 5
"""If so many hosts in a row cannot be reached, and none was, this machine is offline."""

AddressProvider = Callable[[], Iterable[str]]
_providers: list[AddressProvider] = []


def address_provider(provider: AddressProvider) -> AddressProvider:
    """Decorator: the function yields external addresses that readers may follow."""
    _providers.append(provider)
    return provider


@address_provider
def iter_source_addresses() -> Iterator[str]:
    for source in Source.objects.exclude(doi="", url="").only("doi", "url"):
        yield source.link


class OfflineError(Exception):
    """No host could be reached: this machine is offline."""


@dataclass
class LinkCheckReport:
    """The result of a run: checked links, and counts of those checked recently or postponed."""

    checked: list[LinkCheck] = field(default_factory=list)
    skipped_fresh: int = 0
    postponed: int = 0
    too_long: list[str] = field(default_factory=list)

    def count(self, state: str) -> int:
        return sum(link.state == state for link in self.checked)


def check_links(
    *,
    allows: ConnectionFilter = is_public_address,
    wait: Callable[[float], None] = time.sleep,
    on_checked: Callable[[LinkCheck], None] = lambda link: None,
) -> LinkCheckReport:
    """Check every address that is due, and store the results.

    `allows` and `wait` are for tests. Raises OfflineError, and stores nothing, if none of several
    hosts could be reached.
    """
    report, now = LinkCheckReport(), timezone.now()
    report.too_long = _sync_link_table()
    due = list(LinkCheck.objects.due(now))
    report.skipped_fresh = LinkCheck.objects.count() - len(due)
    unsaved: list[LinkCheck] = []
    lost: set[str] = set()
    for link in _iter_politely(due, wait, report):
        answer = fetch_link(link.address, allows=allows)
        _store_result(link, answer)
        unsaved.append(link)
        on_checked(link)
        if report.checked or answer.status:
            report.checked += _save_links(unsaved)
        elif answer.is_unreachable:
            lost.add(_get_host(link))
        if not report.checked and len(lost) >= MAX_UNREACHABLE_HOSTS:
            raise OfflineError
    if not report.checked and len(lost) > 1:
        raise OfflineError
    report.checked += _save_links(unsaved)
    return report


def _sync_link_table() -> list[str]:
    """Add and delete LinkCheck rows to match the addresses in use; return those too long for it."""
    longest = LinkCheck._meta.get_field("address").max_length
    assert longest is not None  # A CharField has one.
    there = {address for provider in _providers for address in provider()}
    fitting = {address for address in there if len(address) <= longest}
    known = set(LinkCheck.objects.values_list("address", flat=True))
    LinkCheck.objects.for_addresses(known - fitting).delete()
    new = [LinkCheck(address=address) for address in sorted(fitting - known)]
    LinkCheck.objects.bulk_create(new, ignore_conflicts=True)
    return sorted(there - fitting)


def _get_host(link: LinkCheck) -> str:
    try:
        return urlsplit(link.address).netloc
    except ValueError:
        return ""  # visit() says what is wrong with such an address.


def _iter_politely(
    links: list[LinkCheck], wait: Callable[[float], None], report: LinkCheckReport
) -> Iterator[LinkCheck]:
    """Yield the links host by host in turn, with a pause between two of the same host.

    A host that answers 429 is skipped for the rest of the run.
    """
    waiting = defaultdict(list)
    for link in links:
        waiting[_get_host(link)].append(link)
    asked_at: dict[str, float] = {}
    while waiting:
        for host in list(waiting):
            wait(max(0.0, asked_at.get(host, 0.0) + SECONDS_BETWEEN_REQUESTS - time.monotonic()))
            link = waiting[host].pop(0)
            yield link
            asked_at[host] = time.monotonic()
            if link.http_status == TOO_MANY_REQUESTS:
                report.postponed += len(waiting[host])
                waiting[host].clear()
            if not waiting[host]:
                del waiting[host]


def _store_result(link: LinkCheck, answer: FetchResult) -> None:
    link.state, link.http_status = answer.state, answer.status
    link.problem, link.suggested_fix = answer.problem, answer.suggested_fix
    link.checked_at = timezone.now()


def _save_links(links: list[LinkCheck]) -> list[LinkCheck]:
    """Save `links`, empty the list, and return what it held."""
    saved = list(links)
    LinkCheck.objects.bulk_update(
        saved, ["state", "http_status", "problem", "suggested_fix", "checked_at"]
    )
    links.clear()
    return saved
