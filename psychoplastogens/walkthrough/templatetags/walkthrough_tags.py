"""Template tags and filters for walkthroughs."""

from dataclasses import replace
from functools import partial
from itertools import cycle

from django import template
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from psychoplastogens.walkthrough import growth_figure, legend, scenes
from psychoplastogens.walkthrough.scene_picture import ScenePicture
from psychoplastogens.walkthrough.spine_layout import LOST, OLDER

register = template.Library()

IN_WHOM = {
    "": _("Anywhere"),
    "people": _("In people"),
    "animals": _("In animals"),
    "cells": _("In cells"),
}


@register.simple_tag
def scene(step, prefix="", picture=None, has_links=False):
    """The SVG of the scene of a step or walkthrough; '' if its file is missing.

    `prefix` keeps its ids unique among several drawings on a page. `picture` is its ScenePicture
    in another state than the first. With `has_links`, its parts lead to the picture that shows
    them alone.
    """
    try:
        drawing = get_template(f"{scenes.SCENES_FOLDER}/{step.scene}.svg")
    except TemplateDoesNotExist:
        return ""
    picture = picture or ScenePicture(step)
    context = {
        "step": step,
        "picture": picture,
        "has_links": has_links,
        "role": "group" if has_links and picture.has_links else "img",
        "spines": partial(growth_figure.get_scene_branch, step),
    }
    html = drawing.render(context)
    for name in ("scene-title", "scene-words") if prefix else ():
        html = html.replace(f'"{name}"', f'"{prefix}{name}"')
    return mark_safe(html)  # noqa: S308 - our own template, whose variables are escaped


@register.simple_tag(takes_context=True)
def part(context, name):
    """The attributes of a part of a scene; '' where no picture says how it is shown."""
    return context["picture"].render_part(name) if "picture" in context else ""


@register.simple_tag(takes_context=True)
def part_link(context, name):
    """The attributes of a part of a scene that can be shown alone, in an `<a>`."""
    if "picture" not in context:
        return ""
    return context["picture"].render_part(name, is_link=context["has_links"])


@register.simple_tag(takes_context=True)
def state_ring(context, slug, x, y, radius):
    """A ring around what another state of a scene shows closer; it leads there where it can."""
    ring = format_html('<circle class="next" cx="{}" cy="{}" r="{}"/>', x, y, radius)
    link = context["picture"].link_state(slug) if context.get("has_links") else ""
    return format_html("<a{}>{}</a>", link, ring) if link else ring


@register.filter
def picture(step):
    """The ScenePicture of a step in its first state."""
    return ScenePicture(step)


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


@register.filter
def older(spines):
    """The spines that were there from the start, and still are."""
    return [spine for spine in spines if spine.kind == OLDER]


@register.filter
def new(spines):
    """The spines that came after the dose."""
    return [spine for spine in spines if spine.kind not in (OLDER, LOST)]


@register.filter
def lost(spines):
    """The outlines of spines that were lost."""
    return [spine for spine in spines if spine.kind == LOST]


@register.filter
def before_loss(spines):
    """The spines that were lost, as they were."""
    return [replace(spine, kind=OLDER) for spine in lost(spines)]


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
def in_state(picture, state):
    """A ScenePicture in another state."""
    return picture.in_state(state)


@register.filter
def legend_entries(drawing):
    """The legend of a drawing: (symbol, name, meaning)."""
    return legend.get_legend(drawing)
