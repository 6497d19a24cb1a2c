"""What pages cost with many records: milliseconds of the processor for each, as JSON.

    UNDERSTORY_DATA=... python tests/bench/growth.py RECORDS

Adds so many published questions to the database of UNDERSTORY_DATA, which should be a copy.
A page that is not there with so few has null.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ["DJANGO_SETTINGS_MODULE"] = "psychoplastogens.settings"

PAGES = (
    *("/compounds/ketamine/", "/questions/", "/questions/?page=2", "/questions/fragment/"),
    *("/questions/growth-1/", "/search/?q=ketamine", "/sitemap.xml", "/sitemap-content-faq.xml"),
)
TIMES = 9


def main(records: str) -> None:
    import django

    django.setup()
    from psychoplastogens.delivery.page_store import rendering
    from psychoplastogens.delivery.page_store.requests import StoreKey, find_target
    from psychoplastogens.wsgi import application as store

    add_questions(int(records))
    store.watcher.read()
    costs = {}
    for page in PAGES:
        path, _, query = page.partition("?")
        key = StoreKey("http", "127.0.0.1", path, query)
        if "page=" in query and rendering.render(store.application, key).status == 404:
            costs[page] = None
        else:
            costs[page] = measure(lambda key=key: render(store.application, key), TIMES)
    store.watcher.read()
    key = StoreKey("http", "127.0.0.1", PAGES[0])
    store.answer_target(find_target(key), "GET", {}.get)
    sent = {"host": "127.0.0.1", "accept-encoding": "br"}
    find = lambda: store.find("GET", key.scheme, key.path, "", sent.get)  # noqa: E731
    assert find()
    costs["a stored page"] = measure(find, 10_000)
    print(json.dumps(costs))
    sys.stdout.flush()
    os._exit(0)  # Threads of the site would be waited for.


def add_questions(number: int) -> None:
    from psychoplastogens.content.models import Faq

    first = Faq.objects.published().first()
    same = ("status", "published_at", "published_by", "topic", "answer")
    fields = {name: getattr(first, name) for name in same}
    Faq.objects.bulk_create(
        Faq(slug=f"growth-{n}", question=f"Question {n}?", **fields) for n in range(1, number + 1)
    )


def render(application, key) -> None:
    from psychoplastogens.delivery.page_store import rendering

    answer = rendering.render(application, key)
    assert answer.status == 200, f"{key.path}: {answer.status}"


def measure(action, times: int) -> float:
    action()
    spent = []
    for _ in range(times):
        started = time.process_time()
        action()
        spent.append(1_000 * (time.process_time() - started))
    return median(spent)


if __name__ == "__main__":
    main(*sys.argv[1:])
