import pytest

from psychoplastogens.search import index_cache, zero_results


@pytest.fixture(autouse=True)
def fresh_index(monkeypatch):
    """Each test has a database of its own, and checks its content version at every search."""
    monkeypatch.setattr(index_cache, "VERSION_CHECK_SECONDS", 0)
    clear_caches()
    yield
    clear_caches()


def clear_caches():
    index_cache.clear_index_cache()
    zero_results.reset_counts()
