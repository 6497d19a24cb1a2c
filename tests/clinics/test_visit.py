"""The entry for a patient's calendar: a file that calendars read, with nobody in it."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertContains

from psychoplastogens.clinics.reading_lists import make_page_code
from psychoplastogens.clinics.sharing.calendar_entry import build_calendar_entry
from psychoplastogens.clinics.sharing.kit import ShareKit
from tests.factories import make_clinic, make_compound, make_pack
from tests.short_links.test_privacy import tables
from tests.valid_html import problems

pytestmark = pytest.mark.django_db
CODE = make_page_code("compound", "ketamine")
LIST = f"/list/{CODE}/visit/"
PACK = "/c/oakside/before/visit/"
ADDRESS = "https://understory.example/s/fwh7r/"
DAY = date(2026, 12, 1)


@pytest.fixture
def coming():
    return timezone.localdate() + timedelta(days=9)


@pytest.fixture(autouse=True)
def pages():
    clinic = make_clinic(slug="oakside", name="Oak, Side; & Sons", discreet_previews=False)
    make_pack(make_compound(slug="ketamine"), clinic=clinic, slug="before")


def parse(entry):
    """{component: {name: value}} of a calendar, as RFC 5545 says: unfolded, unescaped."""
    assert entry.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", entry)
    assert all(len(line.encode()) <= 75 for line in entry.split("\r\n"))
    found, open_now = {}, []
    for line in entry.replace("\r\n ", "").split("\r\n")[:-1]:
        name, value = re.fullmatch(r"([A-Z;=-]+):(.*)", line).groups()
        if name == "BEGIN":
            open_now.append(value)
            found[value] = {}
        elif name == "END":
            assert open_now.pop() == value
        else:
            assert name not in found[open_now[-1]]
            found[open_now[-1]][name] = unescape(value)
    assert not open_now
    return found


def unescape(value):
    marks = {"\\\\": "\\", "\\n": "\n", "\\,": ",", "\\;": ";"}
    return re.sub(r"\\.", lambda mark: marks[mark[0]], value)


def made(**fields):
    return ShareKit(**{"address": ADDRESS, "titles": ("Ketamine",)} | fields)


def test_it_is_the_visit_with_the_link_and_an_alarm_the_day_before():
    found = parse(build_calendar_entry(made(phone="503-555-0100"), DAY, time(9, 30)))
    assert list(found) == ["VCALENDAR", "VEVENT", "VALARM"]
    assert found["VCALENDAR"] == {"VERSION": "2.0", "PRODID": "-//Understory//Reading lists//EN"}
    event = found["VEVENT"]
    assert event["DTSTART"] == "20261201T093000"
    assert event["DURATION"] == "PT1H"
    assert event["SUMMARY"] == "Visit"
    assert event["URL"] == ADDRESS
    assert event["CLASS"] == "PRIVATE"
    assert event["DESCRIPTION"] == (
        f"Open your reading list: {ADDRESS}\nQuestions? Call us: 503-555-0100"
    )
    stamp = datetime.strptime(event["DTSTAMP"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs(stamp - datetime.now(UTC)) < timedelta(minutes=5)
    assert found["VALARM"]["TRIGGER"] == "-P1D"


def test_without_a_time_it_is_a_whole_day_that_stays_free():
    event = parse(build_calendar_entry(made(), DAY))["VEVENT"]
    assert event["DTSTART;VALUE=DATE"] == "20261201"
    assert event["TRANSP"] == "TRANSPARENT"
    assert not {"DTSTART", "DURATION"} & event.keys()


def test_two_visits_are_two_entries():
    first, second = (parse(build_calendar_entry(made(), DAY))["VEVENT"]["UID"] for _ in range(2))
    assert first != second
    assert first.endswith("@127.0.0.1")


@given(st.text(max_size=200).filter(str.strip))
def test_whatever_a_clinic_is_called_the_file_is_read_back_whole(name):
    event = parse(build_calendar_entry(made(clinic=name, discreet=False), DAY))["VEVENT"]
    shown = re.sub(r"[\W_]", "", event["SUMMARY"].partition(": ")[2])
    assert shown == re.sub(r"[\W_]", "", name)


def test_what_a_clinic_is_called_adds_no_line_of_its_own():
    name = "Oak\r\nATTENDEE:mailto:x@y.example\nBEGIN:VEVENT"
    found = parse(build_calendar_entry(made(clinic=name, discreet=False), DAY))
    assert "ATTENDEE" not in str(found.keys()) + str(found["VEVENT"].keys())


@pytest.mark.parametrize("form", [LIST, PACK])
def test_the_form_answers_with_the_file_and_keeps_nothing(client, form, coming, caplog):
    before = tables()
    response = client.post(form, {"day": coming.isoformat(), "at": "09:30"})
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="visit.ics"'
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    event = parse(response.content.decode())["VEVENT"]
    assert event["DTSTART"] == f"{coming:%Y%m%d}T093000"
    assert event["URL"].startswith("http://127.0.0.1:8000/")
    assert client.get(event["URL"].removeprefix("http://127.0.0.1:8000"), follow=True)
    assert tables() == before
    assert f"{coming}" not in caplog.text


def test_a_clinics_own_has_its_name_where_the_clinic_wants_that(client, coming):
    def summary(query=""):
        sent = client.post(PACK + query, {"day": coming.isoformat()})
        return parse(sent.content.decode())["VEVENT"]["SUMMARY"]

    assert summary() == "Visit: Oak, Side; & Sons"
    assert summary("?words=neutral") == "Visit"


@pytest.mark.parametrize("form", [LIST, PACK])
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"day": "soon"},
        {"day": "2001-01-01"},
        {"day": "9999-12-31"},
        {"day": "2026-12-01\r\nX:1"},
        {"day": "2026-12-01", "at": "9\nATTENDEE:x"},
    ],
)
def test_what_is_no_coming_day_is_refused_beside_its_field(client, form, sent):
    response = client.post(form, sent)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert problems(response.text) == []


@pytest.mark.parametrize("form", [LIST, PACK])
def test_its_form_is_whole_without_the_page_of_copies(client, form):
    response = client.get(form)
    assertContains(response, '<input type="date" name="day"')
    assertContains(response, "we do not keep the day")
    assert response["X-Robots-Tag"] == "noindex"
    refused = client.post(form, {"day": "2026-12-01"}, headers={"origin": "https://evil.example"})
    assert refused.status_code == 403
    assert client.get(form, {"day": "2026-12-01"})["Location"] == form


def test_the_copies_of_a_list_hold_the_form(client):
    html = client.get(f"/list/{CODE}/hand-out/").text
    assert f'action="{LIST}?words=neutral"' in html


def test_a_closed_or_missing_list_has_no_entry(client):
    make_pack(make_compound(slug="other"), clinic=make_clinic(slug="b"), slug="shut", is_live=False)
    assert client.get("/list/zzzzzz/visit/").status_code == 404
    assert client.post("/c/b/shut/visit/", {"day": "2026-12-01"}).status_code in (302, 404)
    assert client.get("/c/oakside/none/visit/").status_code == 404
