"""System checks of the forms that save drafts."""

from __future__ import annotations

from django.contrib.admin.checks import ModelAdminChecks
from django.core.checks import Error

from psychoplastogens.editorial.admin.forms import DraftForm

BASED_ON = "based_on"
"""The field of a form that holds the key of the revision that it was opened on."""


class DraftingAdminChecks(ModelAdminChecks):
    def check(self, admin_obj, **kwargs):
        return [*super().check(admin_obj, **kwargs), *self.find_field_clashes(admin_obj)]

    def find_field_clashes(self, admin_obj):
        """Yield fields of the model that share a name with a field of DraftForm."""
        ours = {*DraftForm.declared_fields, BASED_ON}
        for field in admin_obj.model._meta.get_fields():
            if field.name in ours:
                yield Error(
                    f"“{field.name}” is a field of the record and of every form of a draft.",
                    hint="Rename one of them: readers would get what is for colleagues.",
                    obj=admin_obj.__class__,
                    id="editorial.E001",
                )
