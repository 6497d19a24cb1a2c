import pytest

from psychoplastogens.editorial.models import current_language
from psychoplastogens.search import index_cache, zero_results


@pytest.fixture(autouse=True)
def fresh_index(request):
    """Each test has a database of its own, with an index of its own."""
    clear_caches()
    if "content_index" in request.fixturenames:
        kept = request.getfixturevalue("content_index")
        index_cache._indexes[current_language()] = kept
    yield
    clear_caches()


@pytest.fixture(scope="module")
def content_index(content, django_db_blocker):
    """The index of the starter content, made once for the tests of a module that search in it.

    A test that publishes or withdraws gets another, as readers do: the version is another.
    """
    clear_caches()
    with django_db_blocker.unblock():
        return index_cache.get_current_index()


def clear_caches():
    index_cache.clear_index_cache()
    zero_results.reset_counts()
