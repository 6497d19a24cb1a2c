"""How each regular expression grows with hostile texts, up to the longest that may be typed.

    python tests/bench/bench_patterns.py [part of a name]

Prints each pattern with its slowest text: seconds at 60,000 characters, and how much longer than
at 30,000. Twice as long is linear, four times quadratic. Ends with 1 where one is quadratic.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

import django  # noqa: E402

LENGTHS = (3_750, 7_500, 15_000, 30_000, 60_000)
ENOUGH = 0.5
"""Seconds after which a text is not made longer: its growth is plain to see."""
LINEAR = 3
WORTH = 0.02
"""Seconds below which growth is noise."""


def main() -> int:
    django.setup()
    from tests import regex_patterns

    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    found = [one for one in regex_patterns.collect_patterns() if wanted in one.where]
    quadratic, tried = 0, 0
    for one in found:
        worst = None
        for name, longest in regex_patterns.build_slow_texts(one.pattern, LENGTHS[-1]):
            tried += 1
            growth, took, length = _growth(regex_patterns, one, longest)
            if worst is None or (growth > LINEAR, took) > (worst[0] > LINEAR, worst[1]):
                worst = growth, took, length, name
        growth, took, length, name = worst
        mark = "QUADRATIC" if growth > LINEAR else ""
        quadratic += bool(mark)
        print(f"{1000 * took:8.1f} ms at {length:6}  x {growth:4.1f}  {one.where}  {mark}")
        if mark:
            print(f"{'':30}{name[:150]}")
    print(f"{len(found)} patterns, {tried} texts each doubled; {quadratic} grow too fast.")
    return min(quadratic, 1)


def _growth(patterns, one, text: str) -> tuple[float, float, int]:
    """(how much longer than at half the length, seconds, characters) at the longest tried."""
    before = took = 0.0
    for length in LENGTHS:
        before, took = took, patterns.seconds(one, text[:length])
        if took > ENOUGH:
            break
    if took < WORTH:
        return 1.0, took, length
    growth = took / before if before else 1.0
    if growth > LINEAR:  # once more, with the noise taken out
        runs = 1 if took > ENOUGH else 3
        took = patterns.seconds(one, text[:length], runs)
        growth = took / patterns.seconds(one, text[: length // 2], 3)
    return growth, took, length


if __name__ == "__main__":
    sys.exit(main())
