"""Preview, form errors and checks of a form while somebody types in it. Saves nothing."""

from __future__ import annotations

from django.apps import apps
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string

from psychoplastogens.accounts.listed_errors import iter_form_errors
from psychoplastogens.editorial.admin.shown_stops import iter_unfinished_forms, lead_to_inputs
from psychoplastogens.editorial.admin.views.preview import (
    get_number_parameter,
    get_requested_shape,
)
from psychoplastogens.editorial.drafts.preview_rendering import (
    NO_PUBLIC_PAGE,
    DraftMark,
    get_public_pages,
    render_as_reader,
)
from psychoplastogens.editorial.drafts.snapshots import Snapshot
from psychoplastogens.editorial.drafts.text_validation import MAX_TEXT_LENGTH
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.workflow.checks import find_problems

UNSAVED_LABEL = "As you type it, not saved"
MAX_PREVIEW_LENGTH = 2 * MAX_TEXT_LENGTH
"""Characters of a page that is checked and rendered at each pause in typing. The longest page of
the starter content has 27,000."""
# What the answer holds of the page, if the form is valid.
PAGE_KEYS = ("pages", "number", "page", "no_page")
TOO_LONG_MESSAGE = (
    "This page has {} characters. Up to {} are shown and checked while you type. "
    "Save the draft, then open its preview."
)


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
    opened = model_admin.get_opened_text(request, page) if page else None
    key = str(key) if key else None
    with model_admin.draft_opened(opened):
        submission = model_admin.submit_form(request, key, opened, is_live_preview=True)
        if submission is None:
            raise Http404("There is no such record.")
        shown = _inspect_submission(request, submission, key)
    context = {"is_stale": opened.is_stale if opened else False, **shown}
    findings = render_to_string("admin/_live_preview_problems.html", context)
    pages = {name: shown[name] for name in PAGE_KEYS if name in shown}
    return JsonResponse({"findings": findings, **pages})


def _inspect_submission(request, submission, key: str | None) -> dict:
    """Return the mistakes of the form; if it is valid, its problems and the rendered page."""
    snapshot = submission.snapshot
    mistakes = list(iter_form_errors(submission.form, submission.formsets, _get_mistakes))
    if snapshot is None:
        return {"mistakes": mistakes}
    if (length := _get_text_length(snapshot)) > MAX_PREVIEW_LENGTH:
        return {"too_long": TOO_LONG_MESSAGE.format(length, MAX_PREVIEW_LENGTH)}
    record = _reload_record(snapshot)
    forms = iter_unfinished_forms(submission.form, submission.formsets)
    problems = lead_to_inputs(record, find_problems(record), forms)
    found = {"problems": problems, "unfinished": mistakes, "count": len(problems) + len(mistakes)}
    return found | _render_preview(request, snapshot, record, key)


def _get_text_length(snapshot: Snapshot) -> int:
    values = (value for row in snapshot for value in row["fields"].values())
    return sum(len(value) for value in values if isinstance(value, str))


def _reload_record(snapshot: Snapshot) -> Publishable:
    """Fetch the record again: cached instances hold the text from before."""
    return apps.get_model(snapshot[0]["model"])._base_manager.get(pk=snapshot[0]["pk"])


def _get_mistakes(form) -> dict:
    """What is wrong in a form, whether or not it stops a save."""
    return form.errors | form.mistakes


def _render_preview(request, snapshot: Snapshot, record: Publishable, key: str | None) -> dict:
    """Return the requested page, or that of the part in the form, or the record's own."""
    titles = [title for title, _ in get_public_pages(record)]
    number = (
        get_number_parameter(request, "number")
        if "number" in request.GET
        else _get_page_number(key, snapshot)
    )
    number = number if number < len(titles) else 0
    shown = {"pages": titles, "number": number}
    if not titles:
        return shown | {"no_page": NO_PUBLIC_PAGE}
    mark = DraftMark(UNSAVED_LABEL, get_requested_shape(request), is_still=True)
    answer = render_as_reader(request, record, number, mark)
    text = answer.content.decode()
    return shown | ({"page": text} if answer.status_code == 200 else {"no_page": text})


def _get_page_number(key: str | None, snapshot: Snapshot) -> int:
    """Return the position of the page of this row in `snapshot`, or 0."""
    keys = (r["pk"] for r in snapshot if hasattr(apps.get_model(r["model"]), "get_absolute_url"))
    return next((number for number, other in enumerate(keys) if str(other) == key), 0)
