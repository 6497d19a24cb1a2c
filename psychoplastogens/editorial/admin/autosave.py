"""Forms that the browser saves until the server has them. See static/editorial/editing.js."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.crypto import get_random_string

from psychoplastogens.accounts.listed_errors import ListedErrorsAdmin
from psychoplastogens.editorial.admin.form_parts import list_form_parts

# The token of a form: the name of its field, and of the saved tokens in the session.
FORM_TOKEN, SAVED_FORM_TOKENS = "opening", "saved_form_tokens"
MAX_SAVED_FORM_TOKENS = 30


class AutosaveAdmin(ListedErrorsAdmin):
    """A model admin that offers to restore what was typed but never saved.

    Subclasses call `mark_as_saved` after a save.
    """

    change_form_template = "admin/autosave_form.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = {**(extra_context or {}), **self.get_autosave_context(request)}
        return super().changeform_view(request, object_id, form_url, context)

    def render_change_form(self, request, context, *args, **kwargs):
        """Add the list of the parts of the form; without the list of all models beside it."""
        parts = list_form_parts(context["adminform"], context["inline_admin_formsets"])
        context = {**context, "form_parts": list(parts), "is_nav_sidebar_enabled": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_autosave_context(self, request):
        """Return the token of this form, the tokens of saved forms, and the maximum upload size.

        A form that is shown again with errors keeps its token.
        """
        name = request.POST.get(FORM_TOKEN, "")
        if not re.fullmatch("[0-9A-Za-z]{22}", name):
            name = get_random_string(22)
        return {
            FORM_TOKEN: name,
            SAVED_FORM_TOKENS: request.session.get(SAVED_FORM_TOKENS, []),
            "max_upload_bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        }

    def mark_as_saved(self, request):
        """Tell the browser that it can drop its copy of the form."""
        names = [
            *request.session.get(SAVED_FORM_TOKENS, []),
            self.get_autosave_context(request)[FORM_TOKEN],
        ]
        request.session[SAVED_FORM_TOKENS] = names[-MAX_SAVED_FORM_TOKENS:]
