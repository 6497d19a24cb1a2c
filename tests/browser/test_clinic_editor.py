"""A clinic's front desk makes its own list in the admin; a patient opens it from the email."""

import re
from time import monotonic

import pytest
from playwright.sync_api import expect

from tests.browser import login
from tests.browser.page_addresses import DESKTOP, PHONE
from tests.handouts import pdf_reader

PAGES = ["Before your first visit", "Can I drive home? When can I go back to work?"]
PASTED = """async () => {
  const [item] = await navigator.clipboard.read();
  return (await item.getType("text/html")).text();
}"""


@pytest.fixture
def admin_page(new_page, own_site):
    """The admin, as somebody sees it who may change a clinic and nothing else."""
    page = new_page(viewport=DESKTOP)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=own_site.url)
    login.submit_password(page, "clinic-editor", own_site)
    expect(page.get_by_role("link", name="Reading lists", exact=True)).to_be_visible()
    return page


def make_a_clinic(admin_page, url):
    admin_page.goto(f"{url}/admin/clinics/clinic/add/")
    admin_page.get_by_label("Name:").press_sequentially("Hillside Clinic")
    expect(admin_page.get_by_label("Slug:")).to_have_value("hillside-clinic")
    admin_page.get_by_label("Phone:").fill("503-555-0142")
    admin_page.get_by_label("Greeting:").fill("Welcome. Take your time.")
    admin_page.get_by_role("button", name="Save", exact=True).first.click()


def make_a_list(admin_page, url):
    admin_page.goto(f"{url}/admin/clinics/pack/add/")
    admin_page.get_by_label("Title:").press_sequentially("Before you come")
    for number, title in enumerate(PAGES):
        admin_page.locator(f"#items-{number} .select2-selection").click()
        admin_page.keyboard.type(title[:12])
        admin_page.get_by_role("option", name=title, exact=True).click()
    admin_page.locator("#id_items-0-note").fill("Bring your list of medicines.")
    admin_page.get_by_role("button", name="Save", exact=True).first.click()
    expect(admin_page.get_by_role("heading", level=1)).to_have_text("Hand out “Before you come”")


def copy_the_email(admin_page):
    """Copy it, and return the link in it, as a mail program would find it."""
    admin_page.wait_for_load_state()  # Its script has begun to listen.
    admin_page.get_by_role("button", name="Copy the email").click()
    expect(admin_page.locator("#email-said")).to_have_text("Copied. Paste it into your email.")
    html = admin_page.evaluate(PASTED)
    assert "Call us: 503-555-0142" in html
    assert "ketamine" not in html.lower()
    return re.search(r'<a href="([^"]+/s/[a-z0-9]{5}/)"', html)[1]


def test_from_the_sign_in_to_a_printed_list_with_the_own_phone(admin_page, own_site, axe):
    began = monotonic()
    page = admin_page
    page.get_by_role("link", name="Add your clinic").click()
    make_a_clinic(page, own_site.url)
    expect(page).to_have_url(f"{own_site.url}/admin/#first-steps")
    axe(page)
    page.get_by_role("button", name="Before a first visit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand out “Before a first visit”")
    expect(page.get_by_label("The link", exact=True)).to_have_value(re.compile("/s/[a-z0-9]{5}/$"))
    handout = page.get_by_role("link", name="Handout (PDF)").get_attribute("href")
    words = pdf_reader.words(page.request.get(own_site.url + handout).body())
    assert "Hillside Clinic 503-555-0142" in words
    assert monotonic() - began < 120


def print_ready_list(page, site, title):
    """Make a list by one press on the first page, and return the words of its handout."""
    page.goto(f"{site.url}/admin/")
    page.get_by_role("button", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Hand out “{title}”")
    handout = page.get_by_role("link", name="Handout (PDF)").get_attribute("href")
    return pdf_reader.words(page.request.get(site.url + handout).body())


def test_two_ready_lists_are_printed_within_three_minutes(admin_page, own_site):
    began = monotonic()
    admin_page.get_by_role("link", name="Add your clinic").click()
    make_a_clinic(admin_page, own_site.url)
    for title in ("Before a first visit", "After treatment"):
        assert "Hillside Clinic 503-555-0142" in print_ready_list(admin_page, own_site, title)
    assert monotonic() - began < 180


@pytest.mark.parametrize("size", [DESKTOP, {"width": 768, "height": 900}], ids=["desk", "tablet"])
def test_what_stands_above_a_form_pushes_no_part_of_it_aside(admin_page, own_site, size):
    make_a_clinic(admin_page, own_site.url)
    make_a_list(admin_page, own_site.url)
    tops = [
        admin_page.get_by_role("link", name=name).bounding_box()["y"]
        for name in ("Change the list", "Another list")
    ]
    assert tops[0] == pytest.approx(tops[1], abs=0.5)
    admin_page.set_viewport_size(size)
    admin_page.get_by_role("link", name="Change the list").click()
    place = admin_page.locator("#content-main").bounding_box()
    tools = admin_page.locator(".object-tools").bounding_box()
    first = admin_page.locator(".form-row.field-title").bounding_box()
    label = admin_page.get_by_text("Title:", exact=True).bounding_box()
    assert tools["height"] > 20
    assert first["y"] >= tools["y"] + tools["height"]
    assert label["x"] < place["x"] + 60


def read(phone, title):
    phone.get_by_role("main").get_by_role("link", name=title).first.tap()
    expect(phone.locator("main h1")).to_have_text(title)
    expect(phone.locator(".place")).to_contain_text("a list from Hillside Clinic")


def test_from_the_admin_to_the_patient_on_paper_and_back(admin_page, own_site, new_page):
    make_a_clinic(admin_page, own_site.url)
    make_a_list(admin_page, own_site.url)
    link = copy_the_email(admin_page)

    phone = new_page(viewport=PHONE, has_touch=True)
    phone.goto(own_site.url + link[link.index("/s/") :])
    expect(phone).to_have_url(f"{own_site.url}/c/hillside-clinic/before-you-come/")
    expect(phone.get_by_text("Welcome. Take your time.")).to_be_visible()
    expect(phone.get_by_role("link", name="503-555-0142").first).to_be_visible()
    read(phone, PAGES[0])
    expect(phone.locator(".place .theirs")).to_contain_text("Bring your list of medicines.")
    phone.get_by_role("link", name="Next:").tap()
    expect(phone.locator("main h1")).to_have_text(PAGES[1])
    phone.get_by_role("link", name="That was the last: to the list").tap()
    expect(phone.locator("[data-progress]")).to_have_text("2 of 2 read.")
    assert phone.pdf().startswith(b"%PDF")
    handout = phone.get_by_role("link", name="Handout (PDF)").get_attribute("href")
    assert phone.request.get(own_site.url + handout).body().startswith(b"%PDF")

    phone.goto("about:blank")
    phone.goto(own_site.url + link[link.index("/s/") :].upper())
    expect(phone.locator("[data-progress]")).to_have_text("2 of 2 read.")
