"""Template words for reading pages."""

import json
import re

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

register = template.Library()
IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
SILENT = mark_safe('aria-hidden="true"')


@register.simple_tag(takes_context=True)
def read(context, text):
    """`text` as HTML, with this page's citation numbers. Needs `prose` in the context."""
    return context["prose"].html(text)


@register.simple_tag(takes_context=True)
def read_line(context, text):
    """A one-paragraph `text` without its paragraph, for table cells and definition lists."""
    return context["prose"].line(text)


@register.simple_tag
def icon(name, label=""):
    """A drawing of static/icons.svg; said aloud as `label`, or not at all."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else SILENT
    return format_html(
        '<svg class="i" width="20" height="20" {}><use href="{}#{}"/></svg>',
        spoken,
        static("icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def deep(context, mark="?"):
    """What a link ends in to keep “more detail”, where the page was asked for it."""
    return f"{mark}depth=more" if context.get("depth") == "more" else ""


@register.filter
def subscripts(formula):
    """C13H16ClNO with its counts set low."""
    return mark_safe(re.sub(r"(\d+)", r"<sub>\1</sub>", escape(formula)))  # noqa: S308 - escaped


@register.simple_tag
def structured_data(data):
    """JSON-LD that cannot close its script element, whatever the data hold."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text.translate(IN_SCRIPT)),  # noqa: S308 - <, > and & are escaped
    )


@register.simple_tag
def figures(count):
    """How to draw `count` of 100 people in rows of ten: the whole rows, and the rest of a row.

    Each figure is 11 wide and 15 high, as in the symbol p100 of static/icons.svg.
    """
    rows, rest = divmod(count, 10)
    return {"rows": rows, "height": rows * 15, "rest": rest, "width": rest * 11, "up": -rows * 15}


@register.simple_tag(takes_context=True)
def cite(context, slug, seen=""):
    """The number of a source on this page, after a badge that says in whom it was seen."""
    return mark_safe(context["prose"].cite(slug, seen))  # noqa: S308 - templates and numbers
