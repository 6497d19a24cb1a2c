"""Export of what a list shows, and import of files as drafts."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from psychoplastogens.editorial import import_export
from psychoplastogens.editorial.drafts.draft_transaction import private_tables

CONTENT_TYPES = {"yaml": "application/yaml; charset=utf-8", "csv": "text/csv; charset=utf-8"}


class ImportForm(forms.Form):
    """A file, or the text of one that was uploaded before, so that it is chosen only once."""

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
            *((name, names[name]) for name in import_export.get_formats(model)),
        ]

    def clean(self):
        cleaned = super().clean()
        file = cleaned.get("file")
        if file:
            self.read_file(file)
        if not cleaned.get("text"):
            if "file" not in self.errors:
                self.add_error("file", "Choose a file.")
        elif not cleaned.get("file_format") and "file_format" not in self.errors:
            try:
                cleaned["file_format"] = import_export.get_format_by_name(
                    cleaned["name"], self.model
                )
            except import_export.UnreadableFile as error:
                self.add_error("file_format", str(error))
        return cleaned

    def read_file(self, file):
        """Set the text and the name of the uploaded file."""
        self.cleaned_data |= {"text": "", "name": file.name}
        try:
            if file.size > import_export.MAX_FILE_BYTES:
                raise import_export.UnreadableFile("The file is larger than 5 MB. Split it.")
            self.cleaned_data["text"] = import_export.decode_file(file.read())
        except import_export.UnreadableFile as error:
            self.add_error("file", str(error))


def export_view(model_admin, request, file_format):
    """Return the records of a list, with its filters applied, as a file."""
    if file_format not in import_export.get_formats(model_admin.model):
        raise Http404("There is no such format for this kind of record.")
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    shown = model_admin.get_changelist_instance(request).get_queryset(request)
    with private_tables(model_admin.model):
        text = import_export.export_records(
            import_export.apply_newest_drafts(shown.order_by("slug")), file_format
        )
    response = HttpResponse(text, content_type=CONTENT_TYPES[file_format])
    name = f"{model_admin.opts.model_name}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def import_view(model_admin, request):
    """Show a dry run first, then save the rows as drafts if all of them are valid."""
    if not (model_admin.has_add_permission(request) and model_admin.has_change_permission(request)):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None, model=model_admin.model)
    rows, wrong = [], ""
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            read = import_export.parse_rows(
                cleaned["text"], cleaned["file_format"], model_admin.model
            )
            rows = import_export.dry_run_import(model_admin.model, read)
        except import_export.UnreadableFile as error:
            wrong = str(error)
        sound = rows and not any(row.problems for row in rows)
        was_tried = not cleaned["file"]  # A newly chosen file needs a dry run first.
        if sound and was_tried and "_keep" in request.POST:
            return save_import(model_admin, request, rows, cleaned["note"])
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


def save_import(model_admin, request, rows, note):
    number = import_export.save_as_drafts(model_admin.model, rows, by=request.user, note=note)
    kept = "1 draft is kept." if number == 1 else f"{number} drafts are kept."
    said = f"{kept} Readers see a draft after approval and publication."
    model_admin.message_user(request, said, messages.SUCCESS)
    kind = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"
    return HttpResponseRedirect(reverse(f"admin:{kind}_changelist"))
