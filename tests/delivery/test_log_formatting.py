"""Logs without people in them: one line an event."""

import logging
import logging.config
import sys

import pytest
from django.conf import settings
from django.db import OperationalError

from psychoplastogens.delivery import log_formatting
from psychoplastogens.delivery.log_formatting import OneLineFormatter, mask_path


def line(message, *args, exc_info=None, level=logging.WARNING):
    record = logging.LogRecord("django.request", level, "a.py", 1, message, args, exc_info)
    return OneLineFormatter().format(record)


def test_it_says_when_how_bad_who_and_what():
    words = line("Not Found: %s", "/a/").split(" ", 2)
    assert words[0].startswith("20")
    assert words[2].endswith("WARNING django.request Not Found: /a/")


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("a\nb", "a\\nb"),
        ("a\r\nERROR forged", "a\\r\\nERROR forged"),
        ("a\x1b[31mb\x07", "a\\x1b[31mb\\x07"),
        ("a\x00b\x85c", "a\\x00b\\x85c"),
        ("a\u2028b\u202ec", "a\\u2028b\\u202ec"),
        ("a\ud800b", "a\\ud800b"),
        ("é “ok” 😀", "é “ok” 😀"),
    ],
)
def test_one_event_is_one_printable_line(message, shown):
    assert line("%s", message).endswith(f" {shown}")


def test_the_development_server_leaves_out_the_query():
    request = logging.LogRecord("django.server", logging.INFO, "a.py", 1, '"%s" %s %s', (), None)
    request.args = ("GET /connect/service?mainSearchCriteria.v.dn=marmot%20a HTTP/1.1", "200", "9")
    assert OneLineFormatter().format(request).endswith("GET /connect/service 200")


def test_a_traceback_is_on_the_same_line_without_what_its_exceptions_quote():
    typed = "José\nGarcía"
    try:
        try:
            int(typed)
        except ValueError as error:
            raise LookupError(typed) from error
    except LookupError:
        text = line("Broken", exc_info=sys.exc_info(), level=logging.ERROR)
    assert len(text.splitlines()) == 1
    assert "Broken\\nTraceback" in text
    assert "ValueError\\nThen:\\nTraceback" in text
    assert text.endswith("LookupError")
    assert "Jos" not in text


def test_a_database_says_what_is_wrong_with_it():
    try:
        raise OperationalError("no such table: content_faq")
    except OperationalError:
        text = line("Broken", exc_info=sys.exc_info(), level=logging.ERROR)
    assert text.endswith("OperationalError: no such table: content_faq")


def test_every_logger_of_the_site_writes_such_lines():
    handlers = settings.LOGGING["handlers"]
    assert {handler["formatter"] for handler in handlers.values()} == {"line"}
    for name in ("django", "django.request", "django.server", "psychoplastogens"):
        found = logging.getLogger(name)
        while not found.handlers:
            found = found.parent
        ours = [handler for handler in found.handlers if type(handler) is logging.StreamHandler]
        assert any(isinstance(handler.formatter, OneLineFormatter) for handler in ours), name


def test_nothing_is_sent_by_mail():
    for logger in (logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)):
        assert not [h for h in logger.handlers if "Mail" in type(h).__name__]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/questions/?q=a", "/?utm_source=a", "/questions"])
def test_a_visit_that_went_well_is_not_written_down(visitor, log, address):
    visitor.get(address, headers={"referer": "https://marmot.example/", "user-agent": "Marmot"})
    assert log() == []


@pytest.mark.django_db
def test_a_lost_visit_is_one_line_with_its_path_alone(visitor, log):
    visitor.get(
        "/nothing/here/at/all/?find=marmot",
        headers={"referer": "https://marmot.example/", "user-agent": "Marmot"},
        REMOTE_ADDR="203.0.113.9",
    )
    [written] = log()
    assert written.endswith("WARNING django.request Not Found: /...")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", "/"),
        ("/questions/driving/", "/questions/.../"),
        ("/compounds/ketamine/numbers/", "/compounds/.../numbers/"),
        ("/questions/Jos\u00e9/", "/questions/..."),
        ("/questions/fragment/John Smith", "/questions/fragment/..."),
        ("/s/John-Smith", "/s/..."),
        ("/S/\u017bywiec\\t", "/S/..."),
        ("/C/John-Smith/", "/.../.../"),
        ("/John-Smith/", "/.../"),
        ("/\u0418\u0432\u0430\u043d/", "/..."),
        ("/static/john.smith.css", "/static/..."),
        ("/review/ab:cd/", "/review/.../"),
        ("/admin/content/faq/John Smith/change/", "/admin/content/faq/.../change/"),
        ("/admin/John/Smith", "/admin/..."),
        ("/questions-John/", "/.../"),
        ("//questions/John", "/questions/..."),
    ],
)
def test_of_a_path_only_what_is_a_route_of_ours_is_written(path, shown):
    assert mask_path(path) == shown


def test_a_path_of_many_parts_is_compared_no_deeper_than_addresses_of_ours(monkeypatch):
    """Each comparison copies what it compares: one for each part would be quadratic."""

    class Counted(frozenset):
        compared = 0

        def __contains__(self, beginning):
            Counted.compared += 1
            return super().__contains__(beginning)

    ours = Counted({("compounds",), ("compounds", "compare")})
    monkeypatch.setattr(log_formatting, "get_route_prefixes", lambda resolver: ours)
    assert mask_path("/compounds/compare" + "/a" * 50_000) == "/compounds/compare/..."
    assert Counted.compared <= 2


@pytest.mark.django_db
def test_whatever_happens_to_such_a_link_its_address_is_not_written_down(visitor, log, monkeypatch):
    from psychoplastogens.editorial.review.links import create_review_link, revoke_review_link
    from tests.factories import make_reviewer
    from tests.workflow_helpers import make_approver, send_for_review

    link = create_review_link(send_for_review(), by=make_approver(), reviewer=make_reviewer())
    path = f"/review/{link.token}/"
    visitor.put(path)
    visitor.get(f"{path}page/99/")
    visitor.get(f"{path[:-4]}/")
    with monkeypatch.context() as broken:
        broken.setattr(
            "psychoplastogens.editorial.review.views.build_review_report",
            lambda *args, **by: 1 / 0,
        )
        visitor.get(path)
    revoke_review_link(link, by=make_approver())
    visitor.get(path)
    assert [text.split()[4] for text in log()] == ["Method", "Not", "Not", "Internal", "Gone:"]
    assert link.token.split(":")[0] not in "".join(log())
