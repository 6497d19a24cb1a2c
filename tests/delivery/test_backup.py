"""`manage.py backup FILE`, and the restore that docs/operations.md tells."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories import make_compound
from tests.server_process import run_manage

on_postgresql = pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="needs PostgreSQL")
on_sqlite = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="SQLite is not in use")


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data of this test"
    settings.DATA_DIR.mkdir()
    return settings.DATA_DIR


@pytest.fixture
def compound(restored_database, transactional_db):
    return make_compound(slug="ketamine", name="Ketamine, kept")


def read(path, query):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


@on_sqlite
def test_it_copies_what_is_saved_and_says_what_else_to_keep(compound, data, tmp_path, capsys):
    (data / "secret_key").write_text("key")
    call_command("backup", tmp_path / "copy.sqlite3")
    assert read(tmp_path / "copy.sqlite3", "SELECT name FROM content_compound") == [
        ("Ketamine, kept",)
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.sqlite3", "data of this test"]
    assert (data / "last_backup").exists()
    said = capsys.readouterr().out
    assert str(tmp_path / "copy.sqlite3") in said
    assert str(data / "secret_key") in said


@on_sqlite
def test_an_existing_file_is_not_overwritten(compound, data, tmp_path):
    (tmp_path / "copy").write_text("older")
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "older"
    assert not (data / "last_backup").exists()


@on_sqlite
def test_a_folder_that_is_missing_is_named(compound, tmp_path):
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("backup", tmp_path / "none" / "copy")


@on_sqlite
def test_a_folder_keeps_the_newest_copies_and_everything_else(compound, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "notes.sqlite3").touch()
    for _ in range(4):
        call_command("backup", folder)
    names = sorted(path.name for path in folder.glob("understory-*"))
    call_command("backup", folder, keep=2)
    left = sorted(path.name for path in folder.glob("understory-*"))
    assert len(left) == 2
    assert left[0] == names[-1]
    assert (folder / "notes.sqlite3").exists()


@pytest.mark.parametrize("keep", ["0", "-1"])
def test_it_never_keeps_none(tmp_path, keep):
    with pytest.raises(CommandError, match="from 1"):
        call_command("backup", tmp_path, f"--keep={keep}")


@on_sqlite
def test_a_backup_of_a_running_site_has_what_a_copy_of_its_file_lacks_and_is_restored(
    started_before, tmp_path
):
    database, copy = started_before / "db.sqlite3", tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(database)) as site:  # open, so its log is not written back
        site.execute("PRAGMA journal_mode=WAL")
        site.execute("UPDATE content_compound SET name = 'Saved last' WHERE slug = 'ketamine'")
        site.commit()
        shutil.copy(database, tmp_path / "plain")
        made = run_manage("backup", str(copy), data=started_before)
    assert made.code == 0, made.said
    names = "SELECT name FROM content_compound WHERE slug = 'ketamine'"
    assert read(tmp_path / "plain", names) != [("Saved last",)]

    started_before.rename(tmp_path / "old")
    started_before.mkdir(mode=0o700)
    shutil.copy(copy, database)
    shutil.copy(tmp_path / "old" / "secret_key", started_before)
    script = """
import json
from psychoplastogens.content.models import Compound
from psychoplastogens.delivery.management.commands.ready import has_unapplied_migrations
print(json.dumps([Compound.objects.get(slug="ketamine").name, has_unapplied_migrations()]))
"""
    asked = run_manage("shell", "-c", script, data=started_before)
    assert asked.said.splitlines()[-1] == '["Saved last", false]'


@on_sqlite
def test_a_missing_database_is_not_made_up(started_before, tmp_path):
    (started_before / "db.sqlite3").unlink()
    made = run_manage("backup", str(tmp_path / "copy"), data=started_before)
    assert made.code == 1
    assert "No backup was made" in made.said
    assert not (tmp_path / "copy").exists()
    assert not (started_before / "db.sqlite3").exists()


@on_postgresql
def test_postgresql_is_dumped_and_restored_into_another_database(compound, tmp_path):
    copy, name = tmp_path / "copy.pgdump", "understory_restored"
    call_command("backup", copy)
    database = connection.settings_dict
    where = [f"--host={database['HOST']}", f"--port={database['PORT']}"]
    where += [f"--username={database['USER']}"]
    subprocess.run(["createdb", *where, name], check=True)
    try:
        restore = ["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={name}"]
        subprocess.run([*restore, *where, str(copy)], check=True)
        query = ["psql", *where, "-Atc", "SELECT name FROM content_compound", name]
        found = subprocess.run(query, check=True, capture_output=True, text=True)
    finally:
        subprocess.run(["dropdb", *where, name], check=True)
    assert found.stdout == "Ketamine, kept\n"


@on_postgresql
def test_a_dump_that_fails_says_why_and_leaves_nothing(compound, data, tmp_path, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")
    with pytest.raises(CommandError, match="pg_dump failed.*no_such_database"):
        call_command("backup", tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert not (data / "last_backup").exists()
