"""Where a record is used: on its form, and on a page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.text import capfirst

from psychoplastogens.editorial.admin.record_pages import (
    get_open_url_or_blank,
    render_record_page,
)
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.workflow.leads import Lead, find_leads
from psychoplastogens.editorial.workflow.references import RecordUse, find_uses

MAX_USES_ON_FORM = 5


@dataclass(frozen=True)
class UseRow:
    """One line of a list of uses. `address` is '' where the account may open no form of it."""

    kind: str
    name: str
    state: str
    address: str


def build_use_row(request: HttpRequest, use: RecordUse) -> UseRow:
    kind = capfirst(str(use.page._meta.verbose_name))
    return UseRow(kind, str(use.page), use.state, get_open_url_or_blank(request, use.page))


def build_lead_row(request: HttpRequest, lead: Lead) -> UseRow:
    address = get_open_url_or_blank(request, lead.record) if lead.record else ""
    return UseRow(lead.kind, lead.name, lead.state, address)


def get_use_rows(request: HttpRequest, records: list[Publishable]) -> list[UseRow]:
    """Return a row for each record that uses one of `records` and is not among them."""
    found = {use.page: use for record in records for use in find_uses(record)}
    return [build_use_row(request, use) for page, use in found.items() if page not in records]


def get_uses_summary(request: HttpRequest, record: Publishable) -> dict[str, object]:
    """Return the first few rows, and the number of the others, for the form of a record."""
    use_rows = get_use_rows(request, [record])
    return {
        "use_rows": use_rows[:MAX_USES_ON_FORM],
        "more": max(0, len(use_rows) - MAX_USES_ON_FORM),
    }


def where_used(model_admin, request, record):
    """List all uses of a record, such as pages, drafts and codes, and all that leads to it."""
    return render_record_page(
        *(model_admin, request, record, "Where used", "admin/where_used.html"),
        use_rows=get_use_rows(request, [record]),
        address=record.get_absolute_url() if record.is_published else "",
        lead_rows=[build_lead_row(request, lead) for lead in find_leads(record)],
    )
