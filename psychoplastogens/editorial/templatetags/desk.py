from django import template

from psychoplastogens.editorial import desk

register = template.Library()


@register.inclusion_tag("admin/_desk.html")
def work_to_do():
    """What waits to be done, pile by pile, for the admin's first page."""
    return {"piles": desk.piles()}
