"""No wait for PostgreSQL is without an end, and a broken connection is replaced."""

import socket
from contextlib import suppress
from threading import Barrier, Event, Thread

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.postgresql.psycopg_any import is_psycopg3

from psychoplastogens.delivery.postgresql import base
from psychoplastogens.delivery.postgresql.base import Availability, DatabaseWrapper

on_postgresql = pytest.mark.skipif(
    connections.settings["default"]["ENGINE"] != "psychoplastogens.delivery.postgresql",
    reason="tests/with_postgres.sh runs it",
)
# AuthenticationOk, ParameterStatus, ReadyForQuery
READY = (
    b"R\x00\x00\x00\x08\x00\x00\x00\x00"
    b"S\x00\x00\x00\x18server_version\x0015.0\x00"
    b"Z\x00\x00\x00\x05I"
)


@pytest.fixture(autouse=True)
def availability(monkeypatch):
    monkeypatch.setattr(base, "availability", Availability())
    return base.availability


@pytest.fixture
def hung_server():
    """The port of a server that lets clients in and answers no query: PostgreSQL at SIGSTOP."""
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)

        def serve():
            with suppress(TimeoutError), listening.accept()[0] as client:
                client.recv(4_096)
                client.sendall(READY)
                over.wait(10)

        thread = Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        over.set()
        thread.join()


def connect_to(port, **options):
    database = connections.settings["default"] | {
        "ENGINE": "psychoplastogens.delivery.postgresql",
        "NAME": "a",
        "USER": "a",
        "PASSWORD": "",
        "HOST": "127.0.0.1",
        "PORT": port,
        "OPTIONS": {"sslmode": "disable", "gssencmode": "disable", **options},
    }
    return DatabaseWrapper(database, alias="other")


@pytest.mark.django_db
def test_a_server_that_hangs_is_given_up(hung_server, availability):
    wrapper = connect_to(hung_server, answer_timeout=0.1)
    with pytest.raises(OperationalError, match="does not answer"):
        wrapper.cursor().execute("SELECT 1")
    assert availability.is_away
    assert wrapper.connection.closed  # A late answer cannot reach the next query.


@pytest.mark.django_db
def test_a_server_that_refuses_is_away(availability):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(OperationalError):
        connect_to(port).ensure_connection()
    assert availability.is_away


def test_one_thread_at_a_time_tries_a_server_that_is_away(availability):
    availability.is_away = True
    with (
        availability.attempt(),
        pytest.raises(psycopg.OperationalError, match="is away"),
        availability.attempt(),
    ):
        pass
    assert not availability.is_away
    with availability.attempt(), availability.attempt():  # All may, once it is back.
        pass


def test_a_failed_attempt_leaves_the_turn_to_the_next(availability):
    for _ in range(2):
        with pytest.raises(psycopg.OperationalError, match="refused"), availability.attempt():
            raise psycopg.OperationalError("refused")
    with availability.attempt():
        pass
    assert not availability.is_away


def test_threads_that_connect_at_the_same_time_do_not_stop_one_another(availability):
    together, connected = Barrier(4, timeout=5), []

    def connect():
        with availability.attempt():
            together.wait()
        connected.append(1)

    threads = [Thread(target=connect) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(connected) == 4


@on_postgresql
@pytest.mark.django_db
def test_the_server_knows_its_timeouts():
    assert is_psycopg3
    with connection.cursor() as cursor:
        for name, value in [("statement", "5s"), ("lock", "3s")]:
            cursor.execute(f"SHOW {name}_timeout")
            assert cursor.fetchone() == (value,)
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("1min",)


@pytest.fixture
def own_connection(db):
    """A connection of its own to the database of the test."""
    other = connections.create_connection("default")
    yield other
    other.close()


@on_postgresql
def test_a_query_that_takes_too_long_ends(own_connection):
    with own_connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 50")
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(5)")
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@on_postgresql
def test_no_answer_ends_the_connection_and_the_next_request_has_a_new_one(own_connection):
    own_connection.ensure_connection()
    own_connection.connection.answer_timeout = 0.1
    with pytest.raises(OperationalError, match="does not answer"), own_connection.cursor() as asked:
        asked.execute("SELECT pg_sleep(5)")
    own_connection.close_if_unusable_or_obsolete()
    with own_connection.cursor() as cursor:
        cursor.execute("SELECT 2")
        assert cursor.fetchone() == (2,)
    assert own_connection.connection.answer_timeout == 6


@on_postgresql
def test_a_broken_connection_is_replaced_before_it_is_used(own_connection):
    with own_connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        broken = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 1000)", [broken])
    own_connection.close_if_unusable_or_obsolete()  # as between two requests
    with own_connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != broken
