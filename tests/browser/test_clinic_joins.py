"""A clinic comes in from the home page: its account, its first links and its colleagues."""

from time import monotonic

import pytest
from playwright.sync_api import expect

from tests import server_process
from tests.browser import login
from tests.browser.mails import wait_for_link
from tests.browser.page_addresses import DESKTOP, PHONE
from tests.handouts import pdf_reader
from tests.login import get_code

DESK, COLLEAGUE, OWNER = "desk@fern.example", "kim@fern.example", "admin@moss.example"
PASSWORD = login.CHOSEN_PASSWORD
JOIN, INVITED = "/for-clinics/join/", "/for-clinics/invited/"
REQUESTS = "/admin/clinics/clinicrequest/"
READY = ["Before a first visit", "After treatment"]
# A slow person's: to find the next place and press or tap there, and to type a character.
SECONDS_TO_FIND_A_PLACE, SECONDS_FOR_A_CHARACTER = 3, 0.4
MOST_SECONDS_TO_A_LINK, MOST_SECONDS_TO_TWO_SHEETS = 120, 180
# An editor of a clinic whose second factor was set up some days ago.
ADD_EDITOR = f"""
import json
from django.contrib.auth.hashers import make_password
from psychoplastogens.clinics.models import ClinicRequest
from tests.login import make_authenticator
asked = {{"name": "Fern Clinic", "phone": "503-555-0142", "email": "{DESK}"}}
clinic = ClinicRequest(password=make_password("{PASSWORD}"), **asked).accept()
app = make_authenticator(clinic.editors.get(), days_ago=4)
from base64 import b32encode
print(json.dumps([b32encode(app.bin_key).decode(), str(clinic.pk)]))
"""


class Newcomer:
    """Somebody at a page, and what the site asks of them: presses, fields, characters to type."""

    def __init__(self, page):
        self.page, self.presses, self.fields, self.characters = page, 0, 0, 0
        self.began = monotonic()

    def press(self, role, name, within=None):
        (within or self.page).get_by_role(role, name=name, exact=True).click()
        self.presses += 1

    def type(self, label, words):
        self.page.get_by_label(label, exact=True).fill(words)
        self.fields += 1
        self.characters += len(words)

    def count_seconds(self, reached):
        """The seconds that it took a slow person to come here; printed, with what was asked."""
        scripted = monotonic() - self.began
        slow = (self.presses + self.fields) * SECONDS_TO_FIND_A_PLACE
        slow += self.characters * SECONDS_FOR_A_CHARACTER
        asked = f"{self.presses} presses, {self.fields} fields, {self.characters} characters"
        print(f"From home to {reached}: {asked}; {scripted:.1f} s, and {slow:.0f} s by hand")
        return scripted + slow


@pytest.fixture
def open_site(monkeypatch, request):
    """A site on which clinics join by themselves."""
    monkeypatch.setenv("CLINIC_SIGN_UP", "open")
    return request.getfixturevalue("mailing_site")


def check_page(page, axe):
    axe(page, preload=False)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def ask_to_join(newcomer, site):
    """From the home page to the page that tells of the mail."""
    newcomer.page.goto(f"{site.url}/")
    if newcomer.page.viewport_size == PHONE:
        newcomer.press("button", "Menu")
    newcomer.press("link", "For clinics", newcomer.page.get_by_role("navigation", name="Main"))
    newcomer.press("link", "Make an account for your clinic")
    newcomer.type("Your clinic’s name", "Fern Clinic")
    newcomer.type("Its phone, as people dial it", "503-555-0142")
    newcomer.type("Your mail address at the clinic", DESK)
    newcomer.press("button", "Mail me the link")
    expect(newcomer.page.get_by_role("heading", level=1)).to_have_text("Look into your mail")


def open_mailed_link(newcomer, site):
    newcomer.page.goto(site.url + wait_for_link(site, JOIN, DESK))
    newcomer.presses += 1


def choose_password(newcomer):
    newcomer.type("Password", PASSWORD)
    newcomer.type("The same password again", PASSWORD)
    newcomer.press("button", "Make the account")


def sign_in(newcomer):
    newcomer.press("link", "Sign in")
    newcomer.type("Username or mail address:", DESK)
    newcomer.type("Password:", PASSWORD)
    newcomer.press("button", "Log in")


def hand_out_ready_list(newcomer, title):
    newcomer.press("button", title)
    expect(newcomer.page.get_by_role("heading", level=1)).to_have_text(f"Hand out “{title}”")
    return newcomer.page.get_by_label("The link", exact=True).input_value()


def print_sheet(newcomer, site):
    """Open the handout, as the browser's own reader does, and return its words."""
    handout = newcomer.page.get_by_role("link", name="Handout (PDF)").get_attribute("href")
    newcomer.presses += 2  # the link, and “Print” in the reader
    return pdf_reader.words(newcomer.page.request.get(site.url + handout).body())


def test_from_home_to_a_link_and_two_sheets_with_the_own_phone(new_page, open_site):
    newcomer = Newcomer(new_page(viewport=DESKTOP))
    ask_to_join(newcomer, open_site)
    open_mailed_link(newcomer, open_site)
    choose_password(newcomer)
    sign_in(newcomer)
    link = hand_out_ready_list(newcomer, READY[0])
    assert newcomer.count_seconds("a link with the own phone") < MOST_SECONDS_TO_A_LINK
    assert "Fern Clinic 503-555-0142" in print_sheet(newcomer, open_site)
    newcomer.press("link", "Another list")
    hand_out_ready_list(newcomer, READY[1])
    assert "Fern Clinic 503-555-0142" in print_sheet(newcomer, open_site)
    assert newcomer.count_seconds("two ready lists on paper") < MOST_SECONDS_TO_TWO_SHEETS

    patient = new_page(viewport=PHONE)
    patient.goto(open_site.url + link[link.index("/s/") :])
    expect(patient.get_by_role("link", name="503-555-0142").first).to_be_visible()


def accept_first_request(page, site):
    """As a superuser, by the link of the mail that tells of a clinic."""
    login.sign_in(page, "admin", site)
    page.goto(site.url + wait_for_link(site, REQUESTS, OWNER))
    page.get_by_role("row", name="Fern Clinic").get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("Accept: make the clinic and its account")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("Fern Clinic is here.")).to_be_visible()


def test_a_clinic_waits_until_a_superuser_accepts_it(new_page, mailing_site, axe):
    phone = new_page(viewport=PHONE)
    newcomer = Newcomer(phone)
    for address in ("/for-clinics/", JOIN):
        phone.goto(mailing_site.url + address)
        check_page(phone, axe)
    ask_to_join(newcomer, mailing_site)
    check_page(phone, axe)
    open_mailed_link(newcomer, mailing_site)
    check_page(phone, axe)
    choose_password(newcomer)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Somebody looks at it now")
    check_page(phone, axe)

    owner = new_page(viewport=PHONE)
    accept_first_request(owner, mailing_site)
    check_page(owner, axe)

    phone.goto(mailing_site.url + wait_for_link(mailing_site, "/admin/", DESK))
    check_page(phone, axe)
    newcomer.type("Username or mail address:", "Desk@Fern.example")
    newcomer.type("Password:", PASSWORD)
    newcomer.press("button", "Log in")
    check_page(phone, axe)
    hand_out_ready_list(newcomer, READY[0])
    check_page(phone, axe)
    newcomer.count_seconds("a link, where a superuser accepts clinics")


def type_and_go_on(page, label, words):
    """By keyboard alone: this field has the focus, or the next press of Tab gives it."""
    field = page.get_by_label(label, exact=True)
    tab_to(page, field)
    page.keyboard.type(words)


def tab_to(page, place):
    for _ in range(60):
        if place.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The Tab key does not reach {place}")


def enter(page, role, name):
    tab_to(page, page.get_by_role(role, name=name, exact=True).first)
    page.keyboard.press("Enter")


def test_a_clinic_joins_by_keyboard_alone(new_page, open_site):
    page = new_page(viewport=PHONE)
    page.goto(f"{open_site.url}/for-clinics/")
    enter(page, "link", "Make an account for your clinic")
    expect(page).to_have_url(f"{open_site.url}{JOIN}")
    type_and_go_on(page, "Your clinic’s name", "Fern Clinic")
    type_and_go_on(page, "Its phone, as people dial it", "988")
    type_and_go_on(page, "Your mail address at the clinic", DESK)
    page.keyboard.press("Enter")
    phone = page.get_by_label("Its phone, as people dial it")
    expect(phone).to_have_attribute("aria-invalid", "true")
    tab_to(page, phone)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("503-555-0142")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    page.goto(open_site.url + wait_for_link(open_site, JOIN, DESK))
    type_and_go_on(page, "Password", PASSWORD)
    type_and_go_on(page, "The same password again", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your clinic is here")
    enter(page, "link", "Sign in")
    type_and_go_on(page, "Username or mail address:", DESK)
    type_and_go_on(page, "Password:", PASSWORD)
    page.keyboard.press("Enter")
    enter(page, "button", READY[0])
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Hand out “{READY[0]}”")


def test_a_colleague_is_invited_and_edits_the_clinic(new_page, mailing_site, axe):
    key, clinic = server_process.run_script(ADD_EDITOR, data=mailing_site.data)
    editor = new_page(viewport=PHONE)
    editor.goto(f"{mailing_site.url}/admin/")
    login.log_in(editor, DESK, PASSWORD)
    editor.get_by_label("Code").fill(get_code(key))
    editor.keyboard.press("Enter")
    editor.get_by_role("link", name="Add your words and hours").click()
    editor.get_by_role("link", name="Invite a colleague").click()
    check_page(editor, axe)
    editor.get_by_label("Mail address of your colleague:").fill(COLLEAGUE)
    editor.get_by_role("button", name="Mail the link").click()
    expect(editor.get_by_text(f"We mailed {COLLEAGUE} a link")).to_be_visible()

    guest = new_page(viewport=PHONE)
    guest.goto(mailing_site.url + wait_for_link(mailing_site, INVITED, COLLEAGUE))
    check_page(guest, axe)
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.get_by_label("The same password again").fill(PASSWORD)
    guest.get_by_role("button", name="Join").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Your clinic is here")
    check_page(guest, axe)
    guest.get_by_role("link", name="Sign in", exact=True).click()
    login.log_in(guest, COLLEAGUE, PASSWORD)
    expect(guest.get_by_role("button", name=READY[0])).to_be_visible()
