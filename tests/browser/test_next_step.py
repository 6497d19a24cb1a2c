"""Links of a form that lead to a next step, while something in it is not saved."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def open_draft(new_page, superuser):
    """open_draft("Why?"): the form of the first question, saved as a draft of this question."""

    def open_it(question, **options):
        page = new_page(storage_state=superuser, **options)
        page.goto("/admin/content/faq/")
        page.locator("#result_list tbody th a").first.click()
        page.get_by_label("Question:").fill(question)
        page.get_by_role("button", name="Save draft").click()
        expect(saved(page)).to_be_visible()
        page.goto(page.url)
        return page

    return open_it


def saved(page):
    return page.get_by_text("Saved as a draft")


def follow(page, words):
    page.locator(".form-menu summary", has_text="More").click()
    page.get_by_role("link", name=words).click()


def test_such_a_link_saves_what_was_typed_and_then_leads_on(open_draft):
    page = open_draft("Saved once?")
    page.get_by_label("I searched and compared the sources today").check()
    page.get_by_label("Question:").fill("Typed before the link?")
    follow(page, "What changed, and review")
    page.wait_for_url("**/review/")
    expect(saved(page)).to_be_visible()
    expect(page.locator(".review-changes").first).to_contain_text("Typed before the link?")
    expect(page.locator("#unsaved-form")).to_be_hidden()
    page.get_by_role("link", name="Open the form").click()
    expect(page.get_by_label("Question:")).to_have_value("Typed before the link?")
    expect(page.get_by_text("on this device was not saved")).to_be_hidden()


def test_it_leads_on_at_once_where_nothing_was_typed(open_draft):
    page = open_draft("Nothing more?")
    follow(page, "What changed, and review")
    page.wait_for_url("**/review/")
    expect(saved(page)).to_have_count(0)


def test_it_leads_nowhere_where_the_form_is_refused(open_draft):
    page = open_draft("Refused?")
    page.get_by_label("Slug:").fill("no slug")
    follow(page, "What changed, and review")
    expect(page.get_by_text("Use small letters, digits and hyphens").first).to_be_visible()
    page.get_by_label("Slug:").fill("a-slug")
    page.get_by_role("button", name="Save draft").click()
    expect(saved(page)).to_be_visible()
    expect(page.get_by_label("Slug:")).to_have_value("a-slug")


def test_without_scripts_it_leads_on_and_leaves_what_was_typed(open_draft):
    page = open_draft("No scripts?", java_script_enabled=False)
    page.get_by_label("Question:").fill("Left behind?")
    follow(page, "What changed, and review")
    page.wait_for_url("**/review/")
    expect(page.get_by_text("Left behind?")).to_have_count(0)


def test_it_never_ends_a_review_and_asks_before_what_was_typed_is_left(new_page, superuser):
    page = new_page(storage_state=superuser)
    page.goto("/admin/content/topic/add/")
    page.get_by_label("Name:").fill("In review")
    page.get_by_role("button", name="Send for review").click()
    page.get_by_role("link", name="Open the form").click()
    form = page.url
    expect(page.get_by_text("It is in review. Saving a change here ends that")).to_be_visible()
    page.get_by_label("Name:").fill("Typed in review")
    follow(page, "What changed, and review")  # Playwright says no to what is asked.
    expect(page.get_by_label("Name:")).to_have_value("Typed in review")
    assert page.url == form
    page.once("dialog", lambda dialog: dialog.accept())
    follow(page, "What changed, and review")
    page.wait_for_url("**/review/")
    expect(page.locator("#unsaved-form")).to_be_visible()
    expect(page.get_by_text("In review", exact=True).first).to_be_visible()
    page.goto(form)
    page.locator(".form-menu summary", has_text="More").click()
    page.get_by_role("link", name="Delete", exact=True).click()
    page.get_by_role("button", name="Yes, I’m sure").click()
