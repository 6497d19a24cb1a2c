"""Preview, form errors and checks of a form while somebody types in it. Saves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.utils.text import capfirst

from psychoplastogens.editorial.admin.views.preview import get_number_parameter
from psychoplastogens.editorial.drafts.preview_rendering import (
    NO_PUBLIC_PAGE,
    SHAPES,
    DraftMark,
    get_snapshot_pages,
    render_as_reader,
)
from psychoplastogens.editorial.drafts.snapshots import Snapshot
from psychoplastogens.editorial.drafts.text_validation import MAX_TEXT_LENGTH
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.workflow.checks import find_problems

UNSAVED_LABEL = "As you type it, not saved"
MAX_PREVIEW_LENGTH = 2 * MAX_TEXT_LENGTH
"""Characters of a page that is looked at while it is typed: nobody else can write meanwhile. The
longest page of the starter content has 27,000."""
TOO_LONG_MESSAGE = (
    "This page has {} characters. Up to {} are shown and checked while you type. "
    "Save the draft, then open its preview."
)


class FormMistake(NamedTuple):
    """A form error: the label of the field, the id of its input, and the message."""

    field: str
    id: str
    message: str


def live_preview(model_admin, request, key=None):
    """POST a form as it is, `?number=<page>&shape=<one of SHAPES>`. Nothing is saved.

    Without a key it is the form of a new record. Answers with JSON: `findings` (HTML: form errors,
    or else problems found by the checks); if the form is valid also `pages` (titles), `number`,
    and `page` (HTML) or `no_page` (why there is none).
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    page = model_admin.get_page_by_key(str(key)) if key else None
    if key and page is None:
        raise Http404("There is no such record.")
    request.is_live_preview = True
    with model_admin.dry_run(request, page, str(key) if key else None) as dry_run:
        snapshot = dry_run.submission.snapshot if dry_run.submission else None
        too_long, mistakes = (
            "",
            [] if snapshot else list(iter_mistakes(dry_run.response.context_data)),
        )
        if snapshot and (length := _get_text_length(snapshot)) > MAX_PREVIEW_LENGTH:
            too_long, snapshot = TOO_LONG_MESSAGE.format(length, MAX_PREVIEW_LENGTH), None
        problems = find_problems(_reload_record(snapshot)) if snapshot else []
    shown = _render_preview(request, snapshot, str(key)) if snapshot else {}
    context = {
        "mistakes": mistakes,
        "too_long": too_long,
        "problems": problems,
        "is_stale": dry_run.is_stale,
        **shown,
    }
    return JsonResponse(
        {"findings": render_to_string("admin/_live_preview_problems.html", context), **shown}
    )


def _get_text_length(snapshot: Snapshot) -> int:
    values = (value for row in snapshot for value in row["fields"].values())
    return sum(len(value) for value in values if isinstance(value, str))


def _reload_record(snapshot: Snapshot) -> Publishable:
    """Fetch the record again: cached instances hold the text from before."""
    return apps.get_model(snapshot[0]["model"])._base_manager.get(pk=snapshot[0]["pk"])


def iter_mistakes(context) -> Iterator[FormMistake]:
    """Yield the errors of the form and the inlines in the context of a change form."""
    form = context["adminform"].form
    yield from _iter_form_mistakes(form)
    for inline in context["inline_admin_formsets"]:
        kind = capfirst(inline.opts.verbose_name)
        for message in inline.formset.non_form_errors():
            yield FormMistake(capfirst(inline.opts.verbose_name_plural), "", message)
        for number, part in enumerate(inline.formset.forms, start=1):
            yield from _iter_form_mistakes(part, f"{kind} {number}: ")


def _iter_form_mistakes(form, prefix="") -> Iterator[FormMistake]:
    for name, messages in form.errors.items():
        field = form[name] if name in form.fields else None
        field, id = (field.label, field.auto_id) if field else ("", "")
        for message in messages:
            yield FormMistake(prefix + field, id, message)


def _render_preview(request, snapshot: Snapshot, key: str) -> dict:
    """Return the requested page, or that of the part in the form, or the record's own."""
    titles = [title for title, _ in get_snapshot_pages(snapshot)]
    number = (
        get_number_parameter(request, "number")
        if "number" in request.GET
        else _get_page_number(key, snapshot)
    )
    told = {"pages": titles, "number": number if number < len(titles) else 0}
    if not titles:
        return told | {"no_page": NO_PUBLIC_PAGE}
    shape = request.GET.get("shape", "page")
    mark = DraftMark(UNSAVED_LABEL, shape if shape in SHAPES else "page", is_still=True)
    answer = render_as_reader(request, snapshot, told["number"], mark)
    text = answer.content.decode()
    return told | ({"page": text} if answer.status_code == 200 else {"no_page": text})


def _get_page_number(key: str, snapshot: Snapshot) -> int:
    """Return the position of the page of this row in `snapshot`, or 0."""
    keys = (r["pk"] for r in snapshot if hasattr(apps.get_model(r["model"]), "get_absolute_url"))
    return next((number for number, other in enumerate(keys) if str(other) == key), 0)
