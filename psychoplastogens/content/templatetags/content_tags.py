"""Template tags and filters for pages."""

import json
import re
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import get_script_prefix
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from psychoplastogens.content.page_description import describe_page
from psychoplastogens.content.question_codes import get_question_code
from psychoplastogens.content.rendering.dates import format_date, format_month
from psychoplastogens.content.rendering.first_sentence import get_gist
from psychoplastogens.content.rendering.icons import (
    STANDING_ICONS,
    count_of_100,
    get_icon_sheet,
    render_icon,
    render_icon_array,
    render_picture,
    render_source,
    render_source_items,
)
from psychoplastogens.content.review_sentences import describe_reviewer, describe_source_check
from psychoplastogens.content.translations import LINK_WORDS, find_alternates
from psychoplastogens.delivery.crisis_lines import get_crisis_country
from psychoplastogens.delivery.languages import get_translation_language

register = template.Library()
register.filter("describe_page", describe_page)
register.filter("describe_reviewer", describe_reviewer)
register.filter("describe_source_check", describe_source_check)
register.filter("format_date", format_date)
register.filter("format_month", format_month)
register.filter("gist", get_gist)
register.filter("question_code", get_question_code)
register.simple_tag(count_of_100)
register.simple_tag(render_icon, name="icon")
register.simple_tag(render_icon_array)
register.simple_tag(render_source)
register.simple_tag(render_source_items)
HEADER_SECTIONS = frozenset(
    ("how-ketamine-works explainers compounds conditions questions search for-clinics").split()
)
"""The parts of the site that the header leads to, by the first part of their addresses."""
SCRIPT_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def render_prose(context, text):
    """The HTML of a Markdown text with citation numbers. Needs `prose` in the context."""
    return context["prose"].render(text)


@register.simple_tag(takes_context=True)
def render_prose_line(context, text):
    """The HTML of a one-paragraph text without its <p>, for table cells and definition lists."""
    return context["prose"].render_line(text)


@register.simple_tag(takes_context=True, name="render_picture")
def render_cited_picture(context, finding, is_drawn=True):
    """A figure of 100 people in each group of a Finding. Needs `prose` in the context."""
    citation = context["prose"].render_citation(finding.source.slug, finding.subject)
    return render_picture(finding, citation, is_drawn)


@register.simple_tag
def progress_icon(name="n-todo"):
    """The bud of a part in a list: n-todo, n-now or n-done."""
    return render_icon(name, css_class="i bud")


@register.simple_tag
def standing_icon(standing):
    """The mark of a Standing."""
    return render_icon(STANDING_ICONS.get(standing, "st-lab"))


@register.simple_tag
def include_site_part(template_name, section=""):
    """A part of every page that shows nothing but the site: its links and its crisis lines.

    `section` is the part of the site that the page belongs to, one of HEADER_SECTIONS or "".
    Where a page in another language shows another part, that is in templates/translated/.
    """
    site = (settings.SITE_NAME, settings.CRISIS_COUNTRY, get_language())
    addresses = (get_script_prefix(), get_icon_sheet())
    return _render_site_part(template_name, section, *site, *addresses)


@lru_cache(maxsize=64)
def _render_site_part(
    template_name, section, site_name, country, language, script_prefix, icon_sheet
):
    """The template gets nothing of a request, so that what is kept is the same for everybody."""
    site = {"site_name": site_name, "crisis": get_crisis_country(country), "section": section}
    site["translation"] = get_translation_language()
    names = [f"translated/{template_name}"] if site["translation"] else []
    return SafeString(render_to_string([*names, template_name], site))


@register.simple_tag(takes_context=True)
def repeat_block(context, name):
    """What the block of this name of the page holds, once more."""
    return context.render_context[BLOCK_CONTEXT_KEY].get_block(name).render(context).strip()


@register.simple_tag
def list_alternates(path):
    """(language, path, words of a link to it) of the page at `path` in each language."""
    return [(code, one, LINK_WORDS[code]) for code, one in find_alternates(path).items()]


@register.filter
def header_section(request):
    """Which of HEADER_SECTIONS the address of a request is in, or ""."""
    first = request.path_info.split("/")[1] if request else ""
    return first if first in HEADER_SECTIONS else ""


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


@register.simple_tag(takes_context=True)
def cite(context, slug, seen=""):
    """The number of a source on this page, after a badge for what was studied."""
    return context["prose"].render_citation(slug, seen)
