"""Nothing of a draft, of a withdrawn page or of another host comes out of the store.

Each address is asked of a store that staff have used, or that holds an older version.
What a clinic keeps apart from another is in test_attacks.py.
"""

import pytest
from django.test import Client

from psychoplastogens.delivery.content_coding import FAST_COMPRESSORS
from psychoplastogens.delivery.page_store import requests, responses
from psychoplastogens.search import index_cache
from tests.admin_forms import address_of
from tests.factories import make_user
from tests.login import sign_in
from tests.test_leaks import MARK, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_compression")]

TOLD_OF_WITHDRAWALS = {"/changes/", "/changes/feed/"}
"""They name what was withdrawn, and why."""


@pytest.fixture
def quick_compression(monkeypatch):
    monkeypatch.setattr(responses, "BEST_COMPRESSORS", FAST_COMPRESSORS)


@pytest.fixture
def cookie(admin_user):
    cookies = sign_in(Client(), admin_user).cookies
    return "; ".join(f"{name}={one.value}" for name, one in cookies.items())


def list_stored_addresses(scene):
    """Addresses whose answers are stored, with the slugs of drafts.

    Not those of live records: they are walked by tests/test_leaks.py, and name no draft.
    """
    live = [f"/{record.slug}/" for record in scene["live"].values()]
    asked = [
        address
        for address in addresses(scene)
        if requests.find_policy(address) and not any(slug in address for slug in live)
    ]
    assert len(asked) > 50
    return asked


def walk(site, asked, **headers):
    """The addresses that answer with a word of a draft, or of what once was one."""
    return [address for address in asked if tells(site.get(address, **headers))]


def tells(answer):
    return f"{MARK} words".encode() in answer.body


def read_new_version(numbers, *sites):
    index_cache.clear_index_cache()
    numbers["content"] += 1
    for site in sites:
        site.look()


def test_no_word_of_a_draft_comes_from_the_store_that_its_author_uses(
    site, site_with_drafts, cookie
):
    for record in site_with_drafts["live"].values():
        for page in ("preview", "previewed"):
            assert site.get(address_of(record, page), cookie=cookie).status < 400
    assert walk(site, list_stored_addresses(site_with_drafts), cookie=cookie) == []
    held = [entry.get_plain_body() for _, entry in site.store.memory.list_most_read()]
    assert len(held) > 20
    assert not [body for body in held if f"{MARK} words".encode() in body]


def test_no_word_of_a_withdrawn_page_comes_from_the_store(
    site, make_site, numbers, site_with_drafts
):
    """Neither from that process, nor from one that starts, nor while the database is away.

    Each is asked for what led somewhere while all was published: the rest has nothing to tell.
    """
    for record in site_with_drafts["drafts"].values():
        record.publish(by=make_user())
    read_new_version(numbers, site)
    answers = {path: site.get(path) for path in list_stored_addresses(site_with_drafts)}
    assert len([answer for answer in answers.values() if tells(answer)]) > 20
    there = [path for path, answer in answers.items() if answer.status != 404]
    site.look()
    for record in site_with_drafts["drafts"].values():
        record.withdraw(by=make_user(), reason="No longer true.")
    started = make_site()
    read_new_version(numbers, site, started)
    for one in (site, started):
        assert set(walk(one, there)) <= TOLD_OF_WITHDRAWALS
    numbers["away"] = 1
    for one in (site, started, make_site()):
        one.application = answer_503
        one.look()
        assert set(walk(one, there)) <= TOLD_OF_WITHDRAWALS


def answer_503(environ, start_response):
    start_response("503 Service Unavailable", [])
    return [b"The database is away."]


def test_a_page_made_for_one_host_or_scheme_is_never_that_of_another(make_site, numbers, settings):
    def name_host(environ, start_response):
        start_response("200 OK", [("Cache-Control", "public, max-age=60")])
        return [f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}".encode()]

    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    requests.get_trusted_header.cache_clear()
    sites = [make_site(name_host), make_site(name_host)]
    try:
        for site in sites * 2:  # The second takes what the first has left on disk.
            site.look()
            for scheme in ("http", "https"):
                for host in settings.ALLOWED_HOSTS:
                    answer = site.get("/about/", host=host, x_forwarded_proto=scheme)
                    assert answer.body.decode() == f"{scheme}://{host}"
            site.look()
        assert [len(site.asked) for site in sites] == [4, 0]
    finally:
        requests.get_trusted_header.cache_clear()
