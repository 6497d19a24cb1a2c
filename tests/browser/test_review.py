"""Deciding about a text, in Chromium: by staff, and through a link by people and by machines."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests import server_process
from tests.browser.page_addresses import SMALL_PHONE

# Drafts in review, each with a link for Ada Moss, that the tests below may decide about.
PREPARE = """
import json
from django.test import Client
from psychoplastogens.content.models import Explainer, Faq
from psychoplastogens.editorial.workflow.checks import find_problems
from psychoplastogens.editorial.workflow.comments import Place, answer, begin_thread, resolve
from psychoplastogens.editorial.review.links import create_review_link
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from tests.admin_forms import address_of
from tests.workflow_helpers import make_approver, send_for_review
from tests.factories import make_reviewer, make_user
from tests.login import sign_in

made = {"sessions": {}}
for name in ("author", "clinician"):
    user = make_user(name)
    user.is_staff = user.is_superuser = True
    user.save()
    made["sessions"][name] = sign_in(Client(), user).cookies["sessionid"].value
make_reviewer("Clara Voss", user=user)
sound = [faq for faq in Faq.objects.all() if not find_problems(faq)]
records = [Explainer.objects.first(), *sound[:4]]
read = Explainer.objects.last()
made["read"] = {"screen": address_of(read, "review"), "page": read.get_absolute_url()}
for name, faq in zip(("form", "form on a tablet"), sound[4:]):
    made[name] = {"screen": address_of(faq), "page": faq.get_absolute_url()}
for name, record in zip(("guide", "scanned", "answered", "decided", "typed"), records):
    fields = {"slug": f"{record.slug}-2"} if name == "guide" else {
        "question": f"{record.question} (In short)"
    }
    draft = send_for_review(record, **fields)
    link = create_review_link(draft, by=make_approver(), reviewer=make_reviewer())
    made[name] = {"screen": address_of(record, "review"), "link": f"/review/{link.token}/"}
    if name == "guide":
        where = Place(record.pk, "slug", "Slug", fields["slug"])
        begun = dict(body="Is it shorter?", by=None, link=link)
        thread = begin_thread(draft, where, **begun)
        answer(thread, draft, body="By a word.", by=user)
        resolve(begin_thread(draft, where, body="So?", by=user), draft, by=user)
print(json.dumps(made))
"""


@pytest.fixture(scope="module")
def prepared_site(tmp_path_factory):
    """A site of its own, since these tests write; `.made` holds the addresses of drafts."""
    with server_process.run_site_copy(tmp_path_factory.mktemp("prepared")) as site:
        site.made = server_process.run_script(PREPARE, data=site.data)
        yield site


@pytest.fixture
def open_screen(new_page, prepared_site):
    """open_screen(record, name, **options): the review screen, after signing in as `name`."""

    def open_screen(record, name="clinician", **options):
        page = new_page(**options)
        value = prepared_site.made["sessions"][name]
        cookie = {"name": "sessionid", "value": value, "url": f"{prepared_site.url}/admin/"}
        page.context.add_cookies([cookie])
        page.goto(prepared_site.url + prepared_site.made[record]["screen"])
        return page

    return open_screen


@pytest.fixture
def open_link(new_page, prepared_site):
    def open_link(record, **options):
        page = new_page(**options)
        page.goto(prepared_site.url + prepared_site.made[record]["link"])
        expect(page.get_by_role("heading", name="What changed")).to_be_visible()
        return page

    return open_link


def state_of(prepared_site, record):
    """What the review screen would say, from the database of the site."""
    key = re.search(r"[0-9a-f-]{36}", prepared_site.made[record]["screen"])[0]
    newest = "SELECT state FROM editorial_revision WHERE object_id = ? ORDER BY number DESC LIMIT 1"
    with closing(sqlite3.connect(prepared_site.data / "db.sqlite3")) as database:
        [state] = database.execute(newest, [key.replace("-", "")]).fetchone()
    return state


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 820])
def test_the_review_screen_is_accessible_at_a_desk_and_on_a_tablet(open_screen, axe, width, scheme):
    page = open_screen("guide", color_scheme=scheme, viewport={"width": width, "height": 900})
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SMALL_PHONE, {"width": 1280, "height": 900}])
def test_the_page_behind_a_link_is_accessible_at_a_desk_and_on_a_phone(
    open_link, axe, viewport, scheme
):
    page = open_link("guide", color_scheme=scheme, viewport=viewport)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [SMALL_PHONE, {"width": 1280, "height": 900}])
def test_a_clinician_confirms_a_page_that_nobody_changed(
    open_screen, axe, prepared_site, viewport, scheme
):
    page = open_screen("read", color_scheme=scheme, viewport=viewport)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.get_by_label("I have read the whole page").check()
    page.get_by_role("button", name="There is nothing to change").click()
    expect(page.get_by_text("Kept: readers see your name")).to_be_visible()
    page.goto(prepared_site.url + prepared_site.made["read"]["page"])
    expect(page.get_by_text("Clara Voss").first).to_be_attached()


def test_the_frames_hold_the_draft_at_both_widths(open_screen):
    page = open_screen("answered", viewport={"width": 1280, "height": 900})
    for name, width in (("on a phone", 375), ("on a desk", 1280)):
        frame = page.frame_locator(f"iframe[title$='{name}']")
        expect(frame.get_by_text("Draft, not approved")).to_be_attached()
        expect(frame.get_by_text("(In short)").first).to_be_attached()
        inner = frame.locator("html").evaluate("html => html.ownerDocument.defaultView.innerWidth")
        assert abs(inner - width) <= 20


def test_a_machine_that_opens_the_link_and_submits_every_form_decides_nothing(
    open_link, prepared_site
):
    for sent in ("form.submit()", "form.requestSubmit()"):
        page = open_link("scanned")
        fields = page.locator("form.review-answer :is(input:not([type=date]), textarea)")
        fields.evaluate_all("all => all.forEach(f => { f.value = 'test'; f.checked = true; })")
        with page.expect_navigation():
            page.locator("form.review-answer").evaluate(f"form => {sent}")
        expect(page.get_by_role("alert")).to_contain_text("Nothing was decided yet")
    page = open_link("scanned")
    for number in range(
        page.locator("form.review-answer button:not(.no-decision):visible").count()
    ):
        page.locator("form.review-answer button:not(.no-decision):visible").nth(number).click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing was decided yet")
    assert state_of(prepared_site, "scanned") == "in_review"


def test_the_enter_key_in_a_field_presses_no_button(open_link, prepared_site):
    page = open_link("scanned")
    page.get_by_label("Your full name").fill("Ada Moss")
    page.get_by_label("I am the clinician asked").check()
    page.get_by_label("Your full name").press("Enter")
    page.get_by_label("To be read again by").press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_have_count(0)
    assert state_of(prepared_site, "scanned") == "in_review"


def test_a_clinician_approves_on_a_phone_without_javascript(open_link, prepared_site):
    page = open_link("answered", java_script_enabled=False, viewport=SMALL_PHONE)
    page.get_by_label("Comment").fill("Clear.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_label("Comment")).to_have_value("Clear.")
    page.get_by_label("Your full name").fill("ada moss")
    page.get_by_label("I am the clinician asked").check()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert state_of(prepared_site, "answered") == "approved"
    page.goto(prepared_site.url + prepared_site.made["answered"]["link"])
    expect(page.get_by_text("It was answered already.")).to_be_visible()
    assert page.context.cookies() == []


def test_a_colleague_decides_by_keyboard_alone(open_screen, prepared_site):
    page = open_screen("decided")
    page.get_by_label("Comment").focus()
    page.keyboard.type("Read twice.")
    pressed = page.get_by_role("button", name="Approve")
    for _ in range(10):
        page.keyboard.press("Tab")
        if pressed.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Approved by clinician")).to_be_visible()
    expect(page.get_by_role("cell", name="Read twice.")).to_be_visible()
    assert state_of(prepared_site, "decided") == "approved"


def test_what_was_typed_is_there_when_a_decision_is_refused(open_screen):
    page = open_screen("typed", "author")
    expect(page.get_by_text("You wrote on this text, so you cannot approve it.")).to_be_visible()
    page = open_screen("typed")
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_text("Write what you want to say.")).to_be_visible()
    page.get_by_text("Comment on this").first.click()
    page.get_by_label("What you want to say").first.fill("Cite it.")
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_text("it is a draft again")).to_be_visible()
    expect(page.locator("article.comment")).to_contain_text("Cite it.")


def test_a_comment_is_written_answered_and_resolved_by_keyboard_where_it_stands(open_screen):
    page = open_screen("scanned")
    page.get_by_label("Comment", exact=True).fill("Not sent yet.")
    page.get_by_text("Comment on this").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Say for whom.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    thread = page.locator("article.comment")
    expect(thread).to_be_focused()
    expect(thread).to_contain_text("Say for whom.")
    thread.get_by_label("Answer").fill("For adults.")
    thread.get_by_role("button", name="Answer").click()
    expect(thread).to_contain_text("For adults.")
    thread.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("Resolved comment of clinician")).to_be_visible()
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Not sent yet.")


def test_a_comment_beside_the_text_goes_with_the_decision_without_javascript(open_link):
    page = open_link("scanned", java_script_enabled=False, viewport=SMALL_PHONE)
    page.get_by_text("Comment on this").first.click()
    page.get_by_label("What you want to say").first.fill("Which dose?")
    page.get_by_role("button", name="Only comment").click()
    expect(page.get_by_label("What you want to say").first).to_have_value("Which dose?")
    page.get_by_label("Your full name").fill("Ada Moss")
    page.get_by_label("I am the clinician asked").check()
    page.get_by_role("button", name="Only comment").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page = open_link("scanned")
    expect(page.locator("article.comment")).to_contain_text("Which dose?")


WORDING = "Only wording: the facts and the advice are the same"
MOST_STOPS = 200


def reach(page, target):
    """Press Tab until `target` has the focus, as somebody does who has no mouse."""
    wanted = target.element_handle()  # to look for it by its name at each stop takes long
    for _ in range(MOST_STOPS):
        if page.evaluate("one => one === document.activeElement", wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The Tab key does not lead to {target}.")


def press(page, role, name, key="Enter"):
    """Reach the last one of this role and name, and press it."""
    target = page.get_by_role(role, name=name, exact=True).last
    expect(target).to_be_visible()
    reach(page, target)
    page.keyboard.press(key)


def press_in_menu(page, name):
    """Open the menu of a form that leads to what else can be done, and press a link in it."""
    reach(page, page.locator(".form-menu summary", has_text="More"))
    page.keyboard.press("Enter")
    press(page, "link", name)


def type_into(page, label, words):
    field = page.get_by_label(label)
    expect(field).to_be_visible()
    reach(page, field)
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def copy_link(page):
    """Copy the link for a clinician, which is seen as a whole. Returns it."""
    link = page.get_by_role("textbox", name="copy it for them")
    reach(page, link)
    expect(link).to_be_in_viewport(ratio=1)
    assert link.evaluate("field => field.scrollHeight <= field.clientHeight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#address-1-said")).to_have_text("Copied")
    return link.input_value()


@pytest.mark.parametrize(
    ("record", "width"), [("form", 1280), ("form on a tablet", 820)], ids=["desk", "tablet"]
)
def test_a_change_goes_from_its_author_to_readers_and_back_by_keyboard_alone(
    open_screen, new_page, prepared_site, record, width
):
    """Written, looked at, sent, approved by a clinician on a phone, published, read; restored."""
    size = {"viewport": {"width": width, "height": 1100}}
    author = open_screen(record, "author", **size)
    press(author, "button", "Preview")
    type_into(author, "Question:", " (In short)")
    preview = author.frame_locator("#typed-frame")
    expect(preview.get_by_role("heading", level=1)).to_contain_text("(In short)")
    press(author, "radio", WORDING, "Space")
    press(author, "button", "Send for review")
    expect(author.get_by_text("You wrote on this text, so you cannot")).to_be_visible()
    expect(author.get_by_role("button", name="Approve")).to_have_count(0)

    colleague = open_screen(record, **size)
    press_in_menu(colleague, "What changed, and review")
    reach(colleague, colleague.get_by_label("Clinician", exact=True))
    colleague.keyboard.type("Ada")
    press(colleague, "button", "Make a link")
    expect(colleague.locator("#kept")).to_be_hidden()
    approve_by_keyboard(new_page(viewport=SMALL_PHONE), copy_link(colleague))

    reader = new_page()
    reader.goto(prepared_site.url + prepared_site.made[record]["page"])
    heading = reader.get_by_role("heading", level=1)
    expect(heading).not_to_contain_text("(In short)")
    colleague.reload()
    press(colleague, "button", "Publish")
    expect(colleague.get_by_text("Published: readers see this text")).to_be_visible()
    reader.reload()
    expect(heading).to_contain_text("(In short)")

    press_in_menu(colleague, "History")
    press(colleague, "button", "Restore as a draft")
    expect(colleague.get_by_text("is the newest draft now")).to_be_visible()
    reader.reload()
    expect(heading).to_contain_text("(In short)")


def approve_by_keyboard(page, address):
    page.goto(address)
    type_into(page, "Your full name", "Ada Moss")
    press(page, "checkbox", re.compile("I am the clinician asked"), "Space")
    press(page, "button", "Approve")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
