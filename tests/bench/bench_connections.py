"""What a connection to PostgreSQL costs a request: a new one, a kept one, one of a pool.

    tests/with_postgres.sh python tests/bench/bench_connections.py

A request is three small queries. The pool needs `pip install psycopg-pool`; without it that row
is left out. The rounds are shuffled; each figure is a median, as a ratio to a connection of each
request's own.
"""

import os
import random
import sys
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from django.db import connections
from django.utils.connection import ConnectionProxy

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

ROUNDS, REQUESTS, QUERIES = 9, 100, 3
POLICIES = {
    "a new one": {"CONN_MAX_AGE": 0},
    "kept, not checked": {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": False},
    "kept, checked": {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True},
}
POOL = {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


def build_wrapper(policy, is_pool=False):
    """A connection of Django's with other settings, under an alias of its own."""
    usual = connections.settings["default"]
    options = dict(usual["OPTIONS"])
    if is_pool:
        options |= {"pool": {"min_size": 1, "max_size": 4}}
        options.pop("answer_timeout")
    engine = "django.db.backends.postgresql" if is_pool else usual["ENGINE"]
    alias = f"bench-{len(connections.settings)}"
    connections.settings[alias] = {**usual, **policy, "OPTIONS": options, "ENGINE": engine}
    return ConnectionProxy(connections, alias)


def run_requests(wrapper):
    """Wall and processor milliseconds of one request."""
    wall, cpu = perf_counter(), process_time()
    for _ in range(REQUESTS):
        wrapper.close_if_unusable_or_obsolete()
        for _ in range(QUERIES):
            with wrapper.cursor() as cursor:
                cursor.execute("SELECT 1")
                cursor.fetchone()
        wrapper.close_if_unusable_or_obsolete()
    return [1_000 * (now - then) / REQUESTS for now, then in
            ((perf_counter(), wall), (process_time(), cpu))]  # fmt: skip


def main():
    wrappers = {name: build_wrapper(policy) for name, policy in POLICIES.items()}
    if find_spec("psycopg_pool"):
        wrappers["of a pool, checked"] = build_wrapper(POOL, is_pool=True)
    figures = {name: [] for name in wrappers}
    for _ in range(ROUNDS):
        for name in random.sample(list(wrappers), len(wrappers)):
            figures[name].append(run_requests(wrappers[name]))
    first = [median(column) for column in zip(*figures["a new one"], strict=True)]
    print(f"{'':20}{'wall ms':>9}{'ratio':>7}{'cpu ms':>9}{'ratio':>7}")
    for name, rounds in figures.items():
        wall, cpu = (median(column) for column in zip(*rounds, strict=True))
        print(f"{name:20}{wall:9.2f}{wall / first[0]:7.2f}{cpu:9.2f}{cpu / first[1]:7.2f}")
    for wrapper in wrappers.values():
        wrapper.close()
        if getattr(wrapper, "pool", None):
            wrapper.close_pool()


if __name__ == "__main__":
    main()
