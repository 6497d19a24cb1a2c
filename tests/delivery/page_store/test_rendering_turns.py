"""Requests for one page share its rendering, and one page is made at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from psychoplastogens.delivery.page_store import store

pytestmark = pytest.mark.django_db


class Slow:
    """An application that answers when it may, and breaks while `is_broken`."""

    def __init__(self):
        self.begun, self.may_end, self.is_broken = threading.Event(), threading.Event(), False
        self.asked = 0

    def __call__(self, environ, start_response):
        self.asked += 1
        self.begun.set()
        self.may_end.wait(5)
        if self.is_broken:
            raise ValueError
        start_response("200 OK", [("Cache-Control", "public, max-age=60")])
        return [b"a page"]


def ask_from_threads(site, number):
    """Ask for one page from `number` threads, and let it end once all of them wait."""
    answers, application = [], site.application

    def one():
        try:
            answers.append(site.get("/about/").status)
        except ValueError:
            answers.append("broken")

    threads = [threading.Thread(target=one) for _ in range(number)]
    threads[0].start()
    application.begun.wait(5)
    for thread in threads[1:]:
        thread.start()
    application.may_end.set()
    for thread in threads:
        thread.join(5)
    return answers


def test_a_page_that_many_ask_for_is_rendered_once(make_site, numbers):
    site = make_site(Slow())
    site.look()
    assert ask_from_threads(site, 8) == [200] * 8
    assert site.application.asked == 1


def test_a_rendering_that_fails_fails_for_nobody_else_for_ever(make_site, numbers):
    site = make_site(Slow())
    site.look()
    site.application.is_broken = True
    assert ask_from_threads(site, 3) == ["broken"] * 3
    site.application.is_broken = False
    assert site.get("/about/").status == 200
    assert site.store._renderings == {}


def test_who_waits_too_long_renders_it_itself(make_site, numbers, monkeypatch):
    monkeypatch.setattr(store, "WAIT_SECONDS", 0.01)
    site = make_site(Slow())
    site.look()
    thread = threading.Thread(target=lambda: site.get("/about/"))
    thread.start()
    site.application.begun.wait(5)
    second = threading.Thread(target=lambda: site.get("/about/"))
    second.start()
    while site.application.asked < 2:
        second.join(0.005)
    site.application.may_end.set()
    thread.join(5)
    second.join(5)
    assert site.is_stored("/about/")


class Crowded:
    """An application that knows how many of its pages were being made at once."""

    def __init__(self):
        self.running, self.most = [], 0

    def __call__(self, environ, start_response):
        self.running.append(environ["PATH_INFO"])
        self.most = max(self.most, len(self.running))
        sleep(0.01)
        self.running.pop()
        start_response("200 OK", [("Cache-Control", "public, max-age=60")])
        return [b"a page"]


def test_pages_are_made_one_after_the_other(make_site, numbers):
    site = make_site(Crowded())
    site.look()
    addresses = ["/about/", "/glossary/", "/questions/", "/compounds/"]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(site.get, addresses))
    assert [answer.status for answer in answers] == [200] * 4
    assert (len(site.asked), site.application.most) == (4, 1)


def test_no_page_waits_long_for_a_slow_one(make_site, numbers):
    site = make_site(Slow())
    site.look()
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(site.get, "/about/")
        site.application.begun.wait(5)
        other = threads.submit(site.get, "/glossary/")
        while site.application.asked < 2:
            sleep(0.005)
        assert not slow.done()
        site.application.may_end.set()
    assert (slow.result().status, other.result().status) == (200, 200)
    assert not site.store._turn.locked()
