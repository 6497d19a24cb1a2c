"""How long the search index takes to build and to answer, and how many questions it answers right.

Run it with the data of a started site: UNDERSTORY_DATA=... python tests/bench/bench_search.py
The questions that are kept apart are asked only on request, `... bench_search.py held-back`: once
search was tuned by them, their figure would say nothing. Those of `... fresh` are told in figures.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

QUERIES = (
    *("ketamine", "spravatto", "sylocibin", "can i drive after", "side effects", "psilo"),
    *("how much does it cost", "is it safe with lithium", "zzzzqq", "nerve cells", "5meodmt"),
    "ketamin sprai infushun depresion anxity insurence bladdr",
)
LARGE = 10_000


def main() -> None:
    django.setup()
    from psychoplastogens.search import documents

    weights = {key: group.weight for key, group in documents.get_search_groups().items()}
    all_documents, seconds = timed(documents.build_documents)
    print(f"read from the database: {len(all_documents)} documents, {seconds:.2f} s")
    measure("content of fixtures/", all_documents, weights)
    measure("large", many(all_documents), weights)
    ask_questions()


def ask_questions() -> None:
    from django.conf import settings
    from django.test import Client

    from tests.search import patient_questions

    settings.ALLOWED_HOSTS = ["testserver"]
    print(
        f"\nquestions to tune by: {patient_questions.measure(Client(), patient_questions.TUNING)}"
    )
    if "held-back" in sys.argv:
        kept = patient_questions.measure(Client(), patient_questions.HELD_BACK)
        print(f"questions kept apart: {kept}")
        for question, found in kept.missed:
            print(f"  missed: {question}: {found}")
    if "fresh" in sys.argv:
        print(f"fresh: {patient_questions.measure(Client(), patient_questions.FRESH)}")


def measure(name: str, documents: list, weights: dict[str, float]) -> None:
    from psychoplastogens.search.index import SearchIndex

    before = memory()
    index, seconds = timed(lambda: SearchIndex(documents, weights))
    _, again = timed(lambda: SearchIndex(documents, weights))
    words = len(index.vocabulary.speller.counts)
    print(f"\n{name}: {len(documents)} documents, {words} words")
    print(f"  build {seconds:.2f} s, again {again:.2f} s, memory +{memory() - before:.0f} MB")
    everything = []
    for query in QUERIES:
        times = [1000 * timed(lambda q=query: index.search(q))[1] for _ in range(20)]
        everything += times
        print(f"  {statistics.median(times):6.2f} ms  {query}")
    print(f"  median {statistics.median(everything):.2f} ms, longest {max(everything):.2f} ms")


def many(documents: list) -> list:
    """LARGE documents from the words of the real ones, with some words that nobody else has."""
    from psychoplastogens.search.index import SearchDocument

    chance, words = random.Random(1), " ".join(d.text for d in documents).split()
    return [
        SearchDocument(
            "faq",
            " ".join(chance.choices(words, k=8)),
            f"/{number}/",
            text=" ".join([*chance.choices(words, k=120), f"word{chance.randrange(30_000)}"]),
        )
        for number in range(LARGE)
    ]


def timed(action: Callable) -> tuple:
    started = time.perf_counter()
    return action(), time.perf_counter() - started


def memory() -> float:
    """MB that this process holds (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


if __name__ == "__main__":
    main()
