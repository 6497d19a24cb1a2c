"""What the admin's first page says of sources and links."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.dashboard import find_unused_sources
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow import transitions
from tests.factories import (
    make_claim,
    make_compound,
    make_explainer,
    make_faq,
    make_finding,
    make_link,
    make_source,
    make_spine_change,
    make_user,
    make_walkthrough,
)

pytestmark = pytest.mark.django_db


def drafted(record, **fields):
    snapshot = take_snapshot(record)
    snapshot[0]["fields"] |= fields
    return transitions.save_draft(record, snapshot, by=make_user("author"))


def unused():
    return [source.slug for source in find_unused_sources()]


def test_a_source_that_nothing_uses_is_shown_with_its_form(admin_client):
    source = make_source(title="A lost trial")
    page = admin_client.get("/admin/")
    assertContains(page, f'href="/admin/evidence/source/{source.pk}/change/">A lost trial')


USES = {
    "text": lambda source: make_faq(answer="Yes.[^it]"),
    "text of a draft": lambda source: make_faq(answer="Yes.[^it]", status=Status.DRAFT),
    "part": lambda source: make_explainer({"more": "Yes.[^it:people]"}),
    "step": lambda source: make_walkthrough({"more": "Yes.[^it]"}),
    "number": lambda source: make_finding(source=source),
    "claim": lambda source: make_claim([source]),
    "status": lambda source: make_compound(statuses=[{"source": source}]),
    "count": lambda source: make_spine_change(source=source),
    "draft of a text": lambda source: drafted(make_faq(answer="Yes."), answer="Yes.[^it]"),
    "draft of a claim": lambda source: drafted(make_claim(), sources=[str(source.pk)]),
}


@pytest.mark.parametrize("use", USES)
def test_whatever_uses_it_it_is_not_lost(use):
    source = make_source(slug="it")
    assert unused() == ["it"]
    USES[use](source)
    assert unused() == []


def test_a_name_that_only_begins_alike_is_no_use():
    make_source(slug="it")
    make_faq(answer="Yes.[^it-too]")
    assert unused() == ["it"]


def test_a_draft_that_was_set_aside_is_no_use():
    make_source(slug="it")
    draft = drafted(make_faq(answer="Yes."), answer="Yes.[^it]")
    transitions.discard(draft, by=make_user())
    assert unused() == ["it"]


def test_a_withdrawn_source_is_not_looked_for():
    make_source().withdraw(by=make_user(), reason="Retracted.")
    assert unused() == []


def test_it_costs_the_same_with_more_sources():
    def asked():
        with CaptureQueriesContext(connection) as queries:
            find_unused_sources()
        return len(queries)

    for use in USES.values():
        use(make_source())
    few = asked()
    for use in USES.values():
        use(make_source())
    assert asked() == few


def test_broken_links_are_shown_and_those_that_answer_are_not(admin_client):
    link = make_link("https://lost.example/")
    make_link("https://there.example/", state="ok")
    page = admin_client.get("/admin/")
    assertContains(page, ">https://lost.example/</a>")
    assertContains(page, "There is no such page any more.")
    assertNotContains(page, "there.example")
    assert admin_client.get(f"/admin/evidence/linkcheck/{link.pk}/change/").status_code == 200


def test_texts_are_read_anew_only_when_one_was_changed_or_decided_about(admin_client):
    def read_texts():
        with CaptureQueriesContext(connection) as queries:
            page = admin_client.get("/admin/")
        return page, any("[^" in query["sql"] for query in queries)

    make_source(slug="it", title="A lost trial")
    faq = make_faq(answer="Yes.")
    assert read_texts()[1]
    assert not read_texts()[1]
    draft = drafted(faq, answer="Yes.[^it]")
    page, did_read = read_texts()
    assert did_read
    assertNotContains(page, "A lost trial")
    transitions.discard(draft, by=make_user())
    assertContains(read_texts()[0], "A lost trial")
