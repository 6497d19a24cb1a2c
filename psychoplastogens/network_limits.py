"""Networks with a rate limit of their own, as the environment names them."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.exceptions import ImproperlyConfigured


def build_network_limits(limits: Mapping[str, str]) -> dict[IPv4Network | IPv6Network, int]:
    """Requests per minute by network, from texts such as {"203.0.113.0/24": "6000"}.

    Raises ImproperlyConfigured.
    """
    return dict(_parse_limit(name, number) for name, number in limits.items())


def _parse_limit(name: str, number: str) -> tuple[IPv4Network | IPv6Network, int]:
    try:
        network, per_minute = ip_network(name.strip()), int(number)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"RECORD_SYSTEM_LIMITS: {error}. Write NETWORK=QUESTIONS PER MINUTE, divided by commas,"
            " such as 203.0.113.0/24=6000,2001:db8::/48=600"
        ) from None
    if per_minute < 1:
        raise ImproperlyConfigured(f"RECORD_SYSTEM_LIMITS: {name} may ask {number} times a minute")
    return network, per_minute
