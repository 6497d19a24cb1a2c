"""A front desk makes a list and hands it out; a patient opens it on a phone."""

import io
import re
from datetime import date, timedelta

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.browser.page_addresses import DESKTOP, PHONE
from tests.browser.page_visits import wait_until
from tests.handouts import pdf_reader

FIRST, SECOND = "Before your first visit", "How ketamine works"
LIST = "/list/4vc64dnh4vcw/"
each_way = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
# What a mail program takes from the clipboard.
PASTED = """async () => {
  const [item] = await navigator.clipboard.read();
  const said = async kind => (await item.getType(kind)).text();
  return [await said("text/html"), await said("text/plain")];
}"""
# Five pages
LONG_LIST = "/list/7kdc7t4vc64dvctwxwkhpwvk3x3jtf/"
NO_CLIPBOARD = "document.execCommand = () => false;"


@pytest.fixture
def open_staff_page(new_page):
    """open_staff_page(scripts): a front desk's page, which may write to the clipboard."""

    def open_page(scripts=True, size=DESKTOP):
        page = new_page(java_script_enabled=scripts, viewport=size)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        return page

    return open_page


def tick(page, title):
    return page.get_by_role("checkbox", name=title, exact=True)


def chosen(page):
    return page.locator("#chosen-results .line b")


def copies(page):
    page.get_by_role("button", name="Get the link").click()
    expect(page).to_have_url(re.compile("/list/[a-z0-9]+/hand-out/$"))


def test_from_the_desk_to_the_patient_and_back(open_staff_page, new_page):
    page = open_staff_page()
    page.goto("/clinics/")
    for title in (FIRST, SECOND):
        tick(page, title).check()
    expect(chosen(page)).to_have_text([FIRST, SECOND])
    copies(page)
    page.get_by_role("button", name="Copy the email").click()
    expect(page.locator("#email-said")).to_have_text("Copied. Paste it into your email.")
    html, text = page.evaluate(PASTED)
    link = re.search(r'<a href="([^"]+)"', html)[1]
    assert link in text.splitlines()
    assert "<!--[if mso]>" in html
    assert "background" in html or 'bgcolor="#1e5028"' in html

    phone = new_page(viewport=PHONE)
    phone.goto(link)
    for title in (FIRST, SECOND):
        phone.get_by_role("main").get_by_role("link", name=title).click()
        expect(phone.get_by_role("heading", level=1)).to_have_text(title)
        phone.go_back()
        phone.locator("li", has_text=title).get_by_role("checkbox").check()
    assert phone.pdf().startswith(b"%PDF")
    phone.goto("/")
    phone.goto(link)
    expect(phone.locator("[data-progress]")).to_have_text("2 of 2 read.")


@each_way
def test_from_home_to_a_sheet_with_the_clinics_own_phone(open_staff_page, scripts):
    page = open_staff_page(scripts, PHONE)
    page.goto("/")
    page.locator(".top").get_by_role("button", name="Menu").click()
    page.locator("#menu").get_by_role("link", name="For clinics").click()
    page.get_by_role("link", name="Make a reading list").click()
    page.get_by_role("link", name="Before a first visit").click()
    copies(page)
    page.get_by_text("Large print, whole text").click()
    page.get_by_role("link", name="Add your clinic’s name").click()
    page.get_by_label("Your clinic’s name").fill("Marmot Clinic")
    page.get_by_label("Its phone").fill("988")
    page.get_by_role("button", name="Make the PDF").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Its phone").fill("503-555-0100")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the PDF").click()
    assert "Marmot Clinic 503-555-0100" in pdf_reader.words(download.value.path().read_bytes())
    assert "Marmot" not in page.url


def test_a_shorter_link_is_made_for_the_poster(own_site, page_without_javascript):
    """On a site of its own: others would meet what it makes."""
    page = page_without_javascript
    page.goto(f"{own_site.url}{LIST}hand-out/")
    page.get_by_role("button", name="Make a shorter link").click()
    link = page.get_by_label("The link", exact=True)
    expect(link).to_have_value(re.compile("/s/[a-z0-9]{5}/$"))
    code = link.input_value().rstrip("/")[-5:]
    page.get_by_role("link", name="Poster for the waiting room").click()
    expect(page.locator(".typed")).to_contain_text(code)


@each_way
def test_a_calendar_file_for_the_visit_is_made_from_the_copies(open_staff_page, scripts):
    page = open_staff_page(scripts)
    page.goto(f"{LIST}hand-out/")
    day = date.today() + timedelta(days=30)
    page.get_by_label("Day of the visit").fill(day.isoformat())
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the calendar file").click()
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in download.value.path().read_text()
    assert day.isoformat() not in page.url


@each_way
def test_a_poster_with_the_clinics_own_phone_is_printed(open_staff_page, axe, scripts):
    page = open_staff_page(scripts)
    page.goto(f"{LONG_LIST}hand-out/poster/?words=named")
    page.get_by_text("With your clinic’s name and phone").click()
    page.get_by_label("Your clinic’s name").fill("Marmot Clinic for Long Names and Small Animals")
    page.get_by_label("Its phone").fill("503-555-0100 ext. 1234567")
    page.get_by_role("button", name="Show the poster with them").click()
    expect(page.locator(".poster")).to_contain_text("added by whoever printed this")
    fits = "sheet => sheet.scrollHeight <= sheet.clientHeight"
    assert page.locator(".sheet-in").evaluate(fits)
    words = pdf_reader.words(page.pdf(prefer_css_page_size=True))
    assert "Marmot Clinic" in words
    assert "503-555-0100" in words
    assert "we keep neither" not in words


@each_way
def test_a_list_is_ticked_and_handed_out(open_staff_page, scripts):
    page = open_staff_page(scripts)
    page.goto("/clinics/")
    tick(page, FIRST).check()
    page.locator("summary", has_text="On the day").click()
    tick(page, "Can I drive home? When can I go back to work?").check()
    copies(page)
    expect(page.get_by_text("One link to 2 pages.")).to_be_visible()
    page.get_by_role("link", name="Change the list").click()
    expect(tick(page, FIRST)).to_be_checked()
    expect(chosen(page)).to_have_count(2)


@each_way
def test_a_list_that_is_ready_needs_two_clicks(open_staff_page, scripts):
    page = open_staff_page(scripts, PHONE)
    page.goto("/clinics/")
    page.get_by_role("link", name="After treatment").click()
    copies(page)
    expect(page.frame_locator("iframe").get_by_role("link", name="Open your")).to_be_visible()


@each_way
def test_pages_are_put_in_order_and_taken_out(open_staff_page, scripts):
    page = open_staff_page(scripts)
    page.goto("/clinics/?list=4vc64dnh4vcw")
    page.get_by_role("button", name="Move up: My questions for the visit").click()
    expect(chosen(page)).to_have_text(["My questions for the visit", FIRST])
    page.get_by_role("button", name="Take out: My questions for the visit").click()
    expect(chosen(page)).to_have_text([FIRST])
    expect(tick(page, "My questions for the visit")).not_to_be_checked()
    expect(page).to_have_url(re.compile(r"/clinics/\?list=4vc64d$"))
    tick(page, "Ketamine").check()
    copies(page)
    expect(page.get_by_text("One link to 2 pages.")).to_be_visible()


def test_the_focus_stays_with_the_page_that_is_moved(open_staff_page):
    page = open_staff_page()
    page.goto("/clinics/?list=4vc64dvctwxwnh4vcw")
    last = chosen(page).last.inner_text()
    up = page.get_by_role("button", name=f"Move up: {last}")
    up.focus()
    for place in (1, 0, 0):
        page.keyboard.press("Enter")
        expect(chosen(page).nth(place)).to_have_text(last)
        assert page.evaluate(wait_until("document.activeElement.id === 'up-nh4vcw'"))


def test_the_list_comes_back_with_the_back_button(open_staff_page):
    page = open_staff_page()
    page.goto("/clinics/")
    tick(page, FIRST).check()
    expect(page).to_have_url(re.compile("list=4vc64d$"))
    copies(page)
    page.go_back()
    expect(chosen(page)).to_have_text([FIRST])
    expect(tick(page, FIRST)).to_be_checked()


@pytest.mark.parametrize(
    ("fold", "button", "field"),
    [
        ("Plain text", "Copy plain text", "text"),
        ("HTML, for a mailing tool", "Copy HTML", "html"),
        ("Markdown", "Copy Markdown", "markdown"),
        (None, "Copy text message", "message"),
        (None, "Copy link", "address"),
    ],
)
def test_each_copy_button_copies_what_its_field_shows(open_staff_page, fold, button, field):
    page = open_staff_page()
    page.goto(f"{LIST}hand-out/")
    if fold:
        page.locator("summary", has_text=fold).click()
    page.get_by_role("button", name=button).click()
    expect(page.locator(f"#{field}-said")).to_have_text("Copied")
    written = page.evaluate("navigator.clipboard.readText()")
    assert written.replace("\r\n", "\n") == page.locator(f"#{field}").input_value()


def test_without_a_clipboard_the_text_is_selected(open_staff_page):
    page = open_staff_page()
    page.add_init_script(NO_CLIPBOARD)
    page.goto(f"{LIST}hand-out/")
    page.get_by_role("button", name="Copy the email").click()
    expect(page.locator("#text")).to_be_visible()
    expect(page.locator("#text")).to_be_focused()
    assert page.evaluate("getSelection().toString()").startswith("Hello,")


def test_without_scripts_each_copy_can_be_selected(open_staff_page):
    page = open_staff_page(scripts=False)
    page.goto(f"{LIST}hand-out/")
    for fold in ("Plain text", "HTML, for a mailing tool", "Markdown"):
        page.locator("summary", has_text=fold).click()
    for field in ("text", "html", "markdown", "message", "address"):
        expect(page.locator(f"#{field}")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Copy"))).to_have_count(0)


def test_the_preview_shows_the_email_with_its_button(open_staff_page):
    page = open_staff_page()
    page.goto(f"{LIST}hand-out/")
    button = page.frame_locator("iframe").get_by_role("link", name="Open your reading list")
    styled = button.evaluate("one => [one, one.closest('td')].map(e => getComputedStyle(e))"
                             ".map(s => [s.color, s.backgroundColor])")  # fmt: skip
    assert styled[0][0] == "rgb(255, 255, 255)"
    assert styled[1][1] == "rgb(30, 80, 40)"


def test_the_svg_code_is_read_from_the_screen(open_staff_page):
    page = open_staff_page()
    page.goto(f"{LIST}hand-out/")
    shot = page.locator(".on-paper img").screenshot()
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(shot)))
    assert [code.text.lower() for code in found] == [page.locator("#address").input_value()]


@pytest.mark.parametrize(("paper", "size"), [("letter", "612 792"), ("a4", "594.9")])
def test_the_poster_fills_one_sheet(open_staff_page, paper, size):
    page = open_staff_page()
    page.goto(f"{LIST}hand-out/poster/?words=named&paper={paper}")
    printed = page.pdf(prefer_css_page_size=True).decode("latin-1")
    assert len(re.findall(r"/Type\s*/Page\b", printed)) == 1
    assert re.search(rf"/MediaBox \[0 0 {re.escape(size)}", printed)
    page.emulate_media(media="print")
    footer = page.locator(".poster .mark").bounding_box()
    sheet = page.locator(".poster").bounding_box()
    assert footer["y"] + footer["height"] < sheet["y"] + sheet["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_of_copies_is_for_everybody(new_page, axe, width, scheme):
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(f"{LIST}hand-out/?words=named")
    for fold in page.locator("main summary").all():
        fold.click()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    axe(page)


def test_the_shelves_are_for_everybody_with_each_fold_open(page, axe):
    page.goto("/clinics/?list=4vc64d")
    for fold in page.locator("main summary").all():
        fold.click()
    axe(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_poster_is_for_everybody(new_page, axe, width):
    page = new_page(viewport={"width": width, "height": 800}, color_scheme="dark")
    page.goto(f"{LIST}hand-out/poster/?words=named")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    axe(page)


def test_the_form_of_for_clinics_sends_what_a_record_system_sends(open_staff_page):
    page = open_staff_page()
    page.goto("/for-clinics/")
    page.get_by_label("Code", exact=True).fill("F43.10")
    # No content: the browser stays where it is.
    page.route("**/connect/**", lambda route: route.fulfill(status=204))
    asked = []
    for button in ("As your patient sees it", "As your system gets it"):
        with page.expect_request("**/connect/**") as request:
            page.get_by_role("button", name=button).click()
        asked.append(request.value.url)
    assert "/connect/application?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&" in asked[0]
    assert "/connect/service?" in asked[1]
    assert all("mainSearchCriteria.v.c=F43.10" in address for address in asked)


def test_ticks_in_quick_succession_keep_their_order(open_staff_page):
    page = open_staff_page()
    page.goto("/clinics/")
    titles = ["Psilocybin", "Ketamine", "LSD", "Esketamine"]
    page.evaluate(
        """titles => { for (const title of titles) for (const label of document.querySelectorAll(
          ".choice")) if (label.innerText === title) label.querySelector("input").click(); }""",
        titles,
    )
    expect(chosen(page)).to_have_count(4)
    expect(chosen(page).first).to_have_text("Psilocybin")
