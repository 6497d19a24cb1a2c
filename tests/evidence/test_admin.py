import re

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.models import Revision, Status
from psychoplastogens.evidence.models import Finding, Source
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import make_claim, make_finding, make_source, make_spine_change
from tests.workflow_helpers import get_draft, publish_draft

pytestmark = pytest.mark.django_db
MISSING = {"Kind", "Subject", "Verified"}
"""What a new source has to be said, and no draft of it."""


def change(client, record, **changes):
    """Type `changes` into the form of `record` and save it."""
    form = client.get(address_of(record))
    return client.post(address_of(record), typed(form, **changes))


@pytest.mark.parametrize("arm", ["treatment", "comparator"])
def test_more_events_than_people_is_said_at_the_events(admin_client, arm):
    numbers = {f"{arm}_events": 31, f"{arm}_total": 30, f"{arm}_per100": 100}
    page = change(admin_client, make_finding(), **numbers)
    assert errors_of(page) == {f"{arm}_events": ["More than the 30 people who took part."]}


@pytest.mark.parametrize("arm", ["treatment", "comparator"])
def test_a_count_out_of_100_that_does_not_fit_is_told_what_would(admin_client, arm):
    numbers = {f"{arm}_events": 18, f"{arm}_total": 30, f"{arm}_per100": 18}
    page = change(admin_client, make_finding(), **numbers)
    assert errors_of(page) == {f"{arm}_per100": ["18 of 30 people are 60 out of 100."]}


def test_an_exact_half_may_be_rounded_either_way(admin_client):
    numbers = {"treatment_events": 1, "treatment_total": 8}
    page = change(admin_client, make_finding(), **numbers, treatment_per100=14)
    assert errors_of(page)["treatment_per100"] == ["1 of 8 people are 12 or 13 out of 100."]
    for fits in (12, 13):
        finding = make_finding()
        change(admin_client, finding, **numbers, treatment_per100=fits)
        publish_draft(finding)
    assert sorted(Finding.objects.values_list("treatment_per100", flat=True)) == [12, 13, 69]


@pytest.mark.parametrize(("events", "total", "computed"), [(70, 101, 69), (1, 8, 13), (0, 9, 0)])
def test_the_count_out_of_100_follows_from_a_count_of_people(admin_client, events, total, computed):
    finding = make_finding()
    numbers = {"treatment_events": events, "treatment_total": total, "treatment_per100": ""}
    change(admin_client, finding, **numbers, name="Another name")
    publish_draft(finding)
    assert Finding.objects.get().treatment_per100 == computed


def test_without_a_count_of_people_the_share_is_asked_for(admin_client):
    page = change(admin_client, make_finding(), treatment_events="", treatment_per100="")
    told = ["Type it, or type in how many people it happened."]
    assert errors_of(page) == {"treatment_per100": told}


def look(client, finding, **changes):
    form = typed(client.get(address_of(finding)), **changes)
    return client.post(address_of(finding, "typed"), form).json()


def test_a_number_is_drawn_on_top_of_its_preview_while_it_is_typed(admin_client):
    changes = {"treatment_events": 50, "treatment_per100": "", "note": "Only <b>ten</b> weeks."}
    page = look(admin_client, make_finding(), **changes)["page"]
    drawn = page[page.index('<main id="main"') : page.index("<h1")]
    assert re.search(r"50 of 100</b>\s*on the spray", drawn)
    assert "Only &lt;b&gt;ten&lt;/b&gt; weeks." in drawn
    assert "Adults whom two medicines had not helped" in drawn


def test_a_number_is_drawn_where_readers_cannot_open_its_source(admin_client):
    finding = make_finding(source=make_source(status=Status.DRAFT), status=Status.DRAFT)
    page = look(admin_client, finding, name="Fewer panic attacks")["page"]
    assert "Fewer panic attacks" in page
    assert "69 of 100" in page


def test_a_count_that_makes_no_sense_is_told_beside_the_preview(admin_client):
    told = look(admin_client, make_finding(), treatment_events=102)
    assert "More than the 101 people who took part." in told["findings"]
    assert "page" not in told


def test_readers_of_the_source_see_no_number_on_top_of_it(client):
    finding = make_finding()
    page = client.get(finding.source.get_absolute_url())
    assertNotContains(page, "draft-drawn")


def test_a_group_of_nobody_is_refused_at_its_size(admin_client):
    page = change(admin_client, make_finding(), treatment_total=0, treatment_events=0)
    assert errors_of(page) == {"treatment_total": ["At least one person took part."]}


def test_more_than_100_out_of_100_is_refused_at_its_field(admin_client):
    page = change(admin_client, make_finding(), treatment_events="", treatment_per100=101)
    assert list(errors_of(page)) == ["treatment_per100"]


def test_a_number_needs_its_comparator_and_timeframe(admin_client):
    page = change(admin_client, make_finding(), comparator="", timeframe="")
    assert errors_of(page).keys() == {"comparator", "timeframe"}


def test_what_was_typed_stays_when_a_number_is_refused(admin_client):
    page = change(admin_client, make_finding(), name="A better name", treatment_per100=3)
    assertContains(page, 'value="A better name"')
    assertContains(page, 'value="3"')


def test_the_form_shows_the_sentence_that_readers_read(admin_client):
    finding = make_finding()
    assertContains(admin_client.get(address_of(finding)), finding.sentence)


def test_a_number_of_an_unpublished_source_has_no_page_to_show(admin_client):
    finding = make_finding(source=make_source(status=Status.DRAFT))
    assertNotContains(admin_client.get(address_of(finding)), 'class="viewsitelink"')


def test_a_source_is_found_by_typing_a_part_of_it(admin_client):
    source = make_source(title="The mice of Durham")
    make_source(title="Something else")
    asked = {"app_label": "evidence", "model_name": "finding", "field_name": "source"}
    answer = admin_client.get("/admin/autocomplete/", asked | {"term": "durham"})
    assert [found["id"] for found in answer.json()["results"]] == [str(source.pk)]


def test_a_source_that_a_number_rests_on_cannot_be_deleted(admin_client):
    source = make_source(status=Status.DRAFT)
    finding = make_finding(source=source)
    page = admin_client.post(address_of(source, "delete"), {"post": "yes"})
    assertContains(page, "cannot be deleted now, because it is in use")
    assertContains(page, f'href="{address_of(finding)}"')
    assert Source.objects.filter(pk=source.pk).exists()


def test_the_source_of_a_claim_cannot_be_deleted(admin_client):
    source = make_source(status=Status.DRAFT)
    make_claim(sources=[source], text="It works in hours")
    page = admin_client.post(address_of(source, "delete"), {"post": "yes"})
    assertContains(page, ">It works in hours</a>")
    assert Source.objects.filter(pk=source.pk).exists()


def test_a_draft_that_nothing_rests_on_can_be_deleted(admin_client):
    admin_client.post(address_of(make_source(status=Status.DRAFT), "delete"), {"post": "yes"})
    assert not Source.objects.exists()


def test_a_claim_needs_a_source(admin_client):
    page = change(admin_client, make_claim(sources=[make_source()]), sources=[])
    assert list(errors_of(page)) == ["sources"]


@pytest.mark.parametrize(
    ("make_number", "kept"), [(make_finding, "Met its main goal."), (make_spine_change, "In mice.")]
)
def test_why_a_number_was_changed_stays_with_colleagues(admin_client, make_number, kept):
    number = make_number(note=kept)
    change(admin_client, number, change_reason="INTERNAL: the lawyer asked.", order=7)
    publish_draft(number)
    number.refresh_from_db()
    assert (number.note, number.order) == (kept, 7)
    assert Revision.objects.about(number).first().note == "INTERNAL: the lawyer asked."


@pytest.mark.parametrize("typed_note", ["Corrected for readers.", ""])
def test_the_note_for_readers_of_a_number_can_be_corrected_and_taken_away(admin_client, typed_note):
    finding = make_finding(note="Met its main goal.")
    change(admin_client, finding, note=typed_note)
    publish_draft(finding)
    finding.refresh_from_db()
    assert finding.note == typed_note


@pytest.mark.parametrize("make_number", [make_finding, make_spine_change])
def test_each_field_stands_once_in_the_form_of_a_number(admin_client, make_number):
    page = admin_client.get(address_of(make_number())).content.decode()
    keys = re.findall(r'<(?:input|textarea|select)[^>]*? id="(id_\w+)"', page)
    assert {"id_note", "id_change_reason"} <= set(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(("slug", "is_refused"), [("2025", True), ("fda-2025", False)])
def test_a_year_alone_is_no_name_of_a_source(admin_client, slug, is_refused):
    page = admin_client.get("/admin/evidence/source/add/")
    fields = {"title": "Heart rates", "slug": slug, "supports": "What it says.", "kind": "web"}
    fields["verified"] = "seen"
    page = admin_client.post("/admin/evidence/source/add/", typed(page, **fields))
    assert is_refused == (page.status_code == 200)
    if is_refused:
        assertContains(page, "Begin with who wrote or published it: “fda-2025”.")


def test_a_source_that_is_called_by_its_year_keeps_its_name(admin_client):
    source = make_source(slug="2025", title="Old")
    page = admin_client.get(address_of(source))
    admin_client.post(address_of(source), typed(page, title="New"))
    assert get_draft(source).snapshot[0]["fields"]["title"] == "New"


def test_of_a_new_source_all_that_is_missing_is_told_at_the_first_try(admin_client):
    address = "/admin/evidence/source/add/"
    form = admin_client.get(address)
    missing = {"title": "A paper", "supports": ""}
    page = admin_client.post(address, typed(form, **missing, _submit="1"), follow=True)
    assert {stop.label for stop in page.context["stops"]} == MISSING | {"Supports"}
    assert get_draft(Source.objects.get()).state == Revision.State.DRAFT


def test_nobody_is_said_to_have_read_a_new_source(admin_client):
    address = "/admin/evidence/source/add/"
    form = admin_client.get(address)
    assert form.context["adminform"].form["verified"].value() is None
    known = typed(form, title="A paper", kind="article", supports="It.")
    admin_client.post(address, known)
    assert Source.objects.get().verified == ""


def test_what_was_said_of_a_known_source_stays_chosen(admin_client):
    source = make_source(verified="from_knowledge")
    form = admin_client.get(address_of(source)).context["adminform"].form
    assert form["verified"].value() == "from_knowledge"
    assert "" not in dict(form.fields["verified"].choices)


NEW = "/admin/evidence/source/add/"
PAPER = {"title": "A trial", "authors": "Miller A", "year": "2026", "supports": "It helped."}
CHOSEN = {"kind": "article", "subject": "people", "verified": "seen"}


def add_source(client, **fields):
    sent = typed(client.get(NEW)) | {"_save": "Save draft"} | PAPER | fields
    return client.post(NEW, sent, follow=True)


@pytest.mark.parametrize(
    "pasted",
    [
        "10.5555/jin.2026(01)0114",
        " https://doi.org/10.5555/jin.2026(01)0114 ",
        "http://dx.doi.org/10.5555/jin.2026%2801%290114",
        "doi.org/10.5555/jin.2026(01)0114",
        "DOI: 10.5555/jin.2026(01)0114.",
        "doi:10.5555/jin.2026(01)0114",
        "doi: https://doi.org/10.5555/jin.2026(01)0114",
    ],
)
def test_a_pasted_doi_is_kept_bare(admin_client, pasted):
    add_source(admin_client, **CHOSEN, doi=pasted)
    assert Source.objects.get().doi == "10.5555/jin.2026(01)0114"


@pytest.mark.parametrize(
    "typed_doi",
    ["https://evil.example/doi.org/10.1000/182", "https://a.org/10.1000/182", "see 10.1000/182"],
)
def test_what_is_no_doi_is_no_doi(admin_client, typed_doi):
    add_source(admin_client, **CHOSEN, doi=typed_doi)
    assert Source.objects.get().doi == typed_doi
    page = admin_client.get(address_of(Source.objects.get()))
    assert "A DOI begins with 10." in str(page.context["stops"])


def test_a_draft_of_a_source_holds_what_is_missing_and_does_not_guess_it(admin_client):
    page = add_source(admin_client, doi="in print")
    source = Source.objects.get()
    assert (source.kind, source.subject, source.verified) == ("", "", "")
    assert {stop.label for stop in page.context["stops"]} == MISSING | {"DOI"}
    again = admin_client.get(address_of(source))
    fields = again.context["adminform"].form
    for name in CHOSEN:
        assert fields[name].value() == ""
        assert 'value="" selected' in str(fields[name])
    admin_client.post(address_of(source), typed(again, supports="It helped a little."))
    source.refresh_from_db()
    assert get_draft(source).snapshot[0]["fields"]["verified"] == ""
    assert admin_client.get(address_of(source, "preview")).status_code == 200


def test_a_new_source_is_not_sent_before_it_is_said_in_whom_it_was_seen(admin_client):
    page = add_source(admin_client, **CHOSEN | {"subject": ""}, _submit="Send for review")
    assert [stop.label for stop in page.context["stops"]] == ["Subject"]
    assert get_draft(Source.objects.get()).state == Revision.State.DRAFT
    page = add_source(admin_client, **CHOSEN | {"subject": "", "title": ""}, _submit="Send")
    assert errors_of(page)["subject"] == ["Say in whom it was seen: readers are told."]


def test_a_choice_that_does_not_exist_is_held_by_no_draft(admin_client):
    page = add_source(admin_client, **CHOSEN | {"verified": "by a friend"})
    assert "Select a valid choice" in errors_of(page)["verified"][0]
