"""However much there is, a page of the admin asks the database the same few times."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from psychoplastogens.editorial.workflow import transitions
from tests.admin_forms import address_of, typed
from tests.factories import make_explainer, make_faq, make_source, make_user
from tests.workflow_helpers import get_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
FEW, MANY = 3, 30
CITING = "So.[^it]"
ONE = (
    "change",
    "history",
    "review",
    "preview",
    "previewed",
    "uses",
    "typed",
    "conflict",
    "compare",
)
MOST_QUERIES_OF_A_SAVE = 45
LISTS = (
    *("/admin/", "/admin/content/faq/", "/admin/editorial/historyentry/"),
    *("/admin/find/?q=words", "/admin/find/?q=another"),
)


@pytest.fixture
def faq():
    """A page that cites a source, and whose draft was sent for review."""
    make_source(slug="it")
    faq = make_faq(answer=CITING)
    edit(faq, 0)
    return faq


def edit(faq, number):
    """A newer draft, discussed and sent for review."""
    draft = save_draft(faq, by=f"author-{number}", answer=f"{CITING} Words {number}.")
    transitions.submit(draft, by=make_user(f"author-{number}"))
    transitions.comment(draft, by=make_user(f"reader-{number}"), text="So.")


def another(number):
    """Another page, with a draft in review and one that lies about."""
    edit(make_faq(question=f"Another {number}?", answer=CITING), number)
    save_draft(make_explainer(("Part", CITING)), title=f"Guide {number}")


def asked(client, address, record=None):
    """How often the database is asked for a page; with `record`, for a look at its form."""
    sent = typed(client.get(address_of(record))) if record else None
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(address, sent) if record else client.get(address)
    assert answer.status_code == 200
    return len(queries)


def asked_about(client, faq, page):
    address = address_of(faq, page)
    if page == "conflict":
        address += f"?typed={get_draft(faq).pk}"
    if page == "compare":
        address += "?a=1&b=2"
    return asked(client, address, faq if page == "typed" else None)


def costs(client, faq):
    """{page: how often the database is asked for it} of every page about a record."""
    return {page: asked_about(client, faq, page) for page in ONE}


def test_a_page_about_a_record_costs_the_same_however_often_it_was_changed(admin_client, faq):
    for number in range(1, FEW):
        edit(faq, number)
    costs(admin_client, faq)  # the kinds of records are remembered from here on
    few = costs(admin_client, faq)
    for number in range(FEW, MANY):
        edit(faq, number)
    assert costs(admin_client, faq) == few


def test_a_page_about_a_record_costs_the_same_however_many_others_there_are(admin_client, faq):
    for number in range(1, FEW):
        another(number)
    costs(admin_client, faq)
    few = costs(admin_client, faq)
    for number in range(FEW, MANY):
        another(number)
    assert costs(admin_client, faq) == few


@pytest.mark.parametrize("parts", [FEW, MANY])
def test_saving_a_live_guide_costs_the_same_however_many_parts_it_has(admin_client, parts):
    sections = ({"slug": f"part-{number}", "plain": CITING} for number in range(parts))
    make_source(slug="it")
    guide = make_explainer(*sections, summary="S.", key_points=CITING)
    save_draft(guide, title="A first draft")
    sent = typed(admin_client.get(address_of(guide)), title="Typed title")
    with CaptureQueriesContext(connection) as queries:
        assert admin_client.post(address_of(guide), sent).status_code == 302
    assert get_draft(guide).snapshot[0]["fields"]["title"] == "Typed title"
    assert len(queries) <= MOST_QUERIES_OF_A_SAVE


def test_a_list_costs_the_same_with_more_drafts_and_acts(admin_client, faq):
    def ask_all():
        return {address: asked(admin_client, address) for address in LISTS}

    for number in range(1, FEW):
        another(number)
    ask_all()  # The first search indexes what is new.
    few = ask_all()
    for number in range(FEW, MANY):
        another(number)
    ask_all()
    assert ask_all() == few


def test_the_form_of_a_part_that_is_only_in_a_draft_reads_no_other_draft(admin_client):
    for number in range(FEW):
        another(number)
    stranger = address_of(make_faq(), "typed").replace("content/faq", "walkthrough/step")
    with CaptureQueriesContext(connection) as queries:
        assert admin_client.post(stranger).status_code == 404
    assert sum("snapshot" in query["sql"] for query in queries) == 1


def test_the_form_of_a_draft_costs_the_same_with_more_parts(admin_client):
    """What readers have already is valid: only what the draft changes is looked at."""
    make_source(slug="it")
    few, many = (make_explainer(*[("Part", CITING)] * number) for number in (FEW, MANY))
    for guide in (few, many):
        save_draft(guide, title="Another title")
    asked(admin_client, address_of(few))
    assert asked(admin_client, address_of(many)) == asked(admin_client, address_of(few))
