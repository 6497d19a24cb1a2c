import pytest

from psychoplastogens.clinics import opening


@pytest.fixture(autouse=True)
def in_step(monkeypatch):
    """A process that knows and holds nothing, and that writes when a test says so."""
    opening.begin_anew()
    monkeypatch.setattr(opening.Writer, "start", lambda self: None)
    # It would end the transaction that a test runs in.
    monkeypatch.setattr(opening, "close_old_connections", lambda: None)
    yield opening
    opening.begin_anew()
