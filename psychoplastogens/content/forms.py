"""Form fields of the admin."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget


class ProseWidget(AdminTextareaWidget):
    """A text with tools above it, and lists to choose from: see static/editorial/prose.js."""

    class Media:
        css = {"all": ["editorial/prose.css"]}
        js = [
            forms.Script("editorial/prose.js", type="module"),
            forms.Script("editorial/prose_paste.js", type="module"),
        ]

    def __init__(self, attrs=None):
        super().__init__({"data-prose": True, "aria-autocomplete": "list", **(attrs or {})})


class WordsFormField(forms.CharField):
    """A list of names, typed one per line."""

    widget = AdminTextareaWidget(attrs={"rows": 3})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [word.strip() for word in super().to_python(value).splitlines() if word.strip()]

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data or "")
