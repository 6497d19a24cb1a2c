"""One client address for lock-outs and limits, whatever a proxy or a client writes."""

import pytest

from psychoplastogens.delivery.client_ip import get_client_ip, get_client_network

PROXY = "10.0.0.9"


def asked(rf, forwarded=None, address=PROXY):
    sent = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return rf.get("/", REMOTE_ADDR=address, **sent)


def test_without_a_proxy_nothing_that_a_client_writes_counts(rf):
    assert get_client_ip(asked(rf, "203.0.113.9")) == PROXY


@pytest.mark.parametrize(
    ("forwarded", "found"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("forged, 198.51.100.4 , 203.0.113.9", "203.0.113.9"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("no address", PROXY),
        ("", PROXY),
        (None, PROXY),
    ],
)
def test_behind_a_proxy_it_is_the_address_that_the_proxy_has_seen(rf, settings, forwarded, found):
    settings.BEHIND_PROXY = True
    assert get_client_ip(asked(rf, forwarded)) == found
    assert get_client_network(asked(rf, forwarded)).split("::")[0] == found.split("::")[0]


def test_clients_without_the_header_do_not_share_one_count(rf, settings):
    settings.BEHIND_PROXY = True
    networks = {
        get_client_network(asked(rf, None, address)) for address in ("10.0.0.8", "10.0.0.9")
    }
    ports = {get_client_network(asked(rf, f"203.0.113.{n}:4711")) for n in range(3)}
    assert (len(networks), len(ports)) == (2, 3)


def test_a_client_is_its_network(rf):
    def network(address):
        return get_client_network(asked(rf, address=address))

    assert network("203.0.113.77") == "203.0.113.77"
    assert network("2001:db8:1:2:3:4:5:6") == network("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert network("::ffff:203.0.113.77") != network("::ffff:203.0.113.78")
    assert network("") == network("unix:") == ""
