"""Times that staff set, in the time zone of the site, which a script tells in theirs besides."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from psychoplastogens.editorial.workflow.schedules import format_time


def show_set_time(moment: datetime) -> SafeString:
    """A time that somebody set, as HTML: static/editorial/local_time.js adds the reader's own."""
    zone = timezone.get_current_timezone_name()
    return format_html(
        '<time datetime="{}" data-zone="{}">{}</time>',
        *(moment.isoformat(), zone, format_time(moment)),
    )
