"""The example proxies of docs/deploy/, run in front of a site: the real programs, unprivileged."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.server_process import PROJECT_DIR, find_free_port

DEPLOY_DIR = PROJECT_DIR / "docs" / "deploy"
SECONDS_TO_START = 20
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "server", "date"}
NGINX_MAIN = """
daemon off;
user {user};
pid {folder}/nginx.pid;
error_log {folder}/main-error.log;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/understory.conf;
}}
"""


@dataclass
class Proxy:
    """A proxy that runs. `logs` is all that it has written so far."""

    port: int
    folder: Path

    def read_logs(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def ask(self, path, method="GET", body=None, **headers):
        """The answer, with its body in `.content`, as it came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            answer.content = answer.read()
        finally:
            connection.close()
        return answer


@dataclass
class Relay:
    """Stands between a proxy and a site: sees what the proxy asks, and can be taken away.

    `canned` are answers of its own, by path: (status, headers). `headers` are added to answers of
    the site, by path.
    """

    site_port: int
    port: int = field(default_factory=find_free_port)
    asked: list = field(default_factory=list)
    canned: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)

    def start(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), build_handler(self))
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)

    def get_answer(self, request):
        """(status, headers, body) for a request that has arrived."""
        path = request.path.partition("?")[0]
        if path in self.canned:
            return *self.canned[path], b""
        length = int(request.headers.get("Content-Length", 0))
        site = http.client.HTTPConnection("127.0.0.1", self.site_port, timeout=20)
        site.request(request.command, request.path, request.rfile.read(length), request.headers)
        answer = site.getresponse()
        body = answer.read()
        site.close()
        headers = [pair for pair in answer.getheaders() if pair[0].lower() not in HOP_BY_HOP]
        return answer.status, [*headers, *self.headers.get(path, [])], body


def build_handler(relay: Relay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            relay.asked.append((self.path, self.headers))
            status, headers, body = relay.get_answer(self)
            self.send_response(status)
            names = {name.lower() for name, _ in headers}
            for name, value in headers:
                self.send_header(name, value)
            if "content-length" not in names:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *arguments):
            pass

    return Handler


def is_installed(name: str) -> bool:
    return shutil.which(name) is not None


@contextmanager
def run_nginx(folder: Path, *upstream_ports: int) -> Iterator[Proxy]:
    """nginx with docs/deploy/nginx.conf, which `nginx -t` has to accept, before these servers."""
    port, user = find_free_port(), "root" if os.getuid() == 0 else "nobody"
    servers = "".join(f"server 127.0.0.1:{number} max_fails=0;" for number in upstream_ports)
    text = fill_in(
        "nginx.conf",
        {
            "listen 80;": f"listen 127.0.0.1:{port};",
            "listen [::]:80;": "",
            "server 127.0.0.1:8000 max_fails=0;": servers,
            "server 127.0.0.1:8001 max_fails=0;": "",
            "/var/cache/nginx": str(folder),
            "/var/log/nginx": str(folder),
        },
    )
    (folder / "understory.conf").write_text(text)
    main = folder / "nginx.conf"
    main.write_text(NGINX_MAIN.format(folder=folder, user=user))
    command = ["nginx", "-p", str(folder), "-e", str(folder / "main-error.log"), "-c", str(main)]
    check([*command, "-t"])
    with run(command, port, {}):
        yield Proxy(port, folder)


@contextmanager
def run_caddy(folder: Path, *upstream_ports: int) -> Iterator[Proxy]:
    """Caddy with docs/deploy/Caddyfile, which `caddy validate` has to accept."""
    port = find_free_port()
    text = fill_in(
        "Caddyfile",
        {
            "learn.example.org {": f"http://127.0.0.1:{port} {{",
            "127.0.0.1:8000 127.0.0.1:8001": " ".join(f"127.0.0.1:{p}" for p in upstream_ports),
            "lb_try_duration 5s": "lb_try_duration 500ms",
            "fail_duration 1s": "fail_duration 100ms",
            "\tservers {": "\tadmin off\n\tservers {",
            "\tlog {\n": f"\tlog {{\n\t\toutput file {folder}/caddy.log\n",
        },
    )
    config = folder / "Caddyfile"
    config.write_text(text)
    environment = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    arguments = ["--config", str(config), "--adapter", "caddyfile"]
    check(["caddy", "validate", *arguments], environment)
    with run(["caddy", "run", *arguments], port, environment):
        yield Proxy(port, folder)


def fill_in(name: str, changes: dict[str, str]) -> str:
    """An example file, with the places of this run for those of a real machine."""
    text = (DEPLOY_DIR / name).read_text()
    for old, new in changes.items():
        assert old in text, f"docs/deploy/{name} has no {old!r}"
        text = text.replace(old, new)
    return text


def check(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a command that has to succeed."""
    done = subprocess.run(
        command, env={**os.environ, **(environment or {})}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def run(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    """A program for the length of the block, from when it listens."""
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        wait_for_port(port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=SECONDS_TO_START)


def wait_for_port(port: int, process: subprocess.Popen) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"{process.args[0]} does not listen on {port}")
