"""docs/deploy/nginx.conf and Caddyfile, in their real programs before the real server.

A test is skipped where its program is not installed: apt install nginx caddy
"""

import gzip
import re
from http.cookies import SimpleCookie

import brotli
import pytest

from tests import proxies
from tests.server_process import find_free_port

RUN = {"nginx": proxies.run_nginx, "caddy": proxies.run_caddy}
CODES = (
    "/connect/service?mainSearchCriteria.v.c=F33.2&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90"
)


@pytest.fixture(scope="module")
def relay(site):
    relay = proxies.Relay(site.port)
    relay.start()
    yield relay
    relay.stop()


def run_proxy(name, relay, tmp_path_factory):
    if not proxies.is_installed(name):
        pytest.skip(f"{name} is not installed")
    # The second server is not there: it is being restarted.
    return RUN[name](tmp_path_factory.mktemp(name), relay.port, find_free_port())


@pytest.fixture(scope="module", params=RUN)
def proxy(request, relay, tmp_path_factory):
    with run_proxy(request.param, relay, tmp_path_factory) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def nginx(relay, tmp_path_factory):
    with run_proxy("nginx", relay, tmp_path_factory) as proxy:
        yield proxy


@pytest.mark.parametrize("path", ["/", "/static/base.css", "/compounds/ketamine/"])
@pytest.mark.parametrize(
    "coding, decode", [("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)]
)
def test_what_is_compressed_is_compressed_once(proxy, path, coding, decode):
    if path.startswith("/static/"):
        path = re.search(r"/static/base\.\w+\.css", proxy.ask("/").content.decode())[0]
    for _ in range(2):  # also from the cache
        answer = proxy.ask(path, **{"Accept-Encoding": coding or "identity"})
        assert answer.status == 200
        assert answer.headers.get_all("Content-Encoding", []) == ([coding] if coding else [])
        assert re.match(rb"\s*(<!doctype html|@|/\*|:root|html)", decode(answer.content), re.I)


def test_the_form_of_the_sign_in_is_accepted(proxy):
    page = proxy.ask("/admin/login/")
    assert page.headers.get("X-Cache", "") == ""
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
    cookies = SimpleCookie("; ".join(page.headers.get_all("Set-Cookie"))).items()
    headers = {
        "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies),
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{proxy.port}",
        "Referer": f"http://127.0.0.1:{proxy.port}/admin/login/",
    }
    form = f"csrfmiddlewaretoken={token}&username=nobody&password=nothing"
    answer = proxy.ask("/admin/login/", "POST", form, **headers)
    assert answer.status == 200
    assert "nobody" in answer.content.decode()
    assert proxy.ask("/admin/login/", "POST", "", **headers).status == 403


def test_the_client_is_told_to_the_site_and_cannot_say_it_is_another(proxy, relay):
    forged = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    proxy.ask("/admin/login/?forged", **forged)
    headers = next(headers for path, headers in relay.asked if path == "/admin/login/?forged")
    relay.asked.clear()
    assert headers.get_all("X-Forwarded-For") == ["127.0.0.1"]
    assert headers.get_all("X-Forwarded-Proto") == ["http"]
    assert headers["Host"] == f"127.0.0.1:{proxy.port}"


def test_logs_hold_no_address_and_no_query(proxy, relay):
    said = {"User-Agent": "planted-agent", "Referer": "http://planted.example/"}
    assert proxy.ask(CODES, **said).status == 200
    assert proxy.ask("/review/planted-secret/?planted=1", **said).status == 404
    with relay.stopped():
        assert proxy.ask("/search/?q=planted-words", **said).status in (502, 504)
    written = proxy.read_logs()
    assert "404" in written
    assert not re.findall(r"planted|F33|mainSearch|/connect|/review|/search", written)
    assert not [line for line in written.splitlines() if '"remote_ip"' in line]


def test_the_numbers_of_the_site_are_not_for_the_public(proxy, relay):
    assert proxy.ask("/metrics").status == 404
    assert not relay.count("/metrics")


def test_a_server_that_is_being_restarted_is_not_noticed(proxy):
    assert {proxy.ask("/healthz").status for _ in range(20)} == {200}


def test_a_large_form_arrives_whole(proxy):
    answer = proxy.ask("/admin/login/", "POST", "a=" + "b" * 3_000_000)
    assert answer.status == 403  # read whole, and without a token


def test_the_second_time_a_page_comes_from_the_cache(nginx, relay):
    path = "/conditions/"
    answers = [nginx.ask(path) for _ in range(3)]
    assert [answer.headers["X-Cache"] for answer in answers] == ["MISS", "HIT", "HIT"]
    assert relay.count(path) == 1
    assert len({answer.content for answer in answers}) == 1
    unchanged = nginx.ask(path, **{"If-None-Match": answers[0].headers["ETag"]})
    assert unchanged.status == 304


def test_with_the_server_stopped_pages_still_come(nginx, relay):
    expired = [("X-Accel-Expires", "@1")]  # kept, and too old from the start
    relay.headers["/help/"] = expired
    fresh = nginx.ask("/help/")
    assert nginx.ask("/help/").headers["X-Cache"] in ("EXPIRED", "REVALIDATED")
    with relay.stopped():
        stale = nginx.ask("/help/")
        assert (stale.status, stale.headers["X-Cache"]) == (200, "STALE")
        assert stale.content == fresh.content
        assert nginx.ask("/admin/login/").status in (502, 504)


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_fails_leaves_the_last_good_page(nginx, relay, status):
    path = f"/failing-{status}/"
    relay.canned[path] = 200, [("Cache-Control", "public"), ("X-Accel-Expires", "@1")]
    assert nginx.ask(path).status == 200
    relay.canned[path] = status, []
    assert nginx.ask(path).status == 200


def test_a_page_that_was_withdrawn_does_not_come_back_from_an_old_copy(nginx, relay):
    """Not even for the one who asks first, while a new copy is fetched."""
    relay.canned["/withdrawn/"] = 200, [("Cache-Control", "public"), ("X-Accel-Expires", "@1")]
    assert nginx.ask("/withdrawn/").status == 200
    relay.canned["/withdrawn/"] = 410, []
    assert [nginx.ask("/withdrawn/").status for _ in range(3)] == [410, 410, 410]


@pytest.mark.parametrize("header", ["no-store", "private, max-age=60", "max-age=0, no-cache"])
def test_what_is_not_public_is_not_kept(nginx, relay, header):
    path = f"/private-{len(header)}/"
    relay.canned[path] = 200, [("Cache-Control", header)]
    assert [nginx.ask(path).headers["X-Cache"] for _ in range(2)] == ["MISS", "MISS"]


def test_record_systems_are_not_limited_by_the_proxy_and_a_flood_is(nginx, relay):
    relay.canned["/connect/service"] = relay.canned["/flood/"] = (
        200,
        [("Cache-Control", "no-store")],
    )
    asked = {
        path: [nginx.ask(path).status for _ in range(300)]
        for path in relay.canned
        if path in ("/connect/service", "/flood/")
    }
    del relay.canned["/connect/service"]
    assert set(asked["/connect/service"]) == {200}
    assert 429 in asked["/flood/"]
