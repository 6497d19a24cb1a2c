"""20,000 openings from 8 processes; one is killed, and the database stops for five seconds.

    python tests/bench/bench_count.py                        on SQLite, whose file is locked instead
    tests/with_postgres.sh python tests/bench/bench_count.py    on PostgreSQL, which is stopped

Every process answers as the site's server would, and counts with its own thread. It notes in
memory that survives it how many openings it answered and how many of them it has written.
"""

import mmap
import os
import shlex
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psychoplastogens.short_links.click_counting

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))
os.environ["DJANGO_SETTINGS_MODULE"] = "psychoplastogens.settings"

PROCESSES, EACH, A_SECOND = 8, 2_500, 100
SLOW_US = 50_000
FIELDS = ("answered", "refused", "written", "slow", "longest_us")
SLOT = struct.Struct("<5Q")


class Notes:
    """What each process notes, in a file that all of them share."""

    def __init__(self, path):
        path.touch()
        if path.stat().st_size < PROCESSES * SLOT.size:
            path.write_bytes(bytes(PROCESSES * SLOT.size))
        with path.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 0)

    def read(self, number):
        return dict(zip(FIELDS, SLOT.unpack_from(self.memory, number * SLOT.size), strict=True))

    def note(self, number, **changed):
        SLOT.pack_into(self.memory, number * SLOT.size, *(self.read(number) | changed).values())


def one_process(number, code, path):
    """Open the link EACH times, A_SECOND times a second, and end as a server does."""
    import django

    django.setup()
    from django.test import Client

    notes, client = Notes(Path(path)), Client(raise_request_exception=False)
    written = 0

    def write(openings, add=psychoplastogens.short_links.click_counting.PendingClicks.write):
        nonlocal written
        before = openings.held()
        add(openings)
        written += before  # What came meanwhile is held, and noted with the next batch.
        notes.note(number, written=written)

    psychoplastogens.short_links.click_counting.PendingClicks.write = write
    started, seen = time.monotonic(), dict.fromkeys(FIELDS, 0)
    for count in range(EACH):
        time.sleep(max(0, started + count / A_SECOND - time.monotonic()))
        before = time.perf_counter()
        status = client.get(f"/s/{code}/", headers={"host": "127.0.0.1"}).status_code
        took = int(1e6 * (time.perf_counter() - before))
        seen["answered" if status == 303 else "refused"] += 1
        seen["slow"] += took > SLOW_US
        # The first one asks the database, and the process is still cold.
        seen["longest_us"] = max(seen["longest_us"], took if count else 0)
        notes.note(number, **{name: seen[name] for name in FIELDS if name != "written"})


def prepare():
    """A database with one link; the code of the link."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from psychoplastogens.short_links.models import ShortLink
    from tests.factories import make_faq

    return ShortLink.objects.get_or_create_for(make_faq()).code


def stop_the_database(seconds):
    if control := os.environ.get("PG_CTL"):
        subprocess.run([*shlex.split(control), "-m", "fast", "stop"], check=True)
        time.sleep(seconds)
        subprocess.run([*shlex.split(control), "start"], check=True)
        return "PostgreSQL was stopped"
    file = Path(os.environ["UNDERSTORY_DATA"]) / "db.sqlite3"
    lock = sqlite3.connect(file, isolation_level=None, timeout=30)
    lock.execute("BEGIN EXCLUSIVE")
    time.sleep(seconds)
    lock.execute("ROLLBACK")
    lock.close()
    return "the SQLite file was locked"


def counted():
    from django.db import connection
    from django.db.models import Sum

    from psychoplastogens.short_links.models import DailyCount

    connection.close()
    return DailyCount.objects.aggregate(all=Sum("number"))["all"]


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UNDERSTORY_DATA"] = folder
        Path(folder, "static").mkdir()  # WhiteNoise would warn.
        code, path = prepare(), Path(folder, "notes")
        notes = Notes(path)
        command = [sys.executable, __file__]
        processes = [
            subprocess.Popen([*command, str(n), code, str(path)]) for n in range(PROCESSES)
        ]
        while not all(notes.read(n)["answered"] > EACH // 4 for n in range(PROCESSES)):
            time.sleep(0.05)
        how = stop_the_database(5)
        processes[0].send_signal(signal.SIGKILL)  # It holds what came in these five seconds.
        codes = [process.wait() for process in processes]
        assert codes == [-signal.SIGKILL, *[0] * (PROCESSES - 1)], codes
        report(how, [notes.read(n) for n in range(PROCESSES)], counted())


def report(how, notes, found):
    answered = sum(note["answered"] for note in notes)
    refused = sum(note["refused"] for note in notes)
    held = notes[0]["answered"] - notes[0]["written"]
    slow = sum(note["slow"] for note in notes)
    longest = max(note["longest_us"] for note in notes) / 1_000
    print(f"{PROCESSES} processes, each {A_SECOND} openings a second; {how} for 5 s")
    print(f"redirected {answered}, refused {refused}")
    print(f"slower than {SLOW_US // 1_000} ms: {slow} answers; the longest {longest:.0f} ms")
    print(f"counted {found}: short by {answered - found}; the killed process held {held}")
    assert not refused
    assert 0 <= answered - found <= held + 1  # It may die between an answer and its note.


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one_process(int(sys.argv[1]), *sys.argv[2:])
    else:
        main()
