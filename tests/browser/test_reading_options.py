"""Reading comfort: one choice of detail, where was I, and reading aloud."""

import re

from playwright.sync_api import expect

from tests.browser.page_addresses import SECTION
from tests.browser.page_visits import wait_until

START = "/how-ketamine-works/"
FIRST, SECOND = f"{START}stress-and-lost-connections/", f"{START}ketamine-blocks-a-lock/"
# A voice that says nothing, at once, and remembers what it was told to say.
VOICE = """window.said = [];
class Utterance { constructor(text) { this.text = text; } }
const voice = {
  getVoices: () => [{}],
  speak(one) {
    said.push([one.text, one.rate]);
    if (!window.holdOn) setTimeout(() => one.onend());
  },
  cancel() {},
};
Object.defineProperty(window, 'speechSynthesis', { value: voice });
window.SpeechSynthesisUtterance = Utterance;"""
NO_SPEECH = "Object.defineProperty(window, 'speechSynthesis', { value: undefined })"
LATE_VOICE = """const voices = [];
speechSynthesis.getVoices = () => voices;
window.arrive = () => {
  voices.push({});
  speechSynthesis.dispatchEvent(new Event('voiceschanged'));
};"""


def test_one_choice_of_detail_holds_for_the_whole_site(page):
    page.goto(FIRST)
    page.get_by_role("radio", name="More detail").check()
    expect(page).to_have_url(re.compile(r"\?depth=more$"))
    page.locator("#step a[rel=next]").click()
    expect(page.locator("h1")).to_be_focused()
    expect(page.get_by_role("radio", name="More detail")).to_be_checked()
    expect(page.locator(".extra")).to_be_visible()
    page.goto("/explainers/the-day-of-your-treatment/all/")
    expect(page.get_by_role("radio", name="More detail").last).to_be_checked()
    page.get_by_role("radio", name="Plain").first.check()
    expect(page.locator(".extra:visible")).to_have_count(0)


def test_the_address_says_how_much_detail_before_the_device_does(page):
    page.goto(f"{FIRST}?depth=more")
    expect(page.locator(".extra")).to_be_visible()
    page.goto(FIRST)
    expect(page.locator(".extra")).to_be_hidden()


def test_without_javascript_links_keep_the_choice_of_detail(page_without_javascript):
    page = page_without_javascript
    more = page.get_by_role("link", name="More detail in every part")
    for start in (FIRST, SECTION):
        page.goto(start)
        first = page.locator("h1").inner_text()
        expect(page.locator(".extra")).to_be_hidden()
        more.click()
        expect(page.locator(".extra")).to_be_visible()
        page.locator("a[rel=next]").click()
        expect(page.locator("h1")).not_to_have_text(first)
        expect(page).to_have_url(re.compile(r"/\?depth=more$"))
        expect(page.locator(".extra")).to_be_visible()
        page.locator("a[rel=prev]").click()
        expect(page.locator("h1")).to_have_text(first)
        page.get_by_role("link", name="Plain text in every part").click()
        expect(page.locator(".extra")).to_be_hidden()


def test_plain_text_chosen_on_a_page_of_more_detail_holds_on_the_next(page):
    page.goto(f"{SECTION}?depth=more")
    page.get_by_role("radio", name="Plain").check()
    expect(page).to_have_url(re.compile(f"{SECTION}$"))
    page.locator("a[rel=next]").click()
    page.wait_for_url(lambda url: not url.endswith(SECTION))
    assert "depth" not in page.url
    expect(page.locator(".extra")).to_be_hidden()


def test_the_start_page_offers_to_go_on_and_forgets_when_told_to(page):
    go_on = page.get_by_role("link", name="Go on with part")
    page.goto(START)
    expect(go_on).to_be_hidden()
    page.goto(FIRST)
    page.locator("#step a[rel=next]").click()
    expect(page.locator("h1")).to_be_focused()
    page.goto(START)
    expect(go_on).to_have_text("Go on with part 2")
    page.get_by_role("button", name="Reading options").click()
    page.get_by_role("button", name="Forget where I was").click()
    expect(page.get_by_text("Forgotten.")).to_be_visible()
    expect(go_on).to_be_hidden()
    page.reload()
    expect(go_on).to_be_hidden()


def test_a_guide_remembers_too_and_its_link_leads_there(page):
    page.goto(SECTION)
    page.goto("/explainers/the-day-of-your-treatment/")
    page.get_by_role("link", name="Go on with part").click()
    expect(page).to_have_url(re.compile(SECTION))


def test_a_text_is_read_aloud_sentence_by_sentence(new_page):
    page = new_page()
    page.add_init_script(VOICE)
    page.goto(FIRST)
    page.get_by_role("button", name="Listen").click()
    assert page.evaluate(wait_until("said.length > 5"))
    expect(page.get_by_role("button", name="Listen")).to_be_visible()
    said = [text for text, _ in page.evaluate("said")]
    assert said[0] == "A brain cell looks a bit like a tree."
    assert "Seen in animals" in said
    assert not [text for text in said if re.search(r"\d$|More detail", text)]
    assert page.evaluate("CSS.highlights.has('spoken')") is False


def test_reading_aloud_pauses_goes_on_and_changes_its_speed(new_page):
    page = new_page()
    page.add_init_script(f"{VOICE} window.holdOn = true;")
    page.goto(FIRST)
    page.get_by_role("button", name="Listen").click()
    assert page.evaluate("CSS.highlights.has('spoken')")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_label("Speed").select_option("1.5")
    said = page.evaluate("said")
    assert len({text for text, _ in said}) == 1
    assert [rate for _, rate in said] == [1, 1, 1.5]
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Listen")).to_be_focused()
    page.reload()
    expect(page.get_by_label("Speed")).to_have_value("1.5")


def test_where_the_browser_cannot_speak_there_is_no_button(new_page):
    page = new_page()
    page.add_init_script(NO_SPEECH)
    for address in (FIRST, SECTION, "/compounds/ketamine/"):
        page.goto(address)
        expect(page.get_by_role("button", name="Listen")).to_be_hidden()


def test_a_button_to_listen_comes_with_the_first_voice_and_moves_nothing(new_page):
    page = new_page()
    page.add_init_script(LATE_VOICE)
    page.goto(FIRST)
    expect(page.locator("[data-listen-controls][data-ready]")).to_be_attached()
    expect(page.get_by_role("button", name="Listen")).to_be_hidden()
    top = page.locator("[data-listen]").bounding_box()
    page.evaluate("arrive()")
    expect(page.get_by_role("button", name="Listen")).to_be_visible()
    assert page.locator("[data-listen]").bounding_box() == top
    page.locator("#step a[rel=next]").click()
    expect(page.locator("h1")).to_be_focused()
    expect(page.get_by_role("button", name="Listen")).to_be_visible()
