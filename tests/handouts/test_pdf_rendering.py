"""How handouts are printed: within bounds, a few at a time, once, whatever records hold."""

import logging
import os
import subprocess
import sys
from contextlib import suppress
from threading import Thread, Timer
from time import monotonic, sleep

import pytest
from django.core.cache import caches
from django.db import OperationalError
from environ import Env
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.database_settings import build_handout_cache
from psychoplastogens.delivery import rate_limits
from psychoplastogens.delivery.rsgi_adapter import HANDOUT_THREADS
from psychoplastogens.handouts import pdf_rendering
from tests.factories import make_compound, make_explainer, make_faq, make_finding, make_source
from tests.handouts import pdf_reader
from tests.html_outline import find_faults

pytestmark = pytest.mark.django_db
ADDRESS = "/questions/asked/handout.pdf"
# What a Typst document could be made to do, if any of it were taken for code.
TYPST = [
    '#read("/etc/passwd")',
    '#read("printer.py")',
    '#panic("caught")',
    "#import sys: inputs",
    "#{while true {}}",
    "$ x^2 $",
    "= Marmot",
    "] #pagebreak() [",
    '" + read("printer.py") + "',
    "<source-1> @source-1",
    r"\u{41} \ // gone /* gone */",
    "~ -- --- ... 'quoted'",
]


@pytest.fixture(autouse=True)
def empty():
    caches["handouts"].clear()


@pytest.fixture
def asked():
    return make_faq(slug="asked", question="Does it?")


@pytest.fixture
def printing(monkeypatch, tmp_path):
    """Let another script do the printing: a function of its text."""

    def by(script):
        path = tmp_path / "printer.py"
        path.write_text(script)
        monkeypatch.setattr(pdf_rendering, "TYPST_WORKER", path)

    return by


@pytest.mark.parametrize("text", TYPST)
def test_no_text_of_a_record_is_taken_for_code(client, text):
    source = make_source(title=text, authors=text, publisher=text)
    finding = make_finding(
        slug="number",
        source=source,
        **dict.fromkeys("name happened when population treatment comparator note".split(), text),
    )
    make_compound(
        pictured=[finding],
        statuses=[{"country": "US", "text": text, "source": source}],
        slug="marmotine",
        **dict.fromkeys("name brand summary standing_note questions_to_ask".split(), text),
    )
    make_explainer({"title": text, "plain": text}, slug="guide", title=text, summary=text)
    for address in ("/compounds/marmotine/handout.pdf", "/explainers/guide/handout.pdf"):
        pdf = client.get(address).content
        assert pdf_reader.faults(pdf) == []
        # A word may be broken anywhere at the end of a line.
        assert text.replace(" ", "") in pdf_reader.words(pdf).replace(" ", "")
        assert "root:x:" not in pdf_reader.words(pdf)
        assert "RLIMIT" not in pdf_reader.words(pdf)


def test_what_no_font_has_is_an_empty_box_and_what_cannot_be_seen_is_gone(client):
    odd = "漢字 \U0001f642 \U0010fffd and \x07\u202e\x1b tail"
    make_faq(slug="odd", question=odd, answer="Ω ≥ é")
    pdf = client.get("/questions/odd/handout.pdf").content
    words = pdf_reader.words(pdf)
    assert pdf_reader.faults(pdf) == []
    assert "□□ □ □ and tail" in words
    assert "Ω ≥ é" in words


def test_texts_as_long_as_they_may_be_are_printed(client):
    endless = "unbreakable" * 500
    more = ":::emergency Now\n" + "\n\n".join(["Go there. " * 60] * 40) + "\n:::\n\n" + endless
    make_faq(slug="long", answer=more + "\n\n" + "> deep\n" * 200 + "- a\n" * 1_000)
    pdf = client.get("/questions/long/handout.pdf").content
    assert pdf_reader.faults(pdf) == []
    assert pdf_reader.words(pdf).count("there.") == 2_400  # none ran over the end of a page


def test_it_is_printed_once(client, asked, monkeypatch):
    first = client.get(ADDRESS).content
    monkeypatch.setattr(pdf_rendering, "_run_typst_worker", None)
    assert client.get(ADDRESS).content == first


def test_where_it_cannot_be_kept_readers_get_it_all_the_same(client, asked, settings, caplog):
    file = "django.core.cache.backends.filebased.FileBasedCache"
    nowhere = {"BACKEND": file, "LOCATION": "/proc/nowhere"}
    settings.CACHES = {**settings.CACHES, "handouts": nowhere}
    assert client.get(ADDRESS).status_code == 200
    assert "could not be kept" in caplog.text


@pytest.mark.parametrize(
    ("url", "backend"),
    [
        ("sqlite:////srv/db.sqlite3", "FileBasedCache"),
        ("postgres://app@db.example/site", "DatabaseCache"),
    ],
)
def test_all_machines_of_a_database_share_what_was_printed(
    client, asked, settings, monkeypatch, tmp_path, url, backend
):
    place = build_handout_cache(Env.db_url_config(url), tmp_path)
    assert place["BACKEND"].endswith(backend)
    settings.CACHES = {**settings.CACHES, "handouts": place}
    first = client.get(ADDRESS).content
    settings.CACHES = {**settings.CACHES}  # Another process opens it anew.
    monkeypatch.setattr(pdf_rendering, "_run_typst_worker", None)
    assert client.get(ADDRESS).content == first


def test_a_cache_that_is_away_costs_readers_nothing(client, asked, monkeypatch, caplog):
    def away(*args, **kwargs):
        raise OperationalError("connection refused")

    for method in ("get", "set"):
        monkeypatch.setattr(caches["handouts"], method, away)
    assert client.get(ADDRESS).status_code == 200
    assert "cannot be read" in caplog.text
    assert "could not be kept" in caplog.text


def test_what_is_kept_on_disk_stays_within_its_room(client, settings, tmp_path):
    kept = build_handout_cache({"ENGINE": "django.db.backends.sqlite3"}, tmp_path)
    assert kept["OPTIONS"]["MAX_ENTRIES"] <= 500
    kept["OPTIONS"] = {"MAX_ENTRIES": 3, "CULL_FREQUENCY": 2}
    settings.CACHES = {**settings.CACHES, "handouts": kept}
    for number in range(6):
        make_faq(slug=f"asked-{number}", question=f"Number {number}?")
        assert client.get(f"/questions/asked-{number}/handout.pdf").status_code == 200
    assert 1 <= len(list(tmp_path.iterdir())) <= 3


def unavailable(client, says, caplog=None):
    response = client.get(ADDRESS)
    assertContains(response, says, status_code=503)
    assert response["Retry-After"] == "5"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert 'href="http://127.0.0.1:8000/questions/asked/"' in response.content.decode()
    assert find_faults(response.content.decode()) == []
    return response


def test_only_a_few_are_printed_at_once(client, asked, monkeypatch):
    monkeypatch.setattr(pdf_rendering.render_queue, "max_waiting", 0)
    with pdf_rendering.render_queue.reserve("a"), pdf_rendering.render_queue.reserve("b"):
        unavailable(client, "try again")
    assert client.get(ADDRESS).status_code == 200


def test_one_client_does_not_take_the_place_of_another(client, asked):
    with pdf_rendering.render_queue.reserve("a"):
        with (
            pytest.raises(pdf_rendering.PdfUnavailableError),
            pdf_rendering.render_queue.reserve("a", seconds=0.01),
        ):
            pass
        assert client.get(ADDRESS).status_code == 200


def test_handouts_leave_a_thread_for_pages():
    queue = pdf_rendering.render_queue
    assert queue.at_once + queue.max_waiting < HANDOUT_THREADS


def test_others_wait_their_turn_and_get_it(client, asked):
    first, second = pdf_rendering.render_queue.reserve("a"), pdf_rendering.render_queue.reserve("b")
    first.__enter__()
    second.__enter__()
    Timer(0.1, first.__exit__, (None, None, None)).start()
    try:
        assert client.get(ADDRESS).status_code == 200
    finally:
        second.__exit__(None, None, None)


def test_a_client_waits_once_and_only_a_few_wait():
    turns = pdf_rendering.RenderQueue(at_once=1, waiting=2)
    waiting = [Thread(target=wait_in_vain, args=(turns, client)) for client in "bc"]
    with turns.reserve("a"):
        for thread in waiting:
            thread.start()
        while len(turns._waiting) < 2:
            sleep(0.001)
        for client in "bd":
            began = monotonic()
            with pytest.raises(pdf_rendering.PdfUnavailableError), turns.reserve(client, seconds=9):
                pass
            assert monotonic() - began < 1
        for thread in waiting:
            thread.join()
    assert (turns._waiting, turns._rendering) == ([], [])


def wait_in_vain(turns, client):
    with suppress(pdf_rendering.PdfUnavailableError), turns.reserve(client, seconds=0.3):
        pass


def test_handouts_that_were_not_printed_before_are_limited_for_each_client(
    client, asked, monkeypatch
):
    monkeypatch.setattr(rate_limits.HANDOUTS, "burst", 1)
    assert client.get(ADDRESS).status_code == 200
    assert client.get(ADDRESS).status_code == 200
    refused = client.get(f"{ADDRESS}?paper=a4")
    other = client.get(f"{ADDRESS}?paper=a4", REMOTE_ADDR="203.0.113.9")
    assertContains(refused, "Wait", status_code=429)
    assert other.status_code == 200


def test_what_was_printed_before_is_there_even_then(client, asked, monkeypatch):
    first = client.get(ADDRESS).content
    monkeypatch.setattr(pdf_rendering.render_queue, "at_once", 0)
    assert client.get(ADDRESS).content == first


def test_one_that_takes_too_long_is_ended_and_the_next_one_printed(
    client, asked, printing, monkeypatch, caplog
):
    printing("while True: pass")
    monkeypatch.setattr(pdf_rendering, "RENDER_TIMEOUT_SECONDS", 1)
    with caplog.at_level(logging.ERROR):
        unavailable(client, "took too long")
    assert "more than 1 seconds" in caplog.text
    monkeypatch.undo()
    assert client.get(ADDRESS).status_code == 200


def test_one_that_cannot_be_printed_is_told_to_staff_and_not_to_readers(
    client, asked, printing, caplog
):
    printing("raise SystemExit('marmotsecret')")
    with caplog.at_level(logging.ERROR):
        response = unavailable(client, "try again")
    assert "marmotsecret" in caplog.text
    assertNotContains(response, "marmotsecret", status_code=503)


@pytest.mark.parametrize("address", ["/questions/asked/", ADDRESS])
def test_where_there_is_no_typst_nothing_is_offered(client, asked, monkeypatch, address):
    monkeypatch.setattr(pdf_rendering, "is_typst_installed", lambda: False)
    if address == ADDRESS:
        unavailable(client, "This server cannot make PDFs.")
    else:
        assertNotContains(client.get(address), "handout.pdf")


@pytest.mark.parametrize(
    ("greed", "error"),
    [
        ("bytearray(3 << 30)", b"MemoryError"),
        ("open('greedy', 'w').write('x' * 100_000)", b"File too large"),
    ],
)
def test_the_printer_has_little_memory_and_no_files(tmp_path, greed, error):
    path = str(pdf_rendering.TYPST_WORKER)
    code = f"import runpy; p = runpy.run_path({path!r}); p['limit_resources']()\n"
    done = subprocess.run(
        [sys.executable, "-c", code + greed], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode != 0
    assert error in done.stderr


def test_the_printer_has_little_time():
    code = (
        f"import resource, runpy; p = runpy.run_path({str(pdf_rendering.TYPST_WORKER)!r})\n"
        "p['limit_resources'](); print(*resource.getrlimit(resource.RLIMIT_CPU))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["20", "20"]


def test_the_site_starts_without_typst():
    code = (
        "import sys; sys.modules['typst'] = None\n"
        "import django; django.setup()\n"
        "import psychoplastogens.urls\n"
        "from psychoplastogens.handouts import views\n"
        "print('ready')"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "psychoplastogens.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "ready\n"
