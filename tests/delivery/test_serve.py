"""`python3 manage.py serve`, at its front door: another process, a real port, its own data."""

import re
import shutil
import signal
import socket
import sqlite3
import time

import pytest

from tests import server_process
from tests.server_process import PROJECT_DIR

ICD_10_CM = "2.16.840.1.113883.6.90"


def rows(data):
    """Everything that the database holds, as SQL."""
    with sqlite3.connect(data / "db.sqlite3") as database:
        return list(database.iterdump())


def test_the_first_start_says_what_it_does(site):
    printed = site.printed()
    for step in ("Preparing the database", "Staff account", "static files", site.url):
        assert step in printed


def test_it_prints_an_account_for_each_role_whose_password_is_right(started_before):
    printed = server_process.get_log_path(started_before).read_text()
    accounts = re.findall(r"name (\S+), password (\S+) \(([^)]+)\)", printed)
    assert [(name, role) for name, _, role in accounts] == [
        ("admin", "Superuser"),
        ("author", "Author"),
        ("reviewer", "Reviewer"),
        ("publisher", "Publisher"),
        ("clinic-editor", "Clinic editor"),
        ("account-manager", "Account manager"),
    ]
    script = f"""
import json
from django.contrib.auth import get_user_model
from psychoplastogens.accounts import roles
for name, password, role in {accounts}:
    user = get_user_model().objects.get(username=name)
    assert user.check_password(password), name
    assert roles.get_role_names(user) == role, name
    assert user.is_staff, name
print(json.dumps("all are right"))
"""
    assert server_process.run_script(script, data=started_before) == "all are right"


def test_it_serves_with_debug_off(site):
    answer = site.get("/no-such-page/")
    assert answer.status == 404
    assert b"DEBUG" not in answer.read()


def test_static_files_are_compressed_and_kept_for_good(site):
    names = [path.name for path in (site.data / "static" / "django_htmx").iterdir()]
    hashed = next(name for name in names if re.fullmatch(r"htmx-\S+\.[0-9a-f]{12}\.js", name))
    answer = site.get(f"/static/django_htmx/{hashed}", **{"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_secret_key_is_for_its_owner_alone(site):
    assert (site.data / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_second_start_has_no_work_to_do_and_changes_nothing(started_before):
    before = rows(started_before)
    printed_before = server_process.get_log_path(started_before).read_text()
    with server_process.run_site(started_before) as site:
        printed = site.printed().removeprefix(printed_before)
        assert "password" not in printed
        assert "static files" not in printed
        assert "Preparing the database" not in printed
    assert rows(started_before) == before


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_term_end_it_cleanly(started_before, how):
    with server_process.run_site(started_before) as site:
        assert site.stop(how) == 0
        assert "Traceback" not in site.printed()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", site.port)) != 0


def test_ctrl_c_twice_ends_it_too(started_before):
    with server_process.run_site(started_before) as site:
        site.send(signal.SIGINT)
        site.stop(signal.SIGINT)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", site.port)) != 0


def test_another_host_is_answered_under_its_name(started_before):
    with server_process.run_site(started_before, host="127.0.0.2") as site:
        assert site.get("/healthz").status == 200
        assert site.get("/healthz", Host="elsewhere.example").status == 400


def test_a_taken_port_is_named_before_anything_is_made(site, tmp_path):
    ended = server_process.run_manage("serve", f"--port={site.port}", data=tmp_path / "none")
    assert ended.code == 1
    assert f"Port {site.port} is taken" in ended.said
    assert f"--port {site.port + 1}" in ended.said
    assert not (tmp_path / "none" / "db.sqlite3").exists()


def test_the_server_itself_is_not_started_twice_on_a_port(site):
    """The system would let it, and give each of the two half of the readers."""
    ended = server_process.run_server(f"--port={site.port}", data=site.data)
    assert ended.code == 1
    assert f"Port {site.port} is taken" in ended.said


def test_the_server_does_not_start_without_what_it_needs(tmp_path):
    """It names the commands, and makes no empty database."""
    ended = server_process.run_server(f"--port={server_process.find_free_port()}", data=tmp_path)
    assert ended.code == 1
    for command in ("manage.py migrate", "manage.py collectstatic --noinput"):
        assert command in ended.said
    assert "Traceback" not in ended.said
    assert not (tmp_path / "db.sqlite3").exists()


def test_the_server_does_not_start_without_content(started_before):
    with sqlite3.connect(started_before / "db.sqlite3") as database:
        database.execute("DELETE FROM editorial_contentversion")
    ended = server_process.run_server(
        f"--port={server_process.find_free_port()}", data=started_before
    )
    assert ended.code == 1
    assert "manage.py load_content" in ended.said


def test_a_database_that_is_none_is_one_plain_line(tmp_path):
    (tmp_path / "db.sqlite3").write_bytes(b"no database" * 1_000)
    ended = server_process.run_manage(
        "serve", f"--port={server_process.find_free_port()}", data=tmp_path
    )
    assert ended.code == 1
    assert "The database cannot be used: file is not a database" in ended.said
    assert "Traceback" not in ended.said


def test_what_is_kept_is_for_its_owner_alone(site):
    for path in (site.data / "db.sqlite3", site.data / "static"):
        assert path.stat().st_mode & 0o077 == 0


def test_a_database_file_that_goes_away_and_comes_back_is_noticed(started_before):
    file, moved = started_before / "db.sqlite3", started_before / "elsewhere.sqlite3"
    with server_process.run_site(started_before) as site:
        for _ in range(20):  # so that threads of both workers have it open
            assert site.get("/help/").status == 200
        file.rename(moved)
        gone = site.get("/readyz")
        assert gone.status == 503
        assert "The file of the database is not there" in gone.read().decode()
        assert not file.exists()

        with sqlite3.connect(moved) as old, sqlite3.connect(file) as restored:
            old.backup(restored)
            restored.execute("UPDATE content_faq SET question = 'Was this restored?'")
        with sqlite3.connect(file) as restored:
            slug = restored.execute("SELECT slug FROM content_faq WHERE status = 'published'")
            address = f"/questions/{slug.fetchone()[0]}/"
        for _ in range(20):
            assert site.get("/readyz").status == 200
            assert "Was this restored?" in site.get(address).read().decode()
        assert "The file of the database was replaced" in site.printed()


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_what_is_no_port_is_refused(port, tmp_path):
    ended = server_process.run_manage("serve", f"--port={port}", data=tmp_path)
    assert ended.code == 2
    assert port in ended.said


def test_a_broken_fixture_is_named(tmp_path):
    """The file, the record and the field; nothing is served."""
    project = tmp_path / "project"
    unwanted = shutil.ignore_patterns(".*", "__pycache__", "tests", "fixtures")
    shutil.copytree(PROJECT_DIR, project, ignore=unwanted)
    (project / "fixtures" / "glossary").mkdir(parents=True)
    broken = "- slug: receptor\n  colour: green\n"
    (project / "fixtures" / "glossary" / "broken.yaml").write_text(broken)
    port = server_process.find_free_port()
    ended = server_process.run_manage(
        "serve", f"--port={port}", data=tmp_path / "data", top=project
    )
    assert ended.code == 1
    for said in ("glossary/broken.yaml", "receptor", "colour"):
        assert said in ended.said
    assert "Traceback" not in ended.said


def test_a_full_disk_is_one_plain_line(tmp_path):
    """A database that may not grow says the same as one on a full disk."""
    settings = tmp_path / "full.py"
    settings.write_text(
        "from psychoplastogens.settings import *\n"
        "DATABASES['default']['OPTIONS']['init_command'] = 'PRAGMA max_page_count=20'\n"
    )
    ended = server_process.run_manage(
        "serve", f"--port={server_process.find_free_port()}", "--settings=full",
        f"--pythonpath={tmp_path}", data=tmp_path / "data",
    )  # fmt: skip
    assert ended.code == 1
    assert ended.said.splitlines()[-1].startswith("The disk is full.")
    assert "Traceback" not in ended.said


def test_an_answer_does_not_wait_for_whoever_writes_to_the_database(site):
    """A code without a page is counted, but not at the cost of the answer."""
    asked = "/connect/service?mainSearchCriteria.v.c=Z99.9&mainSearchCriteria.v.cs=" + ICD_10_CM
    site.get(asked)
    with sqlite3.connect(site.data / "db.sqlite3") as writing:
        writing.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        assert site.get(asked).status == 200
        waited = time.monotonic() - started
        writing.rollback()
    assert waited < 4, f"{waited:.1f} s: as long as the database waits"
