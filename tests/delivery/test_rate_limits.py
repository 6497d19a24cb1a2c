"""How often one may ask, and what is known of who asked: nothing."""

import pytest

from psychoplastogens.delivery import rate_limits
from psychoplastogens.delivery.rate_limits import RateLimit


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limit(clock):
    return RateLimit(per_minute=60, burst=3, clock=clock)


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
    clock.now += rate_limits.KEY_LIFETIME_SECONDS + 1
    limit.seconds_to_wait("203.0.113.77")
    assert limit._key != key
    assert name not in limit._buckets


def test_memory_is_bounded(limit, monkeypatch):
    monkeypatch.setattr(rate_limits, "MAX_CLIENTS", 50)
    for number in range(500):
        limit.seconds_to_wait(str(number))
    assert len(limit._buckets) <= 50


def test_a_client_for_medlineplus_never_trips_it():
    clock = Clock()
    limit = RateLimit(120, 240, clock=clock)
    assert (rate_limits.CONNECT.per_second, rate_limits.CONNECT.burst) == (2, 240)
    for _ in range(1000):
        clock.now += 0.6
        assert limit.seconds_to_wait("a") == 0


def test_what_is_refused_says_when_to_come_back_with_the_help_lines(client, db, monkeypatch):
    monkeypatch.setattr(rate_limits.LISTS, "burst", 0)
    page = client.get("/clinics/?list=4vc64d")
    assert page.status_code == 429
    assert int(page["Retry-After"]) >= 1
    assert page["Cache-Control"] == "no-store"
    html = page.content.decode()
    assert 'href="/clinics/?list=4vc64d"' in html
    assert 'href="tel:988"' in html
    assert "set-cookie" not in str(page.headers).lower()


@pytest.mark.parametrize(
    "address",
    [
        "/clinics/?list=a",
        "/clinics/?p=a",
        "/clinics/fragment/?p=a",
        "/clinics/hand-out/?p=a",
        "/list/a/",
        "/LIST/A/",
        "/list/a/hand-out/",
        "/list/a/hand-out/email/",
        "/list/a/hand-out/qr.svg",
        "/list/a/hand-out/poster/",
    ],
)
def test_everything_about_a_list_that_anybody_makes_is_limited(client, db, monkeypatch, address):
    monkeypatch.setattr(rate_limits.LISTS, "burst", 0)
    assert client.get(address).status_code == 429
    assert client.get("/clinics/").status_code == 200
