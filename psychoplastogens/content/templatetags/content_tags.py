"""Template tags and filters for pages."""

import json
import re

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from psychoplastogens.content.review_sentences import describe_reviewer, describe_source_check

register = template.Library()
register.filter("describe_reviewer", describe_reviewer)
register.filter("describe_source_check", describe_source_check)
SCRIPT_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
ARIA_HIDDEN = mark_safe('aria-hidden="true"')


@register.simple_tag(takes_context=True)
def render_prose(context, text):
    """The HTML of a Markdown text with citation numbers. Needs `prose` in the context."""
    return context["prose"].render(text)


@register.simple_tag(takes_context=True)
def render_prose_line(context, text):
    """The HTML of a one-paragraph text without its <p>, for table cells and definition lists."""
    return context["prose"].render_line(text)


@register.simple_tag
def icon(name, label=""):
    """An icon of static/icons.svg; screen readers get `label`, or nothing."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else ARIA_HIDDEN
    return format_html(
        '<svg class="i" width="20" height="20" {}><use href="{}#{}"/></svg>',
        spoken,
        static("icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def depth_query(context, mark="?"):
    """The query string that keeps “more detail” in a link, if the page shows it."""
    return f"{mark}depth=more" if context.get("depth") == "more" else ""


@register.filter
def subscripts(formula):
    """A chemical formula with its counts in <sub>: C13H16ClNO."""
    return mark_safe(re.sub(r"(\d+)", r"<sub>\1</sub>", escape(formula)))  # noqa: S308 - escaped


@register.simple_tag
def structured_data(data):
    """A script element with JSON-LD, escaped so that no data can close it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text.translate(SCRIPT_ESCAPES)),  # noqa: S308 - <, > and & are escaped
    )


@register.simple_tag
def icon_array(count):
    """The geometry of an icon array: `count` of 100 people in rows of ten.

    Each figure is 11 wide and 15 high, as in the symbol p100 of static/icons.svg.
    """
    rows, rest = divmod(count, 10)
    return {"rows": rows, "height": rows * 15, "rest": rest, "width": rest * 11, "up": -rows * 15}


@register.simple_tag(takes_context=True)
def cite(context, slug, seen=""):
    """The number of a source on this page, after a badge for what was studied."""
    return context["prose"].render_citation(slug, seen)
