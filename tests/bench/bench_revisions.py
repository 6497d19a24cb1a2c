"""What the pages of the admin cost with 10 pages and 100 revisions, and with 1,000 and 10,000.

It makes a database of its own: python tests/bench/bench_revisions.py
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

from tests.bench.empty_site import start_empty_site  # noqa: E402

SIZES = (10, 1_000)  # pages, each with
REVISIONS = 10  # of which the newest is a draft
RUNS = 5
WORDS = "Rest, and drink water before you come.[^source-{0}] A [[term {0}]] is a small thing. " * 12


def main() -> None:
    with start_empty_site():
        few, many = (measured(size) for size in SIZES)
    names = f"{SIZES[0]} pages", f"{SIZES[1]} pages"
    print(f"{'':34}{names[0]:>22}{names[1]:>24}{'ratio':>8}")
    for name, (queries, before) in few.items():
        more, after = many[name]
        print(f"{name:34}{queries:5} queries {before:5.0f} ms", end="")
        print(f"{more:7} queries {after:5.0f} ms{after / before:8.1f}")


def measured(size: int) -> dict[str, tuple[int, float]]:
    """{page: (queries, milliseconds of the quickest of RUNS)} with so many pages."""
    from django.test import Client

    from tests.factories import make_user
    from tests.login import sign_in

    explainer, source, term = fill(size)
    user = make_user("bench")
    user.is_superuser = True
    client = sign_in(Client(), user)
    return {name: cost(client, *asked) for name, asked in pages(explainer, source, term).items()}


def pages(record, source, term) -> dict[str, tuple]:
    """{what it is: (address, form to post there if any, whether texts are read anew)}"""
    from tests.admin_forms import address_of

    at = {name: address_of(record, name) for name in ("history", "review", "preview", "typed")}
    return {
        "first page": ("/admin/",),
        "first page, after a change": ("/admin/", "", True),
        "list": ("/admin/content/explainer/",),
        "list, a search": ("/admin/content/explainer/?q=water",),
        "form": (address_of(record),),
        "form of a source": (address_of(source),),
        "form of a term": (address_of(term),),
        "where a source is used": (address_of(source, "uses"),),
        "history": (at["history"],),
        "history of everything": ("/admin/editorial/historyentry/",),
        "review screen": (at["review"],),
        "preview": (at["preview"],),
        "a page in the preview": (address_of(record, "previewed"),),
        "a look at what is typed": (at["typed"], address_of(record)),
        "form of a part that no draft has": (f"/admin/walkthrough/step/{record.pk}/change/",),
    }


def cost(client, address: str, form: str = "", is_anew: bool = False) -> tuple[int, float]:
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.admin_forms import typed

    sent = typed(client.get(form)) if form else None

    def ask():
        if is_anew:
            cache.clear()
        answer = client.post(address, sent) if form else client.get(address)
        assert answer.status_code in (200, 302), f"{address}: {answer.status_code}"

    ask()
    with CaptureQueriesContext(connection) as queries:
        ask()
        count = len(queries)
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - started))
    return count, min(times)


def fill(size: int) -> tuple:
    """Explainers with their sections and revisions, and a source and a term for each: up to `size`.

    Returns the first of each kind.
    """
    from django.utils import timezone

    from psychoplastogens.content.models import Explainer, GlossaryTerm, Section
    from psychoplastogens.evidence.models import Source
    from tests.factories import make_user

    there, by = Explainer.objects.count(), make_user("author")
    live = {"status": "published", "published_at": timezone.now(), "published_by": by}
    numbers = range(there, size)
    sources = [
        Source(slug=f"source-{n}", title=f"Study {n}", kind="article", supports="It.", **live)
        for n in numbers
    ]
    terms = [
        GlossaryTerm(slug=f"term-{n}", term=f"Term {n}", meaning="A thing.", **live)
        for n in numbers
    ]
    explainers = [
        Explainer(slug=f"guide-{n}", title=f"Guide {n}", summary="S.", key_points="K.", **live)
        for n in numbers
    ]
    sections = [
        Section(explainer=explainer, slug=slug, order=order, title=slug, plain=WORDS.format(n))
        for n, explainer in zip(numbers, explainers, strict=True)
        for order, slug in enumerate(("before", "during", "after"))
    ]
    for rows in (sources, terms, explainers, sections):
        type(rows[0]).objects.bulk_create(rows)
    for explainer in explainers:
        remember(explainer, by)
    kinds = {Explainer: "guide-0", Source: "source-0", GlossaryTerm: "term-0"}
    return tuple(kind.objects.get(slug=slug) for kind, slug in kinds.items())


def remember(explainer, by) -> None:
    from django.utils import timezone

    from psychoplastogens.editorial.drafts.snapshots import take_snapshot
    from psychoplastogens.editorial.models import HistoryEntry, Revision

    snapshot, now = take_snapshot(explainer), timezone.now()
    kept = {"record": explainer, "title": explainer.title, "author": by}
    revisions = [
        Revision(number=n, snapshot=with_title(snapshot, n), state="set_aside", **kept)
        for n in range(1, REVISIONS)
    ]
    found = {"state": "published", "origin": "found", "published_at": now, "published_by": by}
    revisions[0] = Revision(number=1, snapshot=snapshot, **found, **kept)
    newest = with_title(snapshot, REVISIONS)
    revisions.append(Revision(number=REVISIONS, snapshot=newest, state="in_review", **kept))
    Revision.objects.bulk_create(revisions)
    HistoryEntry.objects.bulk_create(
        HistoryEntry(
            verb="saved", record=explainer, title=explainer.title, by=by, revision=revision
        )
        for revision in revisions
    )


def with_title(snapshot: list, number: int) -> list:
    first = {**snapshot[0], "fields": snapshot[0]["fields"] | {"title": f"Title {number}"}}
    return [first, *snapshot[1:]]


if __name__ == "__main__":
    main()
