from django import template
from django.utils.text import capfirst

from psychoplastogens.editorial.admin.record_pages import (
    get_change_url_or_blank,
    get_record_admin_url,
)
from psychoplastogens.editorial.admin.views.bundle import may_view_all
from psychoplastogens.editorial.models import Revision

register = template.Library()
State = Revision.State


@register.inclusion_tag("admin/_bundle_members.html", takes_context=True)
def bundle_members(context, revision, user):
    """The other revisions of a bundle, and what a user may do with all of them.

    Titles of drafts are confidential: who may not view one of them is shown none.
    """
    others = Revision.objects.in_bundle_with(revision).prefetch_related("record")
    members = list(others) if revision.bundle_id and may_view_all(user, others) else []
    every = [revision, *members]
    waiting = [member for member in every if member.state == State.IN_REVIEW]
    return {
        "members": members,
        "revision": revision,
        "may": context["may"],
        "csrf_token": context["csrf_token"],
        "may_approve_all": waiting and all(member.author_id != user.pk for member in waiting),
        "may_publish_all": all(member.state == State.APPROVED for member in every),
    }


@register.filter
def kind_of(record):
    """The kind of a record, for people."""
    return capfirst(record._meta.verbose_name)


@register.filter
def review_of(record):
    """The address of the review screen of a record."""
    return get_record_admin_url(record, "review")


register.filter("form_of", get_change_url_or_blank)
