"""However many records there are, a list of the admin asks the database the same few times."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = pytest.mark.django_db
LISTS = {
    "/admin/evidence/source/": factories.make_source,
    "/admin/evidence/finding/": factories.make_finding,
    "/admin/evidence/claim/": factories.make_claim,
    "/admin/content/glossaryterm/": factories.make_term,
    "/admin/content/topic/": factories.make_topic,
    "/admin/content/faq/": factories.make_faq,
    "/admin/content/compound/": factories.make_compound,
    "/admin/content/condition/": factories.make_condition,
    "/admin/content/explainer/": factories.make_explainer,
}


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        page = client.get(address, {"all": ""})
    return len(captured), page.context["cl"].result_count


@pytest.mark.parametrize("address", LISTS)
def test_a_list_of_200_costs_as_many_queries_as_one_of_10(admin_client, address):
    for _ in range(10):
        LISTS[address]()
    queries(admin_client, address)  # the kinds of records are remembered from here on
    few, shown = queries(admin_client, address)
    assert shown == 10
    for _ in range(190):
        LISTS[address]()
    assert queries(admin_client, address) == (few, 200)


def test_the_list_of_old_addresses_costs_the_same_too(admin_client):
    def renamed(number):
        for record in (factories.make_source(), factories.make_faq()):
            record.slug = f"renamed-{number}-{record._meta.model_name}"
            record.save()

    address = "/admin/editorial/oldaddress/"
    for number in range(5):
        renamed(number)
    few, _ = queries(admin_client, address)
    for number in range(5, 50):
        renamed(number)
    assert queries(admin_client, address) == (few, 100)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_can_be_searched(admin_client, address):
    record = LISTS[address]()
    for words, count in ((record.slug, 1), ("no such words", 0)):
        found = admin_client.get(address, {"q": words}).context["cl"]
        assert found.result_count == count
