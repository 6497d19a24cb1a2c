"""Loading the starter content: all of it or none, and never over staff's work."""

from io import StringIO

import pytest
import yaml
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from psychoplastogens.content.models import Explainer, Faq, GlossaryTerm, Section
from psychoplastogens.editorial import content_loader
from psychoplastogens.editorial.models import ContentVersion, LoadedRecord
from psychoplastogens.evidence.models import Claim, Finding, Source
from tests.editorial.fixture_files import (
    CLAIM,
    EXPLAINER,
    FAQ,
    SOURCE,
    VALID_FIXTURES,
    write_fixtures,
)
from tests.factories import make_faq, make_reviewer, make_user
from tests.workflow_helpers import save_draft

pytestmark = pytest.mark.django_db
RECORDS = len(VALID_FIXTURES)
TWINS = [{"slug": "a", "title": title, "plain": "Rest."} for title in ("One", "Two")]


@pytest.fixture
def folder(tmp_path):
    return write_fixtures(tmp_path)


@pytest.fixture
def loaded(folder):
    """A folder that has been loaded once."""
    content_loader.load_content(folder)
    return folder


def error_of(folder):
    """What the loader says, after which nothing may be there."""
    with pytest.raises(content_loader.InvalidFixture) as caught:
        content_loader.load_content(folder)
    for model in (Source, GlossaryTerm, Faq, Explainer, LoadedRecord, ContentVersion):
        assert not model.objects.exists()
    return str(caught.value)


def test_everything_is_loaded_and_published(loaded):
    for model in (Source, Finding, Claim, GlossaryTerm, Faq, Explainer):
        assert model.objects.published().count() == 1
    assert list(Section.objects.values_list("slug", flat=True)) == ["before", "after"]
    assert not Faq.objects.get().reviewed_by


def test_nobody_can_sign_in_as_the_publisher(loaded, client):
    user = get_user_model().objects.get()
    assert not user.is_active
    assert not user.has_usable_password()
    assert not user.is_staff


def test_loading_twice_changes_nothing(loaded):
    def everything():
        records = [Faq, Explainer, Source, LoadedRecord]
        return [list(model.objects.values()) for model in (*records, Section)]

    before = everything()
    report = content_loader.load_content(loaded)
    assert (report.new, report.changed, report.same) == (0, 0, RECORDS)
    assert everything() == before


def test_each_record_ticks(folder):
    ticks = []
    content_loader.load_content(folder, on_progress=lambda done, total: ticks.append((done, total)))
    assert ticks == [(done, RECORDS) for done in range(1, RECORDS + 1)]


BROKEN = {
    "bad YAML": ("- slug: 'a", "not sound YAML"),
    "a tab": ("- slug: a\n\tkind: web", "not sound YAML"),
    "a date that does not exist": (
        "- slug: a\n  written_on: 2026-02-30",
        "written_on: “2026-02-30”",
    ),
    "a Python object": ("- !!python/object/apply:os.getcwd []", "Line 1: tag:yaml.org,2002:python"),
    "bytes that are not UTF-8": (b"- slug: caf\xe9", "can't decode byte 0xe9"),
    "lists in lists": ("- slug: a\n  title: " + "[" * 50_000, "Line 2: lists are more than 20"),
    "a NUL": (b"- slug: \x00", "not sound YAML"),
    "a mapping": ("slug: a", "must hold a list"),
    "a text": ("slug", "must hold a list"),
    "nothing": ("", "must hold a list"),
    "a list of texts": ("- a\n- b", "Record 1 has no slug"),
    "no slug": ("- slug: a\n- title: b", "Record 2, line 2: the field slug is missing"),
}


@pytest.mark.parametrize(("content", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_and_nothing_is_loaded(folder, content, said):
    content = content if isinstance(content, bytes) else content.encode()
    (folder / "explainers" / "guide.yaml").write_bytes(content)
    error = error_of(folder)
    assert "explainers/guide.yaml" in error
    assert said in error


@pytest.mark.parametrize(
    ("kind", "record", "field", "said"),
    [
        ("faqs", FAQ | {"color": "red"}, "color", "there is no such field"),
        ("faqs", FAQ | {"status": "published"}, "status", "there is no such field"),
        ("faqs", FAQ | {"answer": "Yes.\n\nNo.[^nobody]"}, "answer", "Line 3: there is no source"),
        ("faqs", FAQ | {"answer": "[[nothing]]"}, "answer", "Line 1: there is no term “nothing”"),
        ("faqs", FAQ | {"answer": "{{finding:no}}"}, "answer", "there is no finding “no”"),
        ("faqs", FAQ | {"topic": "nowhere"}, "topic", "there is no topic “nowhere”"),
        ("claims", CLAIM | {"sources": ["li-2010", "x"]}, "sources", "there is no source “x”"),
        ("sources", SOURCE | {"year": "last"}, "year", "must be an integer"),
        ("explainers", EXPLAINER | {"sections": [{"slug": "a"}]}, "sections[a].title", "blank"),
        ("explainers", EXPLAINER | {"sections": TWINS}, "sections[a].__all__", "share an address"),
    ],
)
def test_a_broken_record_is_named_with_its_field(tmp_path, kind, record, field, said):
    error = error_of(write_fixtures(tmp_path, **{kind: [record]}))
    assert error.startswith(kind)
    assert f"record {record['slug']}:" in error
    assert f"{field}: " in error
    assert said in error


def test_an_empty_required_text_is_named(tmp_path):
    assert "question: " in error_of(write_fixtures(tmp_path, faqs=[FAQ | {"question": None}]))


@pytest.mark.parametrize("name", ["faqs/safety.yaml", "faqs/zz.yaml", "faqs.yaml"])
def test_an_address_that_is_used_twice_is_named(folder, name):
    path = folder / name
    records = yaml.safe_load(path.read_text()) if path.exists() else []
    path.write_text(yaml.safe_dump([*records, FAQ | {"question": "Again?"}]))
    error = error_of(folder)
    assert "faqs/safety.yaml" in error
    assert "driving" in error


def test_the_same_address_in_two_kinds_is_no_mistake(tmp_path):
    write_fixtures(tmp_path, faqs=[FAQ | {"slug": "guide"}])
    assert content_loader.load_content(tmp_path).new == RECORDS


def test_a_failed_second_load_leaves_the_first_as_it_was(loaded):
    write_fixtures(loaded, glossary=[], faqs=[FAQ | {"question": "New?", "topic": "nowhere"}])
    with pytest.raises(content_loader.InvalidFixture):
        content_loader.load_content(loaded)
    assert Faq.objects.get().question == "May I drive?"


def test_a_changed_fixture_changes_an_untouched_record_with_its_parts(loaded):
    kept = Section.objects.get(slug="after").pk
    sections = [{"slug": "after", "title": "Later", "plain": "Sleep."}]
    sections += [{"slug": "next", "title": "Next", "plain": "Eat."}]
    write_fixtures(loaded, explainers=[EXPLAINER | {"title": "A guide", "sections": sections}])
    report = content_loader.load_content(loaded)
    assert (report.new, report.changed, report.same) == (0, 1, RECORDS - 1)
    assert Explainer.objects.get().title == "A guide"
    assert list(Section.objects.values_list("title", flat=True)) == ["Later", "Next"]
    assert Section.objects.get(slug="after").pk == kept


def test_a_record_that_staff_edited_is_left_alone_and_listed(loaded):
    faq = Faq.objects.get()
    faq.question = "May I drive a car?"
    faq.save()
    write_fixtures(loaded, faqs=[FAQ | {"question": "Is driving safe?"}])
    report = content_loader.load_content(loaded)
    assert report.skipped_edited == ["faqs/driving"]
    assert Faq.objects.get().question == "May I drive a car?"


def test_a_part_that_staff_edited_is_left_alone_too(loaded):
    section = Section.objects.get(slug="before")
    section.plain = "Eat nothing."
    section.save()
    write_fixtures(loaded, explainers=[EXPLAINER | {"title": "A guide"}])
    assert content_loader.load_content(loaded).skipped_edited == ["explainers/guide"]
    assert Section.objects.get(slug="before").plain == "Eat nothing."


def test_after_a_change_of_fields_only_revisions_tell_what_staff_edited(loaded):
    LoadedRecord.objects.update(record_digest="")
    save_draft(Explainer.objects.get(), title="Ours")
    write_fixtures(
        loaded,
        faqs=[FAQ | {"question": "Is driving safe?"}],
        explainers=[EXPLAINER | {"title": "A guide"}],
    )
    report = content_loader.load_content(loaded)
    assert report.skipped_edited == ["explainers/guide"]
    assert Faq.objects.get().question == "Is driving safe?"


def test_what_a_clinician_approved_is_not_changed_by_a_file(loaded):
    faq = Faq.objects.get()
    faq.reviewed_at, faq.reviewed_by = "2026-11-01", make_reviewer()
    faq.reviewer_name = "Ada Moss"
    faq.save()
    write_fixtures(loaded, faqs=[FAQ | {"answer": "Yes!"}])
    assert content_loader.load_content(loaded).skipped_edited == ["faqs/driving"]
    assert "No." in Faq.objects.get().answer


def test_a_deleted_record_stays_deleted_and_is_listed(loaded):
    Faq.objects.get().delete()
    assert content_loader.load_content(loaded).new == 0
    write_fixtures(loaded, faqs=[FAQ | {"question": "Is driving safe?"}])
    assert content_loader.load_content(loaded).skipped_edited == ["faqs/driving"]
    assert not Faq.objects.exists()


def test_a_renamed_record_does_not_come_back_under_its_old_address(loaded):
    faq = Faq.objects.get()
    faq.slug = "driving-home"
    faq.save()
    write_fixtures(loaded, faqs=[FAQ | {"question": "Is driving safe?"}])
    assert content_loader.load_content(loaded).skipped_edited == ["faqs/driving"]
    assert Faq.objects.get().slug == "driving-home"


def test_a_withdrawn_record_stays_withdrawn(loaded):
    Faq.objects.get().withdraw(by=make_user(), reason="Wrong.")
    write_fixtures(loaded, faqs=[FAQ | {"question": "Is driving safe?"}])
    content_loader.load_content(loaded)
    assert not Faq.objects.published().exists()


def test_a_record_that_staff_wrote_first_is_left_alone(folder):
    make_faq(slug="driving", question="Ours?")
    assert content_loader.load_content(folder).skipped_edited == ["faqs/driving"]
    assert Faq.objects.get(slug="driving").question == "Ours?"


def test_the_digest_sees_every_file_that_changes_comes_or_goes(folder):
    digests = [content_loader.compute_fixtures_digest(folder)]
    (folder / "faqs" / "more.yaml").write_text("[]")
    digests.append(content_loader.compute_fixtures_digest(folder))
    (folder / "faqs" / "more.yaml").rename(folder / "faqs" / "other.yaml")
    digests.append(content_loader.compute_fixtures_digest(folder))
    (folder / "faqs" / "other.yaml").unlink()
    assert len({*digests}) == 3
    assert content_loader.compute_fixtures_digest(folder) == digests[0]


def run(folder, settings):
    settings.FIXTURES = folder
    out = StringIO()
    call_command("load_content", stdout=out)
    return out.getvalue()


def test_the_command_reads_nothing_where_the_digest_is_known(
    folder, settings, django_assert_num_queries
):
    assert f"{RECORDS} new, 0 changed, 0 as before." in run(folder, settings)
    with django_assert_num_queries(1):
        assert run(folder, settings) == "Content is up to date.\n"


def test_the_command_lists_what_it_left_alone(loaded, settings):
    Faq.objects.all().delete()
    write_fixtures(loaded, faqs=[FAQ | {"question": "Is driving safe?"}])
    assert "staff edited or removed them since:\n  faqs/driving" in run(loaded, settings)


def test_the_command_says_what_is_broken(folder, settings):
    (folder / "sources.yaml").write_text("{")
    with pytest.raises(
        CommandError, match="not loaded: fixtures/sources.yaml: This is not sound YAML"
    ):
        run(folder, settings)
