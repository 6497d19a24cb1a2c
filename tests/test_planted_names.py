"""A name in any part of a request is kept nowhere: not in the log, a table, the cache or a file.

Names in many alphabets, with what text needs escapes for, are planted in every part of requests
to addresses of every kind, over HTTP and HTTPS. tests/test_day_of_traffic.py does as much on the
real server, with one name.
"""

import re
import unicodedata
from itertools import cycle
from urllib.parse import quote, unquote, urlencode

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.core.cache import caches
from django.test import Client

from psychoplastogens.delivery.rate_limits import LIMITS
from psychoplastogens.search import zero_results
from tests.delivery.conftest import log, visitor  # noqa: F401 - what the site writes down
from tests.factories import make_clinic, make_compound, make_faq, make_pack
from tests.short_links.test_privacy import tables

pytestmark = pytest.mark.django_db
NAMES = {
    "accents": "José-Zyxmarmoté",
    "a tab": "Tab\tZyxmarmot",
    "a backslash": "Back\\Zyxmarmot",
    "Cyrillic": "Иван Зиксмармот",
    "an emoji": "Zyx😀marmot",
    "capitals": "ZYXMARMOT",
    "a slug": "zyxmarmot-smith",
    "a percent sign": "Zyx%marmot",
    "a line end": "Zyx\r\nmarmot",
}
MARKS = re.compile("zyx.{0,20}marmot|зиксмармот|jose.{0,4}zyx", re.I | re.S)
BELOW = ("/", "/s/", "/S/", "/c/", "/C/", "/c/oakside/", "/c/oakside/before/", "/list/", "/LIST/")
BELOW += ("/questions/", "/compounds/", "/compounds/ketamine/", "/review/", "/static/", "/embed/")
BELOW += ("/admin/", "/admin/login/", "/admin/content/faq/", "/connect/", "/no/such/", "/how-it/")


def forms_of(text):
    """`text` as it may have been written: as it is, and with the usual escapes undone."""
    plain = unquote(text)
    for escape in (r"\\+u([0-9a-fA-F]{4})", r"\\+x([0-9a-fA-F]{2})", r"\\+U([0-9a-fA-F]{8})"):
        plain = re.sub(escape, lambda found: chr(int(found[1], 16)), plain)
    folded = unicodedata.normalize("NFKD", plain)
    return [text, plain, "".join(c for c in folded if not unicodedata.combining(c))]


def marked(text):
    return [found[0] for form in forms_of(text) for found in MARKS.finditer(form)]


@pytest.fixture(params=[False, True], ids=["over HTTP", "over HTTPS"])
def secure(request, settings):
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = request.param
    settings.CSRF_COOKIE_SECURE = request.param
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.BEHIND_PROXY = request.param
    return request.param


@pytest.fixture
def addresses():
    faq = make_faq(slug="driving")
    make_pack(
        faq, make_compound(slug="ketamine"), clinic=make_clinic(slug="oakside"), slug="before"
    )
    return ["/", "/questions/", "/questions/driving/", "/c/oakside/before/", "/search/", "/ask/",
            "/clinics/", "/connect/", "/connect/service", "/connect/application", "/oembed/",
            "/healthz", "/admin/", "/admin/login/", "/admin/logout/"]  # fmt: skip


def in_headers(name):
    """Every header with the name in it, as a browser or a proxy sends it: Latin-1 or escaped."""
    sent = name.replace("\r\n", "").encode().decode("latin-1")
    host = re.sub(r"[^a-z]", "", name.lower()) or "zyxmarmot"
    return [
        {"HTTP_REFERER": f"https://mail.example/{sent}?name={quote(name)}"},
        {"HTTP_ORIGIN": f"https://{host}.example"},
        {"HTTP_HOST": f"{host}.example"},
        {"HTTP_HOST": f"{sent}.example"},
        {"HTTP_USER_AGENT": sent, "HTTP_ACCEPT": sent, "HTTP_ACCEPT_LANGUAGE": sent},
        {"HTTP_COOKIE": f"sessionid={quote(name)}; csrftoken={sent}; name={sent}"},
        {"HTTP_X_FORWARDED_FOR": sent, "HTTP_X_FORWARDED_HOST": f"{host}.example"},
        {"HTTP_X_CSRFTOKEN": sent, "HTTP_X_REQUEST_ID": sent, "HTTP_FROM": sent},
        {"HTTP_IF_NONE_MATCH": f'"{sent}"', "HTTP_RANGE": sent, "HTTP_AUTHORIZATION": sent},
    ]


def requests(addresses):
    """(method, path, query, body, headers) with a name in one part of each, in turn."""
    names = cycle(NAMES.values())
    for below in BELOW:
        for path in (f"{below}{{}}", f"{below}{{}}/", f"{below}{{}}/x/", f"{below}%25{{}}"):
            yield "GET", path.format(quote(next(names))), "", "", {}
        yield "POST", f"{below}{quote(next(names))}/", "", "", {}
    for address in addresses:
        for _ in range(2):
            name = next(names)
            asked = urlencode({"q": name, "next": name, "code": name, name: "a"})
            form = urlencode({"username": name, "password": name, "q": name, "code": name})
            yield "GET", address, asked, "", {}
            yield "POST", address, asked, form, {}
        yield "ZYXMARMOT", address, "", f'{{"name": "{name}"', {}
        for headers in in_headers(next(names)):
            yield "POST", address, "", "username=zyxmarmot&password=zyxmarmot", headers


def send(client, secure, method, path, query, body, headers):
    for limit in LIMITS:
        limit.reset()
    # generic() would take an address apart: the path is what a server hands over, undone.
    sent = {"PATH_INFO": unquote(path).encode().decode("latin-1"), "QUERY_STRING": query} | headers
    kind = "application/x-www-form-urlencoded"
    client.generic(method, "/", body, kind, secure=secure, **sent)


def test_a_name_in_any_part_of_a_request_is_kept_nowhere(
    secure,
    addresses,
    log,  # noqa: F811
    settings,
):
    clients = [
        Client(enforce_csrf_checks=on, raise_request_exception=False) for on in (True, False)
    ]
    for method, *parts in requests(addresses):
        for client in clients if method == "POST" else clients[:1]:
            send(client, secure, method, *parts)
    found = {"log": "\n".join(log()), "database": str(tables())}
    found["memory"] = str([vars(zero_results)["_counts"], vars(zero_results.repeat_limit)])
    found["cache"] = str([caches[alias]._cache for alias in settings.CACHES])
    assert {place: marked(text) for place, text in found.items() if marked(text)} == {}
    assert len(found["log"].splitlines()) > 100


def test_it_would_be_seen():
    for name in NAMES.values():
        for written in (name, quote(name), repr(name), name.encode("unicode_escape").decode()):
            assert marked(f"Not Found: /s/{written}"), written
    assert not marked("Not Found: /s/...")


def test_no_table_has_the_browser_of_who_came(client):
    for number in range(2):
        sent = {"username": f"nobody {number}", "password": "a guess"}
        client.post("/admin/login/", sent, HTTP_USER_AGENT="Zyxmarmot", HTTP_ACCEPT="Zyxmarmot")
    for model in (AccessAttempt, AccessFailureLog):
        assert set(model.objects.values_list("user_agent", "http_accept")) == {("", "")}
