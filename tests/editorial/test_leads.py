"""What else leads to a page: synonyms, short links, earlier addresses, lists, set times."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.models import PackItem, SharedList
from psychoplastogens.clinics.reading_lists import build_listable_page
from psychoplastogens.content.models import Faq, Translation
from psychoplastogens.editorial.models import (
    HistoryEntry,
    OldAddress,
    PagePointer,
    Replacement,
    Revision,
    ScheduledChange,
)
from psychoplastogens.editorial.workflow import schedules, transitions
from psychoplastogens.editorial.workflow.leads import find_leads
from psychoplastogens.infobutton.models import Code
from psychoplastogens.search.models import Synonym
from psychoplastogens.short_links.models import ShortLink
from tests.admin_forms import address_of
from tests.factories import make_explainer, make_faq, make_user
from tests.workflow_helpers import publish_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
USES = {Code, PackItem, Translation}
"""What a change of the page touches: listed as uses, see test_where_used.py."""
LEADS = {ShortLink, OldAddress, Replacement, ScheduledChange, Synonym, SharedList}
OWN = {Revision, HistoryEntry}
"""What belongs to the record itself: its texts and its history."""


def named(record):
    return {lead.kind: lead.name for lead in find_leads(record)}


def test_every_model_that_can_point_at_a_page_is_among_them():
    pointing = {
        model
        for model in apps.get_models()
        if issubclass(model, PagePointer)
        or any(isinstance(field, GenericForeignKey) for field in model._meta.private_fields)
    }
    assert pointing <= USES | LEADS | OWN


def make_synonym(name, page):
    return Synonym.objects.create(kind="word", name=name, page=page)


def test_a_synonym_that_answers_with_it_or_with_a_part_of_it_is_told(admin_client):
    guide = make_explainer({"slug": "help-on-the-day"}, slug="for-families")
    part = make_synonym("help on the day", "/explainers/for-families/help-on-the-day/")
    make_synonym("of another", "/explainers/for-families-two/")
    page = admin_client.get(address_of(guide, "uses"))
    assertContains(page, f'href="{address_of(part)}">help on the day</a>')
    assertNotContains(page, "of another")


def test_a_synonym_at_an_earlier_address_still_leads_there():
    faq = make_faq(slug="eat")
    make_synonym("meals", "/questions/eat/")
    save_draft(faq, slug="food")
    publish_draft(faq)
    faq.refresh_from_db()
    assert named(faq) == {"Synonym": "meals", "Earlier address": "/questions/eat/"}


def test_where_used_names_the_address_and_those_that_it_had(admin_client):
    faq = make_faq(slug="eat")
    assertContains(admin_client.get(address_of(faq, "uses")), ">/questions/eat/</a>")
    save_draft(faq, slug="food")
    publish_draft(faq)
    page = admin_client.get(address_of(faq, "uses"))
    assertContains(page, ">/questions/food/</a>")
    assertContains(page, "Earlier address: /questions/eat/")


def test_short_links_of_it_and_of_its_parts_are_told():
    guide = make_explainer({"slug": "one"})
    links = [ShortLink.objects.get_or_create_for(row) for row in (guide, guide.sections.get())]
    found = [lead.name for lead in find_leads(guide) if lead.kind == "Short link"]
    assert found == sorted(link.get_absolute_url() for link in links)


def test_what_it_replaces_is_told(admin_client):
    faq, old = make_faq(question="New?"), make_faq(question="Old?")
    transitions.withdraw(old, by=make_user(), reason="Old.", replacement=faq)
    page = admin_client.get(address_of(faq, "uses"))
    assertContains(page, ">Old?</a>")
    assertContains(page, "names it as what to read instead")


def test_a_set_time_is_told():
    faq = make_faq()
    at = timezone.now() + timedelta(days=1)
    schedules.schedule_withdrawal(faq, by=make_user("publisher"), at=at, reason="So.")
    assert named(faq) == {"Set time": f"Withdraw: {schedules.format_time(at)}"}


def test_lists_of_anybody_are_counted_and_a_code_across_two_others_is_none():
    faq, other = make_faq(slug="one"), make_faq(slug="two")
    code, another = (build_listable_page(page).code for page in (faq, other))
    SharedList.objects.create(codes=another + code)
    SharedList.objects.create(codes=f"ccc{code}ccc")
    assert named(faq) == {"Lists of anybody": "1"}


def test_it_costs_the_same_with_more_of_them():
    faq = make_faq(slug="it")

    def ask(number):
        make_synonym(f"word {number}", "/questions/it/")
        transitions.withdraw(
            make_faq(), by=make_user(), reason="Old.", replacement=Faq.objects.get(slug="it")
        )
        with CaptureQueriesContext(connection) as queries:
            assert len(find_leads(faq)) == 2 * number
        return len(queries)

    ask(1)
    assert ask(2) == ask(3)
