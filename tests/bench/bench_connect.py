"""How long an answer to a record system takes, on the content of fixtures/: median and worst.

Run it with the data of a started site: UNDERSTORY_DATA=... python tests/bench/bench_connect.py
"""

import os
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import django  # noqa: E402

import psychoplastogens.infobutton.catalog

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

ICD, RXNORM, MESH = (f"2.16.840.1.113883.6.{arc}" for arc in (90, 88, 177))
JSON = {"knowledgeResponseType": "application/json"}
TIMES = 200


def subject(code="", system="", suffix="", **more):
    parts = {"c": code, "cs": system, **more}
    return {f"mainSearchCriteria.v.{part}{suffix}": value for part, value in parts.items() if value}


TEN = {k: v for n in range(10) for k, v in subject(f"F3{n}.1", ICD, n or "").items()}
QUESTIONS = {
    "a problem, XML": subject("F33.2", ICD),
    "a problem, JSON": subject("F33.2", ICD) | JSON,
    "a medicine's side effects": subject("6130", RXNORM)
    | {"subTopic.v.c": "Q000009", "subTopic.v.cs": MESH}
    | JSON,
    "a medicine by a name within": subject("", RXNORM, dn="esketamine 28 MG nasal spray") | JSON,
    "ten problems": TEN | JSON,
    "free text": subject(ot="can i drive after ketamine") | JSON,
    "no page (counted)": subject("Z00.00", ICD) | JSON,
}


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.db import transaction
    from django.test import Client

    from psychoplastogens.delivery import rate_limits

    settings.ALLOWED_HOSTS = ["*"]
    rate_limits.CONNECT.at_once = float("inf")
    client = Client(headers={"accept-encoding": "br"})
    with transaction.atomic():  # What is counted here was asked by nobody.
        for name, asked in QUESTIONS.items():
            measure(name, lambda asked=asked: client.get(f"/connect/service?{urlencode(asked)}"))
        transaction.set_rollback(True)


def measure(name, ask) -> None:

    psychoplastogens.infobutton.catalog.clear_catalog_cache()
    first, _ = milliseconds(ask)
    walls, processor = zip(*(milliseconds(ask) for _ in range(TIMES)), strict=True)
    print(
        f"{name:28} median {statistics.median(walls):6.2f} ms  worst {max(walls):7.2f} ms  "
        f"processor {statistics.median(processor):5.2f} ms  after a change {first:7.2f} ms"
    )


def milliseconds(ask) -> tuple[float, float]:
    """How long one answer took by the clock, and how long the processor worked at it."""
    wall, processor = time.perf_counter(), time.process_time()
    response = ask()
    taken = time.perf_counter() - wall, time.process_time() - processor
    assert response.status_code == 200, response.content
    return 1000 * taken[0], 1000 * taken[1]


if __name__ == "__main__":
    main()
