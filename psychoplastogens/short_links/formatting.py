"""Links and clicks as HTML for the admin."""

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from psychoplastogens.short_links.models import MIN_SHOWN_CLICKS

LINE_BREAK, NONE_YET = mark_safe("<br>"), mark_safe("<li>None yet.</li>")


def format_urls(lines):
    """Whole URLs to copy, one a line. `lines` are pairs: a label, a record with an address."""
    whole = ((name, settings.SITE_ORIGIN + record.get_absolute_url()) for name, record in lines)
    return format_html_join(LINE_BREAK, "{}: {}", whole)


def format_clicks_by_month(link):
    """How often a link was opened, month by month."""
    months = [(f"{month:%B %Y}", number) for month, number in link.get_clicks_by_month()]
    rows = format_html_join("", "<li>{}: {}</li>", months)
    return format_html(
        "<p>Openings of the short link, not people: somebody may open it twice. Previews and what "
        "browsers fetch beforehand do not count; mail programs that check links as a browser opens "
        "them do. Numbers below {} are not told.</p><ul>{}</ul>",
        MIN_SHOWN_CLICKS,
        rows or NONE_YET,
    )
