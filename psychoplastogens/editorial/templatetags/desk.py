from django import template

from psychoplastogens.editorial import desk

register = template.Library()

# Titles of drafts are drafts: who may read what became of each text may read these.
SEEING_DRAFTS = "editorial.view_act"


@register.inclusion_tag("admin/_desk.html", takes_context=True)
def work_to_do(context):
    """What whoever asks is to be told; and what waits, pile by pile, for who works on texts."""
    may_see = context["user"].has_perm(SEEING_DRAFTS)
    piles = desk.piles() if may_see else []
    return {"panels": desk.panels(context["request"]), "piles": piles}
