"""Clients that send slowly or read nothing, against the real server; readers must not notice."""

import gzip
import time

import pytest

from tests import slow_clients
from tests.slow_clients import SlowClients, build_slow_request, probe_site

READ = ("/healthz", "/help/", "/static/base.css")
CHUNKED = "Transfer-Encoding: chunked"
CROWDS = {
    "bodies that do not come": (12, build_slow_request("/connect/service")),
    "bodies for the sign-in": (12, build_slow_request("/admin/login/")),
    "bodies in chunks": (12, build_slow_request("/connect/service", CHUNKED)),
    "large bodies": (12, build_slow_request("/admin/login/", "Content-Length: 5000000")),
    "files that nobody reads": (12, slow_clients.build_file_requests()),
    "idle HTTP/2": (1_100, slow_clients.HTTP2),
    "idle connections": (1_200, b""),
}


@pytest.mark.parametrize("crowd", CROWDS)
def test_readers_are_answered_while_others_take_their_time(site, crowd):
    with SlowClients(site.port, *CROWDS[crowd]):
        time.sleep(0.5)  # until what is not read has filled the system's buffers
        waited = probe_site(site.get, count=4, pause=0, paths=READ)
    print(f"{crowd}: {waited}")
    assert waited.answered_within(seconds=5), waited


def test_http2_is_not_spoken(site):
    with SlowClients(site.port, 1, slow_clients.HTTP2) as crowd:
        assert site.get("/healthz").status == 200
        assert crowd.are_closed_within(seconds=5)


def test_a_form_with_a_body_and_one_in_chunks_are_answered(site):
    asked = "mainSearchCriteria.v.c=F32.9&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90"
    kind = "Content-Type: application/x-www-form-urlencoded"
    in_chunks = f"{len(asked):x}\r\n{asked}\r\n0\r\n\r\n"
    for length, body in ((f"Content-Length: {len(asked)}", asked), (CHUNKED, in_chunks)):
        sent = slow_clients.build_request("POST", "/connect/service", kind, length, body=body)
        assert slow_clients.send_and_receive(site.port, sent).startswith(b"HTTP/1.1 200")


def test_a_form_that_is_too_large_is_told_so_after_it_was_sent(site):
    body = "a" * 300_000
    sent = slow_clients.build_request("POST", "/", f"Content-Length: {len(body)}", body=body)
    told = slow_clients.send_and_receive(site.port, sent)
    assert told.startswith(b"HTTP/1.1 413")
    assert b'href="tel:988"' in told


def test_a_large_file_is_sent_whole_to_who_accepts_no_coding(site):
    """From disk, once it is stored."""

    def get(**headers):
        with site.get(slow_clients.LARGE_FILE, **headers) as answer:
            return answer.status, answer.read()

    _, packed = get(**{"Accept-Encoding": "gzip"})
    for _ in range(4):  # Each worker stores it for itself.
        assert get() == (200, gzip.decompress(packed))
    assert get(Range="bytes=0-9") == (206, gzip.decompress(packed)[:10])
