"""Pages that readers read, and that lost what they rest on, wait on the admin's first page."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content import dashboard, unavailable_references
from psychoplastogens.content.models import Faq
from psychoplastogens.editorial import content_loader
from psychoplastogens.editorial.models import LoadedRecord
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.evidence.models import Source
from tests.editorial.fixture_files import FAQ, write_fixtures
from tests.factories import (
    make_claim,
    make_compound,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_spine_change,
    make_term,
    make_user,
    make_walkthrough,
)
from tests.workflow_helpers import publish_draft, save_draft

pytestmark = pytest.mark.django_db
TITLE = "Readers read it, and what it rests on was withdrawn or retracted"


def take_away(record):
    transitions.withdraw(record, by=make_user("publisher"), reason="It is wrong.", leave_uses=True)


def pages():
    return {
        str(page): list(map(str, gone))
        for page, gone in unavailable_references.find_pages_with_unavailable_references()
    }


CITING = {
    "a question": lambda: make_faq(question="PAGE", answer="Yes.[^li-2010]"),
    "a section": lambda: make_explainer({"plain": "Yes.[^li-2010]"}, title="PAGE"),
    "a step": lambda: make_walkthrough({"plain": "Yes.[^li-2010]"}, title="PAGE"),
    "a drawn number": lambda: make_faq(question="PAGE", answer="{{finding:halved}}"),
    "a listed number": lambda: make_compound(name="PAGE", pictured=[halved()]),
    "a claim": lambda: make_claim(text="PAGE", sources=[li()]),
    "a study of growth": lambda: make_walkthrough(
        {"growth": [make_spine_change(source=li())]}, title="PAGE"
    ),
    "a link": lambda: make_faq(question="PAGE", answer="[Paper](/sources/li-2010/)."),
}


def li():
    return Source.objects.get(slug="li-2010")


def halved():
    return li().findings.get()


@pytest.mark.parametrize("citing", CITING)
def test_a_page_whose_source_was_withdrawn_waits_on_the_first_page(admin_client, citing):
    source = make_source(slug="li-2010", title="Spines in rats")
    make_finding(slug="halved", source=source)
    page = CITING[citing]()
    assertNotContains(admin_client.get("/admin/"), "PAGE")
    take_away(source)
    desk = admin_client.get("/admin/")
    assertContains(desk, TITLE)
    kind = page._meta
    href = f'href="/admin/{kind.app_label}/{kind.model_name}/{page.pk}/review/">PAGE'
    assertContains(desk, href)
    assertContains(desk, "rests on “li-2010: Spines in rats”")


@pytest.mark.parametrize(
    ("make", "answer"),
    [
        (lambda: make_term(slug="synapse"), "A [[synapse]]."),
        (lambda: make_finding(slug="halved"), "{{finding:halved|sentence}}"),
        (lambda: make_faq(slug="food"), "See [food](/questions/food/)."),
    ],
)
def test_a_term_a_number_and_a_page_can_be_lost_too(make, answer):
    record = make()
    make_faq(question="PAGE", answer=answer)
    take_away(record)
    assert pages()["PAGE"] == [str(record)]


def test_a_retracted_source_is_lost():
    source = make_source(slug="li-2010")
    make_faq(question="PAGE", answer="Yes.[^li-2010]")
    Source.objects.filter(pk=source.pk).update(is_retracted=True)
    assert pages() == {"PAGE": [str(source)]}


def test_what_was_mended_is_gone_from_the_list(admin_client):
    source = make_source(slug="li-2010")
    faq = make_faq(question="PAGE", answer="Yes.[^li-2010]")
    take_away(source)
    assertContains(admin_client.get("/admin/"), "PAGE")
    save_draft(faq, answer="Nobody knows.")
    publish_draft(faq)
    page = admin_client.get("/admin/")
    assertNotContains(page, "PAGE")
    assertContains(page, "All that pages rest on is there.")


def test_drafts_withdrawn_pages_and_a_source_in_another_language_do_not_count():
    source = make_source(slug="li-2010")
    make_source(slug="li-2010", language="es")
    make_faq(answer="Yes.[^li-2010]", status="draft")
    away = make_faq(answer="Yes.[^li-2010]")
    take_away(away)
    take_away(source)
    assert pages() == {}


def queries():
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        dashboard.unavailable_references_panel()
    return len(asked)


def test_it_costs_the_same_for_any_number_of_pages():
    source = make_source(slug="li-2010")
    make_explainer({"plain": "Yes.[^li-2010]"})
    make_compound(pictured=[make_finding()])
    make_faq(answer="Yes.[^li-2010]")
    take_away(source)
    before = queries()
    for _ in range(4):
        make_explainer({"plain": "Yes.[^li-2010]"}, {"plain": "No."})
        make_compound(pictured=[make_finding(), make_finding()])
        make_faq(answer="Yes.[^li-2010]")
        take_away(make_source())
    assert queries() == before


def test_starter_content_puts_nothing_before_readers_that_rests_on_what_was_withdrawn(tmp_path):
    content_loader.load_content(write_fixtures(tmp_path))
    take_away(Source.objects.get(slug="li-2010"))
    changed = FAQ | {"answer": "Never.[^li-2010]"}
    new = FAQ | {"slug": "flying", "question": "Fly?"}
    report = content_loader.load_content(write_fixtures(tmp_path, faqs=[changed, new]))
    assert report.skipped_unavailable == [
        "faqs/driving: “li-2010: mTOR and synapses”",
        "faqs/flying: “li-2010: mTOR and synapses”",
    ]
    assert Faq.objects.get(slug="driving").answer.startswith("No.")
    assert not LoadedRecord.objects.filter(key="en/flying").exists()
