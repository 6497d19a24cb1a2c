"""Links of a form that lead to a next step. See static/editorial/editing.js."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

NEXT_STEP = "next_step"
"""The field that a form sends where such a link has saved it: the address of the step."""


def get_next_step(request: HttpRequest) -> str:
    """The page of the admin to which a saved form leads on, '' if it names none."""
    address = request.POST.get(NEXT_STEP, "")
    is_ours = address.startswith(reverse("admin:index"))
    return address if is_ours and url_has_allowed_host_and_scheme(address, None) else ""
