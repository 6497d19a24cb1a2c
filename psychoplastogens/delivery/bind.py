"""The host and port that the server binds to, and whether they are free.

Standard library only: `bootstrap.py` uses it before anything is installed.
"""

from __future__ import annotations

import argparse
import errno
import socket

ALL_INTERFACES = ("0.0.0.0", "::")


def add_bind_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="The address to listen on.")
    parser.add_argument("--port", default=8000, type=parse_port, help="8000 if not given.")


def parse_port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: choose 1 to 65535")
    return number


def find_bind_error(host: str, port: int) -> str | None:
    """Why the server cannot bind there and what to do about it; None if it can."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # Without this, a port stays "taken" for a minute after its last server stopped.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        return explain_bind_error(error, host, port)
    return None


def explain_bind_error(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        another = port + 1 if port < 65_535 else 8001
        return (
            f"Port {port} is taken, perhaps by an earlier start of this. End that one (Ctrl-C),\n"
            f"or choose another port: --port {another}"
        )
    if error.errno == errno.EACCES:
        return f"Only root may listen on port {port}. Choose one above 1023: --port 8000"
    return f"Nothing can listen on {host}: {error.strerror or error}. Choose another --host."


def get_browser_url(host: str, port: int) -> str:
    """The URL to open in a browser on this machine."""
    name = "127.0.0.1" if host in ALL_INTERFACES else bracket_ipv6(host)
    return f"http://{name}:{port}/"


def get_host_names(host: str) -> list[str]:
    """The Host headers that reach this address: the host itself, or the names of this machine."""
    if host not in ALL_INTERFACES:
        return [bracket_ipv6(host)]
    return [socket.gethostname(), *filter(None, [get_outward_ip()])]


def get_outward_ip() -> str | None:
    """This machine's address in its local network, or None without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # An address reserved for documentation (RFC 5737). Connecting a datagram socket sends
            # nothing; it only picks the outgoing interface.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return probe.getsockname()[0]


def bracket_ipv6(host: str) -> str:
    return f"[{host}]" if ":" in host else host
