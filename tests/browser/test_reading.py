"""Every kind of page, as readers meet it: private, accessible, whole without scripts, steady.

The tests that ask for `visited` share one file: files may run in different processes, and each
process would visit every page again.
"""

import pytest

from tests.browser.page_addresses import PAGE_ADDRESSES, SHORT_ADDRESSES
from tests.browser.page_visits import PAINTED, WATCH_JUMPS, wait_until

each_kind = pytest.mark.parametrize("address", PAGE_ADDRESSES)


@each_kind
def test_a_page_asks_no_other_host_and_its_console_is_silent(visited, address):
    assert visited(address).problems == []


@each_kind
def test_reading_leaves_nothing_on_the_device(visited, address):
    visit = visited(address)
    assert visit.cookies == []
    # Where was I in a guide: on this device only, and forgotten at the press of a button
    local = [key for key in visit.kept["local"] if not key.startswith("place:")]
    assert visit.kept | {"local": local} == {"cookies": "", "session": [], "local": []}


@each_kind
def test_a_page_says_the_same_without_scripts(visited, address):
    visit = visited(address)
    assert len(visit.words_without_scripts) > 100
    assert visit.words_without_scripts == visit.words


@each_kind
def test_nothing_scrolls_sideways(visited, address):
    assert all(page <= screen for screen, page in visited(address).widths.items())


@each_kind
def test_nothing_jumps_while_a_page_loads(visited, address):
    jumped = visited(address).jumped
    assert max(jumped.values()) < 0.01, jumped


@each_kind
def test_fingers_hit_what_they_aim_at(visited, address):
    assert not any(visited(address).small_targets.values())


@pytest.mark.parametrize(
    "address", [SHORT_ADDRESSES.get(address, address) for address in PAGE_ADDRESSES]
)
def test_every_kind_of_page_is_accessible_at_a_desk_and_in_dark_on_a_small_phone(visited, address):
    assert visited(address).violations == []


@each_kind
def test_a_printed_page_has_its_address_whom_to_call_and_nothing_to_press(visited, address):
    paper = visited(address).on_paper
    if address == "/no-such-page/":  # Its address is whatever somebody typed.
        assert paper["line"] == ""
    else:
        assert paper["line"].endswith(address.split("?")[0])
        assert paper["calls"] == "Call or text 988,Call 911"
    assert paper["for_fingers"] == []
    assert paper["colors"] == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_a_jump_would_be_seen(page):
    page.add_init_script(WATCH_JUMPS)
    page.goto("/about/")
    page.evaluate(PAINTED)
    page.evaluate("document.querySelector('main').style.marginTop = '300px'")
    assert page.evaluate(wait_until("window.jumped > 0.01"))
