"""This site beside nginx, the bare server and Wagtail: rates, processor time, memory, growth.

    UNDERSTORY_DATA=... python tests/bench/bench_page_store.py [ROUNDS] [SECONDS OF A ROUND]

It needs nginx, wrk and the data of a started site, which it copies. Wagtail is installed with pip
into WAGTAIL_BENCH (a folder beside the system's temporary ones by default), and stays there for the
next time. Each server has two workers. nginx serves the bytes that this site sends; the bare server
is this site's own with the smallest answer, or with this page and its headers. Wagtail compresses
nothing, so it is spared that work.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from collections.abc import Callable
from contextlib import ExitStack
from html import unescape
from pathlib import Path
from statistics import median
from typing import NamedTuple

import brotli

BENCH = Path(__file__).resolve().parent
TOP = BENCH.parents[1]
sys.path.insert(0, str(TOP))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

from tests.bench.side_by_side import Ratio, Server, Target, measure_rounds  # noqa: E402
from tests.server_process import find_free_port  # noqa: E402

PAGE = "/compounds/ketamine/"
STEP = "/how-ketamine-works/new-spines/"
COSTS = (
    ("stored page", "bare server", 1.25),
    ("stored page", "bare server, this page", 1.25),
    ("304", "stored page", 1),
    ("unstored page", "Wagtail, not stored", 0.25),
    ("unstored home page", "Wagtail, not stored", 0.125),
    ("unstored step", "Wagtail, not stored", 0.19),
    ("unstored fragment", "unstored step", 0.5),
)
"""(what, of what, the bound of its processor time)"""
SIZES = (100, 1_000, 10_000)
WAGTAIL = Path(os.environ.get("WAGTAIL_BENCH", Path(tempfile.gettempdir()) / "wagtail-bench"))
WAGTAIL_PACKAGES = ("wagtail==7.4.*", "wagtail-cache==3.0.*", "granian==2.8.*")
NGINX = """
daemon off;
pid {folder}/nginx.pid;
user {user};
worker_processes 2;
error_log {folder}/nginx-error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    open_file_cache max=100;
    types {{ }}
    server {{
        listen 127.0.0.1:{port};
        root {folder}/nginx;
        add_header Content-Encoding br;
        location = / {{ return 200 "ok"; }}
        location /page {{ default_type "text/html; charset=utf-8"; }}
        location /file {{ default_type text/css; }}
    }}
}}
"""


class Goal(NamedTuple):
    name: str
    found: Ratio
    at_least: float = 0
    at_most: float = float("inf")

    def __str__(self) -> str:
        is_met = self.at_least <= self.found.median <= self.at_most
        bound = f">= {self.at_least:g}" if self.at_least else f"<= {self.at_most:g}"
        return f"{'held  ' if is_met else 'MISSED'} {self.name:52}{bound:>9}  {self.found}"


def main(rounds: str = "7", seconds: str = "2") -> None:
    for program in ("nginx", "wrk"):
        if not shutil.which(program):
            sys.exit(f"This bench needs {program}: apt-get install {program}")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        start = make_starter(stack, folder)
        targets = start_all(folder, start)
        measure_rounds(targets, int(rounds), int(seconds))
        print_table(targets)
        print_goals(targets)
        print_memory(targets["stored page"].server, targets["unstored page"].server)
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")
    print_growth()


def make_starter(stack: ExitStack, folder: Path) -> Callable[..., Server]:
    """A function that starts a server which ends with `stack`."""

    def start(*command: str, **options: str) -> Server:
        server = Server(*command, folder=folder, **options)
        stack.callback(server.stop)
        return server

    return start


def start_all(folder: Path, start: Callable[..., Server]) -> dict[str, Target]:
    site = start_site(folder, start, "stored")
    unstored = start_site(folder, start, "unstored", "tests.bench.unstored_application:application")
    page, headers = read(site, PAGE)
    text = brotli.decompress(page).decode()
    style = re.search(r'href="(/static/[^"]+\.css)"', text)[1]
    nginx = start_nginx(folder, start, page, read(site, style)[0])
    bare = build_server_command("tests.bench.bare_application:application")
    answer = folder / "answer"
    answer.write_bytes(json.dumps(headers.items()).encode() + b"\n" + page)
    cached, uncached = start_wagtail(folder, start, text)
    return {
        "nginx, this page": Target(nginx, "/page"),
        "nginx, this file": Target(nginx, "/file"),
        "bare server": Target(start(*bare)),
        "bare server, this page": Target(start(*bare, BARE_ANSWER=str(answer))),
        "stored page": Target(site, PAGE),
        "stored home page": Target(site, "/"),
        "304": Target(site, PAGE, {"If-None-Match": headers["ETag"]}),
        "static file": Target(site, style),
        "unstored page": Target(unstored, PAGE),
        "unstored home page": Target(unstored, "/"),
        "unstored step": Target(unstored, STEP),
        "unstored fragment": Target(unstored, f"{STEP}fragment/"),
        "Wagtail, stored": Target(cached, "/articles/article/"),
        "Wagtail, not stored": Target(uncached, "/articles/article/"),
    }


def build_server_command(application: str) -> tuple[str, ...]:
    """That of this site's server, with an application of its own."""
    run = f"server.APPLICATION = '{application}'; server.run_server('127.0.0.1', PORT)"
    return sys.executable, "-c", f"from psychoplastogens.delivery import server; {run}"


def start_site(
    folder: Path,
    start: Callable[..., Server],
    name: str,
    application: str = "psychoplastogens.rsgi:application",
) -> Server:
    """This site, with a copy of the data."""
    data = folder / name
    shutil.copytree(os.environ.get("UNDERSTORY_DATA", TOP / ".data"), data)
    (data / "pages.sqlite3").unlink(missing_ok=True)
    environment = {"UNDERSTORY_DATA": str(data), "ALLOWED_HOSTS": "127.0.0.1"}
    return start(*build_server_command(application), ready="/readyz", **environment)


def read(server: Server, path: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of an answer with brotli."""
    url = f"http://127.0.0.1:{server.port}{path}"
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as answer:
        return answer.read(), answer.headers


def start_nginx(folder: Path, start: Callable[..., Server], page: bytes, style: bytes) -> Server:
    files, port = folder / "nginx", find_free_port()
    files.mkdir()
    (files / "page").write_bytes(page)
    (files / "file").write_bytes(style)
    folder.chmod(0o755)
    user = "root" if os.getuid() == 0 else "nobody"
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, user=user))
    return start("nginx", "-p", str(folder), "-c", str(config), port=port)


def start_wagtail(folder: Path, start: Callable[..., Server], text: str) -> tuple[Server, Server]:
    """A Wagtail site whose article has the words of a page: with wagtail-cache, and without."""
    python = WAGTAIL / "bin" / "python"
    if not python.exists():
        venv.create(WAGTAIL, with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", *WAGTAIL_PACKAGES]
    subprocess.run(install, check=True, stderr=subprocess.DEVNULL)
    environment = {
        "PYTHONPATH": f"{BENCH}{os.pathsep}{folder}",
        "DJANGO_SETTINGS_MODULE": "wagtail_site.settings",
        "WAGTAIL_DATA": str(folder),
    }
    (folder / "article.json").write_text(json.dumps(list(find_words(text))))
    fill = [python, "-m", "wagtail_site.fill"]
    subprocess.run(fill, env={**os.environ, **environment}, check=True)
    command = (
        *(str(python), "-m", "granian", "--interface", "wsgi", "--workers", "2", "--no-ws"),
        *("--host", "127.0.0.1", "--port", "PORT", "wagtail_site.wsgi:application"),
    )
    ready = "/articles/article/"
    cached = start(*command, ready=ready, WAGTAIL_CACHE="1", **environment)
    return cached, start(*command, ready=ready, **environment)


def find_words(text: str) -> list[tuple[str, str]]:
    """(kind of block, its words) for each heading and paragraph of a page."""
    found = re.findall(r"<(h[23]|p|li)\b[^>]*>(.*?)</\1>", text, re.DOTALL)
    words = [
        (tag, " ".join(unescape(re.sub(r"<[^>]+>", " ", inner)).split())) for tag, inner in found
    ]
    return [
        ("heading", text) if tag.startswith("h") else ("paragraph", f"<p>{text}</p>")
        for tag, text in words
    ]


def print_table(targets: dict[str, Target]) -> None:
    nginx, bare = targets["nginx, this page"], targets["bare server"]
    print(f"{'':24}{'requests/s':>12}{'of nginx':>26}{'CPU us':>10}{'of the bare server':>26}")
    for name, target in targets.items():
        of_nginx, of_bare = Ratio(target.rates, nginx.rates), Ratio(target.costs, bare.costs)
        rate, cost = median(target.rates), median(target.costs)
        print(f"{name:24}{rate:12,.0f}{of_nginx!s:>26}{cost:10.1f}{of_bare!s:>26}")


def print_goals(targets: dict[str, Target]) -> None:
    def rate(name: str, other: str) -> Ratio:
        return Ratio(targets[name].rates, targets[other].rates)

    def cost(name: str, other: str) -> Ratio:
        return Ratio(targets[name].costs, targets[other].costs)

    goals = [
        Goal("stored page, of nginx", rate("stored page", "nginx, this page"), 0.4),
        Goal("static file, of nginx", rate("static file", "nginx, this file"), 0.35),
        Goal("stored page, of Wagtail's stored one", rate("stored page", "Wagtail, stored"), 8),
        Goal("stored page, of Wagtail's", rate("stored page", "Wagtail, not stored"), 300),
        *(
            Goal(f"processor time: {name}, of {other}", cost(name, other), at_most=bound)
            for name, other, bound in COSTS
        ),
    ]
    print("", *goals, sep="\n")


def print_memory(stored: Server, unstored: Server) -> None:
    """Of a worker, after every page was asked for."""
    sitemap = read(stored, "/sitemap.xml")[0]
    addresses = re.findall(
        r"<loc>https?://[^/]+(/[^<]*)</loc>", brotli.decompress(sitemap).decode()
    )
    for server in (stored, unstored):
        for path in addresses * 4:  # Each worker gets some of the four.
            read(server, path)
    time.sleep(10)
    with_store, without = (server.get_worker_memory() for server in (stored, unstored))
    kept = re.search(r"^understory_page_store_bytes (\S+)", read_text(stored, "/metrics"), re.M)
    print(
        f"\nMemory of a worker, {len(addresses)} pages: {with_store:.0f} MB with the store, "
        f"{without:.0f} MB without; all workers keep {float(kept[1]) / 1e6:.1f} MB of responses.\n"
        f"{'held  ' if with_store - without <= 40 else 'MISSED'} at most 40 MB more"
    )


def read_text(server: Server, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
        return answer.read().decode()


def print_growth() -> None:
    columns = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            shutil.copytree(os.environ.get("UNDERSTORY_DATA", TOP / ".data"), data)
            done = subprocess.run(
                [sys.executable, str(BENCH / "growth.py"), str(size)],
                env={**os.environ, "UNDERSTORY_DATA": str(data)},
                check=True, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            columns.append(json.loads(done.stdout.splitlines()[-1]))
    print(f"\n{'ms of the processor with':28}", *(f"{size:>9,} more" for size in SIZES))
    for name in columns[0]:
        print(f"{name:28}", *(format_cost(column[name]) for column in columns))


def format_cost(cost: float | None) -> str:
    return f"{'none':>14}" if cost is None else f"{cost:14.3f}"


if __name__ == "__main__":
    main(*sys.argv[1:])
