"""The admin's pages for files: export what a list shows, try an import, and keep it as drafts."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from psychoplastogens.editorial import exchange

TYPES = {"yaml": "application/yaml; charset=utf-8", "csv": "text/csv; charset=utf-8"}


class ImportForm(forms.Form):
    """A file, or the text of one that was sent before: a file need not be chosen twice."""

    file = forms.FileField(required=False, label="File")
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    name = forms.CharField(required=False, widget=forms.HiddenInput)
    file_format = forms.ChoiceField(label="Format", required=False)
    note = forms.CharField(max_length=300, required=False, label="Why, for colleagues")

    def __init__(self, *args, model, **kwargs):
        super().__init__(*args, **kwargs)
        self.model = model
        names = {"yaml": "YAML, as in fixtures/", "csv": "CSV, from a spreadsheet"}
        self.fields["file_format"].choices = [
            ("", "As the name of the file says"),
            *((name, names[name]) for name in exchange.formats_of(model)),
        ]

    def clean(self):
        cleaned = super().clean()
        file = cleaned.get("file")
        if file:
            self.read(file)
        if not cleaned.get("text"):
            if "file" not in self.errors:
                self.add_error("file", "Choose a file.")
        elif not cleaned.get("file_format") and "file_format" not in self.errors:
            try:
                cleaned["file_format"] = exchange.format_of(cleaned["name"], self.model)
            except exchange.Unreadable as error:
                self.add_error("file_format", str(error))
        return cleaned

    def read(self, file):
        """Its text and its name instead of those of the file before."""
        self.cleaned_data |= {"text": "", "name": file.name}
        try:
            if file.size > exchange.LARGEST:
                raise exchange.Unreadable("The file is larger than 5 MB. Split it.")
            self.cleaned_data["text"] = exchange.text_of(file.read())
        except exchange.Unreadable as error:
            self.add_error("file", str(error))


def export_view(model_admin, request, file_format):
    """The records of a list, narrowed as the list is, as a file."""
    if file_format not in exchange.formats_of(model_admin.model):
        raise Http404("There is no such format for this kind of record.")
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    shown = model_admin.get_changelist_instance(request).get_queryset(request)
    with transaction.atomic():
        text = exchange.export(exchange.newest_texts(shown.order_by("slug")), file_format)
        transaction.set_rollback(True)
    response = HttpResponse(text, content_type=TYPES[file_format])
    name = f"{model_admin.opts.model_name}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def import_view(model_admin, request):
    """A file is tried first; only then, and only if all of it is sound, it is kept as drafts."""
    if not (model_admin.has_add_permission(request) and model_admin.has_change_permission(request)):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None, model=model_admin.model)
    rows, wrong = [], ""
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            read = exchange.rows_in(cleaned["text"], cleaned["file_format"], model_admin.model)
            rows = exchange.attempt(model_admin.model, read)
        except exchange.Unreadable as error:
            wrong = str(error)
        sound = rows and not any(row.problems for row in rows)
        was_tried = not cleaned["file"]  # A file that is chosen only now is tried first.
        if sound and was_tried and "_keep" in request.POST:
            return keep(model_admin, request, rows, cleaned["note"])
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Import {model_admin.opts.verbose_name_plural}",
        "opts": model_admin.opts,
        "form": form,
        "wrong": wrong,
        "rows": rows,
        "broken": sum(1 for row in rows if row.problems),
        "changed": sum(1 for row in rows if not row.problems and row.is_changed),
        "sent": getattr(form, "cleaned_data", {}),
    }
    return TemplateResponse(request, "admin/import.html", context)


def keep(model_admin, request, rows, note):
    number = exchange.keep(model_admin.model, rows, by=request.user, note=note)
    kept = "1 draft is kept." if number == 1 else f"{number} drafts are kept."
    said = f"{kept} Readers see a draft after approval and publication."
    model_admin.message_user(request, said, messages.SUCCESS)
    kind = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"
    return HttpResponseRedirect(reverse(f"admin:{kind}_changelist"))
