"""What says the same as a new record already, as the admin shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from psychoplastogens.editorial.admin.record_pages import get_record_admin_url
from psychoplastogens.editorial.models import Publishable


class ShownTwin(NamedTuple):
    """A title, the form behind it, and where the record is on its way to readers."""

    title: str
    href: str
    status: str


def show_twins(twins: Iterable[Publishable]) -> list[ShownTwin]:
    return [
        ShownTwin(str(twin), get_record_admin_url(twin), twin.get_status_display())
        for twin in twins
    ]
