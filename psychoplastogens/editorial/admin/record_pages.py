"""Addresses and rendering of the admin pages about one record."""

from __future__ import annotations

from django.contrib.admin import site
from django.contrib.admin.utils import quote
from django.db.models import Model
from django.db.models.options import Options
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse

from psychoplastogens.editorial.models import PUBLISH_PERMISSION

FROM_TEXT = "from_text"
"""A query parameter of the form of a new record: a text that is to name it is open elsewhere."""


def get_admin_url(options: Options, key, page: str = "change") -> str:
    """Return the URL of an admin page about a record: `change`, `preview`, `review` ...

    Raises NoReverseMatch if there is none.
    """
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=[quote(key)])


def get_list_url(options: Options) -> str:
    """Return the URL of the list of a kind of record."""
    return reverse(f"admin:{options.app_label}_{options.model_name}_changelist")


def get_add_url(options: Options) -> str:
    """Return the URL of the form of a new record of a kind."""
    return reverse(f"admin:{options.app_label}_{options.model_name}_add")


def get_record_admin_url(record: Model, page: str = "change") -> str:
    """Like `get_admin_url`, for a record."""
    return get_admin_url(record._meta, record.pk, page)


def get_change_url_or_blank(record: Model) -> str:
    """Return the URL of the change form of a record, or '' if it has none."""
    try:
        return get_record_admin_url(record)
    except NoReverseMatch:
        return ""


def get_open_url_or_blank(request: HttpRequest, record: Model) -> str:
    """Return the URL of the form of a record, or '' if it has none that the account may open."""
    if not site.is_registered(type(record)):
        return ""
    may_open = site.get_model_admin(type(record)).has_view_permission(request, record)
    return get_record_admin_url(record) if may_open else ""


def render_record_page(model_admin, request, record: Model, page: str, template: str, **context):
    """Render an admin page about `record`. The template extends admin/record_page.html."""
    everywhere = model_admin.admin_site.each_context(request)
    return TemplateResponse(
        request,
        template,
        {
            **everywhere,
            "title": f"{page}: {record}",
            "page": page,
            "opts": model_admin.opts,
            "original": record,
            "list_address": get_list_url(model_admin.opts),
            "may_publish": request.user.has_perm(PUBLISH_PERMISSION),
            **context,
        },
    )
