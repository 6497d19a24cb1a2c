from django import template

from psychoplastogens.editorial import desk

register = template.Library()


# Its lines name drafts and their authors: for all who work on pages, and nobody else.
SEEING = "editorial.view_act"


@register.inclusion_tag("admin/_desk.html", takes_context=True)
def work_to_do(context):
    """What waits to be done, pile by pile, for the admin's first page."""
    return {"piles": desk.piles() if context["user"].has_perm(SEEING) else []}
