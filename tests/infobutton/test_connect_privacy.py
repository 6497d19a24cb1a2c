"""Whatever somebody sends: a plain answer, and not a trace of it anywhere."""

from itertools import product
from urllib.parse import quote, urlencode

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import DatabaseError, connection

from psychoplastogens.infobutton import answers
from tests.factories import make_code, make_condition
from tests.infobutton.infobutton_client import (
    APPLICATION,
    ICD,
    JSON,
    SERVICE,
    ask,
    criterion,
    titles,
)

pytestmark = pytest.mark.django_db
SECRET = "marmotsecret"
FORM = "application/x-www-form-urlencoded"
ENDPOINTS = [SERVICE, APPLICATION, "/service", "/connect/", "/connect/fragment/"]


@pytest.fixture(autouse=True)
def code():
    return make_code("F33")


ODD = ["%00", "%ff", "%c3%28", "%ed%a0%80", "a%0d%0aSet-Cookie:%20a=b", "%0b%1f%0c", "%ef%bf%be"]
ODD += ["%F0%9F%98%80", "%E2%80%AE", "<b>", "%27%22%3E%3Cscript%3E", "a" * 3000, "(" * 900]
ODD += ["../../etc/passwd", "%25%37%42", "\u0663", "F33%20OR%201=1", "{{1337*1337}}", "a,b;c"]
NAMES = ["mainSearchCriteria.v.c", "mainSearchCriteria.v.cs", "mainSearchCriteria.v.dn"]
NAMES += ["mainSearchCriteria.v.ot", "subTopic.v.c", "subTopic.v.cs", "informationRecipient"]
NAMES += ["informationRecipient.languageCode.c", "taskContext.c.c", "age.v.v", "age.v.u"]
NAMES += ["knowledgeResponseType", "callback", "compat", "observation.c.c"]
NAMES += ["knowledgeRequestNotification.id.root", "locationOfInterest.addr.CNT", "encounter.c.c"]


def sent_to(visitor, address, query):
    response = visitor.generic("GET", address, QUERY_STRING=query)
    assert response.status_code in (200, 302, 303, 400, 406), query[:90]
    for name, value in response.headers.items():
        assert "\n" not in value
        assert "\r" not in value
        assert SECRET not in value, name
    assert "a" not in response.cookies
    return response


@pytest.mark.parametrize("address", [SERVICE, APPLICATION])
@pytest.mark.parametrize("name", NAMES)
def test_an_odd_value_is_answered_plainly(visitor, log, address, name):
    base = {"mainSearchCriteria.v.c": "F33", "mainSearchCriteria.v.cs": ICD} | JSON
    for odd in ODD:
        raw = odd.encode().decode("latin-1") if "%" in odd else quote(odd)
        pairs = [f"{key}={quote(value)}" for key, value in base.items() if key != name]
        response = sent_to(visitor, address, "&".join([*pairs, f"{name}={raw}"]))
        assert b"<script>" not in response.content.partition(b"<main")[2]
        assert b"1787569" not in response.content
    assert not [line for line in log() if "Traceback" in line or "?" in line]


@pytest.mark.parametrize("odd", ["a\x0bb\x1fc", "a\ufffeb", "a\x85b", "a]]>b", "&amp;<b>\u202e"])
def test_an_odd_name_cannot_break_the_xml(client, odd):
    from xml.etree import ElementTree

    response = ask(client, criterion("F33", dn=odd))
    assert ElementTree.fromstring(response.content) is not None


@pytest.mark.parametrize("odd", ["a\x0bb", "a\x1fb", "a\ufffeb"])
def test_a_page_with_an_odd_name_cannot_break_the_xml(client, odd):
    """Slides and papers hold such characters, and a paste brings them along."""
    from xml.etree import ElementTree

    make_code("F99", page=make_condition(name=odd, key_points=f"- {odd}", short_name=odd))
    response = ask(client, criterion("F99"))
    assert ElementTree.fromstring(response.content) is not None


@pytest.mark.parametrize("address", [SERVICE, APPLICATION])
@pytest.mark.parametrize("count", [900, 1100, 10_000])
def test_very_many_parameters_are_answered_plainly(visitor, log, address, count):
    query = "&".join(f"p{number}={SECRET}" for number in range(count))
    good = f"mainSearchCriteria.v.c=F33&mainSearchCriteria.v.cs={ICD}&{query}"
    assert sent_to(visitor, address, good).status_code in (200, 303, 400)
    posted = visitor.post(address, good, content_type=FORM)
    assert posted.status_code in (200, 303, 400, 413)
    assert SECRET not in "".join(log()) + posted.text


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"mainSearchCriteria.v.dn=%ff", FORM, 400),
        (b"mainSearchCriteria.v.dn=\xff", FORM, 400),
        (b"mainSearchCriteria.v.dn=a%00b", FORM, 400),
        (b"a=" + b"a" * 100_000, FORM, 413),
        (b"a=" + b"a" * 7_000_000, FORM, 413),
        (b'{"a": 1}', "application/json", 415),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415),
        (b"", FORM, 400),
    ],
)
def test_an_odd_body_is_refused_in_one_line(visitor, log, body, kind, status):
    response = visitor.post(SERVICE, body, content_type=kind)
    assert response.status_code == status
    assert len(response.text.splitlines()) == 1
    assert not any("Traceback" in line for line in log())


def test_a_huge_code_is_refused(client):
    assert ask(client, criterion("F" * 65)).status_code == 400
    assert ask(client, criterion("F33", dn="a" * 301)).status_code == 400
    assert ask(client, criterion("F" * 64)).status_code == 200


def everything_stored():
    """Every value in every table, as one text."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        found += (
            [repr(row) for row in model.objects.values_list()] if hasattr(model, "objects") else []
        )
    return "".join(found)


def a_day(visitor):
    """Requests of every kind, with the secret in each place where something may be sent."""
    for address, name in product(
        ENDPOINTS, [*NAMES, SECRET, "patientPerson.name", "code", "system"]
    ):
        for base in ({}, {"mainSearchCriteria.v.c": "F33", "mainSearchCriteria.v.cs": ICD}):
            sent = base | {name: SECRET}
            headers = {"referer": f"https://{SECRET}.example/", "user-agent": SECRET}
            visitor.get(f"{address}?{urlencode(sent)}", headers=headers, REMOTE_ADDR="203.0.113.77")
            visitor.post(address, urlencode(sent), content_type=FORM, headers=headers)


def test_a_day_of_requests_leaves_no_trace(visitor, log, monkeypatch):
    from psychoplastogens.delivery import rate_limits

    monkeypatch.setattr(rate_limits.CONNECT, "burst", 10_000)
    with connection.execute_wrapper(refuses_the_secret):
        a_day(visitor)
    written = "".join(log()) + everything_stored() + repr(vars(rate_limits.CONNECT))
    written += repr(vars(caches["default"]).get("_cache", ""))
    assert SECRET not in written
    assert "203.0.113.77" not in written


def refuses_the_secret(execute, sql, params, many, context):
    """The log of a database may hold whatever it is asked."""
    assert SECRET not in f"{sql} {params}"
    return execute(sql, params, many, context)


@pytest.mark.parametrize("address", ENDPOINTS)
@pytest.mark.parametrize("debug", [False, True])
def test_what_breaks_is_written_down_without_what_was_asked(
    visitor, log, settings, monkeypatch, address, debug
):
    def breaks(*arguments):
        raise ValueError(f"invalid literal: {SECRET}")

    settings.DEBUG = debug
    monkeypatch.setattr(answers, "answer_query", breaks)
    chosen = {"system": "icd-10-cm", "code": "F33", "type": SECRET}
    sent = chosen if address.endswith("/") else criterion("F33", dn=SECRET)
    response = ask(visitor, sent, address=address)
    assert response.status_code == 500
    assert SECRET not in response.text
    assert "tel:988" in response.text
    assert "ValueError in " in log()[0]
    assert "test_connect_privacy" in log()[0]
    assert SECRET not in "".join(log())


def test_a_broken_database_is_not_told_what_was_asked(visitor, log):
    def breaks(execute, sql, params, many, context):
        raise DatabaseError(SECRET)

    with connection.execute_wrapper(breaks):
        response = ask(visitor, criterion("F33", dn=SECRET))
    assert response.status_code == 500
    assert SECRET not in response.text + "".join(log())


@pytest.mark.parametrize("path", ["/connect", "/connect/service/", "/connect/nothing"])
def test_a_mistyped_address_is_written_down_without_its_query(visitor, log, path):
    visitor.get(f"{path}?mainSearchCriteria.v.dn={SECRET}")
    assert SECRET not in "".join(log())


def test_what_goes_well_is_not_written_down_at_all(visitor, log):
    assert titles(ask(visitor, criterion("F33") | JSON)) == ["Depression"]
    assert ask(visitor, criterion("Z00")).status_code == 200
    assert log() == []


def test_the_real_server_writes_nothing_of_a_request(site):
    for address, sent in product(ENDPOINTS, (criterion("F33", dn=SECRET), {"a": SECRET})):
        site.get(f"{address}?{urlencode(sent)}").read()
    assert site.get(f"{SERVICE}?{urlencode(criterion('F33'))}").status == 200
    assert SECRET not in site.printed()


def test_a_person_is_never_shown_words_of_a_request(visitor):
    for name in (*NAMES, "code", "system", "reader", "type"):
        for address in (APPLICATION, "/connect/", "/connect/fragment/", "/application"):
            for base in ({}, criterion("F33"), criterion("Z00")):
                sent = base | {name: f"Call 555-0100 {SECRET}"}
                page = visitor.get(address, sent, follow=True).text
                assert "555-0100" not in page
                assert SECRET not in page
