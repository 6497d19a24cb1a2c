"""What DATABASE_URL makes of the settings: timeouts that nobody has to ask for."""

import environ
import pytest

from psychoplastogens.database_settings import build_database_settings


def read(url):
    return build_database_settings(environ.Env.db_url_config(url))


def test_postgresql_has_a_limit_for_every_wait():
    database = read("postgres://app:secret@db.example:5433/site")
    assert database["OPTIONS"] == {
        "connect_timeout": 3,
        "answer_timeout": 6.0,
        "options": "-c statement_timeout=5000 -c lock_timeout=3000"
        " -c idle_in_transaction_session_timeout=60000",
    }
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "site")


def test_connections_are_kept_and_tried_before_they_are_used():
    database = read("postgres://app@db.example/site")
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (60, True)


@pytest.mark.parametrize(
    ("parameter", "name", "value"),
    [
        ("connect_timeout=9", "connect_timeout", 9),
        ("statement_timeout=20000", "answer_timeout", 21.0),
        ("statement_timeout=0", "answer_timeout", None),
        ("sslmode=require", "sslmode", "require"),
    ],
)
def test_the_url_goes_before_the_defaults(parameter, name, value):
    assert read(f"postgres://app@db.example/site?{parameter}")["OPTIONS"][name] == value


def test_timeouts_of_the_server_go_before_the_defaults_too():
    options = read("postgres://a@b/c?lock_timeout=70&statement_timeout=0")["OPTIONS"]["options"]
    assert "-c lock_timeout=70 " in options
    assert "-c statement_timeout=0 " in options
    assert "-c idle_in_transaction_session_timeout=60000" in options


def test_other_options_of_the_server_are_passed_on():
    options = read("postgres://a@b/c?options=-c%20work_mem%3D8MB")["OPTIONS"]["options"]
    assert options.startswith("-c work_mem=8MB -c statement_timeout=5000")


def test_the_age_of_connections_goes_by_the_url():
    assert read("postgres://a@b/c?conn_max_age=0")["CONN_MAX_AGE"] == 0


def test_sqlite_keeps_its_own():
    database = read("sqlite:////srv/db.sqlite3?timeout=9")
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["OPTIONS"]["timeout"] == 9
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database["CONN_MAX_AGE"] is None
