"""Outages under 100 requests a second from 50 connections over all public addresses.

    tests/with_postgres.sh python tests/bench/bench_outage.py [SECONDS] [WORDS OF A CASE]

PostgreSQL stopped and frozen for SECONDS (60), a full disk, processes killed; then the same with
SQLite, and with its file gone. Prints for each how many requests failed, how long they took from
when they were due, how many openings of short links are counted, when a withdrawal and a
publication just after the outage were seen everywhere, and how much was logged.

The disk fills where a tmpfs can be mounted (root). The last case needs nginx: a server is killed
whole, and docs/deploy/nginx.conf stands before two.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))
os.environ["DJANGO_SETTINGS_MODULE"] = "psychoplastogens.settings"

from tests import proxies  # noqa: E402
from tests.bench.processes import get_process_tree  # noqa: E402
from tests.bench.readers import Crowd, fetch  # noqa: E402
from tests.bench.running_site import Site  # noqa: E402

DISK = "size=48m"
SECONDS_BEFORE, SECONDS_AFTER = 3, 6
"""So long readers ask around an outage."""
SECONDS_FOR_A_CHANGE = SECONDS_AFTER / 2
IS_POSTGRESQL = "DATABASE_URL" in os.environ


def control_postgres(*command: str) -> None:
    subprocess.run([*shlex.split(os.environ["PG_CTL"]), *command], check=True)


def get_postgres_processes() -> list[int]:
    first = Path(os.environ["PG_DATA"], "postmaster.pid").read_text().split()[0]
    return get_process_tree(int(first))


def signal_postgres(number: int) -> None:
    for process in get_postgres_processes():
        os.kill(process, number)


@contextmanager
def run_as_usual(site: Site) -> Iterator[None]:
    yield


@contextmanager
def stop_postgres(site: Site) -> Iterator[None]:
    control_postgres("-m", "immediate", "stop")
    yield
    control_postgres("start")


@contextmanager
def freeze_postgres(site: Site) -> Iterator[None]:
    signal_postgres(signal.SIGSTOP)
    yield
    signal_postgres(signal.SIGCONT)


@contextmanager
def kill_backend(site: Site) -> Iterator[None]:
    """PostgreSQL then ends all others too, and recovers."""
    os.kill(get_postgres_processes()[-1], signal.SIGKILL)
    yield


@contextmanager
def fill_disk(site: Site) -> Iterator[None]:
    waste = site.data / "waste"
    with waste.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4_096)):
            pass
    yield
    waste.unlink()


@contextmanager
def remove_database_file(site: Site) -> Iterator[None]:
    names = [path.name for path in site.data.glob("db.sqlite3*")]
    for name in names:
        (site.data / name).rename(site.data / f"gone-{name}")
    yield
    for name in names:
        (site.data / f"gone-{name}").rename(site.data / name)


@contextmanager
def kill_worker(site: Site) -> Iterator[None]:
    site.kill_worker()
    yield


Outage = Callable[[Site], object]
CASES: dict[str, tuple[Outage, float]] = {"as usual": (run_as_usual, 0.3)}
"""{name: (the outage, its share of SECONDS)}"""
if IS_POSTGRESQL:
    CASES["PostgreSQL stopped"] = (stop_postgres, 1)
    CASES["PostgreSQL frozen"] = (freeze_postgres, 1)
    CASES["a backend of PostgreSQL killed"] = (kill_backend, 0.3)
else:
    CASES["file of SQLite gone"] = (remove_database_file, 1)
CASES |= {"disk full": (fill_disk, 0.5), "a worker killed": (kill_worker, 0.3)}


def measure(site: Site, port: int, paths: list[str], outage: Outage, seconds: float) -> str:
    """The rows of the table: until the outage is over, and the seconds after it, in which a
    question is withdrawn and published again, so that every page is made anew twice."""
    site.warm(paths)
    logged, counted = site.log.stat().st_size, count_clicks()
    crowd = Crowd(port, paths, seconds + SECONDS_BEFORE)
    time.sleep(SECONDS_BEFORE)
    with outage(site):
        during = crowd.wait()
    crowd = Crowd(port, paths, SECONDS_AFTER)
    seen = change_and_look(site)
    after = crowd.wait()
    time.sleep(2)  # Openings are written every half second.
    clicks = f"{count_clicks() - counted} of {during.clicks + after.clicks} openings counted"
    bytes_logged = site.log.stat().st_size - logged
    rows = [str(during), f"{after}  (after it)", f"{clicks}; {seen}; {bytes_logged:,} B logged"]
    failed = (during.failed + after.failed).most_common(5)
    rows += [f"{number} x {what}" for what, number in failed]
    return f"\n{'':32}".join(rows)


def choose_paths(site: Site) -> list[str]:
    """Every public address twice but one, with a short link as every tenth."""
    from psychoplastogens.short_links.models import ShortLink

    public = site.read_public_paths()
    public.remove(get_changed_faq().get_absolute_url())
    codes = ShortLink.objects.values_list("code", flat=True)[:20]
    links = [f"/s/{code}/" for code in codes]
    return [
        links[number // 10 % len(links)] if number % 10 == 9 else public[number % len(public)]
        for number in range(len(public) * 2)
    ]


def count_clicks() -> int:
    from django.db import connection
    from django.db.models import Sum

    from psychoplastogens.short_links.models import DailyCount

    try:
        return DailyCount.objects.aggregate(total=Sum("number"))["total"] or 0
    finally:
        connection.close()


def change_and_look(site: Site) -> str:
    """After how many seconds every worker shows that a question is withdrawn, then published."""
    from django.contrib.auth import get_user_model
    from django.db import connection

    faq, person = get_changed_faq(), get_user_model().objects.first()
    faq.withdraw(by=person, reason="For the bench.")
    withdrawn = watch_change(site, faq, is_public=False)
    faq.publish(by=person)
    published = watch_change(site, faq, is_public=True)
    connection.close()
    return f"withdrawal {withdrawn}, publication {published}"


def watch_change(site: Site, faq, is_public: bool) -> str:
    """The seconds until the last old answer of a worker, for the page and for search."""
    address = faq.get_absolute_url()
    search = f"/search/?{urlencode({'q': faq.question})}"
    began = seen = found = time.monotonic()
    while time.monotonic() < began + SECONDS_FOR_A_CHANGE:
        if fetch(site.port, address)[0] != (200 if is_public else 410):
            seen = time.monotonic()
        if (f'href="{address}"'.encode() in fetch(site.port, search)[1]) != is_public:
            found = time.monotonic()
        time.sleep(0.02)
    return f"seen everywhere after {seen - began:.2f} s, in search after {found - began:.2f} s"


def get_changed_faq():
    from psychoplastogens.content.models import Faq

    return Faq.objects.order_by("slug").last()


def measure_killed_server(site: Site, paths: list[str], seconds: float) -> str:
    """The second of two servers is killed whole, and started again two seconds later."""
    second = Site(site.data, site.log)
    second.start()

    @contextmanager
    def kill_and_start(_: Site) -> Iterator[None]:
        second.kill()
        time.sleep(2)  # as RestartSec= of the unit
        second.start()
        yield

    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            proxies.run_nginx(Path(folder), site.port, second.port) as proxy,
        ):
            return measure(site, proxy.port, paths, kill_and_start, seconds)
    finally:
        second.stop()


@contextmanager
def mount_small_disk(folder: Path) -> Iterator[bool]:
    """Whether `folder` is a disk of its own for the length of the block."""
    mount = ["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(folder)]
    is_mounted = subprocess.run(mount, capture_output=True).returncode == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def prepare(environment: dict[str, str]) -> None:
    for command in ("migrate", "load_content", "make_accounts", "collectstatic --noinput"):
        subprocess.run(
            [sys.executable, "-m", "django", *command.split()],
            cwd=TOP, env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip


def main(seconds: str = "60", wanted: str = "") -> None:
    """Each database in a process of its own, whose environment names it and the data folder."""
    sqlite = {name: os.environ[name] for name in os.environ if name != "DATABASE_URL"}
    for environment in [dict(os.environ), sqlite] if IS_POSTGRESQL else [sqlite]:
        with tempfile.TemporaryDirectory() as folder, mount_small_disk(Path(folder)) as is_small:
            environment["UNDERSTORY_DATA"] = str(Path(folder, "data"))
            prepare(environment)
            words = ["--measure", seconds, wanted, "small disk" if is_small else ""]
            subprocess.run([sys.executable, __file__, *words], env=environment, check=True)


def measure_all(seconds: float, wanted: str, is_small: bool) -> None:
    import django

    django.setup()
    data = Path(os.environ["UNDERSTORY_DATA"])
    with tempfile.NamedTemporaryFile() as log:
        site = Site(data, Path(log.name))
        site.start()
        try:
            paths = choose_paths(site)
            print("PostgreSQL" if IS_POSTGRESQL else "SQLite", f"load {os.getloadavg()[0]:.1f}")
            for name, (outage, share) in CASES.items():
                if outage is fill_disk and not is_small:
                    print(f"{name:32}not measured: no tmpfs can be mounted here")
                elif wanted in name:
                    rows = measure(site, site.port, paths, outage, share * seconds)
                    print(f"{name:32}{rows}", flush=True)
            if wanted in (name := "one of two servers killed") and proxies.is_installed("nginx"):
                print(f"{name:32}{measure_killed_server(site, paths, 0.3 * seconds)}", flush=True)
        finally:
            site.stop()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure_all(float(sys.argv[2]), sys.argv[3], bool(sys.argv[4]))
    else:
        main(*sys.argv[1:])
