"""Light or dark: as the device says, until readers choose; then from the first paint on."""

import pytest
from playwright.sync_api import expect

# What the colors are when <body> begins, which is before anything is painted.
AT_FIRST = """
new MutationObserver((_, watch) => {
  if (!document.body) return;
  window.atFirst = document.documentElement.dataset.theme ?? "device";
  watch.disconnect();
}).observe(document, {childList: true, subtree: true});
"""
LIGHTNESS = """() => {
  const dot = new OffscreenCanvas(1, 1).getContext("2d");
  dot.fillStyle = getComputedStyle(document.body).backgroundColor;
  dot.fillRect(0, 0, 1, 1);
  return dot.getImageData(0, 0, 1, 1).data[1] / 255;
}"""


@pytest.fixture
def at_desk(new_page):
    def open_page(scheme):
        page = new_page(color_scheme=scheme)
        page.add_init_script(AT_FIRST)
        page.goto("/about/")
        return page

    return open_page


def choose(page, name):
    page.get_by_role("button", name="Reading options").click()
    page.get_by_role("radio", name=name).check(force=True)
    page.keyboard.press("Escape")


def is_dark(page):
    return page.evaluate(LIGHTNESS) < 0.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_device_decides_at_first(at_desk, scheme):
    page = at_desk(scheme)
    assert is_dark(page) == (scheme == "dark")
    assert page.evaluate("window.atFirst") == "device"


@pytest.mark.parametrize(("at_first", "choice"), [("light", "dark"), ("dark", "light")])
def test_a_choice_holds_on_every_page_from_the_first_paint(at_desk, at_first, choice):
    page = at_desk(at_first)
    choose(page, choice.capitalize())
    assert is_dark(page) == (choice == "dark")
    page.goto("/glossary/synapse/")
    assert page.evaluate("window.atFirst") == choice
    assert is_dark(page) == (choice == "dark")
    page.get_by_role("button", name="Reading options").click()
    expect(page.get_by_role("radio", name=choice.capitalize())).to_be_checked()


def test_going_back_to_the_device_forgets_the_choice(at_desk):
    page = at_desk("light")
    choose(page, "Dark")
    choose(page, "Match device")
    assert not is_dark(page)
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    assert page.evaluate("window.atFirst") == "device"


def test_a_private_window_knows_no_choice_made_elsewhere(at_desk):
    choose(at_desk("light"), "Dark")
    private = at_desk("light")
    assert private.evaluate("window.atFirst") == "device"
    assert not is_dark(private)


def test_a_choice_that_is_spoilt_is_ignored(at_desk):
    page = at_desk("light")
    page.evaluate("localStorage.setItem('theme', 'mauve')")
    page.reload()
    assert page.evaluate("window.atFirst") == "device"
    assert not is_dark(page)


def test_in_forced_colors_the_words_of_a_filled_button_are_seen(at_desk):
    """Chromium paints a ground of its own behind text whose colors it may change."""
    page = at_desk("light")
    page.emulate_media(forced_colors="active")
    page.goto("/how-ketamine-works/")
    style = page.locator("a.btn").first.evaluate(
        "one => { const s = getComputedStyle(one);"
        " return [s.forcedColorAdjust, s.color, s.backgroundColor]; }"
    )
    assert style[0] == "none"
    assert style[1] != style[2]
