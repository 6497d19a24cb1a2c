"""The parts of a record in its form: moved, taken out and put back, until it is saved."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Explainer
from tests.admin_forms import address_of, typed
from tests.factories import make_explainer
from tests.workflow_helpers import get_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
NEW = {
    "sections-TOTAL_FORMS": "3",
    "sections-2-title": "New part",
    "sections-2-slug": "new-part",
    "sections-2-order": "3",
    "sections-2-plain": "See[^none].",
}


@pytest.fixture
def guide():
    """A guide with two sections."""
    return make_explainer({"title": "One"}, {"title": "Two"}, summary="S.", key_points="K.")


def save(client, guide, **changes):
    form = typed(client.get(address_of(guide)), **changes)
    return client.post(address_of(guide), form, follow=True)


def drafted_titles(guide):
    rows = [row["fields"] for row in get_draft(guide).snapshot[1:]]
    return [row["title"] for row in sorted(rows, key=lambda row: row["order"])]


def test_a_new_part_that_was_taken_out_is_not_saved_and_its_mistakes_are_not_told(
    admin_client, guide
):
    page = save(admin_client, guide, title="T", **NEW, **{"sections-2-DELETE": "on"})
    assert drafted_titles(guide) == ["One", "Two"]
    assertNotContains(page, "something has to be put right")
    page = save(admin_client, guide, title="T", **NEW)
    assert drafted_titles(guide) == ["One", "Two", "New part"]
    assertContains(page, "something has to be put right")


def test_the_preview_tells_no_mistake_of_a_part_that_was_taken_out(admin_client, guide):
    form = typed(admin_client.get(address_of(guide)), **NEW)
    address = address_of(guide, "typed")
    assert "no source “none”" in admin_client.post(address, form).json()["findings"]
    told = admin_client.post(address, {**form, "sections-2-DELETE": "on"}).json()
    assert "no source “none”" not in told["findings"]


def test_a_part_that_was_taken_out_is_so_after_a_save_that_failed(admin_client, guide):
    page = save(admin_client, guide, title="", **NEW, **{"sections-2-DELETE": "on"})
    assertContains(page, '<input type="hidden" name="sections-2-DELETE" value="on">', html=True)
    page = save(admin_client, guide, title="", **NEW)
    assertContains(page, '<input type="hidden" name="sections-2-DELETE" value="">', html=True)


def test_parts_that_were_moved_stand_so_in_the_draft_and_not_with_readers(admin_client, guide):
    page = save(admin_client, guide, **{"sections-0-order": "2", "sections-1-order": "1"})
    assert drafted_titles(guide) == ["Two", "One"]
    [sections] = [part for part in page.context["form_parts"] if part.label == "Sections"]
    assert [part.label for part in sections.below] == ["Two", "One"]
    live = Explainer.objects.get().sections.order_by("order")
    assert [section.title for section in live] == ["One", "Two"]
