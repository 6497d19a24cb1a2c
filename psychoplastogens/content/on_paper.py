"""Where a page can be had to print. A room above this one prints, and says so here."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Model

Printer = Callable[[Model], str]
_printers: list[Printer] = []


def print_pages(printer: Printer) -> None:
    """For the room that prints: `printer(record)` gives the path of its PDF, '' for none."""
    _printers.append(printer)


def handout_of(record: Model) -> str:
    """The path of the PDF of a record, or of a section of a guide; '' where there is none."""
    return next(filter(None, (printer(record) for printer in _printers)), "")
