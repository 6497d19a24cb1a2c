import pytest

from psychoplastogens.infobutton import catalog
from tests.delivery.conftest import log, visitor
from tests.search.conftest import fresh_index

__all__ = ["fresh_index", "log", "visitor"]


@pytest.fixture(autouse=True)
def fresh_catalog():
    """Each test has a database of its own, and content versions repeat."""
    catalog.clear_catalog_cache()
    yield
    catalog.clear_catalog_cache()
