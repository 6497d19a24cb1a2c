"""How long the checks before approval take: every record of fixtures/, and texts meant to hurt.

Run it with the data of a started site: UNDERSTORY_DATA=... python tests/bench/bench_checks.py
"""

import os
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

import django  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

BOMBS = {
    "words": "Rest and eat well. ",
    "one sentence": "rest ",
    "quotation marks": '"“',
    "brackets": "[[",
    "lists in lists": "> - ",
    "items": "- a\n\n",
    "boxes": ":::advice\n",
    "headings": "# a\n",
    "counts": "1 out of 100 on ketamine ",
    "words to avoid": "proven cure ",
    "spaces": " \n",
    "dashes": "1-",
    "hashes": "#",
    "links begun": "[a](",
    "links": "[a](/b/) ",
    "passives": "it was is being ",
    "counts of few": "1 of 20 people ",
    "points and digits": "1.",
    "a pasted spreadsheet": "a\t",
}
LARGE = 60_000


def main() -> None:
    django.setup()
    from psychoplastogens.editorial import content_loader

    records = [
        record for kind in content_loader.get_fixture_models() for record in kind.objects.all()
    ]
    measure_all(records)
    measure_largest(records)
    measure_bombs()


def measure_all(records: list) -> None:
    from psychoplastogens.editorial.workflow.checks import find_problems

    times, found = {}, Counter()
    for record in records:
        problems, times[record] = timed(lambda record=record: find_problems(record))
        found.update((problem.severity, problem.rule) for problem in problems)
    slowest = max(times, key=times.get)
    print(f"{len(records)} records: {sum(times.values()):.2f} s, median ", end="")
    print(f"{1000 * statistics.median(times.values()):.1f} ms, longest ", end="")
    print(f"{1000 * times[slowest]:.0f} ms ({slowest._meta.verbose_name} {slowest.slug})")
    for (severity, rule), count in sorted(found.items()):
        print(f"  {count:3} {severity:8} {rule}")


def measure_largest(records: list) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from psychoplastogens.content.models import Explainer
    from psychoplastogens.editorial.workflow.checks import find_problems

    explainers = [record for record in records if isinstance(record, Explainer)]
    largest = max(
        explainers, key=lambda one: sum(len(s.plain + s.more) for s in one.sections.all())
    )
    with CaptureQueriesContext(connection) as queries:
        find_problems(largest)
    times = [1000 * timed(lambda: find_problems(largest))[1] for _ in range(20)]
    print(f"\nthe largest explainer, {largest.slug}: {len(queries)} queries, median ", end="")
    print(f"{statistics.median(times):.1f} ms, longest {max(times):.1f} ms")


def measure_bombs() -> None:
    """The same text at half and at its full length: twice the time is linear."""
    from django.db import transaction

    from psychoplastogens.content.models import Faq
    from psychoplastogens.editorial.workflow.checks import find_problems

    faq = Faq.objects.first()
    print(f"\ntexts of {LARGE} characters, and how much longer than for half of them:")
    with transaction.atomic():
        for name, piece in BOMBS.items():
            seconds = []
            for length in (LARGE // 2, LARGE):
                faq.answer = (piece * length)[:length]
                faq.save()
                seconds.append(timed(lambda: find_problems(faq))[1])
            half, whole = seconds
            print(f"  {1000 * whole:7.0f} ms  x {whole / half:.1f}  {name}")
        faq.answer = "x " * 2_500_000
        faq.save()
        print(f"  {1000 * timed(lambda: find_problems(faq))[1]:7.0f} ms         5 MB of words")
        transaction.set_rollback(True)


def timed(action) -> tuple:
    started = time.perf_counter()
    return action(), time.perf_counter() - started


if __name__ == "__main__":
    main()
