"""A day's traffic on the real server, with a patient in every place of it: nothing is left.

The patient's name, mail address, network address and browser stand in queries, paths, headers,
cookies and bodies. Afterwards everything that the site printed, everything that it keeps in its
folder, and every answer's headers are read, byte by byte.
"""

import http.client
from urllib.parse import quote, urlsplit

import pytest

from tests import server_process
from tests.sample_urls import map_views_to_urls

NAME, MAIL, AGENT, NETWORK = (
    "zyxmarmot jane",
    "zyxmarmot@mail.example",
    "ZyxMarmot/7",
    "203.0.113.77",
)
MARKS = [mark.encode() for mark in ("zyxmarmot", "ZyxMarmot", "Zyxmarmot", "ZYXMARMOT", NETWORK)]
HEADERS = {
    "User-Agent": AGENT,
    "Referer": f"https://mail.example/inbox/{quote(NAME)}",
    "From": MAIL,
    "X-Forwarded-For": NETWORK,
    "X-Real-IP": NETWORK,
    "Forwarded": f"for={NETWORK}",
    "Accept-Language": "zyxmarmot",
    "Cookie": "sessionid=zyxmarmot; name=zyxmarmot",
    "X-Request-ID": "zyxmarmot",
}
# What clinics' mail programs add to links; no page of ours reads any of it.
QUERY = f"name={quote(NAME)}&email={MAIL}&utm_source={MAIL}&patient=zyxmarmot&ip={NETWORK}"
# What a patient may type or be sent by mistake.
TYPED = [f"/search/?q={quote(NAME)}", f"/questions/?find={quote(NAME)}", "/s/?code=zyxmarmot"]
TYPED += [f"/connect/?code={quote(NAME)}", f"/connect/application?mainSearchCriteria.v.dn={MAIL}"]
LOST = [f"/s/{quote(NAME)}/", f"/S/{MAIL}", f"/c/{MAIL}/", f"/c/oakside/{quote(NAME)}/"]
LOST += [f"/c/oakside/before/{MAIL}/", "/list/zyxmarmot/", "/LIST/ZYXMARMOT/"]
# Names that need escapes, each with a part that has none.
ESCAPED = ("Zyxmarmot-José", "Zyxmarmot\tTab", "Zyxmarmot\\Back", "Zyxmarmot-Иван", "zyxmarmot😀")
LOST += [f"{below}{quote(name)}" for name in ESCAPED for below in ("/s/", "/C/", "/list/a/", "/")]


class Day:
    """What came of the day: the `headers` of each answer, how many there were of each status."""

    def __init__(self, site):
        self.site, self.headers, self.statuses = site, [], []

    def ask(self, method, path, body=None):
        place = urlsplit(self.site.url)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, HEADERS | form)
        response = connection.getresponse()
        response.read()
        connection.close()
        self.headers.append((path, str(response.getheaders())))
        self.statuses.append(response.status)


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    with server_process.run_site_copy(tmp_path_factory.mktemp("day")) as own:
        day = Day(own)
        for address in (*map_views_to_urls().values(), *TYPED, *LOST):
            path = urlsplit(address).path
            day.ask("GET", address)
            for method in ("GET", "HEAD"):
                day.ask(method, f"{path}?{QUERY}")
            day.ask("POST", path, f"note={quote(NAME)}&{QUERY}")
        assert own.stop() == 0
    return day


def kept(day):
    """(name of a file, what is in it) of all that the site keeps."""
    for path in day.site.data.rglob("*"):
        if path.is_file():
            yield path.relative_to(day.site.data), path.read_bytes()


def marked(texts):
    return [(name, mark) for name, text in texts for mark in MARKS if mark in text]


def test_it_was_a_day(day):
    assert len(day.statuses) > 300
    assert {200, 301, 302, 303, 304, 404, 405} - {301, 304} <= set(day.statuses)
    assert max(day.statuses) < 500


def test_nothing_of_a_patient_is_printed(day):
    said = day.site.printed()
    assert "Not Found" in said
    assert [line for line in said.splitlines() if marked([("log", line.encode())])] == []


def test_nothing_of_a_patient_is_kept(day):
    names = [str(name) for name, _ in kept(day)]
    assert "db.sqlite3" in names
    assert any(name.startswith("handouts/") for name in names)
    assert marked(kept(day)) == []


def test_nothing_of_a_patient_is_in_the_headers_of_answers(day):
    # A redirect to the clean address repeats the path that was asked for, and nothing else.
    lost = tuple(LOST)
    clean = [(path, text.encode()) for path, text in day.headers if not path.startswith(lost)]
    assert marked(clean) == []
    assert not any("set-cookie" in text.lower() for _, text in day.headers)
