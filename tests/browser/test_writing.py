"""Writing in a form of the admin: seen while typing, kept on the device, and told to colleagues."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import login
from tests.browser.page_addresses import DESKTOP

TABLET = {"width": 820, "height": 1180}
LOOKS = [(DESKTOP, "light"), (TABLET, "dark")]
looks = pytest.mark.parametrize(("viewport", "scheme"), LOOKS, ids=["desk", "tablet"])


@pytest.fixture
def open_form(new_page, superuser):
    """open_form("faq"): the form of the first record of a kind, signed in to."""

    def open_it(kind, **options):
        page = new_page(storage_state=superuser, **options)
        page.goto(f"/admin/content/{kind}/")
        page.locator("#result_list tbody th a").first.click()
        return page

    return open_it


def preview(page):
    return page.frame_locator("#typed-frame")


def open_preview(page):
    page.get_by_role("button", name="Preview", exact=True).click()
    note = preview(page).get_by_role("note")
    expect(note).to_have_text("As you type it, not saved")


def kept(page):
    return page.get_by_role("region", name=re.compile("on this device was not saved"))


def wait_until_kept(page, words):
    """The copy on the device is written a moment after the last key."""
    page.wait_for_function(
        "words => Object.entries(localStorage)"
        ".some(([key, kept]) => key.startsWith('typed|') && kept.includes(words))",
        arg=words,
    )


def storage_of(page):
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('typed|'))")


@looks
def test_the_page_beside_the_form_follows_what_is_typed(open_form, axe, viewport, scheme):
    page = open_form("explainer", viewport=viewport, color_scheme=scheme)
    open_preview(page)
    page.get_by_label("Title:").first.fill("A title that is only typed")
    expect(preview(page).get_by_role("heading", level=1)).to_have_text("A title that is only typed")
    page.get_by_label("Summary:").fill("A proven breakthrough.")
    expect(page.locator("#typed-findings")).to_contain_text("No sales words (A8)")
    axe(page, preload=False)
    page.get_by_label("Title:").first.fill("")
    expect(page.locator("#typed-state")).to_contain_text("1 mistake")
    page.get_by_role("link", name="Title", exact=True).click()
    expect(page.get_by_label("Title:").first).to_be_focused()
    axe(page, preload=False)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@looks
def test_the_preview_stands_at_the_paragraph_that_is_written(open_form, viewport, scheme):
    page = open_form("explainer", viewport=viewport, color_scheme=scheme)
    open_preview(page)
    text = "Rest at home.\n\n" * 60 + "Bring *a friend*, or two."
    page.locator("#id_sections-2-plain").fill(text)
    expect(preview(page).get_by_text("Bring a friend, or two.")).to_be_in_viewport()
    assert page.locator("#typed-frame").evaluate("frame => frame.offsetHeight") > 200


@pytest.mark.parametrize("width", [1280, 375], ids=["desk", "phone"])
def test_the_preview_opens_at_the_part_that_was_chosen_and_is_drawn_as_on_a_desk(open_form, width):
    page = open_form("explainer", viewport={"width": width, "height": 740})
    page.goto(page.url + "#sections-3")
    part = page.locator("#id_sections-3-title").input_value()
    open_preview(page)
    title = preview(page).get_by_role("heading", name=part)
    expect(title).to_be_in_viewport()
    shape = page.get_by_label("Shape", exact=True)
    expect(shape.locator("option:checked")).to_have_text("On a phone")
    shape.select_option(label="On a desk")
    drawn = page.locator("#typed-frame")
    assert drawn.evaluate("frame => frame.contentWindow.innerWidth") == 1280
    outer = page.locator(".typed-page").bounding_box()
    assert drawn.bounding_box()["width"] == pytest.approx(outer["width"], abs=3)
    bar, panel = page.locator(".form-bar-verbs"), page.locator("#typed")
    if width < 768:
        assert panel.evaluate("panel => panel.getBoundingClientRect().bottom") <= (
            bar.bounding_box()["y"] + 1
        )


def test_the_panel_is_opened_and_closed_by_keyboard_and_stays_open_on_the_next_form(open_form):
    page = open_form("faq")
    opener = page.get_by_role("button", name="Preview", exact=True)
    opener.press("Enter")
    page.reload()
    expect(opener).to_have_attribute("aria-expanded", "true")
    page.get_by_role("button", name="Close", exact=True).press("Enter")
    expect(opener).to_be_focused()
    expect(page.locator("#typed")).to_be_hidden()


def test_a_link_within_the_page_does_not_leave_the_preview(open_form):
    page = open_form("explainer")
    open_preview(page)
    preview(page).get_by_role("link", name="Skip to content").press("Enter")
    expect(preview(page).get_by_role("note")).to_be_attached()
    assert len(page.context.pages) == 1


def test_what_was_not_saved_is_offered_and_brought_back(open_form, axe):
    page = open_form("explainer")
    page.get_by_text("Add another Section").click()
    before = page.locator(".inline-related.has_original").count()
    page.locator(f"#id_sections-{before}-title").fill("A new part")
    page.get_by_label("Title:").first.fill("Typed before the crash")
    page.locator("#id_change_reason").fill("Why it was typed")
    wait_until_kept(page, "Why it was typed")
    page.reload()
    expect(kept(page)).to_contain_text(re.compile(r"differs from this form in \d fields"))
    axe(page, preload=False)
    kept(page).get_by_role("button", name="Bring it back").click()
    expect(page.get_by_label("Title:").first).to_have_value("Typed before the crash")
    expect(page.locator(f"#id_sections-{before}-title")).to_have_value("A new part")
    expect(page.locator("#id_change_reason")).to_have_value("Why it was typed")
    expect(kept(page)).to_be_hidden()
    page.reload()  # still not saved, so still kept
    kept(page).get_by_role("button", name="Throw it away").click()
    expect(kept(page)).to_be_hidden()
    page.reload()
    expect(page.locator("#id_title")).not_to_have_value("Typed before the crash")
    assert storage_of(page) == []


def test_a_review_tells_of_words_that_were_left_unsaved_in_the_form(open_form):
    page = open_form("faq")
    question = page.get_by_label("Question:").first

    def save(words):
        question.fill(words)
        page.get_by_role("button", name="Save draft").click()
        page.wait_for_load_state()

    def look():
        page.goto(form.replace("/change/", "/review/"))
        return page.get_by_text("on this device was not saved, and is not sent")

    save("A first draft?")
    form = page.url.partition("?")[0].partition("#")[0]
    expect(look()).to_be_hidden()
    page.goto(form)
    question.fill("Typed and left?")
    wait_until_kept(page, "Typed and left?")
    expect(look()).to_be_visible()
    page.get_by_role("link", name="Bring it back in the form").click()
    kept(page).get_by_role("button", name="Bring it back").click()
    save("Typed and saved?")
    expect(look()).to_be_hidden()
    page.goto(form)
    page.get_by_label("I searched and compared the sources today").check()
    wait_until_kept(page, "evidence_checked_today")
    expect(look()).to_be_hidden()


def test_what_was_left_and_typed_again_goes_with_the_save(open_form):
    page = open_form("faq")
    form = page.url

    def type_all():
        page.get_by_label("Question:").first.fill("Left, and typed again?")
        page.get_by_label("Why, for colleagues").fill("Shorter.")
        wait_until_kept(page, "Shorter.")

    type_all()
    page.goto("/admin/")
    page.goto(form)
    expect(kept(page)).to_be_visible()
    type_all()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Saved as a draft")
    expect(kept(page)).to_be_hidden()
    assert storage_of(page) == []


def test_a_choice_that_was_searched_for_comes_back_by_its_name(open_form):
    page = open_form("topic")
    page.goto("/admin/content/faq/add/")
    page.locator(".field-compounds .select2-selection").click()
    page.keyboard.type("sketam")
    page.get_by_role("option", name="Esketamine").click()
    wait_until_kept(page, "Esketamine")
    page.reload()
    kept(page).get_by_role("button", name="Bring it back").click()
    expect(page.locator(".field-compounds .select2-selection")).to_contain_text("Esketamine")


def test_a_save_that_failed_keeps_it_and_one_that_worked_lets_it_go(open_form):
    page = open_form("faq")
    page.locator("#id_answer").press_sequentially("Typed. ")
    page.locator("#id_change_reason").fill("Kept through a mistake")
    slug = page.locator("#id_slug").input_value()
    page.locator("#id_slug").fill("no slug")
    page.get_by_role("button", name="Save draft").first.click()
    expect(page.get_by_text("Use small letters, digits and hyphens").first).to_be_visible()
    wait_until_kept(page, "Kept through a mistake")
    page.locator("#id_slug").fill(slug)
    page.get_by_label("Only wording").check()
    page.get_by_role("button", name="Save draft").first.click()
    expect(page.locator(".messagelist .success")).to_contain_text("Saved as a draft")
    expect(kept(page)).to_be_hidden()
    assert storage_of(page) == []
    page.locator(".form-menu summary", has_text="More").click()
    page.get_by_role("button", name="Set this draft aside").click()
    expect(page.locator(".messagelist .success")).to_contain_text("The draft is set aside.")


def test_the_end_of_the_session_loses_nothing(open_form):
    page = open_form("faq")
    open_preview(page)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.locator("#id_answer").fill("Typed after the session ended.")
    expect(page.locator("#typed-state")).to_contain_text(
        "You are signed out. What you typed is kept"
    )
    page.get_by_role("button", name="Save draft").first.click()
    expect(page.get_by_label("Username")).to_be_visible()
    page.context.add_cookies(cookies)  # as after signing in
    page.go_back()
    page.reload()
    kept(page).get_by_role("button", name="Bring it back").click()
    expect(page.locator("#id_answer")).to_have_value("Typed after the session ended.")


def test_a_copy_that_is_spoilt_is_thrown_away(new_page, superuser):
    page = new_page(storage_state=superuser)
    page.goto("/admin/content/faq/add/")
    page.evaluate("""for (const spoilt of ["1", "{", '{"at": 1}'])
      localStorage.setItem(
        `typed|${document.getElementById("writing").dataset.user}|${location.pathname}|${spoilt}`,
        spoilt)""")
    page.reload()
    expect(page.locator("#kept")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('typed'))") == []


def test_nothing_breaks_where_storage_is_blocked(new_context, superuser):
    page = new_context(storage_state=superuser).new_page()  # Django's own scripts complain
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name,"
        " { get() { throw new DOMException('blocked', 'SecurityError') } })"
    )
    page.goto("/admin/content/faq/")
    page.locator("#result_list tbody th a").first.click()
    page.locator("#id_answer").fill("Typed without storage.")
    expect(page.get_by_text("This browser cannot keep a copy")).to_be_visible()
    open_preview(page)
    expect(preview(page).locator("main")).to_contain_text("Typed without storage.")


def test_a_colleague_is_told_who_has_the_page_open(open_form, new_page, site, axe):
    mine, theirs = open_form("topic"), new_page()
    expect(mine.get_by_role("button", name="Save draft").first).to_be_visible()
    login.submit_password(theirs, "author", site)
    with mine.expect_response("**/presence/"):
        mine.reload()
    theirs.goto(mine.url)
    notice = theirs.get_by_text(re.compile(r"admin has this page open since \d\d:\d\d \w+\."))
    expect(notice).to_be_visible()
    expect(notice).to_have_role("status")
    axe(theirs, preload=False)


def test_more_than_the_site_takes_is_not_sent_and_stays_in_the_form(open_form):
    page = open_form("faq")
    page.locator("#id_answer").evaluate("field => { field.value = 'Rest. '.repeat(1_200_000); }")
    page.get_by_role("button", name="Save draft").first.click()
    said = page.get_by_text("Nothing was sent: a form may hold 6 MB. “Answer” alone has 7200000")
    expect(said).to_be_visible()
    assert page.locator("#id_answer").evaluate("field => field.value.length") == 7_200_000
    page.locator("#id_answer").evaluate("field => { field.value = ''; }")


# Whether the form went out, for each time that it was sent.
SEND_TWICE = """form => {
  const sent = [], button = form.elements._save;
  document.addEventListener("submit", (event) => sent.push(!event.defaultPrevented));
  form.requestSubmit(button);
  form.requestSubmit(button);
  return sent;
}"""


def test_a_double_click_saves_once(open_form):
    page = open_form("topic")
    page.goto("/admin/content/glossaryterm/add/")
    page.get_by_label("Term:").fill("Twice")
    page.get_by_label("Slug:").fill("twice")
    page.get_by_label("Meaning:").fill("Two clicks.")
    assert page.locator("#glossaryterm_form").evaluate(SEND_TWICE) == [True, False]
    expect(page.locator(".messagelist .success")).to_contain_text("Saved as a draft: “Twice”")
    expect(page.locator("#form-errors")).to_have_count(0)
    page.locator(".form-menu summary", has_text="More").click()
    page.get_by_role("link", name="Delete", exact=True).first.click()
    page.get_by_role("button", name="Yes, I’m sure").click()


def test_a_new_record_is_seen_beside_its_form(open_form, axe):
    page = open_form("topic", viewport=TABLET)
    page.goto("/admin/content/glossaryterm/add/")
    page.get_by_label("Term:").fill("Never saved")
    page.get_by_label("Slug:").fill("never-saved")
    page.get_by_label("Meaning:").fill("A small bud.")
    open_preview(page)
    expect(preview(page).get_by_role("heading", level=1)).to_have_text("Never saved")
    axe(page, preload=False)


def test_a_text_that_is_too_long_is_counted_and_never_cut(open_form):
    page = open_form("compound")
    note = page.get_by_label("Standing note:")
    words = f"{'Long. ' * 18}Not sold in the US."
    note.fill("")
    note.type(words)
    expect(note).to_have_value(words)
    told = f"{len(words)} of 110 characters: {len(words) - 110} too many."
    expect(note).to_have_accessible_description(re.compile(re.escape(told)))


def test_the_back_button_brings_what_was_typed_back_without_an_alarm(open_form):
    page = open_form("faq")
    page.get_by_label("Question:").fill("What was typed?")
    page.get_by_label("Do this now:").fill("Ask.")
    wait_until_kept(page, "Ask.")
    page.goto("/admin/")
    page.go_back()
    expect(page.get_by_label("Question:")).to_have_value("What was typed?")
    expect(page.get_by_label("Do this now:")).to_have_value("Ask.")
    expect(kept(page)).to_be_hidden()
    page.goto("/admin/")
    page.go_back()
    expect(page.get_by_label("Question:")).to_have_value("What was typed?")
    assert len(storage_of(page)) == 1
