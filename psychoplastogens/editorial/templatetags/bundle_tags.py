from django import template
from django.utils.text import capfirst

from psychoplastogens.editorial.admin.record_pages import (
    get_change_url_or_blank,
    get_record_admin_url,
)
from psychoplastogens.editorial.models import Revision
from psychoplastogens.editorial.workflow.references import format_names

register = template.Library()
State = Revision.State


@register.inclusion_tag("admin/_bundle_members.html", takes_context=True)
def bundle_members(context):
    """The other revisions of the bundle of `revision`, and whether all can be published."""
    every = [context["revision"], *context["bundled"]]
    return {
        "members": context["bundled"],
        "may_publish": context["may"]["publish"],
        "waiting": format_names([one.title for one in every if one.state != State.APPROVED]),
    }


@register.simple_tag(takes_context=True)
def others_to_approve(context):
    """The others of the bundle that are in review, where the user wrote none of them."""
    waiting = [member for member in context["bundled"] if member.state == State.IN_REVIEW]
    user = context["request"].user
    return waiting if all(member.author_id != user.pk for member in waiting) else []


@register.filter
def names_of(revisions):
    """The titles of revisions, as a list for people."""
    return format_names([revision.title for revision in revisions])


@register.filter
def kind_of(record):
    """The kind of a record, for people."""
    return capfirst(record._meta.verbose_name)


@register.filter
def review_of(record):
    """The address of the review screen of a record."""
    return get_record_admin_url(record, "review")


register.filter("form_of", get_change_url_or_blank)
