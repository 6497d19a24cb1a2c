"""What is typed into a form, looked at without saving: the reader's page, mistakes, and checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.utils.text import capfirst

from psychoplastogens.editorial.checks import problems_of
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.previews import (
    NO_PAGE,
    SHAPES,
    DraftMark,
    as_reader,
    number_in,
    pages_in,
)
from psychoplastogens.editorial.snapshots import Snapshot
from psychoplastogens.editorial.texts import LONGEST

NOT_SAVED = "As you type it, not saved"
LONGEST_LOOK = 2 * LONGEST
"""Characters of a page that is looked at while it is typed: nobody else can write meanwhile. The
longest page of the starter content has 27,000."""
TOO_LONG = (
    "This page has {} characters. Up to {} are shown and checked while you type. "
    "Save the draft, then open its preview."
)


class Wrong(NamedTuple):
    """A mistake in a form: the field as people see it, the id of its input, and what is wrong."""

    where: str
    id: str
    message: str


def typed(model_admin, request, key=None):
    """POST a form as it stands, `?number=<page>&shape=<one of SHAPES>`; nothing of it is kept.

    Without a key it is the form of a new record.

    Answers with JSON: `findings` (HTML: mistakes, else what the checks say); without mistakes
    also `pages` (titles), `number`, and `page` (HTML), or `no_page` (why there is none).
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    page = model_admin.page_with(str(key)) if key else None
    if key and page is None:
        raise Http404("There is no such record.")
    request.is_look = True
    with model_admin.tried(request, page, str(key) if key else None) as attempt:
        snapshot = attempt.typed.snapshot if attempt.typed else None
        too_long, wrong = "", [] if snapshot else list(mistakes_in(attempt.response.context_data))
        if snapshot and (length := _length_of(snapshot)) > LONGEST_LOOK:
            too_long, snapshot = TOO_LONG.format(length, LONGEST_LOOK), None
        problems = problems_of(_as_laid(snapshot)) if snapshot else []
    shown = _shown(request, snapshot, str(key)) if snapshot else {}
    context = {
        "wrong": wrong,
        "too_long": too_long,
        "problems": problems,
        "is_stale": attempt.is_stale,
        **shown,
    }
    return JsonResponse({"findings": render_to_string("admin/_findings.html", context), **shown})


def _length_of(snapshot: Snapshot) -> int:
    values = (value for row in snapshot for value in row["fields"].values())
    return sum(len(value) for value in values if isinstance(value, str))


def _as_laid(snapshot: Snapshot) -> Publishable:
    """Its record, read anew: a copy from before would tell of the text from before."""
    return apps.get_model(snapshot[0]["model"])._base_manager.get(pk=snapshot[0]["pk"])


def mistakes_in(context) -> Iterator[Wrong]:
    """What is wrong in the form of a change form's context, and in those of its parts."""
    form = context["adminform"].form
    yield from _mistakes(form)
    for inline in context["inline_admin_formsets"]:
        kind = capfirst(inline.opts.verbose_name)
        for message in inline.formset.non_form_errors():
            yield Wrong(capfirst(inline.opts.verbose_name_plural), "", message)
        for number, part in enumerate(inline.formset.forms, start=1):
            yield from _mistakes(part, f"{kind} {number}: ")


def _mistakes(form, prefix="") -> Iterator[Wrong]:
    for name, messages in form.errors.items():
        field = form[name] if name in form.fields else None
        where, id = (field.label, field.auto_id) if field else ("", "")
        for message in messages:
            yield Wrong(prefix + where, id, message)


def _shown(request, snapshot: Snapshot, key: str) -> dict:
    """The page asked for, or that of the part whose form it is, or else the record's own."""
    titles = [title for title, _ in pages_in(snapshot)]
    number = number_in(request, "number") if "number" in request.GET else _number_of(key, snapshot)
    told = {"pages": titles, "number": number if number < len(titles) else 0}
    if not titles:
        return told | {"no_page": NO_PAGE}
    shape = request.GET.get("shape", "page")
    mark = DraftMark(NOT_SAVED, shape if shape in SHAPES else "page", is_still=True)
    answer = as_reader(request, snapshot, told["number"], mark)
    text = answer.content.decode()
    return told | ({"page": text} if answer.status_code == 200 else {"no_page": text})


def _number_of(key: str, snapshot: Snapshot) -> int:
    """Which of the pages in `snapshot` is that of the row with this key; 0 where it has none."""
    keys = (r["pk"] for r in snapshot if hasattr(apps.get_model(r["model"]), "get_absolute_url"))
    return next((number for number, other in enumerate(keys) if str(other) == key), 0)
