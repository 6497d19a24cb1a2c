"""What the search of the admin costs among 100, 1,000 and 10,000 records, a tenth with a draft.

It makes a database of its own: python tests/bench/bench_record_search.py
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

from tests.bench.empty_site import start_empty_site  # noqa: E402

SIZES = (100, 1_000, 10_000)
DRAFTED = 10  # every such record has an open draft
WORDS = "Rest, and drink water before you come.[^source-{0}] A [[term-{0}]] is a small thing. " * 8
QUERIES = {
    "a word of every text": "water",
    "a word of one text": "heron",
    "a word of one draft": "kingfisher",
    "words of a title": "study of moss 7",
    "a word of none": "xylophone",
}


def main() -> None:
    with start_empty_site():
        measured = [measure(size) for size in SIZES]
    print(f"{'records':24}" + "".join(f"{size:>22,}" for size in SIZES) + f"{'last / first':>14}")
    for name in QUERIES:
        costs = [one[name] for one in measured]
        shown = "".join(f"{queries:8} queries {ms:4.0f} ms" for queries, ms in costs)
        print(f"{name:24}{shown}{costs[-1][1] / costs[0][1]:14.1f}")


def measure(size: int) -> dict[str, tuple[int, float]]:
    """{sort of query: (queries, milliseconds of the quickest run)} among so many records."""
    from urllib.parse import urlencode

    from django.test import Client

    from tests.bench.bench_revisions import cost
    from tests.factories import make_user
    from tests.login import sign_in

    fill(size)
    user = make_user("bench")
    user.is_superuser = True
    client = sign_in(Client(), user)
    return {
        name: cost(client, f"/admin/find/?{urlencode({'q': query})}")
        for name, query in QUERIES.items()
    }


def fill(size: int) -> None:
    """Questions, and half as many each of terms and sources: up to `size` in all."""
    from django.utils import timezone

    from psychoplastogens.content.models import Faq, GlossaryTerm, Topic
    from psychoplastogens.evidence.models import Source
    from tests.factories import make_topic, make_user

    by = make_user("author")
    live = {"status": "published", "published_at": timezone.now(), "published_by": by}
    there, topic = Faq.objects.count(), Topic.objects.first() or make_topic()
    numbers = range(there, size // 2)
    Faq.objects.bulk_create(
        Faq(slug=f"q-{n}", question=f"Is it {n}?", answer=text(n), topic=topic, **live)
        for n in numbers
    )
    Source.objects.bulk_create(
        Source(
            slug=f"source-{n}", title=f"Study of moss {n}", kind="article", supports="It.", **live
        )
        for n in numbers[::2]
    )
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(slug=f"term-{n}", term=f"Term {n}", meaning=text(n), **live)
        for n in numbers[1::2]
    )
    for kind in (Faq, Source, GlossaryTerm):
        remember(kind.objects.order_by("slug")[::DRAFTED], by)


def text(number: int) -> str:
    return WORDS.format(number) + ("A heron." if number == 7 else "")


def remember(records, by) -> None:
    """An open draft of each that has none; that of the first has a word that no other has."""
    from psychoplastogens.editorial.drafts.snapshots import take_snapshot
    from psychoplastogens.editorial.models import Revision

    is_first = not Revision.objects.exists()
    drafts = []
    for record in records:
        if Revision.objects.about(record).exists():
            continue
        snapshot = take_snapshot(record)
        if is_first and not drafts:
            snapshot[0]["fields"]["answer"] += " A kingfisher."
        drafts.append(
            Revision(
                record=record,
                number=1,
                snapshot=snapshot,
                title=str(record),
                author=by,
                state="draft",
            )
        )
    Revision.objects.bulk_create(drafts)


if __name__ == "__main__":
    main()
