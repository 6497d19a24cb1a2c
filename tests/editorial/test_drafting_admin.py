"""The change form of a page: what it opens on, what saving does, and what it never does."""

import pytest
from django.contrib import admin
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Explainer, Faq
from psychoplastogens.editorial import content_loader
from psychoplastogens.editorial.admin.drafting_admin import DraftingAdmin
from psychoplastogens.editorial.admin.forms import DraftForm
from psychoplastogens.editorial.drafts.serialization import compute_digest, to_dict
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.models import (
    ContentVersion,
    HistoryEntry,
    LoadedRecord,
    Revision,
    Status,
)
from psychoplastogens.evidence.models import Source
from psychoplastogens.walkthrough.models import Step
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import (
    CHECK,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_walkthrough,
)
from tests.workflow_helpers import get_draft, publish_draft

pytestmark = pytest.mark.django_db


def save(client, record, **changes):
    return client.post(address_of(record), typed(client.get(address_of(record)), **changes))


def test_saving_a_published_page_touches_no_row_that_readers_read(admin_client):
    explainer = make_explainer({"title": "Old part"}, title="Old", summary="S.", key_points="K.")
    number = ContentVersion.objects.get_current()
    page = save(admin_client, explainer, title="New", **{"sections-0-title": "New part"})
    assert page.status_code == 302
    assert (Explainer.objects.get().title, explainer.sections.get().title) == ("Old", "Old part")
    assert ContentVersion.objects.get_current() == number


def test_the_form_opens_on_the_newest_draft_and_says_so(admin_client):
    faq = make_faq(question="Old?", slug="it")
    assertContains(admin_client.get(address_of(faq)), "This is what readers see now")
    save(admin_client, faq, question="New?", change_reason="Shorter.")
    page = admin_client.get(address_of(faq))
    assertContains(page, 'value="New?"')
    assertContains(page, "You are working on the newest draft.")
    assertContains(page, "Shorter.")
    assertContains(page, 'href="/questions/it/"')


def test_parts_travel_with_the_draft(admin_client):
    explainer = make_explainer({"title": "Goes"}, {"title": "Stays"}, summary="S.", key_points="K.")
    new = {"order": 9, "title": "Comes", "slug": "comes", "plain": "Words."}
    sent = {f"sections-2-{name}": value for name, value in new.items()}
    save(admin_client, explainer, **sent, **{"sections-TOTAL_FORMS": 3, "sections-0-DELETE": "on"})
    shown = admin_client.get(address_of(explainer)).context["inline_admin_formsets"][0].formset
    assert [form.instance.title for form in shown.forms] == ["Stays", "Comes"]
    assert [s.title for s in explainer.sections.all()] == ["Goes", "Stays"]
    save(admin_client, explainer, title="And again")  # a part that is only in the draft is kept
    publish_draft(explainer)
    assert [s.title for s in explainer.sections.all()] == ["Stays", "Comes"]


def test_a_step_is_drafted_with_its_walkthrough(admin_client, client):
    walkthrough = make_walkthrough({"plain": "Old."}, slug="tea")
    step = walkthrough.steps.get()
    save(admin_client, step, plain="New.")
    assert Step.objects.get().plain == "Old."
    assertContains(admin_client.get(address_of(step)), "New.</textarea>")
    publish_draft(walkthrough)
    assertContains(client.get("/tea/step-1/"), "New.")


def test_a_step_that_is_only_in_a_draft_has_its_form_and_takes_a_check(admin_client):
    walkthrough = make_walkthrough({})
    new = {"order": 2, "title": "Two", "slug": "two", "scene": "ways", "plain": "P."}
    new |= {"caption": "C.", "alt": "A."}
    sent = {f"steps-1-{name}": value for name, value in new.items()}
    save(admin_client, walkthrough, **sent, **{"steps-TOTAL_FORMS": 2})
    key = next(r["pk"] for r in get_draft(walkthrough).snapshot if r["fields"].get("slug") == "two")
    address = f"/admin/walkthrough/step/{key}/change/"
    check = {f"checks-0-{name}": value for name, value in CHECK.items()}
    sent = {"checks-TOTAL_FORMS": 1, "checks-0-order": 1, **check}
    admin_client.post(address, typed(admin_client.get(address), **sent))
    publish_draft(walkthrough)
    assert Step.objects.get(slug="two").checks.get().question == CHECK["question"]


def test_what_is_wrong_is_said_and_what_was_typed_stays(admin_client):
    faq = make_faq()
    page = save(admin_client, faq, slug="Not a slug", question="Typed?")
    assert errors_of(page).keys() == {"slug"}
    assertContains(page, 'value="Typed?"')
    assert not Revision.objects.exists()


def test_saving_what_stands_there_makes_no_draft(admin_client):
    faq = make_faq()
    for _ in range(2):
        save(admin_client, faq)
    assert not Revision.objects.exists()


def test_readers_are_told_what_changed_when_it_did(admin_client, client):
    faq = make_faq(question="Is it?")
    save(admin_client, faq, answer="No.", change_kind="meaning", what_changed="It says no now.")
    assertNotContains(client.get("/changes/"), "It says no now.")
    publish_draft(faq)
    assertContains(client.get("/changes/"), "It says no now.")


def test_the_dates_cannot_be_typed(admin_client):
    faq = make_faq()
    forged = {"reviewed_at": "2026-01-01", "updated_on": "2026-01-01", "review_due": "2030-01-01"}
    save(admin_client, faq, answer="New.", status="published", **forged)
    publish_draft(faq)
    faq = Faq.objects.get()
    assert (faq.reviewed_at, faq.updated_on) == (None, None)
    assert str(faq.review_due) != "2030-01-01"


def test_checking_the_evidence_moves_its_own_date_and_no_other(admin_client):
    make_source(slug="li")
    faq = make_faq(answer="So.[^li]")
    save(admin_client, faq, evidence_checked_today="on")
    publish_draft(faq)
    faq = Faq.objects.get()
    assert faq.evidence_checked_on and not faq.updated_on


def test_the_sources_of_a_new_record_were_compared_on_the_day_of_the_tick(admin_client):
    add = "/admin/evidence/source/add/"
    fields = {"slug": "new", "title": "A paper", "kind": "article", "supports": "It."}
    fields["verified"] = "seen"
    sent = typed(admin_client.get(add), **fields, evidence_checked_today="on")
    admin_client.post(add, sent)
    today = timezone.localdate()
    assert Source.objects.get().evidence_checked_on == today
    assert get_draft(Source.objects.get()).snapshot[0]["fields"]["evidence_checked_on"] == str(
        today
    )


def test_the_second_of_two_editors_is_refused_and_nothing_typed_is_lost(admin_client):
    faq = make_faq(answer="Old.")
    theirs, mine = (typed(admin_client.get(address_of(faq))) for _ in range(2))
    admin_client.post(address_of(faq), theirs | {"answer": "Theirs."})
    page = admin_client.post(address_of(faq), mine | {"answer": "Mine."})
    assert "/conflict/" in page["Location"]
    assert get_draft(faq).snapshot[0]["fields"]["answer"] == "Theirs."
    kept = Revision.objects.about(faq).first()
    assert (kept.state, kept.snapshot[0]["fields"]["answer"]) == ("set_aside", "Mine.")
    assert HistoryEntry.objects.about(faq).first().verb == HistoryEntry.Verb.KEPT
    page = admin_client.get(page["Location"])
    assertContains(page, "Theirs.")
    assertContains(page, "Mine.")
    admin_client.post(address_of(faq, "do"), {"verb": "restore", "revision": kept.pk})
    assert get_draft(faq).snapshot[0]["fields"]["answer"] == "Mine."


def test_a_text_that_was_kept_or_set_aside_can_be_made_the_draft_from_the_history(admin_client):
    faq = make_faq(answer="Old.")
    theirs, mine = (typed(admin_client.get(address_of(faq))) for _ in range(2))
    admin_client.post(address_of(faq), theirs | {"answer": "Theirs."})
    admin_client.post(address_of(faq), mine | {"answer": "Mine."})
    for _ in range(2):
        last = Revision.objects.about(faq).first()
        page = admin_client.get(address_of(faq, "history"))
        offered = f'name="revision" value="{last.pk}"><button name="verb" value="restore">'
        assertContains(page, offered)
        admin_client.post(address_of(faq, "do"), {"verb": "restore", "revision": last.pk})
        assert get_draft(faq).snapshot[0]["fields"]["answer"] == "Mine."
        assertNotContains(
            admin_client.get(address_of(faq, "history")), f'value="{get_draft(faq).pk}"><button'
        )
        sent = {"verb": "discard", "revision": get_draft(faq).pk}
        admin_client.post(address_of(faq, "do"), sent)


def test_the_draft_of_a_deleted_record_waits_for_nobody_and_is_what_comes_back(admin_client):
    faq = make_faq(status=Status.DRAFT, answer="Old.")
    save(admin_client, faq, answer="Drafted.")
    save(admin_client, faq, answer="Overtaken.", based_on="")
    admin_client.post(address_of(faq, "delete"), {"post": "yes"})
    assert not Revision.objects.open().exists()
    act = HistoryEntry.objects.get(verb="deleted")
    sent = {"action": "restore_deleted", "_selected_action": [act.pk]}
    admin_client.post("/admin/editorial/historyentry/", sent)
    assert Faq.objects.get().answer == "Drafted."


@pytest.mark.parametrize("marks", [{}, {"sections-0-DELETE": "on"}])
def test_a_part_of_another_page_cannot_be_taken_over(admin_client, marks):
    mine, other = (make_explainer({}, summary="S.", key_points="K.") for _ in range(2))
    theirs = other.sections.get()
    before = take_snapshot(other)
    for name in ("id", "explainer"):
        sent = {f"sections-0-{name}": str(theirs.pk if name == "id" else other.pk)}
        save(admin_client, mine, **sent, **marks, **{"sections-0-title": "Mine now"})
    if draft := get_draft(mine):
        assert str(theirs.pk) not in {row["pk"] for row in draft.snapshot}
        publish_draft(mine)
    assert take_snapshot(other) == before


@pytest.mark.parametrize("missing", ["sections-TOTAL_FORMS", "sections-INITIAL_FORMS"])
def test_a_form_that_comes_in_half_saves_nothing_and_shows_what_was_typed(admin_client, missing):
    explainer = make_explainer({}, summary="S.", key_points="K.")
    sent = typed(admin_client.get(address_of(explainer)), title="Typed title")
    del sent[missing]
    page = admin_client.post(address_of(explainer), sent)
    assertContains(page, 'value="Typed title"')
    assert not Revision.objects.exists()


@pytest.mark.parametrize("forged", ["", "x", "0" * 32, "'; drop table"])
def test_a_forged_revision_number_is_a_conflict_and_loses_nothing(admin_client, forged):
    faq = make_faq(answer="Old.")
    save(admin_client, faq, answer="Theirs.")
    page = save(admin_client, faq, answer="Mine.", based_on=forged)
    assert "/conflict/" in page["Location"]
    assert Revision.objects.about(faq).first().snapshot[0]["fields"]["answer"] == "Mine."


def test_the_revision_of_another_record_is_no_base(admin_client):
    faq, other = make_faq(answer="Old."), make_faq(answer="Another.")
    save(admin_client, other, answer="Elsewhere.")
    save(admin_client, faq, answer="Theirs.")
    page = save(admin_client, faq, answer="Mine.", based_on=get_draft(other).pk)
    assert "/conflict/" in page["Location"]
    assert get_draft(faq).snapshot[0]["fields"]["answer"] == "Theirs."


def test_a_new_record_is_a_draft_with_a_history(admin_client):
    form = admin_client.get("/admin/evidence/source/add/")
    sent = {
        "slug": "new",
        "title": "A paper",
        "kind": "article",
        "supports": "It.",
        "subject": "none",
        "verified": "seen",
    }
    admin_client.post("/admin/evidence/source/add/", typed(form, **sent))
    assert Revision.objects.get().record.slug == "new"
    assert Revision.objects.get().state == Revision.State.DRAFT


def test_who_may_only_look_sees_the_draft_and_saves_nothing(client, django_user_model):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("onlooker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_faq"))
    client.force_login(user)
    faq = make_faq()
    assert client.get(address_of(faq)).status_code == 200
    assert client.post(address_of(faq), {"question": "Mine"}).status_code == 403
    for verb in ("submit", "publish", "discard", "restore", "approve", "nonsense", ""):
        assert client.post(address_of(faq, "do"), {"verb": verb}).status_code == 403
    assert not Revision.objects.exists()


def test_the_loader_leaves_alone_what_staff_have_a_draft_of(admin_client, tmp_path):
    source = make_source(slug="li-2010", title="Old")
    item = content_loader.FixtureRecord(
        type(source), tmp_path, to_dict(source) | {"title": "From the file"}
    )
    LoadedRecord.objects.create(
        kind="sources",
        key="en/li-2010",
        fixture_digest="x",
        record_digest=compute_digest(to_dict(source)),
    )
    row, report = LoadedRecord.objects.get(), content_loader.LoadReport()
    save(admin_client, source, title="Mine")
    content_loader._load_record(item, row, source.published_by, report, is_reload=True)
    source.refresh_from_db()
    assert (source.title, report.skipped_edited) == ("Old", ["sources/li-2010"])


def test_a_record_that_readers_never_saw_shows_its_draft_in_lists(admin_client):
    faq = make_faq(status=Status.DRAFT, question="Old?")
    save(admin_client, faq, question="New?")
    assertContains(admin_client.get("/admin/content/faq/"), "New?")


def test_a_list_says_what_state_the_draft_of_a_published_page_is_in(admin_client):
    faq = make_faq()
    save(admin_client, faq, answer="New.")
    assertContains(admin_client.get("/admin/content/faq/"), "; a draft: draft")
    found = admin_client.get("/admin/content/faq/", {"draft": "in_review"}).context["cl"]
    assert found.result_count == 0
    found = admin_client.get("/admin/content/faq/", {"draft": "draft"}).context["cl"]
    assert found.result_count == 1


def test_the_history_tells_everything_and_gives_each_text_back(admin_client):
    faq = make_faq(answer="Old.")
    save(admin_client, faq, answer="New.", change_reason="Because.")
    publish_draft(faq)
    page = admin_client.get(address_of(faq, "history"))
    for told in ("Saved a draft", "Because.", "Approved", "clinician", "before the first edit"):
        assertContains(page, told)
    first = Revision.objects.about(faq).last()
    admin_client.post(address_of(faq, "do"), {"verb": "restore", "revision": first.pk})
    assert get_draft(faq).snapshot[0]["fields"]["answer"] == "Old."
    assert Faq.objects.get().answer == "New."


def test_a_deleted_record_is_brought_back_in_the_list_of_acts(admin_client):
    faq = make_faq(status=Status.DRAFT, question="Dear?")
    admin_client.post(address_of(faq, "delete"), {"post": "yes"})
    acts = "/admin/editorial/historyentry/"
    assertContains(admin_client.get(acts), "Dear? (deleted)")
    act = HistoryEntry.objects.get(verb="deleted")
    sent = {"action": "restore_deleted", "_selected_action": [act.pk]}
    page = admin_client.post(acts, sent, follow=True)
    assertContains(page, "“Dear?” is back, as a draft.")
    assertContains(admin_client.post(acts, sent, follow=True), "It is there already.")
    assert Faq.objects.get().status == Status.DRAFT


def test_a_draft_that_lost_its_source_leads_to_the_history_and_says_why(admin_client):
    finding, gone = make_finding(), make_source(status=Status.DRAFT)
    save(admin_client, finding, source=str(gone.pk))
    type(gone).objects.filter(pk=gone.pk).delete()
    page = admin_client.get(address_of(finding), follow=True)
    assertContains(page, "needs a source that was deleted")


DRAFTING = [m for m in admin.site._registry.values() if isinstance(m, DraftingAdmin)]


@pytest.mark.parametrize("model_admin", DRAFTING, ids=lambda m: m.opts.label)
def test_what_is_said_about_a_change_has_no_name_that_a_field_of_a_record_has(model_admin):
    of_the_record = {field.name for field in model_admin.model._meta.get_fields()}
    assert not of_the_record & DraftForm.declared_fields.keys()
    assert not [error for error in model_admin.check() if error.id == "editorial.E001"]


def test_a_name_that_a_record_and_its_form_share_is_an_error_of_the_system_check(monkeypatch):
    monkeypatch.setitem(DraftForm.declared_fields, "answer", None)
    wrong = [error.msg for error in admin.site.get_model_admin(Faq).check()]
    assert wrong == ["“answer” is a field of the record and of every form of a draft."]


def test_the_reason_of_an_edit_is_not_that_of_the_next(admin_client):
    faq = make_faq()
    save(admin_client, faq, answer="One.", change_reason="Asked by a patient.")
    page = admin_client.get(address_of(faq))
    assertContains(page, "Asked by a patient.")
    assert not page.context["adminform"].form["change_reason"].value()
    save(admin_client, faq, answer="Two.")
    assert get_draft(faq).note == ""
