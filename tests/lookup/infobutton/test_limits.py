"""How often one may ask, and what is known of who asked: nothing."""

import pytest
from django.test import RequestFactory

from psychoplastogens.lookup.infobutton import limits
from psychoplastogens.lookup.infobutton.limits import Limit, client_of


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limit(clock):
    return Limit(a_minute=60, at_once=3, clock=clock)


def test_a_full_bucket_is_used_up_and_filled_again(limit, clock):
    assert [limit.seconds_to_wait("a") for _ in range(5)] == [0, 0, 0, 1, 1]
    clock.now += 1
    assert [limit.seconds_to_wait("a") for _ in range(2)] == [0, 1]
    clock.now += 3600
    assert [limit.seconds_to_wait("a") for _ in range(4)] == [0, 0, 0, 1]


def test_one_client_does_not_stop_another(limit):
    for _ in range(9):
        limit.seconds_to_wait("a")
    assert limit.seconds_to_wait("b") == 0


def test_who_asked_cannot_be_told_and_is_soon_forgotten(limit, clock):
    limit.seconds_to_wait("203.0.113.77")
    [name] = limit._buckets
    key = limit._key
    assert b"203" not in name
    assert len(name) == 8
    clock.now += limits.SECONDS_KEPT + 1
    limit.seconds_to_wait("203.0.113.77")
    assert limit._key != key
    assert name not in limit._buckets


def test_memory_is_bounded(limit, monkeypatch):
    monkeypatch.setattr(limits, "MOST_CLIENTS", 50)
    for number in range(500):
        limit.seconds_to_wait(str(number))
    assert len(limit._buckets) <= 50


def test_a_client_for_medlineplus_never_trips_it():
    clock = Clock()
    limit = Limit(limits.A_MINUTE, limits.AT_ONCE, clock)
    for _ in range(1000):
        clock.now += 0.6
        assert limit.seconds_to_wait("a") == 0


def client(address, **headers):
    return client_of(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers))


def test_a_client_is_its_network():
    assert client("203.0.113.77") == "203.0.113.77"
    assert client("2001:db8:1:2:3:4:5:6") == client("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert client("::ffff:203.0.113.77") != client("::ffff:203.0.113.78")
    assert client("") == client("unix:") == ""


def test_behind_a_proxy_only_its_own_word_counts(settings):
    forwarded = {"x-forwarded-for": "198.51.100.1, 203.0.113.77"}
    assert client("10.0.0.1", **forwarded) == "10.0.0.1"
    settings.BEHIND_PROXY = True
    assert client("10.0.0.1", **forwarded) == "203.0.113.77"
    assert client("10.0.0.1", **{"x-forwarded-for": "nobody"}) == ""
