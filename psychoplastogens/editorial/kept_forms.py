"""Forms whose browser keeps what is typed until the site has it: see static/writing.js."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib import admin
from django.utils.crypto import get_random_string

# The name of one opening of a form: as a field of the form, and those saved, in the session.
OPENING, SAVED_OPENINGS = "opening", "saved_openings"
MOST_SAVED_OPENINGS = 30


class KeepsTyped(admin.ModelAdmin):
    """A form that is offered again what was typed into it and never saved.

    Who inherits it calls `note_saved` when a form was saved.
    """

    change_form_template = "admin/kept_form.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = {**(extra_context or {}), **self.opening_context(request)}
        return super().changeform_view(request, object_id, form_url, context)

    def opening_context(self, request):
        """The name of this opening of the form, by which a browser knows what it must keep.

        A form that comes back with errors keeps its name; the names of those saved are told, and
        how many bytes may be sent at once.
        """
        name = request.POST.get(OPENING, "")
        if not re.fullmatch("[0-9A-Za-z]{22}", name):
            name = get_random_string(22)
        return {
            OPENING: name,
            SAVED_OPENINGS: request.session.get(SAVED_OPENINGS, []),
            "most_sent": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        }

    def note_saved(self, request):
        """The site has what was typed: the browser need not keep it any longer."""
        names = [*request.session.get(SAVED_OPENINGS, []), self.opening_context(request)[OPENING]]
        request.session[SAVED_OPENINGS] = names[-MOST_SAVED_OPENINGS:]
