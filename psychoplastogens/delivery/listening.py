"""Where the server listens, and whether that place is free.

Standard library only: `bootstrap.py` asks before anything is installed.
"""

from __future__ import annotations

import argparse
import errno
import socket

ALL_INTERFACES = ("0.0.0.0", "::")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="The address to listen on.")
    parser.add_argument("--port", default=8000, type=port_number, help="8000 if not given.")


def port_number(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: choose 1 to 65535")
    return number


def obstacle(host: str, port: int) -> str | None:
    """Why nothing can listen there, with what to do about it; None where the place is free."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # Without this, a port stays "taken" for a minute after its last server ended.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        return explain(error, host, port)
    return None


def explain(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        another = port + 1 if port < 65_535 else 8001
        return (
            f"Port {port} is taken, perhaps by an earlier start of this. End that one (Ctrl-C),\n"
            f"or choose another port: --port {another}"
        )
    if error.errno == errno.EACCES:
        return f"Only root may listen on port {port}. Choose one above 1023: --port 8000"
    return f"Nothing can listen on {host}: {error.strerror or error}. Choose another --host."


def address(host: str, port: int) -> str:
    """What to open in a browser on this machine."""
    name = "127.0.0.1" if host in ALL_INTERFACES else in_brackets(host)
    return f"http://{name}:{port}/"


def names(host: str) -> list[str]:
    """The Host headers that reach this address: it itself, or what this machine is called."""
    if host not in ALL_INTERFACES:
        return [in_brackets(host)]
    return [socket.gethostname(), *filter(None, [outward_address()])]


def outward_address() -> str | None:
    """This machine's address as its neighbours see it, or None without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # To an address of documentation (RFC 5737). A datagram socket sends nothing here; it
            # only chooses the way out.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return probe.getsockname()[0]


def in_brackets(host: str) -> str:
    return f"[{host}]" if ":" in host else host
