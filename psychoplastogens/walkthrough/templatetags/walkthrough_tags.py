"""Template tags and filters for walkthroughs."""

from functools import partial
from itertools import cycle

from django import template
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from psychoplastogens.walkthrough import growth_figure, legend, scenes

register = template.Library()

IN_WHOM = {
    "": _("Anywhere"),
    "people": _("In people"),
    "animals": _("In animals"),
    "cells": _("In cells"),
}


@register.simple_tag
def scene(step, prefix=""):
    """The SVG of the scene of a step or walkthrough; '' if its file is missing.

    `prefix` keeps its ids unique among several drawings on a page.
    """
    try:
        drawing = get_template(f"{scenes.SCENES_FOLDER}/{step.scene}.svg")
    except TemplateDoesNotExist:
        return ""
    stressed = getattr(step, "highlight", "").split()
    context = {
        "step": step,
        "highlight": stressed,
        "spines": partial(growth_figure.get_scene_branch, step),
    }
    html = drawing.render(context)
    for name in ("scene-title", "scene-words") if prefix else ():
        html = html.replace(f'"{name}"', f'"{prefix}{name}"')
    return mark_safe(html)  # noqa: S308 - our own template, whose variables are escaped


@register.simple_tag
def link_picture(link):
    """The picture of a link of the chain; '' if its file is missing."""
    try:
        return get_template(f"{scenes.LINKS_FOLDER}/{link.picture}.svg").render()
    except TemplateDoesNotExist:
        return ""


@register.simple_tag
def render_spines(spines, scale=1.36):
    """The spines of a branch. New ones sprout one after the other, in six delays."""
    sprite, delays = static("scenes.svg"), cycle(range(1, 7))
    return mark_safe("".join(_render_spine(spine, scale, sprite, delays) for spine in spines))  # noqa: S308 - numbers and our own names


def _render_spine(spine, scale, sprite, delays):
    sprout = f' class="sprout d{next(delays)}"' if spine.kind in ("thin", "kept") else ""
    return (
        f'<g class="{spine.kind}" transform="translate({spine.x} {spine.y})rotate({spine.angle})'
        f'scale({scale})"><use{sprout} href="{sprite}#sp-{spine.kind}" x="-14" y="-30" width="28"'
        ' height="34"/></g>\n'
    )


@register.filter
def in_whom(subject):
    """In whom or what something was seen; '' is no lens."""
    return IN_WHOM[subject]


@register.filter
def legend_entries(drawing):
    """The legend of a drawing: (symbol, name, meaning)."""
    return legend.get_legend(drawing)
