"""A page store around Django, asked as a WSGI server asks it, with its threads at hand."""

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from django.test import RequestFactory

from psychoplastogens.delivery.page_store import requests, versions
from psychoplastogens.delivery.page_store.disk import CopyStore
from psychoplastogens.delivery.page_store.store import PageStore
from tests.test_leaks import site_with_drafts  # noqa: F401 - a fixture


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.pairs, self.body = status, headers, body
        self.headers = {name.lower(): value for name, value in headers}

    def __eq__(self, other):
        return (self.status, self.pairs, self.body) == (other.status, other.pairs, other.body)


def ask(application, address, method="GET", **headers):
    """The answer of a WSGI application; `headers` with underscores for hyphens."""
    sent = {"host": "localhost"} | {name.replace("_", "-"): v for name, v in headers.items()}
    environ = RequestFactory().generic(method, address, headers=sent).environ
    started = []
    parts = application(environ, lambda status, pairs, exc=None: started.extend([status, pairs]))
    body = b"".join(parts)
    getattr(parts, "close", bool)()
    return Answer(int(started[0].split()[0]), started[1], body)


class Site:
    """A store, what reached the application behind it, and the steps of its threads."""

    def __init__(self, application, path, max_bytes=4_000_000):
        self.application, self.asked = application, []
        self.store = PageStore(
            self.pass_on, max_bytes, CopyStore(path, 10_000_000), versions.VersionWatcher()
        )

    def pass_on(self, environ, start_response):
        self.asked.append(environ)
        return self.application(environ, start_response)

    def get(self, address, method="GET", **headers):
        return ask(self.store, address, method, **headers)

    def is_stored(self, address, **headers):
        """Whether the second of two requests stays before the application."""
        self.get(address, **headers)
        before = len(self.asked)
        self.get(address, **headers)
        return len(self.asked) == before

    def look(self):
        """What the two threads do in a moment: read the version, write what is new."""
        self.store.watcher.read()
        self.store.upkeep.write_copies()


@pytest.fixture
def numbers(monkeypatch):
    """The versions as they would be read; None for a database that is away."""
    known = {"content": 1, "lists": 1}

    def read():
        if "away" in known:
            raise OperationalError("away")
        return dict(known)

    monkeypatch.setattr(versions, "_readers", [read])
    return known


@pytest.fixture
def make_site(tmp_path):
    """Stores of one machine: they share a disk."""
    requests.normalize_host.cache_clear()

    def make(application=None, **options):
        return Site(application or WSGIHandler(), tmp_path / "pages.sqlite3", **options)

    return make


@pytest.fixture
def site(make_site, numbers):
    """A store around Django that has read the version once. `numbers` moves it."""
    site = make_site()
    site.look()
    return site
