"""The admin's pages about one record: where each stands, and what all of them begin with."""

from __future__ import annotations

from django.contrib.admin.utils import quote
from django.db.models import Model
from django.db.models.options import Options
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse


def page_address(options: Options, key, page: str = "change") -> str:
    """Where the admin shows a page about a record of this kind: its form, `preview`, `review` ...

    Raises NoReverseMatch where it has none.
    """
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=[quote(key)])


def form_address(record: Model, page: str = "change") -> str:
    """As `page_address`, of a record."""
    return page_address(record._meta, record.pk, page)


def form_if_any(record: Model) -> str:
    """The address of a record's form; empty where the admin has no form of its own for it."""
    try:
        return form_address(record)
    except NoReverseMatch:
        return ""


def page_about(model_admin, request, record: Model, page: str, template: str, **context):
    """A page about `record` under this name (in its title and its way back), in a template that
    extends admin/about_record.html."""
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
            **context,
        },
    )
