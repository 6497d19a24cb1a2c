"""A hundred errors of one cause are a line or two in the log, and say how many they were."""

import io
import logging
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.module_loading import import_string

from psychoplastogens.content.views import site_pages
from psychoplastogens.delivery.log_formatting import OneLineFormatter
from psychoplastogens.delivery.repeated_errors import RepeatedErrorsFilter

SECRET = "zyxmarmot"
MESSAGE = "connection refused\nLINE 1: SELECT a"


class Clock:
    def __init__(self):
        self.now = 1_000.0
        self.timers = []

    def __call__(self):
        return self.now

    def start_timer(self, seconds, function):
        self.timers.append((self.now + seconds, function))

    def pass_by(self, seconds):
        self.now += seconds
        due = [timer for timer in self.timers if timer[0] <= self.now]
        self.timers = [timer for timer in self.timers if timer not in due]
        for _, function in due:
            function()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def written(clock):
    """The lines that the console shows, once it is called."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLineFormatter())
    handler.addFilter(RepeatedErrorsFilter(clock, clock.start_timer))
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield lambda: stream.getvalue().splitlines()
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.fixture
def broken(monkeypatch):
    """Let the page /privacy/ and answers to record systems fail with an error."""

    def raises(error):
        def fail(*args, **kwargs):
            raise error(SECRET if error is ValueError else MESSAGE)

        monkeypatch.setattr(site_pages, "render", fail)
        monkeypatch.setattr("psychoplastogens.infobutton.answers.answer_query", fail)

    return raises


def ask_often(visitor, address="/privacy/", times=100):
    for _ in range(times):
        assert visitor.get(address, REMOTE_ADDR="203.0.113.77").status_code >= 500


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_an_outage_is_one_line_a_minute_with_a_count(visitor, written, clock, broken, error):
    broken(error)
    ask_often(visitor)
    [first] = written()
    assert ": /privacy/" in first
    assert error.__name__ in first
    clock.pass_by(60)
    [_, counted] = written()
    assert counted.endswith("99 more errors of the database in 60 seconds")
    ask_often(visitor, times=5)
    clock.pass_by(60)
    assert "5 more errors" in written()[2]
    assert len(written()) == 3


def test_when_it_is_over_nothing_more_is_written_and_the_next_one_is(
    visitor, written, clock, broken
):
    broken(OperationalError)
    ask_often(visitor, times=1)
    for _ in range(5):
        clock.pass_by(60)
    assert len(written()) == 1
    assert clock.timers == []
    ask_often(visitor, times=1)
    assert len(written()) == 2


def test_record_systems_that_ask_in_an_outage_add_no_lines(visitor, written, broken, clock):
    broken(OperationalError)
    query = urlencode(
        {"mainSearchCriteria.v.c": "F33", "mainSearchCriteria.v.cs": "2.16.840.1.113883.6.90"}
    )
    ask_often(visitor, f"/connect/service?{query}", times=20)
    assert len(written()) == 1
    clock.pass_by(60)
    assert "19 more errors" in written()[1]


def test_a_warning_about_the_database_is_counted_with_the_rest(written, clock):
    error = OperationalError("connection refused")
    for _ in range(10):
        logging.getLogger("psychoplastogens").warning("It cannot be read: %s", error)
    assert len(written()) == 1


def test_neither_query_nor_address_nor_further_lines_of_the_message_are_written(
    visitor, written, broken
):
    broken(OperationalError)
    ask_often(visitor)
    assert "connection refused" in written()[0]
    assert "SELECT" not in written()[0]
    assert "203.0.113.77" not in "".join(written())


def test_another_error_has_its_traceback_once_and_then_a_number(visitor, written, broken, clock):
    broken(ValueError)
    ask_often(visitor)
    first, *others = written()
    assert "Traceback" in first
    assert len(others) == 99
    assert all("Traceback" not in line for line in others)
    assert others[-1].endswith(
        "Internal Server Error: /privacy/ (ValueError as before, repetition 99)"
    )
    assert sum(map(len, others)) < 99 * 150
    assert SECRET not in "".join(written())
    clock.pass_by(60)
    ask_often(visitor, times=1)
    assert "Traceback" in written()[-1]


def test_errors_at_other_places_keep_their_tracebacks(written):
    for number in range(3):
        try:
            [int, lambda _: {}["a"], lambda _: [][0]][number]("a")
        except (ValueError, LookupError):
            logging.getLogger("psychoplastogens").exception("Broken")
    assert sum("Traceback" in line for line in written()) == 3


def test_lines_without_an_error_are_all_written(visitor, written):
    for _ in range(20):
        visitor.get("/nothing/here/")
    assert len(written()) == 20


def test_the_console_of_the_site_is_filtered():
    filters = settings.LOGGING["handlers"]["console"]["filters"]
    classes = [import_string(settings.LOGGING["filters"][name]["()"]) for name in filters]
    assert classes == [RepeatedErrorsFilter]
