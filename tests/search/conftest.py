import pytest

from psychoplastogens.search import index_cache, zero_results


@pytest.fixture(autouse=True)
def fresh_index():
    """Each test has a database of its own, with an index of its own."""
    clear_caches()
    yield
    clear_caches()


def clear_caches():
    index_cache.clear_index_cache()
    zero_results.reset_counts()
