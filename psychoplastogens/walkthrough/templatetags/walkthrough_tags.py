"""Template tags and filters for walkthroughs."""

from django import template
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from psychoplastogens.walkthrough import legend, scenes, spine_layout

register = template.Library()


@register.simple_tag
def scene(step, prefix=""):
    """The SVG of a step's scene; '' if its file is missing.

    `prefix` keeps its ids unique among several drawings on a page.
    """
    try:
        drawing = get_template(f"{scenes.SCENES_FOLDER}/{step.scene}.svg")
    except TemplateDoesNotExist:
        return ""
    stressed = step.highlight.split()
    context = {
        "step": step,
        "highlight": stressed,
        "spines": spine_layout.get_spines_at_time(step.time),
    }
    html = drawing.render(context)
    for name in ("scene-title", "scene-words") if prefix else ():
        html = html.replace(f'"{name}"', f'"{prefix}{name}"')
    return mark_safe(html)  # noqa: S308 - our own template, whose variables are escaped


@register.filter
def legend_entries(drawing):
    """The legend of a drawing: (symbol, name, meaning)."""
    return legend.get_legend(drawing)
