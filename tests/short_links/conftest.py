import pytest

from psychoplastogens.short_links import click_counting


@pytest.fixture(autouse=True)
def clicks(monkeypatch):
    """The click counter of a new process, which writes only when a test calls it."""
    click_counting.reset_process_state()
    monkeypatch.setattr(click_counting.ClickWriter, "start", lambda self: None)
    # It would end the transaction that a test runs in.
    monkeypatch.setattr(click_counting, "close_old_connections", lambda: None)
    yield click_counting
    click_counting.reset_process_state()
