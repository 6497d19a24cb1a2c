"""A new version is indexed in the background; meanwhile what was withdrawn is not found."""

import pytest

from psychoplastogens.delivery.page_store import versions
from psychoplastogens.editorial.models import ContentVersion
from psychoplastogens.search import index_cache
from tests.factories import (
    make_condition,
    make_explainer,
    make_faq,
    make_topic,
    make_translation,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(monkeypatch):
    """As if the thread that reads the version ran, and had just read it."""
    monkeypatch.setattr(versions.VersionWatcher, "is_running", True)
    monkeypatch.setattr(
        versions.watcher, "get_numbers", lambda: ContentVersion.objects.read_numbers()
    )


def find(client, words):
    page = client.get("/search/", {"q": words}).content.decode()
    return {path for path in ("/questions/it/", "/explainers/it/part/") if f'"{path}"' in page}


def test_a_withdrawn_page_and_its_parts_are_not_found_before_the_new_index_is_there(
    client, watched
):
    faq = make_faq(slug="it", question="Is it a marmot?")
    guide = make_explainer({"slug": "part", "title": "Marmot", "plain": "Marmot."}, slug="it")
    make_faq(question="Another marmot?")
    index_cache.build_indexes()
    built = index_cache.get_current_index()
    assert find(client, "marmot") == {"/questions/it/", "/explainers/it/part/"}
    for record in (faq, guide):
        record.withdraw(by=make_user(record.slug + str(record.pk)), reason="Wrong.")
    assert find(client, "marmot") == set()
    assert b"Another" in client.get("/search/?q=marmot").content
    now = index_cache.get_current_index()
    assert not now.is_complete
    assert now.index.documents is built.index.documents  # Nothing was built in the request.


def test_no_search_builds_an_index(client, watched, monkeypatch):
    """Neither the first one in a language, nor the first one after a publication."""
    make_translation(make_faq(slug="it"), slug="marmota", title="¿Es una marmota?")
    index_cache.build_indexes()
    monkeypatch.setattr(index_cache, "_build_index", None)
    assert b"/es/marmota/" in client.get("/es/?q=marmota").content
    make_faq(question="Another marmot?")
    assert client.get("/es/?q=marmota").status_code == 200
    assert client.get("/search/?q=marmot").status_code == 200


def test_what_is_published_is_found_once_the_background_was_there(client, watched):
    index_cache.build_indexes()
    make_faq(slug="it", question="Is it a marmot?")
    assert find(client, "marmot") == set()
    index_cache.build_indexes()
    assert find(client, "marmot") == {"/questions/it/"}
    assert index_cache.get_current_index().is_complete


def test_a_page_that_is_published_again_is_found_again(client, watched):
    faq = make_faq(slug="it", question="Is it a marmot?")
    index_cache.build_indexes()
    faq.withdraw(by=make_user(), reason="Wrong.")
    assert find(client, "marmot") == set()
    faq.publish(by=make_user("other"))
    assert find(client, "marmot") == {"/questions/it/"}


def test_an_index_built_while_a_search_hides_what_was_withdrawn_stays(watched, monkeypatch):
    index_cache.build_indexes()
    make_faq(slug="it", question="Is it a marmot?")
    monkeypatch.setattr(
        index_cache, "_find_withdrawn_addresses", lambda: index_cache.build_indexes() or set()
    )
    assert index_cache.get_current_index().is_complete
    assert index_cache.get_current_index().index.search("marmot").total == 1


def test_withdrawn_topics_and_crisis_pages_are_not_named(client, watched):
    topic, condition = make_topic(), make_condition()
    index_cache.build_indexes()
    before = index_cache.get_current_index()
    assert before.topics
    for record in (topic, condition):
        record.withdraw(by=make_user(record.slug), reason="Wrong.")
    after = index_cache.get_current_index()
    assert topic.get_absolute_url() not in dict(map(reversed, after.topics))
    assert condition.get_absolute_url() not in dict(map(reversed, after.helping))


def test_the_total_counts_no_hidden_hit(watched):
    faqs = [make_faq(question=f"Marmot {number}?") for number in range(9)]
    index_cache.build_indexes()
    for faq in faqs[:3]:
        faq.withdraw(by=make_user(f"u{faq.pk}"), reason="Wrong.")
    [group] = index_cache.get_current_index().index.search("marmot").groups
    assert (group.total, len(group.hits)) == (6, 6)
