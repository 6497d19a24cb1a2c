"""Who asks for a new page first waits for no slow compression; those after get the small one."""

import brotli
import pytest

from psychoplastogens.content.models import Faq
from psychoplastogens.delivery.page_store import memory, responses
from psychoplastogens.delivery.page_store.requests import StoreKey
from tests.factories import make_faq

pytestmark = pytest.mark.django_db
ADDRESS = "/questions/it/"
KEY = StoreKey("http", "localhost", ADDRESS)


@pytest.fixture
def compressed(monkeypatch):
    """The bodies that were compressed as well as can be."""
    bodies = []

    def compress(body):
        bodies.append(body)
        return brotli.compress(body)

    best = {**responses.BEST_COMPRESSORS, "br": compress}
    monkeypatch.setattr(responses, "BEST_COMPRESSORS", best)
    return bodies


@pytest.fixture
def page(site, compressed):
    """A site whose one page somebody has asked for."""
    make_faq(slug="it", question="Is it a marmot?", answer="It is a marmot. " * 40)
    site.get(ADDRESS)
    return site


def compress_all(site):
    site.look()
    while site.store.upkeep._to_compress:
        site.store.upkeep.step()
    site.look()


def get(site, **headers):
    return site.get(ADDRESS, accept_encoding="br", **headers)


def test_the_first_reader_waits_for_no_slow_compression(page, compressed):
    first = get(page)
    assert compressed == []
    compress_all(page)
    then = get(page)
    assert len(compressed) == 1
    assert len(then.body) < len(first.body)
    assert brotli.decompress(then.body) == brotli.decompress(first.body)
    assert then.body == brotli.compress(brotli.decompress(first.body))
    assert len(page.asked) == 1


def test_other_bytes_have_another_tag(page):
    first = get(page)
    compress_all(page)
    then = get(page)
    assert then.headers["etag"] != first.headers["etag"]
    assert get(page, if_none_match=first.headers["etag"]).body == then.body
    assert get(page, if_none_match=then.headers["etag"]).status == 304


def test_memory_counts_the_smaller_bodies(page):
    kept = page.store.memory
    before = kept.bytes
    compress_all(page)
    assert kept.bytes == sum(entry.size for entry in kept._entries.values()) < before


def test_another_process_takes_what_the_first_has_compressed(page, make_site, compressed):
    page.look()
    second = make_site()
    second.look()
    assert get(second) == get(page)
    for site in (page, second):
        compress_all(site)
    assert get(second) == get(page)
    assert (len(compressed), len(second.asked)) == (1, 0)


def test_a_page_of_the_same_text_is_not_compressed_again(page, make_site, compressed, numbers):
    compress_all(page)
    small = get(page)
    numbers["content"] += 1
    for site in (make_site(), page):
        site.look()
        assert get(site) == small
        compress_all(site)
    assert len(compressed) == 1


def test_a_copy_of_before_lends_its_bodies_to_no_other_text(page, make_site, numbers):
    compress_all(page)
    Faq.objects.update(question="Is it an otter?")
    numbers["content"] += 1
    second = make_site()
    second.look()
    assert b"otter" in brotli.decompress(get(second).body)
    second.store.upkeep.compress(KEY, second.store.memory.get(KEY))
    assert b"otter" in brotli.decompress(get(second).body)


def test_what_was_replaced_meanwhile_does_not_come_back(page, compressed, numbers):
    page.look()
    queued = list(page.store.upkeep._to_compress)
    numbers["content"] += 1
    page.look()
    assert queued
    compress_all(page)
    assert compressed == []
    assert not page.store.get_current(KEY)


def test_what_anybody_can_ask_for_without_end_stays_compressed_fast(site, compressed):
    for address in ("/questions/?page=1", "/no-such-page/"):
        site.get(address)
    compress_all(site)
    shelves = {entry.shelf for entry in site.store.memory._entries.values() if entry.has_fast_forms}
    assert shelves == {memory.QUERIES, memory.OTHERS}
    assert compressed == []
