"""Nothing that staff type is cut without a word: what is too long is refused, with its length."""

import pytest
from django.contrib import admin
from django.test import RequestFactory
from pytest_django.asserts import assertContains

from psychoplastogens.accounts.read_only import ReadOnlyAdmin
from psychoplastogens.content.models import Compound
from psychoplastogens.editorial.models import Revision
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import make_compound, make_faq
from tests.workflow_helpers import send_for_review

pytestmark = pytest.mark.django_db
MEANT = "Not sold in the US."
DJANGOS_OWN = {"user", "group"}


def get_own_admins():
    every = admin.site._registry.items()
    own = [one for model, one in every if model._meta.model_name not in DJANGOS_OWN]
    return [one for one in own if not isinstance(one, ReadOnlyAdmin)]


def iter_forms(model_admin, request):
    yield model_admin.get_form(request)()
    for formset, _ in model_admin.get_formsets_with_inlines(request):
        yield formset(queryset=formset.model._base_manager.none()).empty_form


@pytest.mark.parametrize("model_admin", get_own_admins(), ids=str)
def test_no_form_of_the_admin_lets_a_browser_cut_a_text(model_admin, admin_user):
    request = RequestFactory().get("/")
    request.user = admin_user
    cut = [
        name
        for form in iter_forms(model_admin, request)
        for name, field in form.fields.items()
        if "maxlength" in field.widget.attrs
    ]
    assert cut == []


def test_a_note_that_is_too_long_is_refused_with_its_length_and_stays(admin_client):
    compound = make_compound()
    long = f"{'Long. ' * 18}{MEANT}"
    page = admin_client.get(address_of(compound))
    assertContains(page, 'data-longest="110"')
    sent = typed(page, standing_note=long)
    page = admin_client.post(address_of(compound), sent)
    assert errors_of(page)["standing_note"] == [
        f"Ensure this value has at most 110 characters (it has {len(long)})."
    ]
    assertContains(page, MEANT)
    assert not Revision.objects.exists()
    assert Compound.objects.get().standing_note != long


def test_what_is_said_in_a_review_is_not_cut(admin_client):
    draft = send_for_review(make_faq())
    page = admin_client.get(address_of(draft.record, "review"))
    assert "maxlength" not in page.content.decode().split('id="content"')[1]
    sent = {"revision": draft.pk, "decision": "comment", "comment": "a" * 2001}
    page = admin_client.post(address_of(draft.record, "review"), sent)
    assertContains(page, "(it has 2001)")
    assertContains(page, "a" * 2001)
