"""How long all public pages take, and their prose alone; at two checkouts side by side.

    UNDERSTORY_DATA=... python tests/bench/bench_pages.py [folder of another checkout]

It needs the data of a started site. Seconds are of the processor, for all pages together: first
with nothing kept, then as often again as ROUNDS, of which the quickest counts. Each of PAGES by
itself is the median of REQUESTS, in milliseconds, with its queries and templates: with what is kept
for a version of the content, as where a page, its fragments or its frame were asked for before, and
"anew", as the first one of a version. With another checkout both run in turn, and each row ends
with the ratio of this one to the other.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
ROUNDS = 1
REQUESTS = 15
PAGES = (
    *("/", "/compounds/ketamine/", "/how-ketamine-works/new-spines/"),
    *("/how-ketamine-works/new-spines/fragment/", "/questions/does-spravato-work/"),
    *("/explainers/before-your-first-visit/", "/questions/", "/glossary/"),
)
TURNS = 2
"""How often two checkouts run in turn."""


def main() -> None:
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
        return
    checkouts = [TOP, *(Path(argument).resolve() for argument in sys.argv[1:])]
    best: list[dict[str, float]] = [{} for _ in checkouts]
    for _ in range(TURNS if len(checkouts) > 1 else 1):
        for checkout, times in zip(checkouts, best, strict=True):
            for name, seconds in run(checkout).items():
                times[name] = min(seconds, times.get(name, seconds))
    for name, seconds in best[0].items():
        others = [f"{times[name]:8.3f}  x {seconds / times[name]:.2f}" for times in best[1:]]
        print(f"{name:32}{seconds:8.3f}", *others)


def run(checkout: Path) -> dict[str, float]:
    """The measures of one checkout, in a process of its own."""
    command = [sys.executable, __file__, "--measure", str(checkout)]
    done = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(checkout: Path) -> dict[str, float]:
    """{what: seconds, or MB}."""
    sys.path.insert(0, str(checkout))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from psychoplastogens.delivery.page_store import versions

    settings.ALLOWED_HOSTS = ["*"]
    versions.watcher.start()
    client = Client()
    sitemap = client.get("/sitemap.xml").content.decode()
    addresses = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", sitemap)
    texts = get_texts()
    before = get_memory()
    first_prose, prose = time_rounds(lambda: render_prose(texts))
    kept = get_memory() - before
    first_pages, pages = time_rounds(lambda: get_pages(client, addresses))
    return {
        f"prose of {len(texts)} texts, first, s": first_prose,
        "prose, again, s": prose,
        "prose, memory, MB": kept,
        f"{len(addresses)} pages, first, s": first_pages,
        "pages, again, s": pages,
    } | {
        f"{address}, {what}": figure
        for address in PAGES
        for what, figure in measure_page(client, address).items()
    }


def get_texts() -> list[str]:
    from django.apps import apps

    from psychoplastogens.content.models.prose_model import ProseModel

    models = [model for model in apps.get_models() if issubclass(model, ProseModel)]
    records = [record for model in models for record in model._base_manager.all()]
    return sorted({text for record in records for text in record.prose_texts() if text})


def render_prose(texts: Iterable[str]) -> None:
    from psychoplastogens.content.rendering.prose_renderer import ProseRenderer

    prose = ProseRenderer(texts)
    for text in texts:
        prose.render(text)


def get_pages(client, addresses: Iterable[str]) -> None:
    for address in addresses:
        assert client.get(address).status_code == 200, address


def measure_page(client, address: str) -> dict[str, float]:
    """{what: milliseconds or a count} of a page that was asked for before."""
    from unittest import mock

    from django.db import connection
    from django.template.base import Template

    get_pages(client, [address])
    queries = mock.Mock(side_effect=lambda execute, *query: execute(*query))
    with connection.execute_wrapper(queries):
        get_pages(client, [address])
    with mock.patch.object(Template, "_render", autospec=True, side_effect=Template._render) as one:
        get_pages(client, [address])
    times = [time_once(lambda: get_pages(client, [address])) for _ in range(REQUESTS)]
    first_times = []
    for _ in range(REQUESTS):
        forget_version()
        first_times.append(time_once(lambda: get_pages(client, [address])))
    return {
        "ms": statistics.median(times) * 1000,
        "anew, ms": statistics.median(first_times) * 1000,
        "queries": queries.call_count,
        "templates": one.call_count,
    }


def forget_version() -> None:
    """Forget what is kept for a version, as when the next one is published."""
    with suppress(ImportError):  # Another checkout may keep nothing.
        from psychoplastogens.editorial.version_cache import clear_version_caches

        clear_version_caches()


def time_rounds(action: Callable[[], None]) -> tuple[float, float]:
    """Seconds of the first round, and of the quickest one after it."""
    times = [time_once(action) for _ in range(1 + ROUNDS)]
    return times[0], min(times[1:])


def time_once(action: Callable[[], None]) -> float:
    started = time.thread_time()
    action()
    return time.thread_time() - started


def get_memory() -> float:
    """MB that this process holds (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


if __name__ == "__main__":
    main()
