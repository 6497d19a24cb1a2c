from django.contrib import admin

from psychoplastogens.content.admin_help import first_fieldset
from psychoplastogens.editorial.admin.publishable_admin import STATUS_FIELDSET, PublishableAdmin
from tests.testapp_page.models import FieldNote


@admin.register(FieldNote)
class FieldNoteAdmin(PublishableAdmin):
    search_fields = ("title",)
    fieldsets = (first_fieldset("title", "slug", "summary", "text"), STATUS_FIELDSET)
