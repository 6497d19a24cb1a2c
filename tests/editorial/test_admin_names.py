"""What the lists of the admin are called, and their columns and filters."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.urls import reverse

from psychoplastogens.editorial.models import SLUG_RULE
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import make_clinic, make_faq, make_pack
from tests.workflow_helpers import save_draft

ADMINS = [one for one in admin.site._registry.values() if "psychoplastogens" in one.__module__]
SHOWN = dict.fromkeys(
    model
    for one in ADMINS
    for model in (one.model, *(inline.model for inline in getattr(one, "inlines", ())))
)
NOT_FOR_STAFF = {"verb", "by", "at", "content type", "object id", "created at"}
"""Names of fields that tell an editor nothing."""


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model.__name__)
def test_names_of_records_are_english(model):
    assert not re.search(r"[^aeiou]ys\b|(ss|x|ch|sh)s\b|_", str(model._meta.verbose_name_plural))


@pytest.mark.django_db
@pytest.mark.parametrize("model_admin", ADMINS, ids=lambda one: one.model.__name__)
def test_columns_and_filters_have_names_that_staff_understand(model_admin, rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    model = model_admin.model
    columns = model_admin.get_list_display(request)
    names = [str(label_for_field(name, model, model_admin)) for name in columns]
    filters = model_admin.get_changelist_instance(request).filter_specs
    names += [str(spec.title) for spec in filters]
    for name in names:
        assert name.lower() not in NOT_FOR_STAFF
        assert "  " not in name
        assert "_" not in name


@pytest.mark.django_db
def test_the_history_of_everything_is_filtered_by_what_was_done_and_by_person(admin_client):
    save_draft(make_faq())
    page = admin_client.get(reverse("admin:editorial_historyentry_changelist"))
    titles = [spec.title for spec in page.context["cl"].filter_specs]
    assert titles[0] == "what was done"
    assert "By by" not in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["Two words", "a_b", "Capital", "ä", "a/b"])
@pytest.mark.parametrize("make", [make_faq, make_pack, make_clinic])
def test_an_address_that_is_none_is_refused_in_plain_words_once(admin_client, make, slug):
    record = make()
    sent = typed(admin_client.get(address_of(record)), slug=slug)
    page = admin_client.post(address_of(record), sent)
    assert errors_of(page) == {"slug": [SLUG_RULE]}
