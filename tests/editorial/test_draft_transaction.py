"""A draft is applied to private tables: nobody waits while it is looked at, and nothing remains."""

import sqlite3

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from psychoplastogens.clinics.models import PackItem
from psychoplastogens.content.models import Faq, Section
from psychoplastogens.editorial.drafts.draft_transaction import (
    draft_applied,
    get_draft_tables,
    private_tables,
)
from psychoplastogens.editorial.drafts.snapshots import SnapshotConflict, take_snapshot
from psychoplastogens.editorial.models import ContentVersion, OldAddress
from tests.admin_forms import address_of, typed
from tests.factories import make_explainer, make_faq, make_pack, make_walkthrough
from tests.workflow_helpers import save_draft

LOOKS = ("change", "preview", "previewed", "review", "confirm", "history", "uses")
WRITES = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}


class PermanentWrites:
    """The tables of SQLite that the code in a `with` block writes to, without temporary ones."""

    def __enter__(self):
        self.tables = set()
        connection.ensure_connection()
        connection.connection.set_authorizer(self._note)
        return self.tables

    def __exit__(self, *error):
        connection.connection.set_authorizer(None)

    def _note(self, action, table, column, database, trigger):
        if action in WRITES and database == "main":
            self.tables.add(table)
        return sqlite3.SQLITE_OK


def look(client, record, page, **changes):
    if page != "typed":
        return client.get(address_of(record, page))
    return client.post(address_of(record, page), typed(client.get(address_of(record)), **changes))


@pytest.fixture
def on_sqlite():
    if connection.vendor != "sqlite":
        pytest.skip("SQLite tells which database a statement writes to.")


@pytest.fixture(params=["no draft", "a draft"])
def explainer(request, db):
    explainer = make_explainer({"slug": "one"}, {}, summary="S.", key_points="K.", slug="guide")
    if request.param == "a draft":
        save_draft(explainer, title="Drafted", slug="manual")
    return explainer


@pytest.mark.parametrize("page", [*LOOKS, "typed"])
def test_a_look_at_a_page_writes_to_no_permanent_table(admin_client, explainer, page, on_sqlite):
    look(admin_client, explainer, page)
    with PermanentWrites() as written:
        assert look(admin_client, explainer, page).status_code in (200, 302)
    assert not written


def test_a_look_at_a_form_with_deleted_parts_writes_to_no_permanent_table(
    admin_client, explainer, on_sqlite
):
    make_pack(explainer.sections.get(slug="one"))
    marks = {"sections-0-DELETE": "on", "slug": "handbook"}
    with PermanentWrites() as written:
        shown = look(admin_client, explainer, "typed", **marks).json()
    assert len(shown["pages"]) == 2
    assert not written
    assert PackItem.objects.count() == 1
    assert not OldAddress.objects.exists()


def test_an_export_of_drafts_writes_to_no_permanent_table(admin_client, explainer, on_sqlite):
    with PermanentWrites() as written:
        page = admin_client.get("/admin/content/explainer/export/yaml/")
    assert page.status_code == 200
    assert not written


def list_queries_of_a_look(client, page):
    explainer = make_explainer({"slug": "one"}, summary="S.", key_points="K.")
    save_draft(explainer, title="Drafted")
    look(client, explainer, page)
    sent = typed(client.get(address_of(explainer))) if page == "typed" else None
    with CaptureQueriesContext(connection) as queries:
        address = address_of(explainer, page)
        client.post(address, sent) if sent else client.get(address)
    return explainer, [query["sql"] for query in queries]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", [*LOOKS, "typed"])
def test_a_look_does_not_take_the_write_lock_of_sqlite(
    on_sqlite, restored_database, admin_client, page
):
    _, asked = list_queries_of_a_look(admin_client, page)
    assert not [sql for sql in asked if sql.startswith("BEGIN IMMEDIATE")]


@pytest.mark.django_db
@pytest.mark.parametrize("page", [*LOOKS, "typed"])
def test_a_look_locks_no_row_and_writes_to_private_tables(admin_client, page):
    explainer, asked = list_queries_of_a_look(admin_client, page)
    assert not [sql for sql in asked if "FOR UPDATE" in sql]
    written = {sql.split('"')[1] for sql in asked if sql.startswith(("INSERT", "UPDATE", "DELETE"))}
    assert written <= set(get_draft_tables(type(explainer)))
    assert all(f'CREATE TEMPORARY TABLE "{table}"' in "".join(asked) for table in written)


@pytest.mark.django_db
def test_what_is_written_inside_the_block_is_gone_after_it():
    walkthrough = make_walkthrough({"check": {}, "slug": "one"})
    number = ContentVersion.objects.get_current()
    with private_tables(type(walkthrough)):
        walkthrough.steps.all().delete()
        walkthrough.slug = "other"
        walkthrough.save()
        assert OldAddress.objects.exists()
        assert ContentVersion.objects.get_current() > 2**61
    assert walkthrough.steps.get().checks.exists()
    assert not OldAddress.objects.exists()
    assert ContentVersion.objects.get_current() == number


@pytest.mark.django_db
def test_a_failure_inside_the_block_leaves_no_private_table():
    explainer = make_explainer({"title": "Before"})
    with pytest.raises(RuntimeError), draft_applied(take_snapshot(explainer)):
        Section.objects.update(title="Meanwhile")
        raise RuntimeError
    assert Section.objects.get().title == "Before"
    with draft_applied(take_snapshot(explainer)):  # It makes its tables anew.
        assert Section.objects.get().title == "Before"


@pytest.mark.django_db
def test_a_draft_whose_address_was_taken_cannot_be_applied():
    faq = make_faq(slug="mine")
    draft = save_draft(faq, slug="free")
    make_faq(slug="free")
    with (
        pytest.raises(SnapshotConflict, match="has its address now"),
        draft_applied(draft.snapshot),
    ):
        pass
    assert Faq.objects.get(pk=faq.pk).slug == "mine"


@pytest.mark.django_db
def test_the_form_of_a_draft_whose_address_was_taken_leads_to_the_history(admin_client):
    faq = make_faq(slug="mine")
    save_draft(faq, slug="free")
    make_faq(slug="free")
    page = admin_client.get(address_of(faq))
    assert page["Location"] == address_of(faq, "history")


@pytest.mark.parametrize("parts", [1, 30])
@pytest.mark.django_db
def test_more_parts_cost_no_more_queries(parts, django_assert_num_queries):
    explainer = make_explainer(*({"slug": f"part-{n}"} for n in range(parts)))
    snapshot = take_snapshot(explainer)
    for row in snapshot:
        row["fields"]["title"] = "Changed"
    with django_assert_num_queries(18), draft_applied(snapshot):
        pass
