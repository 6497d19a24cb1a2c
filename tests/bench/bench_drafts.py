"""How long a publication waits while staff look at drafts, and what a look costs.

    python tests/bench/bench_drafts.py                              on SQLite
    tests/with_postgres.sh python tests/bench/bench_drafts.py       on PostgreSQL

One thread looks at a page again and again; the other takes the lock that every save and
publication takes first, as often as it can. It makes a database of its own.
"""

import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

from tests.bench.empty_site import start_empty_site  # noqa: E402

SECONDS = 2.0  # of looking at each page
SECTIONS = 10
WORDS = "Rest, and drink water before you come.[^it] " * 60
LOOKS = ("change", "preview", "previewed", "review", "typed")


def main() -> None:
    with start_empty_site():
        live, drafted = fill()
        client = sign_in()
        print(f"{'':34}{'queries':>8}{'a look':>10}{'lock: median wait':>20}{'longest':>10}")
        for name in LOOKS:
            for record, what in ((live, "no draft"), (drafted, "a draft")):
                report(f"{name}, {what}", client, record, name)


def fill():
    """A published guide, and one that has a draft."""
    from tests.factories import make_explainer, make_source
    from tests.workflow_helpers import save_draft

    make_source(slug="it")
    sections = [{"slug": f"part-{n}", "plain": WORDS} for n in range(SECTIONS)]
    fields = {"summary": "S.", "key_points": "- So.[^it]"}
    live, drafted = (make_explainer(*sections, **fields) for _ in range(2))
    save_draft(drafted, title="Drafted")
    return live, drafted


def sign_in():
    from django.test import Client

    from tests import login
    from tests.factories import make_user

    user = make_user("bench")
    user.is_superuser = True
    user.save()
    return login.sign_in(Client(), user)


def report(title, client, record, name) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.admin_forms import address_of, typed

    address = address_of(record, name)
    sent = typed(client.get(address_of(record))) if name == "typed" else None

    def look():
        answer = client.post(address, sent) if sent else client.get(address)
        assert answer.status_code in (200, 302), answer.content

    look()
    with CaptureQueriesContext(connection) as queries:
        look()
    times, waits = run_against_writer(look)
    median, longest = sorted(waits)[len(waits) // 2], max(waits)
    took = sorted(times)[len(times) // 2]
    print(f"{title:34}{len(queries):8}{took:7.0f} ms{median:17.1f} ms{longest:7.0f} ms")


def run_against_writer(look) -> tuple[list[float], list[float]]:
    """Milliseconds of each look, and those that each taking of the lock waited meanwhile."""
    from django.db import connection, transaction

    from psychoplastogens.editorial.models import ContentVersion

    waits, ended = [], threading.Event()

    def write():
        while not ended.is_set():
            started = time.perf_counter()
            with transaction.atomic():
                ContentVersion.objects.lock()
                waits.append(1e3 * (time.perf_counter() - started))
                ContentVersion.objects.bump()
            time.sleep(0.005)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    times, until = [], time.monotonic() + SECONDS
    while time.monotonic() < until:
        started = time.perf_counter()
        look()
        times.append(1e3 * (time.perf_counter() - started))
    ended.set()
    writer.join()
    return times, waits


if __name__ == "__main__":
    main()
