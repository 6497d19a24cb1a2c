"""The kind of a browser in words, such as “Firefox on Windows”."""

from __future__ import annotations

from django.utils.translation import gettext as _

# The first that a User-Agent names is meant: most name others too, to be taken for them.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def describe_browser(user_agent: str) -> str:
    """Words of this table alone: nothing of the header itself is in them."""
    browser = find_first(BROWSERS, user_agent) or _("A browser")
    system = find_first(SYSTEMS, user_agent)
    if not system:
        return browser
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}


def find_first(names: dict[str, str], text: str) -> str | None:
    return next((name for mark, name in names.items() if mark in text), None)
