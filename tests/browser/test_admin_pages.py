"""Every page that this project adds to the admin, seen by axe: at a desk, on a tablet, in dark."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests import server_process
from tests.browser.axe import BY_LOOK

# A page in review that was written at twice; a source in use; a list of a clinic; a deleted record.
PREPARE = """
import json
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from psychoplastogens.clinics.models import Pack
from psychoplastogens.content.models import Explainer, Faq, Topic
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.review.links import create_review_link
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.evidence.models import Source
from tests.admin_forms import address_of
from tests.workflow_helpers import save_draft, send_for_review
from tests.factories import make_faq, make_link as broken, make_reviewer, make_source, make_user
from tests.login import sign_in

author, chief = make_user("author"), make_user("chief")
chief.is_superuser = True
session = sign_in(Client(), chief).cookies["sessionid"].value
guide, faq = Explainer.objects.first(), Faq.objects.first()
summary = guide.summary
first = save_draft(guide, summary=f"{summary} Bring a friend.", title=f"{guide.title}, in short")
mine = transitions.store_conflicting_draft(guide, take_snapshot(guide), by=author, based_on=first)
draft = send_for_review(guide, summary=f"{summary} Bring a friend, and 2 sandwiches.")
transitions.comment(draft, by=chief, text="Is a sandwich wise on the day?")
create_review_link(draft, by=chief, reviewer=make_reviewer())
save_draft(Faq.objects.all()[1], answer="A proven breakthrough.")
Faq.objects.filter(pk=faq.pk).update(review_due=timezone.localdate() - timedelta(days=9))
never, gone = (make_faq(status="draft", question=q, topic=faq.topic) for q in ("Never?", "Gone?"))
transitions.delete(gone, by=author)
make_source(title="A trial that nothing uses", status="draft")
broken("https://lost.example/a/long/address/that/leads/nowhere/any/more/")
used = next(source for source in Source.objects.all() if source.slug == "li-2010")
pack = Pack.objects.filter(is_live=True).first()
print(json.dumps({
    "session": session,
    "preview": address_of(guide, "preview"),
    "history": address_of(guide, "history"),
    "compare": f"{address_of(guide, 'compare')}?a=1&b=3",
    "set a time": address_of(guide, "schedule"),
    "review": address_of(guide, "review"),
    "form": address_of(guide),
    "conflict": f"{address_of(guide, 'conflict')}?typed={mine.pk}",
    "where used": address_of(used, "uses"),
    "delete": address_of(never, "delete"),
    "hand out": address_of(pack, "hand-out"),
    "list": f"/admin/content/faq/?q={faq.slug}",
    "a list of sources": f"/admin/evidence/source/?q={used.slug}",
}))
"""
TERMS = "/admin/content/glossaryterm/import/"
SETTLED = "Promise.all(document.getAnimations().map(one => one.finished)).then(() => true)"
LOOKS = [(1280, "dark"), (768, "dark"), (768, "light")]  # A page opens at 1280 pixels, in light.


@pytest.fixture(scope="module")
def prepared_site(tmp_path_factory):
    """A site of its own, since these tests write; `prepared_site.made` holds addresses."""
    with server_process.run_site_copy(tmp_path_factory.mktemp("prepared")) as site:
        site.made = server_process.run_script(PREPARE, data=site.data)
        yield site


@pytest.fixture
def sign_in(new_page, prepared_site):
    """sign_in(**options): a page of somebody who may do everything."""

    def sign_in(**options):
        page = new_page(viewport={"width": 1280, "height": 900}, **options)
        value, address = prepared_site.made["session"], f"{prepared_site.url}/admin/"
        page.context.add_cookies([{"name": "sessionid", "value": value, "url": address}])
        return page

    return sign_in


@pytest.fixture
def page(sign_in):
    return sign_in()


@pytest.fixture
def looks_well(page, axe):
    """looks_well(): by every rule as it is, and in each look by the rules that look at that."""

    def check():
        axe(page, preload=False)
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLED)  # Links of the admin change their color slowly.
            axe(page, only=BY_LOOK, preload=False)
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    return check


@pytest.mark.parametrize(
    "name",
    [
        "/admin/",
        "list",
        "form",
        "preview",
        "history",
        "conflict",
        "where used",
        "delete",
        "hand out",
    ]
    + [
        "/admin/editorial/historyentry/",
        "/admin/editorial/oldaddress/",
        "/admin/editorial/reviewer/add/",
    ]
    + ["compare", "set a time", "/admin/tasks/unused_sources_panel/"]
    + ["/admin/clinics/pack/", TERMS, "/admin/content/glossaryterm/add/"],
)
def test_a_page_is_accessible_in_every_look(page, prepared_site, looks_well, name):
    page.goto(prepared_site.url + prepared_site.made.get(name, name))
    expect(page.get_by_role("heading").first).to_be_visible()
    looks_well()


@pytest.mark.parametrize("hour", ["03:00", "17:30"])
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata"])
def test_a_time_is_typed_in_the_zone_of_the_browser_and_told_in_both(
    sign_in, prepared_site, zone, hour
):
    page = sign_in(timezone_id=zone)
    page.goto(prepared_site.url + prepared_site.made["set a time"])
    day = date.today() + timedelta(days=200)
    there = datetime.fromisoformat(f"{day}T{hour}+00:00")
    own = there.astimezone(ZoneInfo(zone))
    told = f"{own:%H:%M}" + ("" if own.date() == day else f" on {own.day} {own:%B %Y}")
    field = page.get_by_label("Day and hour where you are (")
    field.fill(f"{own:%Y-%m-%dT%H:%M}")
    status = f"That is {hour} UTC on {day.day} {day:%B %Y}."
    expect(page.get_by_role("status")).to_have_text(status)
    page.get_by_label("Pages that use it may stay").check()
    page.get_by_role("button", name="Withdraw then").click()
    expect(field).to_have_value(f"{own:%Y-%m-%dT%H:%M}")  # The reason was missing.
    page.get_by_label("Why is it withdrawn then?").fill("The trial has ended.")
    page.get_by_role("button", name="Withdraw then").click()
    expect(page.locator("time").filter(has_text=f"{hour} UTC ({told} for you)")).to_have_count(2)
    page.get_by_role("button", name="Cancel the withdrawal").click()
    expect(page.get_by_text("No time is set")).to_be_visible()


def test_who_is_in_the_zone_of_the_site_is_told_nothing_more(sign_in, prepared_site):
    page = sign_in(timezone_id="UTC")
    page.goto(prepared_site.url + prepared_site.made["set a time"])
    page.get_by_label("Day and hour (UTC; it is ").fill("2030-12-01T07:00")
    expect(page.get_by_role("status")).to_have_count(0)


@pytest.mark.parametrize("address", ["/admin/clinics/pack/add/", "/admin/infobutton/code/add/"])
def test_a_choice_with_a_search_is_called_as_its_field(page, prepared_site, axe, address):
    page.goto(prepared_site.url + address)
    expect(page.get_by_role("textbox", name="Page").first).to_be_visible()
    axe(page, only=["aria-input-field-name"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_above_chosen_permissions_can_be_read(page, prepared_site, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{prepared_site.url}/admin/auth/group/add/")
    expect(page.get_by_text("Chosen permissions").first).to_be_visible()
    axe(page, only=["color-contrast"], preload=False)


FILES = {
    "sound": "- slug: synapse\n  term: Synapse\n  meaning: Where two cells meet, and talk.\n"
    "- slug: a-new-term\n  term: A new term\n  meaning: Something.\n",
    "broken": "- slug: a-new-term\n  term: ''\n  meanng: Something.\n",
    "no list": "slug: a",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_tried_is_told_accessibly(page, prepared_site, looks_well, name):
    page.goto(prepared_site.url + TERMS)
    file = {"name": "terms.yaml", "mimeType": "text/yaml", "buffer": FILES[name].encode()}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Try it").click()
    shown = page.get_by_role("button", name="Keep 2 drafts").or_(page.get_by_role("alert"))
    expect(shown.first).to_be_visible()
    looks_well()


def test_withdrawing_what_is_in_use_is_asked_about_accessibly(page, prepared_site, looks_well):
    page.goto(prepared_site.url + prepared_site.made["a list of sources"])
    page.locator("#result_list tbody input").first.check()
    page.get_by_label("Action:").select_option("Withdraw")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("These use it, and will lack it")).to_be_visible()
    looks_well()
    page.get_by_role("button", name="Withdraw").click()
    page.evaluate("document.querySelector('form[method=post]:not(#logout-form)').noValidate = true")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    looks_well()
