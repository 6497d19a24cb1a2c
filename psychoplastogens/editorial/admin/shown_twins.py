"""What says the same as a new record already, as the admin shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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


def ask_about_twins(twins: Iterable[ShownTwin]) -> SafeString:
    """The question to who saved a new record, with a link to each twin."""
    names = format_html_join(", ", '<a href="{}">{}</a>', ((one.href, one.title) for one in twins))
    return format_html("Is it there already? Compare yours with {}", names)
