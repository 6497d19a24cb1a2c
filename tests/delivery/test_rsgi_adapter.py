"""What stands between granian and the WSGI application: whole requests in, whole answers out."""

import asyncio
import gc
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from wsgiref.util import FileWrapper

import pytest

from psychoplastogens.delivery import periodic_tasks, rsgi_adapter
from psychoplastogens.delivery.page_store import versions
from psychoplastogens.delivery.page_store.disk import CopyStore
from psychoplastogens.delivery.page_store.store import PageStore
from psychoplastogens.delivery.rsgi_adapter import BodyLimit, RsgiToWsgiAdapter


class Headers(dict):
    """As granian's: names in small letters, each with one or more values."""

    def get(self, name, default=None):
        return super().get(name, [default])[0]

    def get_all(self, name):
        return self[name]


class Scope:
    scheme, http_version, authority = "http", "1.1", None
    client, server, query_string = "192.0.2.1:5000", "127.0.0.1:8000", "a=%C3%A9"

    def __init__(self, method="GET", path="/", headers=None, **changed):
        self.method, self.path = method, path
        self.headers = Headers({name: [value] for name, value in (headers or {}).items()})
        vars(self).update(changed)


class Protocol:
    """What granian gives to read the body from, and to hand an answer to. None is a long pause."""

    def __init__(self, *chunks):
        self.chunks, self.taken, self.status = chunks, 0, None

    async def __aiter__(self):
        for chunk in (*self.chunks, b""):
            if chunk is None:
                await asyncio.sleep(60)
            self.taken += 1
            yield chunk

    def response_bytes(self, status, headers, body):
        self.status, self.headers, self.body = status, dict(headers), body

    def response_file(self, status, headers, path):
        self.status, self.headers, self.path = status, dict(headers), path


class Application:
    """A WSGI application that says `parts`, and remembers what it was asked."""

    def __init__(self, parts=(b"o", b"k")):
        self.parts, self.asked = parts, []

    def __call__(self, environ, start_response):
        self.asked.append({**environ, "body": environ["wsgi.input"].read()})
        if isinstance(self.parts, Exception):
            raise self.parts
        start_response("200 OK", [("Content-Type", "text/plain")])
        return self.parts


def answer(scope, *chunks, application=None, site=None):
    """(what granian was handed, what the application was asked)."""
    site = site or RsgiToWsgiAdapter(application or Application())
    protocol = Protocol(*chunks)
    run(site.__rsgi__(scope, protocol))
    return protocol, site.application.asked


def run(coroutine):
    """In a thread of its own: where Playwright was used, this one has a loop that never ends."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, coroutine).result()


def form(length, path="/connect/service", **headers):
    return Scope("POST", path, {"content-length": str(length), **headers})


def test_a_request_is_described_as_wsgi_says():
    headers = {"host": "a.example", "accept-language": "en", "content-type": "text/x"}
    scope = Scope("POST", "/questions/é ü/", {**headers, "content-length": "3"})
    said, [asked] = answer(scope, b"a", b"=1")
    assert (said.status, said.body) == (200, b"ok")
    assert asked["PATH_INFO"].encode("latin-1").decode() == "/questions/é ü/"
    assert asked["QUERY_STRING"] == "a=%C3%A9"
    assert asked["REMOTE_ADDR"] == "192.0.2.1"
    assert (asked["SERVER_NAME"], asked["SERVER_PORT"]) == ("127.0.0.1", "8000")
    assert (asked["HTTP_HOST"], asked["HTTP_ACCEPT_LANGUAGE"]) == ("a.example", "en")
    assert (asked["CONTENT_TYPE"], asked["CONTENT_LENGTH"]) == ("text/x", "3")
    assert asked["body"] == b"a=1"
    assert "HTTP_CONTENT_LENGTH" not in asked


def test_an_address_of_ipv6_is_told_without_brackets():
    _, [asked] = answer(Scope(client="[2001:db8::1]:5000"))
    assert asked["REMOTE_ADDR"] == "2001:db8::1"


def test_several_cookies_are_one_and_several_proxies_are_a_list():
    scope = Scope()
    scope.headers |= {"cookie": ["a=1", "b=2"], "x-forwarded-for": ["192.0.2.7", "192.0.2.8"]}
    _, [asked] = answer(scope)
    assert asked["HTTP_COOKIE"] == "a=1; b=2"
    assert asked["HTTP_X_FORWARDED_FOR"] == "192.0.2.7,192.0.2.8"


def test_nobody_can_pose_as_the_proxy_with_an_underscore():
    """Caddy passes on X_Forwarded_For beside its own X-Forwarded-For; to WSGI they are one name."""
    headers = {"x_forwarded_for": "203.0.113.9", "x-forwarded-for": "192.0.2.7"}
    _, [asked] = answer(Scope(headers=headers))
    assert asked["HTTP_X_FORWARDED_FOR"] == "192.0.2.7"


def test_what_comes_in_chunks_has_a_length_when_it_is_there():
    scope = Scope("POST", "/connect/service", {"transfer-encoding": "chunked"})
    _, [asked] = answer(scope, b"a=", b"1&b=2")
    assert (asked["CONTENT_LENGTH"], asked["body"]) == ("7", b"a=1&b=2")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_what_only_reads_is_answered_without_waiting_for_a_body(method):
    said, [asked] = answer(Scope(method, "/", {"content-length": "60000"}), None)
    assert (said.status, said.taken, asked["body"]) == (200, 0, b"")


@pytest.mark.parametrize("sent", [(None,), (b"a" * 100, None)])
@pytest.mark.parametrize("path", ["/connect/service", "/admin/login/", "/nothing/"])
def test_a_body_that_does_not_come_is_given_up(monkeypatch, sent, path):
    monkeypatch.setattr(rsgi_adapter, "SMALL_BODY", BodyLimit(65_536, 0.01))
    said, asked = answer(form(60_000, path), *sent)
    assert (said.status, asked) == (408, [])
    assert said.headers["Connection"] == "close"
    assert b'href="tel:988"' in said.body


def test_half_a_body_is_not_taken_for_a_whole_one():
    said, asked = answer(form(60_000), b"a=1")
    assert (said.status, asked) == (400, [])


@pytest.mark.parametrize("path", ["/connect/service", "/", "/nothing/"])
@pytest.mark.parametrize("declared", [200_000, None])
def test_a_large_body_is_refused_where_nobody_uploads(path, declared):
    scope = form(declared, path) if declared else Scope("POST", path)
    said, asked = answer(scope, *[b"a" * 50_000] * 4)
    assert (said.status, asked) == (413, [])
    assert said.taken == 5  # Read to its end, or the answer would be lost on its way.
    assert b'href="tel:988"' in said.body


def test_staff_may_send_a_large_body_but_not_any():
    _, [asked] = answer(form(5_000_000, "/admin/x/"), *[b"a" * 50_000] * 100)
    assert len(asked["body"]) == 5_000_000
    said, asked = answer(form(7_000_000, "/admin/x/"), *[b"a" * 50_000] * 140)
    assert (said.status, asked) == (413, [])


def test_only_some_large_bodies_come_at_a_time_and_small_ones_pass(monkeypatch):
    monkeypatch.setattr(rsgi_adapter, "LARGE_BODY_SECONDS", 0.05)
    site = RsgiToWsgiAdapter(Application())
    slow = [Protocol(None) for _ in range(rsgi_adapter.MAX_LARGE_BODIES)]
    next_large, small = Protocol(b"a"), Protocol(b"a=1")

    async def all_of_them():
        large = form(5_000_000, "/admin/x/")
        waiting = [asyncio.ensure_future(site.__rsgi__(large, one)) for one in slow]
        await asyncio.sleep(0)
        await site.__rsgi__(large, next_large)
        await site.__rsgi__(form(3, "/admin/x/"), small)
        await asyncio.gather(*waiting)

    run(all_of_them())
    assert next_large.status == 503
    assert "Retry-After" in next_large.headers
    assert small.status == 200
    assert [one.status for one in slow] == [408] * rsgi_adapter.MAX_LARGE_BODIES
    assert answer(form(70_000, "/admin/x/"), b"a" * 70_000, site=site)[0].status == 200


def test_a_file_is_handed_over_by_its_name_and_a_part_of_one_as_bytes(tmp_path):
    (tmp_path / "a.css").write_bytes(b"a{}")
    file = (tmp_path / "a.css").open("rb")
    said, _ = answer(Scope(), application=Application(FileWrapper(file)))
    assert (said.status, said.path) == (200, str(tmp_path / "a.css"))
    assert file.closed
    part = Application(FileWrapper(io.BytesIO(b"{}")))
    assert answer(Scope(), application=part)[0].body == b"{}"


def test_an_application_that_breaks_is_an_answer_with_help(log):
    said, _ = answer(Scope(path="/s/marmotsecret"), application=Application(ValueError("x")))
    assert said.status == 500
    assert b'href="tel:988"' in said.body
    assert "marmotsecret" not in "".join(log())
    assert "Content-Security-Policy" in said.headers


def test_the_health_check_is_answered_while_every_thread_waits():
    site = RsgiToWsgiAdapter(Application(), threads=1)
    over = Event()
    waiting = site.pool.submit(over.wait, 2)
    try:
        said, [asked] = answer(Scope(path="/healthz"), site=site)
        assert not waiting.done()
    finally:
        over.set()
    assert (said.status, asked["PATH_INFO"]) == (200, "/healthz")


@pytest.fixture
def stored_site(tmp_path, monkeypatch):
    """A site that has answered /about/ once, and whose threads for pages are gone."""
    copies = CopyStore(tmp_path / "pages.sqlite3", 1_000_000)
    store = PageStore(Application(), 1_000_000, copies, versions.VersionWatcher())
    monkeypatch.setattr(versions, "_readers", [lambda: {"content": 1, "lists": 1}])
    store.watcher.read()
    headers = [("Content-Type", "text/plain"), ("Cache-Control", "public, max-age=60")]
    store.application = lambda environ, start: start("200 OK", headers) or [b"stored" * 100]
    site = RsgiToWsgiAdapter(store)
    ask(site, "/about/", "br")
    site.pool.shutdown()
    return site


def ask(site, path, coding=""):
    headers = {"host": "localhost"} | ({"accept-encoding": coding} if coding else {})
    protocol = Protocol()
    run(site.__rsgi__(Scope(path=path, headers=headers, query_string=""), protocol))
    return protocol


def test_what_is_stored_is_answered_without_a_thread(stored_site):
    stored_site.unpacking_pool.shutdown()
    said = ask(stored_site, "/about/", "br")
    assert (said.status, said.headers["Content-Encoding"]) == (200, "br")
    assert said.headers["ETag"].startswith('"')


def test_clients_without_a_coding_take_no_thread_of_readers(stored_site):
    said = ask(stored_site, "/about/")
    assert (said.status, said.body) == (200, b"stored" * 100)


def test_a_worker_listens_once_its_threads_have_loaded_what_first_requests_need(
    monkeypatch, tmp_path
):
    def start(store):
        threading.Timer(0.05, store.upkeep.is_ready.set).start()

    monkeypatch.setattr(PageStore, "start", start)
    monkeypatch.setattr(periodic_tasks, "start", lambda: None)  # It would run on in later tests.
    store = PageStore(Application(), 1, CopyStore(tmp_path / "pages", 1), versions.VersionWatcher())
    RsgiToWsgiAdapter(store).__rsgi_init__(None)
    assert store.upkeep.is_ready.is_set()


def test_python_never_looks_through_what_a_worker_has_loaded_for_garbage():
    loaded = Application()
    RsgiToWsgiAdapter(loaded).__rsgi_init__(None)
    assert not any(one is loaded for one in gc.get_objects())
