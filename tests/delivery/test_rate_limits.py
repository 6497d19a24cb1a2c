"""How often one may ask, and what is known of who asked: nothing."""

from ipaddress import ip_network

import pytest
from django.core.exceptions import ImproperlyConfigured

from psychoplastogens.delivery import rate_limits
from psychoplastogens.delivery.rate_limits import RateLimit
from psychoplastogens.network_limits import build_network_limits


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


@pytest.fixture
def named(settings, monkeypatch):
    """One question for everybody, and twice that many for two networks."""
    monkeypatch.setattr(rate_limits.CONNECT, "burst", 1)
    settings.RECORD_SYSTEM_LIMITS = {
        ip_network("203.0.113.0/24"): 1,
        ip_network("2001:db8:5::/48"): 1,
    }
    rate_limits._get_named_limit.cache_clear()


def ask_until_refused(client, *addresses):
    """How many questions from these addresses, in turn, are answered."""
    for number in range(9):
        address = addresses[number % len(addresses)]
        if client.get("/connect/service", REMOTE_ADDR=address).status_code == 429:
            return number
    return 9


@pytest.mark.parametrize(
    ("addresses", "answered"),
    [
        (["198.51.100.7"], 1),
        (["203.0.113.7"], 2),
        (["::ffff:203.0.113.7"], 2),
        (["203.0.113.7", "203.0.113.8"], 2),  # The network has them together.
        (["2001:db8:5::1", "2001:db8:5:9::1"], 2),
        (["2001:db8:6::1"], 1),
        ([""], 1),
    ],
)
def test_a_named_network_of_record_systems_has_a_limit_of_its_own(
    client, db, named, addresses, answered
):
    assert ask_until_refused(client, *addresses) == answered


def test_a_named_network_takes_nothing_from_the_others(client, db, named):
    ask_until_refused(client, "203.0.113.7")
    assert client.get("/connect/service", REMOTE_ADDR="198.51.100.7").status_code != 429


def test_networks_are_read_as_they_are_written():
    limits = build_network_limits({"203.0.113.7": "6000", " 2001:db8::/48": "600"})
    assert limits == {ip_network("203.0.113.7/32"): 6_000, ip_network("2001:db8::/48"): 600}
    assert build_network_limits({}) == {}


@pytest.mark.parametrize(
    ("name", "number"),
    [("203.0.113.7/24", "9"), ("marmot", "9"), ("203.0.113.7", "many"), ("203.0.113.7", "0")],
)
def test_a_network_that_cannot_be_read_is_named_at_the_start(name, number):
    with pytest.raises(ImproperlyConfigured, match=r"RECORD_SYSTEM_LIMITS: .*") as raised:
        build_network_limits({name: number})
    assert name in str(raised.value) or number in str(raised.value)
