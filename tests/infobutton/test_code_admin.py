"""An editor gives a code its page, and sees what a record system gets."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.drafts.snapshots import SnapshotConflict, apply_snapshot
from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow.references import find_uses
from psychoplastogens.infobutton.models import Code, Unanswered
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import make_code, make_condition, make_explainer
from tests.infobutton.infobutton_client import JSON, ask, criterion, titles
from tests.workflow_helpers import approve_draft, get_draft, without_checks

pytestmark = pytest.mark.django_db
ADD = "/admin/infobutton/code/add/"
NEW = {"system": "icd-10-cm", "code": "f3341", "display": "In remission"}


def add(client, **sent):
    form = client.get(ADD)
    return client.post(ADD, typed(form, **{"_continue": "1"} | NEW | sent), follow=True)


def test_a_code_is_added_previewed_published_and_answers(admin_client, client):
    condition = make_condition(name="Depression")
    page = add(admin_client, page=f"condition:{condition.pk}")
    code = Code.objects.get()
    assert (code.code, code.status) == ("F33.41", Status.DRAFT)
    assertContains(page, "As soon as the code is published.")
    assertContains(page, "Understory Connect results for ICD-10-CM F33.41")
    assert titles(ask(client, criterion("F33.41") | JSON)) == []
    approve_draft(code)
    sent = {"action": "publish", "_selected_action": [code.pk]}
    with without_checks():
        page = admin_client.post("/admin/infobutton/code/", sent, follow=True)
    assertContains(page, "Published:")
    assert titles(ask(client, criterion("F33.41") | JSON)) == ["Depression"]


def test_the_preview_is_what_a_record_system_gets(admin_client, client):
    code = make_code("F33", display="Suicidal", page=make_condition(name="Dark days"))
    preview = admin_client.get(address_of(code)).text
    answer = ask(client, criterion("F33") | JSON).json()["feed"]
    assert answer["id"]["_value"] in preview
    for entry in answer["entry"]:
        assert entry["id"]["_value"] in preview


def test_the_dates_of_a_code_are_shown_and_cannot_be_typed(admin_client):
    code = make_code("F33")
    names = ("evidence_checked_on", "reviewed_at", "reviewed_by", "review_due", "updated_on")
    page = admin_client.get(address_of(code))
    for name in names:
        assertNotContains(page, f'name="{name}"')
    assertContains(page, "Evidence last checked: not yet")
    forged = dict.fromkeys(names, "2026-01-01")
    admin_client.post(address_of(code), typed(page, display="New name", **forged))
    draft = get_draft(code)
    assert draft.snapshot[0]["fields"]["display"] == "New name"
    assert draft.snapshot[0]["fields"]["evidence_checked_on"] is None


def test_no_page_is_said_in_words(admin_client):
    page = add(admin_client, page="")
    assert errors_of(page)["page"] == ["Choose the page that answers this code."]
    assertContains(page, "In remission")
    assert not Code.objects.exists()


def make_section():
    return make_explainer({"title": "Common"}, title="Safety").sections.get()


def test_a_section_is_chosen_by_its_guide(admin_client):
    section = make_section()
    found = admin_client.get("/admin/infobutton/code/pages/", {"term": "safety"}).json()
    assert [one["text"] for one in found["results"][1]["children"]] == ["Safety: Common"]
    add(admin_client, page=f"section:{section.pk}")
    assert Code.objects.get().page == section


@pytest.mark.parametrize("chosen", ["faq:1", "condition", "source:{}", "{}"])
def test_what_is_no_page_is_refused(admin_client, chosen):
    page = add(admin_client, page=chosen.format(make_condition().pk))
    assert "Select a valid choice" in errors_of(page)["page"][0]
    assert not Code.objects.exists()


def test_another_page_is_chosen_in_a_draft_and_named_in_its_differences(admin_client):
    code = make_code(page=make_condition(name="Sorrow"))
    section = make_section()
    page = admin_client.get(address_of(code))
    admin_client.post(address_of(code), typed(page, page=f"section:{section.pk}"))
    draft = get_draft(code)
    assert Code.objects.get().page == code.page
    review = admin_client.get(address_of(code, "review"))
    assertContains(review, "<del>Sorrow</del>")
    assertContains(review, "<ins>Common</ins>")
    assert draft.snapshot[0]["fields"]["page_id"] == str(section.pk)
    assert [use.page for use in find_uses(section.explainer)] == [code]
    section.explainer.delete()
    with pytest.raises(SnapshotConflict, match="needs a section that was deleted"):
        apply_snapshot(draft.snapshot)


def test_a_code_that_is_taken_is_said(admin_client):
    make_code("F33.41")
    page = add(admin_client, page=f"condition:{make_condition().pk}")
    assert "This code has a page already" in errors_of(page)["__all__"][0]


def test_a_mistyped_code_is_said_at_the_code(admin_client):
    page = add(admin_client, code="F3", page=f"condition:{make_condition().pk}")
    assert "they look like F33.2" in errors_of(page)["code"][0]


def test_where_a_code_is_used_is_said_on_both_sides(admin_client):
    condition = make_condition(name="Depression")
    code, other = make_code("F33", page=condition), make_code("F32", page=condition)
    page = admin_client.get(address_of(code))
    assertContains(page, f'<a href="{address_of(condition)}">Depression</a>. It also answers')
    assertContains(page, f'<a href="{address_of(other)}">ICD-10-CM F32</a>')
    withdrawing = {"action": "withdraw", "_selected_action": [condition.pk]}
    assertContains(admin_client.post("/admin/content/condition/", withdrawing), "ICD-10-CM F32")
    deleting = admin_client.post(address_of(condition, "delete"), {"post": "yes"})
    assertContains(deleting, "ICD-10-CM F33")


def test_a_page_that_readers_do_not_see_is_said(admin_client):
    code = make_code("F33", page=make_condition(name="Depression", status=Status.DRAFT))
    assertContains(admin_client.get(address_of(code)), "readers do not see the page")
    assertContains(admin_client.get("/admin/infobutton/code/"), "Depression (not published)")


def test_the_list_takes_the_same_queries_for_many(admin_client, django_assert_max_num_queries):
    for number in range(20):
        make_code(f"F{number + 10}")
    with django_assert_max_num_queries(12):
        admin_client.get("/admin/infobutton/code/")


def test_the_report_says_how_often_but_not_how_seldom(admin_client):
    for times, code in ((1, "Z01"), (9, "Z09"), (10, "Z10"), (250, "Z25")):
        Unanswered.objects.create(system="icd-10-cm", code=code, day="2026-11-21", times=times)
    page = admin_client.get("/admin/infobutton/unanswered/")
    assertContains(page, "fewer than 10 times", count=2)
    assertContains(page, "250 times")
    assertNotContains(page, "9 times")
    assertContains(page, f'href="{ADD}?system=icd-10-cm&amp;code=Z25"')
    form = admin_client.get(f"{ADD}?system=icd-10-cm&code=Z25").context["adminform"].form
    assert (form["system"].value(), form["code"].value()) == ("icd-10-cm", "Z25")


@pytest.mark.parametrize("action", ["add/", "1/change/", "1/delete/"])
def test_the_report_is_not_edited(admin_client, action):
    Unanswered.objects.create(pk=1, system="icd-10-cm", code="Z00", day="2026-11-21")
    response = admin_client.post(f"/admin/infobutton/unanswered/{action}", {"times": 5})
    assert response.status_code == 403
    assert Unanswered.objects.get().times == 1
