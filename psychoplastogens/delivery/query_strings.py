"""The query of an address."""

from __future__ import annotations

from urllib.parse import urlencode


def build_query_string(**parameters: str) -> str:
    """The parameters that have a value, as they follow a path: "?a=b&c=d", or "" without any."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"?{query}" if query else ""
