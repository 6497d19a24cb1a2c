"""No request can put words or a phone number of its own on a page of ours: the whole site.

Every public view is asked with words planted in each parameter that it reads, and in its path.
What somebody types into a field stands in that field again, and in machines' feeds; nowhere else.
"""

import re
from urllib.parse import quote, urlsplit

import pytest

from tests.sample_urls import iter_public_views, map_views_to_urls

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]
PHONE, WORDS = "555-0199", "Oakwood Marmots"
PLANTED = [f"{WORDS} {PHONE}", f"call-{PHONE}", f'"><b>{WORDS}</b> {PHONE}', f"4vc64d{PHONE}"]
MARKS = re.compile(r"5550199|555[^0-9]{1,6}0199|oakwood.{0,3}marmots", re.IGNORECASE)
# Typed text stands in its field again, and where a link searches on; pages name their own address.
TYPED = re.compile(
    r'<input[^>]* value="[^"]*"|href="/search/\?q=[^"]*"'
    r'|<(?:link|meta)[^>]*>|<p class="on-print.*?</p>',
    re.S,
)
# Feeds for machines repeat what was asked, as their specification wants.
FOR_MACHINES = ("/connect/service", "/favicon.ico")


def last_answer(client, known, address, **asked):
    """The answer at the end of all redirects, or the redirect to an address in `known`.

    What is asked on the way is added to `known`: all are answered alike there, once is enough.
    """
    response = client.get(address, asked)
    while response.status_code in (301, 302, 303) and response["Location"] not in known:
        known.add(response["Location"])
        response = client.get(response["Location"])
    expected = (200, 301, 302, 303, 400, 404, 405, 410, 501)
    assert response.status_code in expected, (address, asked)
    return response


def planted(response):
    text = response.content.decode("latin-1")
    if response["Content-Type"].startswith("text/html"):
        text = TYPED.sub("", response.content.decode())
    return MARKS.findall(text)


def test_every_view_that_anybody_may_ask_is_tried():
    missing = [view.__qualname__ for view in iter_public_views() if view not in map_views_to_urls()]
    assert missing == []


def test_not_by_any_parameter_of_any_view(client, handouts_as_text):
    tried, found, known = 0, [], set()
    for view, address in map_views_to_urls().items():
        path, names = urlsplit(address).path, getattr(view, "parameters", frozenset())
        if path in FOR_MACHINES:
            continue
        for name in (*names, "phone"):
            for words in PLANTED:
                tried += 1
                if marks := planted(last_answer(client, known, path, **{name: words})):
                    found.append((path, name, words, marks))
    assert found == []
    assert tried > 300


def test_not_by_any_path(client, handouts_as_text):
    found, known = [], set()
    for address in map_views_to_urls().values():
        path = urlsplit(address).path
        for words in (PHONE, quote(PLANTED[0])):
            for tried in (f"{path}{words}/", re.sub(r"[^/]+(/[^/]*)$", rf"{words}\1", path)):
                if tried.startswith(("/list/", "/search", "/favicon")):
                    continue
                if marks := planted(last_answer(client, known, tried)):
                    found.append((tried, marks))
    assert found == []


def test_it_would_be_seen():
    """The same look finds words that a page repeats, but for those in the field they came from."""
    assert MARKS.findall(TYPED.sub("", f"<p>Nothing found for {PLANTED[0]}.</p>"))
    assert not MARKS.findall(TYPED.sub("", f'<input name="q" value="{PLANTED[0]}">'))
