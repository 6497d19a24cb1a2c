import pytest

from psychoplastogens.lookup import missed, shelf
from psychoplastogens.lookup.infobutton import catalog


@pytest.fixture(autouse=True)
def fresh_index(monkeypatch):
    """Each test has a database of its own, and looks at its content version at every search."""
    monkeypatch.setattr(shelf, "SECONDS_BETWEEN_LOOKS", 0)
    forget()
    yield
    forget()


def forget():
    shelf.forget()
    catalog.forget()
    missed.forget()
