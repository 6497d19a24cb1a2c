"""An address that once led to a record is never given to another one."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError
from pytest_django.asserts import assertContains

from psychoplastogens.content.models import Explainer, Faq
from psychoplastogens.editorial import content_loader
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import OldAddress
from psychoplastogens.editorial.workflow import transitions
from tests.admin_forms import address_of, errors_of, typed
from tests.editorial.fixture_files import FAQ, write_fixtures
from tests.factories import make_explainer, make_faq, make_topic, make_user
from tests.workflow_helpers import get_draft, publish_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
REFUSED = "“First?” had the address “renamed-one”, and links to it are in old emails"


@pytest.fixture
def first():
    """A question that was at first, then renamed-one, then renamed-two, each for readers."""
    faq = make_faq(question="First?", slug="first")
    for slug in ("renamed-one", "renamed-two"):
        save_draft(faq, slug=slug)
        publish_draft(faq)
    return Faq.objects.get()


def test_a_draft_cannot_have_it_and_is_told_whose_it_is(admin_client, first):
    other = make_faq(question="Other?", slug="other")
    form = admin_client.get(address_of(other))
    page = admin_client.post(address_of(other), typed(form, slug="renamed-one"))
    assert REFUSED in errors_of(page)["slug"][0]
    assert "Choose another address." in errors_of(page)["slug"][0]
    assert get_draft(other) is None
    assert page.context["adminform"].form["slug"].value() == "renamed-one"


def test_a_new_record_cannot_have_it(admin_client, first):
    form = admin_client.get("/admin/content/faq/add/")
    sent = typed(form, question="New?", slug="first", topic=first.topic.pk)
    page = admin_client.post("/admin/content/faq/add/", sent)
    assert "“First?” had the address “first”" in errors_of(page)["slug"][0]
    assert Faq.objects.count() == 1


def test_a_draft_from_before_is_not_published_with_it(first, client):
    other = make_faq(question="Other?", slug="other")
    save_draft(other, slug="renamed-one")
    with pytest.raises(WorkflowError, match=re.escape(REFUSED)):
        publish_draft(other)
    assert client.get("/questions/renamed-one/")["Location"] == "/questions/renamed-two/"
    assert Faq.objects.get(pk=other.pk).slug == "other"


def test_a_file_cannot_take_it(admin_client, first):
    topic = first.topic.slug
    text = f"- slug: renamed-one\n  question: Mine?\n  answer: Yes.\n  topic: {topic}\n"
    sent = {"file_format": "yaml", "text": text, "note": "", "_keep": "1"}
    page = admin_client.post("/admin/content/faq/import/", sent)
    assertContains(page, REFUSED)
    assert Faq.objects.count() == 1


def test_starter_content_cannot_take_it(first, tmp_path):
    folder = write_fixtures(tmp_path, faqs=[FAQ | {"slug": "renamed-one"}])
    with pytest.raises(content_loader.InvalidFixture, match=re.escape(REFUSED)):
        content_loader.load_content(folder)


def test_a_record_takes_back_an_address_of_its_own(first, client):
    save_draft(first, slug="first")
    publish_draft(first)
    assert client.get("/questions/first/").status_code == 200
    for old in ("renamed-one", "renamed-two"):
        assert client.get(f"/questions/{old}/")["Location"] == "/questions/first/"


def test_another_kind_and_another_language_may_have_it(first):
    make_topic(slug="renamed-one").clean()
    make_faq(slug="renamed-one", language="es").clean()


def test_a_section_cannot_take_over_the_address_of_another_one(client):
    guide = make_explainer(
        {"slug": "a", "title": "A"}, {"slug": "b"}, slug="guide", summary="Who.", key_points="So."
    )
    draft = save_draft(guide)
    draft.snapshot[1]["fields"]["slug"], draft.snapshot[2]["fields"]["slug"] = "c", "a"
    transitions.save_draft(guide, draft.snapshot, by=make_user("author"))
    with pytest.raises(WorkflowError, match="“A” had the address “a”"):
        publish_draft(guide)
    assert [s.slug for s in Explainer.objects.get().sections.all()] == ["a", "b"]


def test_the_database_keeps_an_address_for_one_record_alone(first):
    kind = ContentType.objects.get_for_model(Faq)
    other = {"content_type": kind, "scope": "en", "object_id": make_faq().pk}
    with pytest.raises(IntegrityError):
        OldAddress.objects.create(slug="renamed-one", **other)
