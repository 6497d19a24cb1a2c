"""Asking an address: what it says, and everything that it must not be made to do."""

import itertools
import socket
import ssl

import pytest

from psychoplastogens.evidence.filtered_network import get_tls_context, is_public_address
from psychoplastogens.evidence.link_fetcher import fetch_link
from tests.evidence.canned_server import server

INSIDE = [
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
    *("2002:7f00:1::", "2002:a00:1::1"),
]
OUTSIDE = [
    *("93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"),
    "64:ff9b::c000:9",  # 192.0.0.9 is public, 192.0.0.0 is not: every bit counts.
]


@pytest.fixture
def site():
    with server() as here:
        yield here


def ask(address, **options):
    """Visit `address` on this machine, which only a test may."""
    return fetch_link(address, allows=lambda ip, port: True, **options)


@pytest.fixture
def no_network(monkeypatch):
    """Any connection fails the test."""

    def refuse(*args, **options):
        raise AssertionError("It opened a connection.")

    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.parametrize("ip", INSIDE)
def test_addresses_inside_are_refused(ip):
    assert not is_public_address(ip, 443)


@pytest.mark.parametrize("ip", OUTSIDE)
def test_public_addresses_are_opened_at_the_ports_of_pages(ip):
    assert is_public_address(ip, 80) and is_public_address(ip, 443)
    assert not any(is_public_address(ip, port) for port in (22, 25, 6379, 8080, 0))


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "[::1]",
            "0",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
        ),
        *("[::ffff:127.0.0.1]", "169.254.169.254", "127.0.0.1:22", "１２７.0.0.1"),
    ],
)
def test_nothing_inside_is_ever_connected_to(no_network, host):
    answer = fetch_link(f"http://{host}/latest/meta-data/")
    assert answer.state == "broken"
    assert "private network" in answer.problem or "not well formed" in answer.problem


def test_one_number_inside_among_public_ones_is_refused(no_network, monkeypatch):
    numbers = [(2, 1, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: numbers)
    assert "private network" in fetch_link("http://a.org/").problem


def test_the_name_is_looked_up_once_and_the_checked_number_is_called(monkeypatch):
    """A name that answers with another number the second time gains nothing."""
    numbers = iter(["93.184.216.34", "127.0.0.1"])
    called = []

    def connect(place, timeout, **options):
        called.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *args, **options: [(2, 1, 6, "", (next(numbers), 80))]
    )
    monkeypatch.setattr(socket, "create_connection", connect)
    assert fetch_link("http://a.org/").state == "caution"
    assert called == [("93.184.216.34", 80)]


def test_each_redirect_is_checked_again(site):
    inner = site.url.replace("127.0.0.1", "127.0.0.2")
    address = site.redirect("/", f"{inner}/secret")
    answer = fetch_link(address, allows=lambda ip, port: ip == "127.0.0.1")
    assert (answer.state, "private network" in answer.problem) == ("broken", True)
    assert len(site.asked) == 1


def test_a_name_is_looked_up_and_judged_again_at_each_redirect(site, monkeypatch):
    numbers, look_up = iter(["127.0.0.1", "127.0.0.2"]), socket.getaddrinfo

    def answer_in_turn(host, *args, **options):
        return look_up(next(numbers) if host == "a.org" else host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", answer_in_turn)
    site.redirect("/", "/secret")
    answer = fetch_link(f"http://a.org:{site.port}/", allows=lambda ip, port: ip == "127.0.0.1")
    assert "private network" in answer.problem
    assert [request.split()[1] for request in site.asked] == ["/"]


def test_no_proxy_of_the_environment_is_asked(site, monkeypatch):
    """A proxy would resolve the name again, and connect where nobody has judged."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask(site.status("/", 200)).state == "ok"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://a.org/", "does not begin with"),
        ("file:///etc/passwd", "does not begin with"),
        ("javascript:alert(1)", "does not begin with"),
        ("//a.org/", "does not begin with"),
        ("", "does not begin with"),
        ("https://me:secret@a.org/", "a name or a password"),
        ("https://me@a.org/", "a name or a password"),
        ("https://@a.org/", "a name or a password"),
        ("https:///path", "not well formed"),
        ("https://[::1/", "not well formed"),
        ("https://a.org:99999/", "not well formed"),
        ("https://a.org:x/", "not well formed"),
        ("https://a b.org/", "not well formed"),
        ("https://" + "a" * 70 + ".org/", "not well formed"),
        ("https://a..org/", "not well formed"),
        ("https://a.org\\@127.0.0.1/", "a name or a password"),
    ],
)
def test_what_is_no_address_for_readers_is_broken(no_network, address, words):
    answer = fetch_link(address)
    assert (answer.state, words in answer.problem) == ("broken", True)


@pytest.mark.parametrize("to", ["ftp://a.org/", "file:///etc/passwd", "http://me:pw@127.0.0.1/"])
def test_nor_may_it_be_redirected_to(site, to):
    assert ask(site.redirect("/", to)).state == "broken"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        *((200, "ok"), (204, "ok"), (206, "ok"), (301, "broken"), (304, "broken")),
        *((400, "broken"), (401, "caution"), (403, "caution"), (404, "broken"), (405, "caution")),
        *((410, "broken"), (418, "broken"), (429, "caution"), (451, "caution")),
        *((500, "caution"), (503, "caution"), (999, "caution")),
    ],
)
def test_each_status_has_its_meaning(site, status, state):
    answer = ask(site.status("/", status))
    assert (answer.state, answer.status) == (state, status)
    assert bool(answer.problem) == bool(answer.suggested_fix) == (state != "ok")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_it_follows_a_redirect(site, status):
    site.status("/there", 200)
    assert ask(site.redirect("/", "/there", status)).state == "ok"
    assert [request.split()[1] for request in site.asked] == ["/", "/there"]


def test_it_follows_five_redirects_and_no_sixth(site):
    for step in range(6):
        site.redirect(f"/{step}", f"/{step + 1}")
    site.status("/6", 200)
    assert ask(f"{site.url}/1").state == "ok"
    answer = ask(f"{site.url}/0")
    assert (answer.state, "more than 5 times" in answer.problem) == ("caution", True)


def test_a_circle_is_broken(site):
    site.redirect("/b", "/a")
    answer = ask(site.redirect("/a", "/b"))
    assert (answer.state, "circle" in answer.problem) == ("broken", True)


def test_it_asks_once_says_who_it_is_and_sends_nothing_else(site, settings):
    settings.SITE_NAME, settings.SITE_ORIGIN = "Under story\r\nX: y", "https://u.org"
    ask(site.status("/a?b=c", 200))
    head = site.asked[0].split("\r\n")
    assert head[0] == "GET /a?b=c HTTP/1.1"
    assert head[1] == f"Host: 127.0.0.1:{site.port}"
    assert "User-Agent: UnderstoryX:y-link-check (+https://u.org)" in head
    assert not any(line.lower().startswith(("cookie", "referer", "x:")) for line in head)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/a b", "/a%20b"),
        ("/ä", "/%C3%A4"),
        ("/a%20b", "/a%20b"),
        ("/10.1/x<1:2>#top", "/10.1/x%3C1:2%3E"),
        ("", "/"),
        ("?q=a b", "/?q=a%20b"),
        ("/a\r\nX: y", "/aX:%20y"),
    ],
)
def test_odd_signs_are_sent_as_they_must_be(site, path, asked):
    site.status(asked, 200)
    assert ask(site.url + path).state == "ok"
    assert site.asked[0].splitlines()[0] == f"GET {asked} HTTP/1.1"


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"hello",
        b"\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 99 Low\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        HEAD,
        HEAD + b"A: " + b"b" * 200_000 + b"\r\n\r\n",
        HEAD + b"A: b\r\n" * 40_000 + b"\r\n",
    ],
    ids=range(9),
)
def test_what_does_not_answer_as_a_site_does_is_opened_by_hand(site, answer):
    assert ask(site.raw("/", answer)).state == "caution"


def test_an_endless_head_is_not_read_to_its_end(site):
    endless = itertools.chain([HEAD], itertools.repeat(b"A: " + b"b" * 1_000 + b"\r\n"))
    assert ask(site.raw("/", endless)).problem == "It could not be reached, or broke off."


def test_endless_interim_answers_end(site):
    """100 Continue may come any number of times; the time is bounded all the same."""
    endless = itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n")
    answer = ask(site.raw("/", endless), seconds=0.2)
    assert "within 0.2 seconds" in answer.problem


def test_a_body_is_not_waited_for(site):
    head = HEAD + b"Content-Length: 1000000000\r\n\r\n"
    assert ask(site.raw("/", head)).state == "ok"


def test_an_interim_answer_is_passed_over(site):
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + HEAD + b"\r\n"
    assert ask(site.raw("/", early)).state == "ok"


def test_a_server_that_says_nothing_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = ask(f"http://127.0.0.1:{silent.getsockname()[1]}/", seconds=0.1)
    assert (answer.state, answer.problem) == ("caution", "It did not answer within 0.1 seconds.")


def test_a_closed_port_is_asked_again_later():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    answer = ask(f"http://127.0.0.1:{port}/")
    assert (answer.state, "next check" in answer.suggested_fix) == ("caution", True)


@pytest.mark.parametrize(
    ("number", "state"), [(socket.EAI_NONAME, "broken"), (socket.EAI_AGAIN, "caution")]
)
def test_a_name_that_does_not_exist_is_broken_and_one_that_fails_now_is_not(
    monkeypatch, number, state
):
    def fail(*args, **options):
        raise socket.gaierror(number, "no")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert fetch_link("https://a.org/").state == state


def test_a_certificate_that_does_not_fit_is_broken(site, monkeypatch):
    def wrong(*args, **options):
        raise ssl.SSLCertVerificationError("expired")

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrong)
    answer = ask(site.url.replace("http:", "https:"))
    assert (answer.state, "certificate" in answer.problem) == ("broken", True)


def test_a_plain_server_behind_https_is_no_site(site):
    assert ask(site.url.replace("http:", "https:"), seconds=0.3).state == "caution"


def test_the_next_number_of_a_name_is_tried(site, monkeypatch):
    numbers = [(2, 1, 6, "", (ip, site.port)) for ip in ("127.0.0.9", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: numbers)
    site.status("/", 200)
    assert ask(f"http://a.org:{site.port}/").state == "ok"


def test_production_checks_the_certificate():
    context = get_tls_context()
    assert context.check_hostname and context.verify_mode == ssl.CERT_REQUIRED
