"""Links in emails are opened by scanners, and patients' names get into addresses: nothing stays."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from psychoplastogens.short_links.models import DailyCount, ShortLink
from tests.delivery.conftest import log  # noqa: F401 - what the site writes down
from tests.factories import (
    make_clinic,
    make_compound,
    make_explainer,
    make_faq,
    make_pack,
    make_user,
)

pytestmark = pytest.mark.django_db
# As seen in the wild: they ask with HEAD first, look like a browser, or say nothing of themselves.
UNKNOWN_SCANNERS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/124.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 OneOutlook/1.2024.1",
    "",
]
SCANNERS = [
    *UNKNOWN_SCANNERS,
    "Barracuda Sentinel (EE)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "facebookexternalhit/1.1",
]
NAME, MAIL, AGENT, ADDRESS = "marmot jane", "marmot@mail.example", "MarmotMail/7", "203.0.113.77"


def tables():
    """{table: its rows}, of the whole database."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


@pytest.fixture
def addresses():
    """Every kind of address that a clinic hands out."""
    guide = make_explainer({"slug": "rest"}, slug="after")
    gone = make_faq(slug="old")
    pages = (make_faq(slug="driving"), make_compound(slug="ketamine"), guide, None)
    pack = make_pack(*pages, clinic=make_clinic(slug="oakside"), slug="before")
    closed = make_pack(clinic=pack.clinic, slug="closed")
    closed.is_live = False
    closed.save()
    records = (pack, closed, pack.clinic, guide.sections.get(), gone, *pages[:3])
    links = [ShortLink.objects.get_or_create_for(record).get_absolute_url() for record in records]
    gone.withdraw(by=make_user(), reason="Old.")
    lists = ["/c/oakside/", "/c/oakside/before/", "/c/oakside/closed/", "/c/oakside/before/9/"]
    items = [f"/c/oakside/before/{number}/" for number in range(1, 5)]
    return [*links, links[0].upper(), *lists, *items, "/s/", "/s/zzzzz/", "/questions/driving/"]


def test_two_hundred_visits_of_scanners_change_nothing_but_the_days_count(addresses, clicks):
    before, visits, opened = tables(), 0, 0
    while visits < 200:
        for address in addresses:
            agent = SCANNERS[visits % len(SCANNERS)]
            client = Client(headers={"user-agent": agent})
            for method in (client.head, client.get, client.post):
                response = method(address, follow=method is client.get)
                assert response.status_code < 500
            visits += 2
            is_link = address.lower().startswith("/s/") and len(address) == 9
            opened += is_link and agent in UNKNOWN_SCANNERS and address != "/s/zzzzz/"
    clicks.click_writer.step()
    after = tables()
    counts = after.pop("short_links_dailycount")
    assert before.pop("short_links_dailycount") == []
    assert after == before
    assert len(counts) == 8
    assert sum(DailyCount.objects.values_list("number", flat=True)) == opened > 20


@pytest.fixture
def day(addresses, clicks, log):  # noqa: F811
    """A day's traffic with a patient in every place of it: (log, tables, headers of answers)."""
    given = {"user-agent": AGENT, "referer": f"https://{MAIL}/", "from": MAIL}
    given |= {"x-forwarded-for": ADDRESS, "accept-language": "marmot", "cookie": "id=marmot"}
    client = Client(headers=given, REMOTE_ADDR=ADDRESS, raise_request_exception=False)
    headers, query = [], f"?name={quote(NAME)}&utm_source={MAIL}&patient={ADDRESS}"
    lost = [f"/s/{quote(NAME)}/", f"/c/oakside/before/{MAIL}/", f"/c/{MAIL}/", f"/S/{MAIL}"]
    lost += [f"{address}{quote(NAME)}/" for address in addresses if address.startswith("/c/")]
    for address in (*addresses, *lost):
        for method in (client.get, client.head, client.post):
            for asked in (address, address + query):
                response = method(asked, data={"note": NAME} if method == client.post else None)
                assert response.status_code < 500
                headers.append(str(response.headers) + str(response.cookies))
    clicks.click_writer.step()
    return "\n".join(log()), str(tables()), "\n".join(headers)


def test_nothing_of_a_patient_stays_anywhere(day):
    for place, text in zip(("log", "database", "headers"), day, strict=True):
        for mark in ("marmot", "Marmot", ADDRESS):
            assert mark not in text, f"{mark} in the {place}"
            assert quote(NAME) not in text


def test_what_went_wrong_is_still_in_the_log(day):
    assert "WARNING django.request Not Found: /s/..." in day[0]
    assert "WARNING django.request Gone: /c/..." in day[0]


def test_a_days_count_holds_a_link_a_day_and_a_number(day):
    for row in DailyCount.objects.all():
        assert set(row.__dict__) - {"_state"} == {"id", "link_id", "day", "number"}
