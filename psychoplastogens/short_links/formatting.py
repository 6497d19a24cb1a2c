"""Links and clicks as HTML for the admin."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from psychoplastogens.short_links.models import MIN_SHOWN_CLICKS

NONE_YET = mark_safe("<li>None yet.</li>")


def format_urls(lines):
    """Fields of whole URLs to copy. `lines` are pairs: a label, a record with an address."""
    shown = []
    for number, (label, record) in enumerate(lines, 1):
        address = settings.SITE_ORIGIN + record.get_absolute_url()
        field = {"number": number, "label": label, "address": address}
        shown.append((render_to_string("admin/_copy_address.html", field),))
    return format_html_join("", "{}", shown)


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
