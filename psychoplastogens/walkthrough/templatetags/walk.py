"""Template words of walkthroughs."""

from django import template
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from psychoplastogens.walkthrough import branch, legend, scenes

register = template.Library()


@register.simple_tag
def scene(step, prefix=""):
    """The drawing of a step; '' where its file is gone.

    `prefix` keeps its ids apart from those of other drawings on the same page.
    """
    try:
        drawing = get_template(f"{scenes.FOLDER}/{step.scene}.svg")
    except TemplateDoesNotExist:
        return ""
    stressed = step.highlight.split()
    context = {"step": step, "highlight": stressed, "spines": branch.in_story(step.time)}
    html = drawing.render(context)
    for name in ("scene-title", "scene-words") if prefix else ():
        html = html.replace(f'"{name}"', f'"{prefix}{name}"')
    return mark_safe(html)  # noqa: S308 - our own template, whose variables are escaped


@register.filter
def shapes(drawing):
    """What the shapes in a drawing mean: (symbol, name, meaning)."""
    return legend.of(drawing)
