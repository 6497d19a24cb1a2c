from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, Section
from psychoplastogens.editorial.models import Status
from psychoplastogens.evidence.models import Source
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_term,
    make_topic,
)
from tests.workflow_helpers import publish_draft

pytestmark = pytest.mark.django_db
WRITTEN = ["compound", "condition", "explainer", "faq", "glossaryterm"]


def change(client, record, **changes):
    form = client.get(address_of(record))
    return client.post(address_of(record), typed(form, **changes))


def change_and_publish(client, record, **changes):
    assert change(client, record, **changes).status_code == 302
    return publish_draft(record)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Yes.\n\nSo[^nobody-2020].", "Line 3: there is no source “nobody-2020”."),
        ("A [[gremlin]].", "Line 1: there is no term “gremlin”."),
        ("{{finding:none}}", "Line 1: there is no finding “none”."),
        (
            "{{figure:none}}",
            "“{{figure:none}}” is not written as a source, term, part, finding or status.",
        ),
    ],
)
def test_a_mistake_in_a_text_is_saved_and_told_with_its_line(admin_client, text, told):
    faq = make_faq()
    assert change(admin_client, faq, answer=text, question="A new question?").status_code == 302
    page = admin_client.get(address_of(faq))
    stop = next(stop for stop in page.context["stops"] if stop.href == "#id_answer")
    assert stop.message.endswith(told)
    form = page.context["adminform"].form
    assert (form["answer"].value(), form["question"].value()) == (text, "A new question?")


def test_a_mistake_in_a_section_leads_to_that_section(admin_client):
    explainer = make_explainer({}, {})
    sent = {"sections-1-plain": "See[^none].", "title": "A new title"}
    assert change(admin_client, explainer, **sent).status_code == 302
    page = admin_client.get(address_of(explainer))
    told = {stop.href: stop.message for stop in page.context["stops"]}
    assert told["#id_sections-1-plain"] == "Line 1: there is no source “none”."
    assertContains(page, 'value="A new title"')
    assertContains(page, "See[^none].")


def test_drafts_may_be_cited(admin_client):
    make_source(slug="li-2010", status=Status.DRAFT)
    faq = make_faq()
    change_and_publish(admin_client, faq, answer="Yes.[^li-2010]")
    assert Faq.objects.get().answer == "Yes.[^li-2010]"


def test_sections_are_listed_in_their_order_and_may_be_reordered(admin_client):
    explainer = make_explainer({"title": "One"}, {"title": "Two"})
    change(admin_client, explainer, **{"sections-0-order": 3})
    page = admin_client.get(address_of(explainer))
    formset = page.context["inline_admin_formsets"][0].formset
    assert [form.instance.title for form in formset.forms] == ["Two", "One"]


def test_a_section_can_be_added_and_another_taken_away(admin_client):
    explainer = make_explainer({"title": "Old"})
    new = {"order": 2, "title": "New", "slug": "new", "plain": "Words."}
    sent = {f"sections-1-{name}": value for name, value in new.items()}
    sent |= {"sections-TOTAL_FORMS": 2, "sections-0-DELETE": "on"}
    change_and_publish(admin_client, explainer, **sent)
    assert [section.title for section in Section.objects.all()] == ["New"]


def test_two_sections_cannot_share_an_address(admin_client):
    explainer = make_explainer({}, {})
    page = change(admin_client, explainer, **{"sections-1-slug": "part-0"})
    assert page.status_code == 200
    assert Section.objects.filter(slug="part-0").count() == 1


def test_the_status_of_a_compound_names_its_country_and_source(admin_client):
    source = make_source()
    compound = make_compound(statuses=[{"source": source, "country": "US"}])
    change_and_publish(admin_client, compound, **{"statuses-0-country": "GB"})
    assert Compound.objects.get().statuses.get().country == "GB"


def test_options_and_evidence_are_edited_with_their_condition(admin_client):
    condition = make_condition(options=[{}], evidence=[{"compound": make_compound()}])
    sent = {"options-0-good": "Cheap.", "evidence-0-strength": "failed"}
    change_and_publish(admin_client, condition, **sent)
    condition = Condition.objects.get()
    assert condition.options.get().good == "Cheap."
    assert condition.evidence.get().strength == "failed"


def test_other_names_are_typed_one_per_line(admin_client):
    compound = make_compound(other_names=["Ketalar"])
    assertContains(admin_client.get(address_of(compound)), "Ketalar</textarea>")
    change_and_publish(admin_client, compound, other_names="Ketalar\r\n\r\n  Special words \r\n")
    assert Compound.objects.get().other_names == ["Ketalar", "Special words"]


@pytest.mark.parametrize("model", WRITTEN)
def test_how_to_write_is_said_once_in_each_form(admin_client, model):
    page = admin_client.get(reverse(f"admin:content_{model}_add"))
    for addition in (
        "[^",
        "[^slug:animals]",
        "[[",
        "[[synapse|synapses]]",
        "{{",
        "call-clinic",
    ):
        assertContains(page, f"<code>{addition}</code>", count=1)


def test_a_new_question_is_a_draft(admin_client):
    sent = {"question": "Why?", "slug": "why", "answer": "So.", "topic": make_topic().pk}
    form = admin_client.get("/admin/content/faq/add/")
    admin_client.post("/admin/content/faq/add/", typed(form, **sent))
    assert Faq.objects.get(slug="why").status == Status.DRAFT
    assert admin_client.get("/questions/why/").status_code == 404


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (make_source, "Yes.[^named:animals]"),
        (make_finding, "{{finding:named|sentence}}"),
        (make_term, "A [[Named|word]]."),
    ],
)
def test_what_a_text_names_keeps_its_name_and_stays(admin_client, make, text):
    named = make(slug="named", status=Status.DRAFT)
    make_explainer({"more": text}, title="A guide", status=Status.DRAFT)
    assert (
        "They are in “A guide”." in errors_of(change(admin_client, named, slug="other"))["slug"][0]
    )
    page = admin_client.post(address_of(named, "delete"), {"post": "yes"})
    assertContains(page, ">A guide</a>")
    assert type(named).objects.filter(slug="named").exists()


def test_a_name_that_only_begins_alike_is_not_named(admin_client):
    source = make_source(slug="li-2010", status=Status.DRAFT)
    make_faq(answer="Yes.[^li-2010-b]")
    change(admin_client, source, slug="lee-2010")
    assert Source.objects.get(pk=source.pk).slug == "lee-2010"


def test_withdrawing_says_which_pages_would_lack_it(admin_client):
    source = make_source(slug="named")
    make_faq(question="Is it safe?", answer="Yes.[^named]")
    sent = {"action": "withdraw", "_selected_action": [source.pk]}
    assertContains(admin_client.post("/admin/evidence/source/", sent), ">Is it safe?</a>")


def test_a_topic_with_questions_and_a_compound_with_evidence_stay(admin_client):
    topic, compound = make_topic(status=Status.DRAFT), make_compound(status=Status.DRAFT)
    make_faq(topic=topic, question="Why?")
    make_condition(name="Sorrow", evidence=[{"compound": compound}])
    for record, page in ((topic, "Why?"), (compound, "Sorrow")):
        answer = admin_client.post(address_of(record, "delete"), {"post": "yes"})
        assertContains(answer, f">{page}</a>")


def test_an_unknown_record_leads_back_to_the_front(admin_client):
    assert admin_client.get(f"/admin/content/faq/{uuid4()}/change/").status_code == 302


def test_an_explainer_with_its_sections_is_deleted_as_one(admin_client):
    explainer = make_explainer({}, {}, status=Status.DRAFT)
    admin_client.post(address_of(explainer, "delete"), {"post": "yes"})
    assert not Explainer.objects.exists()
    assert not Section.objects.exists()


def test_sections_stand_before_the_dates_and_every_field_once(admin_client):
    page = admin_client.get(address_of(make_explainer({}))).content.decode()
    assert page.index('name="sections-0-plain"') < page.index(">Status and dates</h2>")
    for name in ("title", "what_changed", "language"):
        assert page.count(f' name="{name}"') == 1


def test_a_new_legal_status_was_read_today(admin_client):
    page = admin_client.get("/admin/content/compound/add/")
    today = timezone.localdate()
    assert page.context["adminform"].form["standing_as_of"].value() == today
    [statuses] = [inline.formset for inline in page.context["inline_admin_formsets"]]
    assert statuses.empty_form["as_of"].value() == today
    compound = make_compound()
    page = admin_client.get(address_of(compound))
    form = page.context["adminform"].form
    assert form["standing_as_of"].value() == Compound.objects.get().standing_as_of != today
