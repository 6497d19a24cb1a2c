"""Nobody gets another's page, and nobody pushes pages out or his own words in."""

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from psychoplastogens.delivery.content_coding import FAST_COMPRESSORS
from psychoplastogens.delivery.page_store import memory, responses
from tests.delivery.page_store.conftest import ask
from tests.factories import make_clinic, make_faq, make_pack, make_staff
from tests.login import sign_in
from tests.sample_urls import map_views_to_urls

pytestmark = pytest.mark.django_db

NEVER_STORED = [
    *("/healthz", "/readyz", "/admin/", "/admin/login/", "/admin/nothing/", "/search/?q=sleep"),
    *("/search/fragment/?q=a", "/questions/?find=sleep", "/questions/?q=a-b", "/ask/?q=a-b"),
    *("/clinics/?list=a", "/clinics/fragment/?p=a", "/list/4vc64d/", "/s/", "/s/7kr4h/"),
    *("/connect/service?mainSearchCriteria.v.c=F33", "/connect/application", "/connect/?code=F33"),
    *("/about/?utm_source=a", "/explainers/?depth=more", "/review/a/", "/about/?", "/%C3%A9/"),
]


@pytest.mark.parametrize(
    "address", [a for a in NEVER_STORED if a not in ("/s/", "/about/?", "/review/a/")]
)
def test_what_depends_on_who_asks_or_on_what_was_typed_is_never_stored(site, address):
    assert not site.is_stored(address)
    assert len(site.store.memory) == 0
    assert site.asked[-1]["HTTP_HOST"] == "localhost"


@pytest.mark.usefixtures("content", "handouts_as_text")
def test_a_stored_page_depends_on_nothing_of_who_asks(site, admin_user, monkeypatch):
    """Every public address, by a stranger and by somebody signed in with odd headers: one page."""
    monkeypatch.setattr(responses, "BEST_COMPRESSORS", FAST_COMPRESSORS)
    cookies = "; ".join(
        f"{name}={one.value}" for name, one in sign_in(Client(), admin_user).cookies.items()
    )
    odd = {
        "cookie": cookies, "authorization": "Basic YTpi", "accept_language": "es",
        "user_agent": "curl", "hx_request": "true", "hx_target": "main", "dnt": "1",
        "x_forwarded_host": "evil.example", "x_forwarded_for": "192.0.2.9", "accept": "text/x",
        "referer": "http://evil.example/", "host": "testserver", "forwarded": "host=evil.example",
    }  # fmt: skip
    stored = 0
    for address in map_views_to_urls().values():
        if not site.is_stored(address):
            continue
        stored += 1
        mine, theirs = site.get(address), ask(WSGIHandler(), address, **odd)
        assert (mine.status, mine.body) == (theirs.status, theirs.body), address
        assert "set-cookie" not in theirs.headers, address
        assert b"evil.example" not in theirs.body
    assert stored > 40


def test_staff_who_are_signed_in_get_and_leave_what_everybody_gets(site, admin_user):
    client = sign_in(Client(), admin_user)
    cookie = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    theirs = site.get("/about/", cookie=cookie)
    assert "HTTP_COOKIE" not in site.asked[0]
    assert site.get("/about/") == theirs
    assert site.get("/admin/", cookie=cookie).status == 200
    assert site.get("/admin/").status == 302


def test_a_draft_and_its_preview_leave_nothing(site):
    draft = make_faq(slug="draft", question="Is it a marmot?", published=False)
    editor = sign_in(Client(), make_staff("Author"))
    cookie = "; ".join(f"{name}={one.value}" for name, one in editor.cookies.items())
    page = site.get(f"/admin/content/faq/{draft.pk}/preview/", cookie=cookie)
    assert page.status == 200
    assert site.get("/questions/draft/", cookie=cookie).status == 404
    held = site.store.memory
    assert not [entry for _, entry in held.list_most_read() if b"marmot" in entry.get_plain_body()]
    assert b"marmot" not in site.get("/questions/draft/").body


def test_a_clinic_gets_no_list_of_another(site):
    faq = make_faq()
    packs = [make_pack(faq, clinic=make_clinic(name=f"Clinic {n}", slug=f"c{n}")) for n in (1, 2)]
    for _ in range(2):
        for number, pack in enumerate(packs, 1):
            body = site.get(pack.get_absolute_url()).body.decode()
            assert f"Clinic {number}" in body
            assert f"Clinic {3 - number}" not in body


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "localhost@evil.example", "", "local host", "a,b"],
)
def test_a_host_that_is_not_ours_gets_no_page(site, host):
    site.get("/about/")
    assert site.get("/about/", host=host).status == 400
    assert len(site.store.memory) == 1


def test_a_forged_port_or_forwarded_host_is_no_page_of_its_own(site):
    plain = site.get("/about/", host="localhost:8000")
    for port in range(50):
        assert (
            site.get("/about/", host=f"LOCALHOST:{port}", x_forwarded_host="evil.example") == plain
        )
    assert len(site.asked) == 1
    assert site.asked[0]["HTTP_HOST"] == "localhost"


def test_the_scheme_is_what_the_proxy_says_where_one_is_trusted(site, settings):
    from psychoplastogens.delivery.page_store import requests

    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    requests.get_trusted_header.cache_clear()
    try:
        site.get("/about/")
        site.get("/about/", x_forwarded_proto="https")
        site.get("/about/", x_forwarded_proto="https, http")
        schemes = sorted(key.scheme for key, _ in site.store.memory.list_most_read())
        assert schemes == ["http", "https"]
    finally:
        requests.get_trusted_header.cache_clear()


def test_where_https_is_required_each_redirect_names_the_host_and_port_of_its_request(
    make_site, numbers, settings
):
    settings.SECURE_SSL_REDIRECT = True
    site = make_site()
    site.look()
    for port in (8000, 8001):
        answer = site.get("/about/", host=f"localhost:{port}")
        assert answer.headers["location"] == f"https://localhost:{port}/about/"
    assert len(site.store.memory) == 0


@pytest.mark.parametrize(
    "flood", ["/explainers/it/?depth=a{}", "/nothing/{}/", "/nothing/{}", "/static/{}.css"]
)
def test_a_flood_of_addresses_pushes_no_page_out_and_is_bounded(make_site, numbers, flood):
    make_faq(slug="it")
    site = make_site(max_bytes=200_000)
    site.look()
    site.get("/about/")
    for number in range(30):
        site.get(flood.format(number))
    assert site.store.memory.bytes <= 200_000
    assert site.store.memory._bytes[memory.OTHERS] <= 10_000
    asked = len(site.asked)
    site.get("/about/")
    assert len(site.asked) == asked


def test_addresses_that_no_view_answers_neither_ask_the_disk_nor_fill_it(site, monkeypatch):
    """Such as those without their last slash, which redirect for any word at all."""
    opened = []
    monkeypatch.setattr(site.store.copies, "_attempt", lambda *work: opened.append(work))
    assert site.get("/questions/made-up").status == 301
    assert site.get("/no/such/kind/of/page/").status == 404
    assert site.get("/static/made-up.css").status == 404
    site.store.upkeep.write_copies()
    assert opened == []
    site.get("/about/")
    assert len(opened) == 2


def test_what_is_read_stays_when_room_is_needed(make_site, numbers):
    site = make_site(max_bytes=60_000)
    site.look()
    for _ in range(4):
        for address in ("/about/", "/privacy/", "/accessibility/", "/about/review/", "/help/"):
            site.get(address)
            site.get("/about/")
    assert sum(environ["PATH_INFO"] == "/about/" for environ in site.asked) == 1
    assert len(site.asked) > 5


def test_two_spellings_of_one_path_and_query_are_one_page(site):
    topic = make_faq().topic.slug
    one = site.get(f"/questions/?topic={topic}")
    assert site.get(f"/%71uestions/?topic=%{ord(topic[0]):02x}{topic[1:]}&") == one
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/about/%00",
        "/%ff/",
        "//evil.example/about/",
        "/" + "a" * 3_000,
        "/about/\\",
        "/a%0d%0ab: c/",
        "/..%2f",
    ],
)
def test_odd_paths_are_answered_as_django_does(site, path):
    for _ in range(2):
        answer, plain = site.get(path), ask(WSGIHandler(), path)
        assert (answer.status, answer.body) == (plain.status, plain.body)
        assert answer.headers.get("location") == plain.headers.get("location")


def test_what_somebody_typed_is_nowhere(site, tmp_path):
    for address in (
        "/questions/?find=marmot",
        "/search/?q=marmot",
        "/marmot/",
        "/s/marmot/",
        "/about/?a=marmot",
    ):
        site.get(address)
    site.look()
    for file in tmp_path.iterdir():
        assert b"marmot" not in file.read_bytes()


@pytest.mark.parametrize(
    "headers",
    [
        [("Set-Cookie", "a=1"), ("Cache-Control", "public, max-age=60")],
        [("Cache-Control", "private, max-age=60")],
        [("Cache-Control", "public, max-age=60, no-store")],
        [("Cache-Control", "public, max-age=60"), ("Vary", "Accept-Encoding, Cookie")],
        [("Cache-Control", "public, max-age=60"), ("Vary", "*")],
        [("Cache-Control", "public, max-age=60"), ("Retry-After", "5")],
        [],
    ],
)
@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "302 Found"])
def test_a_view_that_forgets_itself_is_not_stored(make_site, numbers, headers, status):
    def application(environ, start_response):
        start_response(status, headers)
        return [b"a page"]

    site = make_site(application)
    site.look()
    assert site.is_stored("/about/") == (not headers and status != "200 OK")


def test_many_spellings_of_an_address_leave_the_store_as_it_was(site):
    make_faq(slug="driving")
    site.get("/questions/driving/")
    before = len(site.store.memory)
    for number in range(1, 30):
        for typed in (f"/questions/driving{'.' * number}", f"/questions/{'/' * number}Driving/"):
            answer = site.get(typed)
            assert (answer.status, answer.headers["location"]) == (302, "/questions/driving/")
    assert len(site.store.memory) == before
