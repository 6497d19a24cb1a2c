"""10,000 requests through nginx while two servers behind it are restarted in turn: how many fail.

    UNDERSTORY_DATA=... python tests/bench/bench_restart.py [REQUESTS]

It needs nginx, and the data of a started site, which it copies. The proxy is that of
docs/deploy/nginx.conf. Half of the requests ask what no cache keeps. Each server is reloaded
(SIGHUP), then ended and started anew (SIGTERM), the second one after the first answers again.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")

from tests import proxies  # noqa: E402
from tests.bench.readers import A_SECOND, Crowd  # noqa: E402
from tests.bench.running_site import Site  # noqa: E402

PATHS = ["/healthz", "/", "/healthz", "/help/"]


def main(requests: str = "10000") -> None:
    if not proxies.is_installed("nginx"):
        sys.exit("This bench needs nginx: apt-get install nginx")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data"
        shutil.copytree(os.environ.get("UNDERSTORY_DATA", TOP / ".data"), data)
        servers = [Site(data, folder / "log") for _ in range(2)]
        try:
            for server in servers:
                server.start()
            with proxies.run_nginx(folder, *(server.port for server in servers)) as proxy:
                run(servers, proxy, int(requests))
        finally:
            for server in servers:
                server.stop()


def run(servers: list[Site], proxy: proxies.Proxy, requests: int) -> None:
    crowd = Crowd(proxy.port, PATHS, requests / A_SECOND)
    for step in (Site.reload, Site.restart):
        for server in servers:
            before = len(crowd.report.waits)
            step(server)
            waits = crowd.report.waits[before:]
            slow = sum(wait > 0.25 for wait in waits)
            print(
                f"{step.__name__} of {server.port}: {len(waits)} requests, {slow} of them ", end=""
            )
            print(f"took more than 250 ms, the longest {max(waits):.2f} s")
    is_covered = len(crowd.report.waits) < requests
    report = crowd.wait()
    print(report, "" if is_covered else "(the restarts took longer than the requests)")
    for what, number in report.failed.most_common(5):
        print(f"  {number} x {what}")


if __name__ == "__main__":
    main(*sys.argv[1:])
