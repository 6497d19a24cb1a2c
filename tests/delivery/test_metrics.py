"""/metrics: who may read it, what it counts, and that no person is in it."""

import os
import re
import smtplib
import subprocess
import sys
from threading import Thread
from time import monotonic, sleep

import pytest
from django.test import Client

from psychoplastogens.delivery import metrics
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.review.links import create_review_link
from psychoplastogens.handouts import pdf_rendering
from tests.factories import make_compound, make_reviewer, make_user
from tests.login import PASSWORD
from tests.workflow_helpers import send_for_review

pytestmark = pytest.mark.django_db

TOKEN = "a-token-that-nobody-guesses-of-40-letters"


def read_metrics(client=None, **headers):
    return (client or Client()).get("/metrics", headers=headers)


def read_value(name, **labels):
    """The number of one line, 0 where there is none yet."""
    text = ",".join(f'{key}="{value}"' for key, value in labels.items())
    wanted = f"{name}{{{text}}}" if text else name
    for line in read_metrics().content.decode().splitlines():
        if line.rpartition(" ")[0] == wanted:
            return float(line.rpartition(" ")[2])
    return 0


def count_requests(route, status):
    return read_value("understory_request_seconds_count", route=route, status=status)


def test_this_machine_may_read_it():
    response = read_metrics()
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert response["Cache-Control"] == "no-store"
    assert b"understory_requests_in_flight 1.0" in response.content


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Proto": "https"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"X-Real-IP": "127.0.0.1"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer é"},
        {"Host": "localhost"},
    ],
)
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_for_a_stranger_the_address_leads_nowhere(settings, headers, method):
    settings.METRICS_TOKEN = TOKEN
    local = headers.keys() & {"X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via"}
    client = Client(REMOTE_ADDR="127.0.0.1" if local else "203.0.113.7", enforce_csrf_checks=True)
    response = getattr(client, method)("/metrics", headers=headers)
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"
    if method == "get":
        assert response.content == client.get("/nothing.txt", headers=headers).content


@pytest.mark.parametrize("address", ["203.0.113.7", "", "not an address", "127.0.0.1.evil"])
def test_without_a_token_no_header_lets_a_stranger_in(address):
    client = Client(REMOTE_ADDR=address)
    for value in ("Bearer ", "Bearer", "", "bearer None"):
        assert read_metrics(client, Authorization=value).status_code == 404


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_whoever_has_the_token_may_read_it_from_anywhere(settings, scheme):
    settings.METRICS_TOKEN = TOKEN
    client = Client(REMOTE_ADDR="203.0.113.7")
    assert read_metrics(client, Authorization=f"{scheme} {TOKEN}").status_code == 200


def test_requests_are_counted_by_route_and_class_of_status(client):
    make_compound(slug="ketamine")
    found = count_requests("content:compound_detail", "2xx")
    missing = count_requests("content:compound_detail", "4xx")
    client.get("/compounds/ketamine/")
    client.get("/compounds/nothing/")
    assert count_requests("content:compound_detail", "2xx") == found + 1
    assert count_requests("content:compound_detail", "4xx") == missing + 1


def test_an_error_is_counted_as_500(monkeypatch):
    def fail(*arguments, **options):
        raise RuntimeError

    monkeypatch.setattr("psychoplastogens.content.views.site_pages.render", fail)
    before = count_requests("content:home", "5xx")
    Client(raise_request_exception=False).get("/")
    assert count_requests("content:home", "5xx") == before + 1


def test_addresses_that_no_route_matches_share_one_label(client):
    before = count_requests("unknown", "4xx")
    for path in ("/jane-doe/a/b/", "/jane-doe.txt", "/%00", "/a/b/c/d/"):
        client.get(path)
    assert count_requests("unknown", "4xx") == before + 4


def test_no_label_is_anything_that_a_client_sent(client):
    sent = "zzzplanted"
    user = make_user(sent)
    client.get(f"/{sent}/?{sent}={sent}", headers={"User-Agent": sent, "X-Forwarded-For": sent})
    client.get(f"/static/{sent}.css")
    client.get(f"/search/?q={sent}")
    client.get(f"/s/{sent}/")
    client.generic(sent.upper(), f"/compounds/{sent}/")
    client.post("/admin/login/", {"username": user.username, "password": sent})
    text = read_metrics().content.decode()
    assert sent not in text.lower()
    # What the page store did has a label of its own, once another test has asked it.
    assert set(re.findall(r"(\w+)=\"", text)) - {"result"} == {"route", "status", "le"}


def test_the_number_of_series_does_not_grow_with_what_is_asked(client):
    def count_series():
        return read_metrics().content.count(b"\n")

    client.get("/nothing/")
    client.get("/static/nothing.css")
    before = count_series()
    for number in range(30):
        client.get(f"/nothing-{number}/")
        client.get(f"/static/nothing-{number}.css")
    assert count_series() == before


def test_failed_sign_ins_are_counted(client):
    before = read_value("understory_failed_sign_ins_total")
    client.post("/admin/login/", {"username": "nobody", "password": PASSWORD})
    assert read_value("understory_failed_sign_ins_total") == before + 1


def test_the_content_version_and_its_time_are_told(client):
    make_compound(slug="ketamine")
    client.get("/search/?q=ketamine")
    assert read_value("understory_content_version") > 0
    assert read_value("understory_content_version_read_timestamp_seconds") > 1_700_000_000


def test_a_mail_that_fails_is_counted(monkeypatch):
    def fail(*arguments, **options):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("psychoplastogens.editorial.review.links.send_mail", fail)
    before = read_value("understory_mail_failures_total")
    with pytest.raises(WorkflowError):
        create_review_link(
            send_for_review(),
            by=make_user("author"),
            reviewer=make_reviewer(email="ada@clinic.example"),
        )
    assert read_value("understory_mail_failures_total") == before + 1


def test_the_queue_of_handouts_is_told():
    queue = pdf_rendering.RenderQueue(at_once=1, waiting=1)
    waiting = Thread(target=wait_for_turn, args=(queue,))
    with queue.reserve("a"):
        waiting.start()
        until = monotonic() + 30
        while not queue._waiting and monotonic() < until:
            sleep(0.005)
        assert read_value("understory_handouts_waiting") == 1
        assert read_value("understory_handouts_rendering") == 1
    waiting.join()
    assert read_value("understory_handouts_waiting") == 0
    assert read_value("understory_handouts_rendering") == 0


def wait_for_turn(queue):
    with queue.reserve("b", seconds=60):
        pass


def test_the_workers_of_a_server_are_added_up_and_a_killed_one_leaves_nothing_in_flight(tmp_path):
    """Each worker is a process. The first ends amid a request; its counts stay."""
    script = """
import os, sys
from psychoplastogens.delivery import metrics
metrics.observe_request("content:home", 200, 0.1)
metrics.REQUESTS_IN_FLIGHT.inc()
if sys.argv[1] == "killed":
    os.kill(os.getpid(), 9)
print(metrics.render_metrics().decode())
"""
    environment = {**os.environ, metrics.SHARED_FOLDER_VARIABLE: str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "psychoplastogens.settings"
    for end in ("killed", "well"):
        command = [sys.executable, "-c", script, end]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert 'seconds_count{route="content:home",status="2xx"} 2.0' in done.stdout
    assert "understory_requests_in_flight 1.0" in done.stdout
