"""A DOI as people paste it, and as it is kept: 10.1000/182."""

import re
from urllib.parse import unquote

from django import forms
from django.core.validators import RegexValidator

validate_doi = RegexValidator(
    r"^10\.\d{4,9}/\S+$", "A DOI begins with 10. and holds a slash: 10.1000/182"
)
BEFORE = re.compile(r"(doi:? ?)?((https?://)?((dx|www)\.)?doi\.org/)?", re.IGNORECASE)


def extract_doi(typed: str) -> str:
    """The DOI of an address at doi.org, or of “doi:10.1000/182”; anything else as it was typed."""
    typed = typed.strip()
    before, begins, rest = typed.partition("10.")
    if not begins or not BEFORE.fullmatch(before):
        return typed
    doi = begins + rest.rstrip(".,; ")
    return unquote(doi) if "/" in before else doi


class DoiField(forms.CharField):
    def to_python(self, value):
        return extract_doi(super().to_python(value))
