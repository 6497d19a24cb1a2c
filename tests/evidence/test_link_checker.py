"""The run over all links: what is asked, how often, and what is kept."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from psychoplastogens.evidence import link_checker
from psychoplastogens.evidence.link_checker import OfflineError, check_links
from psychoplastogens.evidence.models import LinkCheck
from tests.evidence.canned_server import server
from tests.factories import make_link, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    with server() as here:
        yield here


@pytest.fixture
def waits():
    return []


@pytest.fixture
def run(waits):
    """Check all links, those of this machine too, and note the pauses instead of taking them."""

    def go(**options):
        return check_links(allows=lambda ip, port: True, wait=waits.append, **options)

    return go


def states():
    return dict(LinkCheck.objects.values_list("address", "state"))


def test_each_address_is_asked_once_and_its_answer_kept(site, run):
    good, gone = site.status("/good", 200), site.status("/gone", 404)
    for url in (good, good, gone):
        make_source(url=url)
    report = run()
    assert states() == {good: "ok", gone: "broken"}
    assert (len(report.checked), report.count("ok"), report.count("broken")) == (2, 1, 1)
    kept = LinkCheck.objects.get(address=gone)
    assert (kept.http_status, kept.problem) == (404, "There is no such page any more.")
    assert timezone.now() - kept.checked_at < timedelta(minutes=5)


def test_an_answer_is_used_for_four_hours(site, run):
    make_source(url=site.status("/", 200))
    run()
    assert run().skipped_fresh == 1
    assert len(site.asked) == 1
    LinkCheck.objects.update(checked_at=timezone.now() - timedelta(hours=4, seconds=1))
    run()
    assert len(site.asked) == 2


def test_a_link_that_was_mended_is_well_again(site, run):
    make_source(url=site.status("/", 404))
    run()
    site.status("/", 200)
    LinkCheck.objects.update(checked_at=timezone.now() - timedelta(days=1))
    run()
    link = LinkCheck.objects.get()
    assert (link.state, link.problem, link.suggested_fix) == ("ok", "", "")


def test_an_address_that_nobody_follows_any_more_is_forgotten(site, run):
    source = make_source(url=site.status("/old", 404))
    run()
    source.url = site.status("/new", 200)
    source.save()
    run()
    assert states() == {source.url: "ok"}


def test_a_host_is_not_asked_twice_within_a_second(site, run, waits, monkeypatch):
    monkeypatch.setattr("time.monotonic", lambda: 100.0)
    for number in range(3):
        make_source(url=site.status(f"/{number}", 200))
    run()
    assert waits == [
        0,
        link_checker.SECONDS_BETWEEN_REQUESTS,
        link_checker.SECONDS_BETWEEN_REQUESTS,
    ]


def test_hosts_are_asked_in_turn(site, run):
    with server() as other:
        for here in (site, other):
            for number in range(2):
                make_source(url=here.status(f"/{number}", 200))
        asked = []
        run(on_checked=lambda link: asked.append(link.address.split("/")[2]))
    assert asked[0] != asked[1] and asked[:2] == asked[2:]


def test_a_host_that_has_had_enough_is_left_in_peace(site, run):
    for number in range(4):
        make_source(url=site.status(f"/{number}", 429))
    report = run()
    assert (len(site.asked), report.postponed) == (1, 3)
    assert sorted(states().values()) == ["caution", "pending", "pending", "pending"]


def test_without_a_network_nothing_is_changed(run):
    urls = ["http://127.0.0.1:9/", "http://127.0.0.2:9/"]
    for url in urls:
        make_source(url=url)
    make_link(urls[0], "ok")
    LinkCheck.objects.update(checked_at=timezone.now() - timedelta(days=1))
    with pytest.raises(OfflineError):
        run()
    assert states() == {urls[0]: "ok", urls[1]: "pending"}


def test_without_a_network_it_soon_gives_up(run):
    for number in range(1, 40):
        make_source(url=f"http://127.0.0.{number}:9/")
    asked = []
    with pytest.raises(OfflineError):
        run(on_checked=asked.append)
    assert len(asked) == link_checker.MAX_UNREACHABLE_HOSTS


def test_addresses_that_are_none_do_not_look_like_a_lost_network(run, monkeypatch):
    addresses = [f"ftp://{number}.org/" for number in range(9)]
    monkeypatch.setattr(link_checker, "_providers", [lambda: addresses])
    run()
    assert list(states().values()) == ["broken"] * 9


def test_one_dead_host_among_living_ones_is_kept(site, run):
    make_source(url="http://127.0.0.2:9/")
    make_source(url=site.status("/", 200))
    run()
    assert sorted(states().values()) == ["caution", "ok"]


def test_what_was_answered_stays_when_the_run_breaks_off(site, run):
    for number in range(2):
        make_source(url=site.status(f"/{number}", 200))

    def stop(link):
        if len(site.asked) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(on_checked=stop)
    assert sorted(states().values()) == ["ok", "pending"]


def test_an_address_that_is_too_long_is_named_and_the_others_asked(site, run, monkeypatch):
    long = "https://a.org/" + "b" * 700
    monkeypatch.setattr(link_checker, "_providers", [lambda: [long, site.status("/", 200)]])
    assert run().too_long == [long]
    assert list(states().values()) == ["ok"]


@pytest.mark.parametrize("address", ["http://[::1/", "https://a.org:x/", "mailto:a@b.org", "?"])
def test_an_address_that_is_none_is_broken_and_stops_nothing(site, run, monkeypatch, address):
    monkeypatch.setattr(link_checker, "_providers", [lambda: [address, site.status("/", 200)]])
    run()
    assert states()[address] == "broken"
    assert sorted(states().values()) == ["broken", "ok"]


def command(**options):
    out = io.StringIO()
    call_command("check_links", stdout=out, **options)
    return out.getvalue()


def test_the_command_never_opens_this_machine(site):
    """It has no option for it: what tests may, a server may not."""
    make_source(url=site.status("/", 200))
    told = command()
    assert site.asked == []
    assert "1 checked: 0 answer, 1 are broken" in told
    assert f"Broken: {site.url}/ It leads into a private network" in told


def test_the_command_tells_what_to_do_and_what_it_left_out(monkeypatch):
    make_source(url="https://a.org/ok")
    make_source(url="https://a.org/gone")
    make_link("https://a.org/ok", "ok")
    make_link("https://a.org/gone", suggested_fix="Look for its new address.")
    told = command()
    assert "0 checked" in told and "2 were checked less than 4 hours ago." in told
    gone = "There is no such page any more. Look for its new address."
    assert f"Broken: https://a.org/gone {gone}" in told


def test_the_command_says_when_there_is_no_network(monkeypatch):
    def offline(**options):
        raise OfflineError

    monkeypatch.setattr(
        "psychoplastogens.evidence.management.commands.check_links.check_links", offline
    )
    with pytest.raises(CommandError, match="Is this machine connected"):
        command()


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "ok"},
        {"state": "pending", "checked_at": timezone.now()},
        {"state": "broken", "checked_at": timezone.now()},
        {"state": "ok", "checked_at": timezone.now(), "problem": "Gone."},
        {"state": "fine", "checked_at": timezone.now()},
    ],
)
def test_the_database_refuses_a_half_said_answer(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        LinkCheck.objects.create(address="https://a.org/", **fields)


def test_the_database_refuses_an_address_twice():
    make_link("https://a.org/")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_link("https://a.org/")


def test_a_page_is_saved_without_asking_anybody(monkeypatch):
    def refuse(*args, **options):
        raise AssertionError("It went to the network.")

    monkeypatch.setattr("socket.create_connection", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    make_source(url="https://a.org/")


def test_the_list_of_links_opens_no_script(admin_client):
    make_link("javascript:alert(1)")
    make_link("https://a.org/?<b>")
    page = admin_client.get("/admin/evidence/linkcheck/").text
    assert 'href="javascript:' not in page and "/?<b>" not in page
    assert '<a href="https://a.org/?&lt;b&gt;" rel="noopener noreferrer">' in page


def test_staff_see_the_links_and_change_none(admin_client):
    link = make_link("https://a.org/gone", suggested_fix="Look for its new address.")
    page = admin_client.get("/admin/evidence/linkcheck/?state__exact=broken").text
    assert "https://a.org/gone" in page and "Look for its new address." in page
    assert admin_client.get("/admin/evidence/linkcheck/add/").status_code == 403
    address = f"/admin/evidence/linkcheck/{link.pk}/"
    assert admin_client.post(f"{address}change/", {"state": "ok"}).status_code == 403
    assert admin_client.post(f"{address}delete/", {"post": "yes"}).status_code == 403
