"""What is stored is answered without Django, in the form and under the conditions asked for."""

import gzip

import brotli
import pytest
from django.http import FileResponse

from psychoplastogens.delivery import metrics
from psychoplastogens.delivery.page_store import rendering, store
from psychoplastogens.editorial.models import ContentVersion
from tests.delivery.page_store.conftest import ask
from tests.factories import make_compound, make_faq, make_pack, make_term, make_user

pytestmark = pytest.mark.django_db


def test_a_page_reaches_django_once(site):
    first, second = site.get("/about/"), site.get("/about/")
    assert first == second
    assert len(site.asked) == 1
    assert (site.store.counts.misses, site.store.counts.hits) == (1, 2)


def test_before_a_version_was_read_nothing_is_stored(make_site, numbers):
    assert not make_site().is_stored("/about/")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.1, gzip;q=1.0", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("BR", "br"),
        ("deflate", None),
        ("identity;q=0", None),
        ("br;q=0.000,gzip;q=0", None),
        ("", None),
        (";;q=,,br;q=x", "br"),
    ],
)
def test_the_best_coding_that_a_client_accepts(site, accepted, coding):
    plain = site.get("/about/")
    answer = site.get("/about/", accept_encoding=accepted)
    assert answer.headers.get("content-encoding") == coding
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    assert unpack(answer.body) == plain.body
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["vary"] == "Accept-Encoding"


def test_each_coding_has_a_strong_tag_of_its_own(site):
    tags = {site.get("/about/", accept_encoding=c).headers["etag"] for c in ("br", "gzip", "")}
    assert len(tags) == 3
    assert not any(tag.startswith("W/") for tag in tags)


@pytest.mark.parametrize("held", ["{}", "W/{}", '"a", {}', '"a" ,W/{} , "b"', "*"])
def test_a_good_copy_is_not_sent_again(site, held):
    whole = site.get("/about/", accept_encoding="br")
    again = site.get(
        "/about/", accept_encoding="br", if_none_match=held.format(whole.headers["etag"])
    )
    assert (again.status, again.body) == (304, b"")
    kept = {
        n: v for n, v in whole.headers.items() if n not in ("content-length", "content-encoding")
    }
    assert again.headers == kept


@pytest.mark.parametrize("held", ['"a"', "", 'W/"', "gzip"])
def test_another_copy_is_sent_again(site, held):
    if held == "gzip":
        held = site.get("/about/", accept_encoding="gzip").headers["etag"]
    assert site.get("/about/", accept_encoding="br", if_none_match=held).status == 200


def test_if_match_is_strong(site):
    tag = site.get("/about/").headers["etag"]
    assert site.get("/about/", if_match=f'"a", {tag}').status == 200
    assert site.get("/about/", if_match=f"W/{tag}").status == 412


@pytest.mark.parametrize("coding", ["br", ""])
def test_head_has_the_headers_of_get_in_any_order(site, make_site, coding):
    after_get = site.get("/about/", accept_encoding=coding)
    other = make_site()
    other.look()
    for one in (site, other):
        head = one.get("/about/", "HEAD", accept_encoding=coding)
        assert (head.status, head.body, head.pairs) == (200, b"", after_get.pairs)
    assert other.get("/about/", accept_encoding=coding) == after_get


def test_a_part_of_a_page_is_not_sent(site):
    site.get("/about/")
    answer = site.get("/about/", range="bytes=0-9")
    assert answer.status == 200
    assert len(answer.body) > 1_000


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PURGE"])
def test_other_methods_reach_django(site, method):
    site.get("/about/")
    assert site.get("/about/", method).status == 405
    assert site.get("/about/").status == 200


def test_a_new_version_makes_pages_anew_and_the_same_text_keeps_its_tag(site, numbers):
    before = site.get("/about/")
    numbers["content"] += 1
    assert site.is_stored("/about/")
    site.look()
    assert site.get("/about/") == before
    assert len(site.asked) == 2


def test_what_is_withdrawn_is_gone_in_pages_and_lists_once_it_was_seen(site, numbers):
    faq = make_faq(slug="it", question="Is it a marmot?")
    for address in ("/questions/it/", "/questions/"):
        assert b"marmot" in site.get(address).body
    faq.withdraw(by=make_user(), reason="It was wrong.")
    numbers["content"] += 1
    site.look()
    assert site.get("/questions/it/").status == 410
    assert b"marmot" not in site.get("/questions/").body
    assert site.is_stored("/questions/it/")


def test_what_this_process_changed_is_not_served_until_the_version_is_read(site):
    site.get("/about/")
    site.store.watcher.expect_change()
    site.get("/about/")
    assert len(site.asked) == 2
    site.look()
    assert site.is_stored("/about/")


def test_a_reading_that_began_before_a_change_does_not_count(site, numbers, monkeypatch):
    from psychoplastogens.delivery.page_store import versions

    watcher = site.store.watcher

    def read():
        watcher.expect_change()
        return dict(numbers)

    monkeypatch.setattr(versions, "_readers", [read])
    watcher.read()
    assert watcher.tokens == {}


def test_a_publication_announces_itself_when_it_is_committed(
    monkeypatch, django_capture_on_commit_callbacks
):
    from psychoplastogens.delivery.page_store import versions

    called = []
    monkeypatch.setattr(versions.watcher, "expect_change", lambda: called.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        make_faq()
        assert not called
    assert called


def test_a_clinic_moves_only_the_pages_that_show_lists(site, numbers, monkeypatch):
    from psychoplastogens.delivery.page_store import versions

    monkeypatch.setattr(versions, "_readers", [ContentVersion.objects.read_numbers])
    pack = make_pack(make_faq())
    site.look()
    addresses = ["/about/", pack.get_absolute_url(), f"{pack.get_absolute_url()}1/"]
    addresses.append(pack.clinic.get_absolute_url())
    for address in addresses:
        assert site.is_stored(address)
    pack.clinic.name = "Marmot Clinic"
    pack.clinic.save()
    site.look()
    asked = len(site.asked)
    site.get("/about/")
    assert len(site.asked) == asked
    for address in addresses[1:]:
        assert b"Marmot Clinic" in site.get(address).body


def test_a_page_is_made_anew_when_its_day_is_over(site, monkeypatch):
    site.get("/about/")
    midnight = rendering.get_next_midnight()
    [(_, entry)] = site.store.memory.list_most_read()
    assert entry.expires == midnight
    monkeypatch.setattr(store, "time", lambda: midnight - 1)
    assert site.is_stored("/about/")
    monkeypatch.setattr(store, "time", lambda: midnight)
    site.get("/about/")
    assert len(site.asked) == 2


def test_the_day_ends_in_the_time_zone_of_the_site(settings):
    from datetime import datetime

    settings.TIME_ZONE = "Pacific/Auckland"
    end = datetime.fromtimestamp(
        rendering.get_next_midnight(), tz=rendering.timezone.get_default_timezone()
    )
    assert (end.hour, end.minute) == (0, 0)
    assert str(end.tzinfo) == "Pacific/Auckland"


@pytest.mark.parametrize("make", [make_faq, make_compound, make_term])
def test_a_renamed_page_leads_on_from_the_store(site, make, numbers):
    record = make(slug="old")
    record.slug = "new"
    record.save()
    address = record.get_absolute_url().replace("new", "old")
    assert site.get(address).headers["location"] == record.get_absolute_url()
    assert site.is_stored(address)


def test_a_static_file_is_stored_in_each_of_its_codings(site):
    address, br = "/static/base.css", {"accept_encoding": "br"}
    stored = site.get(address, **br)
    assert stored.status == 200
    assert site.is_stored(address, **br)
    assert site.get(address, range="bytes=0-9", **br).status == 206
    held = {"if_modified_since": stored.headers["last-modified"]}
    assert site.get(address, **held, **br).status == 304
    assert site.get(address, if_none_match=stored.headers["etag"], **br).status == 304
    assert ask(site.application, address).body == stored.body


def find(site, address, method="GET", **headers):
    """What the event loop would send without asking a thread."""
    sent = {"host": "localhost"} | {k.replace("_", "-"): value for k, value in headers.items()}
    return site.store.find(method, "http", address, "", sent.get)


def test_what_has_to_be_unpacked_holds_up_no_other_request(site):
    site.get("/about/", accept_encoding="br")
    assert find(site, "/about/", accept_encoding="br").status == 200
    assert find(site, "/about/") is None
    assert site.is_stored("/about/")


class CompressedFile:
    """An application that sends a file, and its compressed form to who accepts one."""

    HEADERS = [
        ("Content-Type", "text/css"),
        ("Cache-Control", "public, max-age=60"),
        ("Last-Modified", "Sat, 28 Nov 2026 07:00:00 GMT"),
    ]

    def __init__(self, path):
        self.path = path

    def __call__(self, environ, start_response):
        if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            start_response("200 OK", [*self.HEADERS, ("Content-Encoding", "gzip")])
            return [gzip.compress(self.path.read_bytes())]
        start_response("200 OK", self.HEADERS)
        return FileResponse(self.path.open("rb"))


def test_a_plain_static_file_is_sent_from_disk_and_takes_no_thread(make_site, numbers, tmp_path):
    file, address = tmp_path / "base.css", "/static/base.css"
    file.write_bytes(b"a {}\n" * 1_000)
    site = make_site(CompressedFile(file))
    assert find(site, address) is None
    site.get(address, accept_encoding="gzip")
    sent = find(site, address)
    headers = dict(sent.headers)
    assert (sent.status, sent.body, sent.path) == (200, b"", str(file))
    assert headers["Content-Length"] == "5000"
    assert headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in headers
    for condition in (
        {"if_none_match": headers["ETag"]},
        {"if_modified_since": headers["Last-Modified"]},
    ):
        held = find(site, address, **condition)
        assert (held.status, held.body, held.path) == (304, b"", "")
    head = find(site, address, "HEAD")
    assert (head.headers, head.body, head.path) == (sent.headers, b"", "")
    assert find(site, address, range="bytes=0-9") is None
    assert site.get(address).body == file.read_bytes()


def test_what_the_store_did_is_brought_to_the_metrics(site):
    def read(result):
        labels = {"result": result}
        return (
            metrics.registry.get_sample_value("understory_page_store_requests_total", labels) or 0
        )

    before = {result: read(result) for result in ("hits", "misses", "passed")}
    for address in ("/about/", "/about/", "/about/", "/search/?q=a"):
        site.get(address)
    site.store.upkeep.report_counts()
    site.store.upkeep.report_counts()
    assert {result: read(result) - before[result] for result in before} == {
        "hits": 3,
        "misses": 1,
        "passed": 1,
    }
    stored = metrics.registry.get_sample_value("understory_page_store_bytes")
    assert stored == site.store.memory.bytes > 0
