"""Neither the queries of a page nor the length of a list grow with the content."""

import pytest
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from psychoplastogens.clinics.models import Clinic
from psychoplastogens.clinics.reading_lists import make_page_code
from psychoplastogens.content import sitemaps
from psychoplastogens.content.models import (
    Compound,
    Condition,
    ConditionEvidence,
    Explainer,
    Faq,
    GlossaryTerm,
    Section,
)
from psychoplastogens.editorial.models import ContentVersion
from psychoplastogens.evidence.models import Claim, Finding, Source
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_source,
    make_term,
    make_topic,
    make_user,
)

ADDRESSES = [
    "/",
    "/explainers/",
    "/explainers/guide/",
    "/explainers/guide/part-0/",
    "/explainers/guide/all/",
    "/compounds/",
    "/compounds/ketamine/",
    "/compounds/ketamine/numbers/",
    "/compounds/compare/?c=ketamine&c=compound-0",
    "/conditions/",
    "/conditions/depression/",
    "/questions/",
    "/questions/fragment/",
    "/questions/first/",
    "/glossary/",
    "/glossary/synapse/",
    "/glossary/synapse/fragment/",
    "/claims/",
    "/sources/",
    "/sources/source-0/",
    "/changes/",
    "/changes/feed/",
    "/sitemap.xml",
]
CHOSEN = make_page_code("faq", "faq-10399")
LONG_LISTS = [
    "/questions/",
    "/questions/?page=2",
    "/questions/?topic=on-the-day",
    "/questions/fragment/",
    "/glossary/",
    "/glossary/?page=2",
    "/sources/",
    "/sources/?page=2",
    "/sitemap.xml",
    "/sitemap-content-faq.xml",
    "/clinics/",
    "/clinics/?find=q",
    f"/clinics/?list={CHOSEN}",
    f"/clinics/fragment/?p={CHOSEN}",
    f"/list/{CHOSEN}/",
]


def grow(model, numbers, **fields):
    """Published records of `model`, one for each of `numbers`, in one query."""
    common = {"status": "published", "published_at": timezone.now(), "published_by": make_user()}
    name = model._meta.model_name
    return model.objects.bulk_create(model(slug=f"{name}-{n}", **common, **fields) for n in numbers)


def grow_everything(numbers):
    sources = grow(Source, numbers, kind="article", title="A study", publisher="J", supports="It.")
    cited = " ".join(f"A fact.[^{source.slug}:animals]" for source in sources)
    cite = f"One fact.[^{sources[0].slug}:animals]"
    findings = grow(
        Finding,
        numbers,
        **{"name": "Better", "happened": "it got better", "when": "After a day", "kind": "benefit"},
        **{"timeframe": "1 day", "population": "Adults", "certainty": "low"},
        **{"treatment": "on it", "treatment_total": 50, "treatment_per100": 40},
        **{"comparator": "off it", "comparator_total": 50, "comparator_per100": 20},
        source=sources[0],
    )
    grow(Compound, numbers, name="X", standing="lab", standing_as_of="2026-01-01")
    grow(Condition, numbers, name="Y")
    faqs = grow(Faq, numbers, question="Q?", answer=cite, topic=make_topic(slug=f"t-{numbers[0]}"))
    grow(GlossaryTerm, numbers, term="T", meaning=cite)
    grow(Claim, numbers, text="C", verdict="nuance", why="W")
    ketamine = Compound.objects.get(slug="ketamine")
    Compound.objects.filter(slug="ketamine").update(how_it_may_work=cited)
    ketamine.findings.add(*findings)
    ketamine.pictured.add(*findings)
    ketamine.faqs.add(*faqs)
    depression = Condition.objects.get(slug="depression")
    ConditionEvidence.objects.bulk_create(
        ConditionEvidence(
            condition=depression, compound=ketamine, label="K", strength="early", text=cite
        )
        for _ in numbers
    )
    guide = Section.objects.get(slug="part-0").explainer
    Section.objects.bulk_create(
        Section(explainer=guide, slug=f"more-{n}", title="M", plain=cite, order=n + 2)
        for n in numbers
    )


def queries(client):
    counts = {}
    for address in ADDRESSES:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200, address
        counts[address] = len(captured)
    return counts


@pytest.mark.django_db
def test_a_thousand_records_cost_no_more_queries_than_ten(client):
    make_compound(slug="ketamine")
    make_condition(slug="depression")
    make_explainer(("First", "Text."), slug="guide")
    make_faq(slug="first")
    make_term(slug="synapse")
    grow_everything(range(10))
    client.get("/")  # caches of the process, such as content types, are filled once
    queries(client)
    few = queries(client)
    grow_everything(range(10, 1_000))
    queries(client)  # what is kept for a version of the content is read anew
    many = queries(client)
    paged = {address for address in many if address in LONG_LISTS}
    assert {a: many[a] for a in many if a not in paged} == {
        a: few[a] for a in few if a not in paged
    }
    assert all(many[address] <= few[address] + 3 for address in paged), many


def measure(client, addresses):
    """{address: (queries, records loaded, bytes)}."""
    loaded = []
    post_init.connect(counting := lambda **kwargs: loaded.append(1), weak=False)
    sizes = {}
    for address in addresses:
        loaded.clear()
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        assert response.status_code == 200, address
        sizes[address] = (len(captured), len(loaded), len(response.content))
    post_init.disconnect(counting)
    return sizes


@pytest.mark.django_db
def test_long_lists_are_as_long_at_two_thousand_records_as_at_four_hundred(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "MAX_PAGES_IN_FILE", 100)
    monkeypatch.setattr(sitemaps.SiteSitemap, "limit", 100)
    client.get("/")  # caches of the process are filled once
    source = make_source(slug="paper")
    topic = make_topic(slug="on-the-day")

    def grow_lists(numbers):
        grow(Source, numbers, kind="article", title="A study", publisher="J", supports="It.")
        cite = f"One fact.[^{source.slug}:animals]"
        grow(Faq, numbers, question="Q?", answer=cite, topic=topic)
        grow(GlossaryTerm, numbers, term="T", meaning=cite)
        ContentVersion.objects.bump()

    grow_lists(range(10_000, 10_400))
    measure(client, LONG_LISTS)  # What is kept for a version of the content is built once.
    few = measure(client, LONG_LISTS)
    grow_lists(range(10_400, 12_000))
    measure(client, LONG_LISTS)
    many = measure(client, LONG_LISTS)
    for address, (queries_few, loaded_few, bytes_few) in few.items():
        queries_many, loaded_many, bytes_many = many[address]
        assert queries_many == queries_few, address
        assert loaded_many == loaded_few, address
        # An index names 16 files more a kind; the last page of a list gets a link to the next.
        assert bytes_many - bytes_few < (5_000 if address == "/sitemap.xml" else 500), address


CHOICES = [
    "/admin/clinics/pack/add/",
    "/admin/autocomplete/?app_label=clinics&model_name=pack&field_name=clinic&term=clinic",
    "/admin/clinics/pack/pages/",
    "/admin/clinics/pack/pages/?term=q",
    "/admin/infobutton/code/add/",
    "/admin/infobutton/code/pages/",
    "/admin/infobutton/code/pages/?term=q",
    "/admin/content/faq/readable/",
    "/admin/content/faq/readable/?term=faq&page=2",
]


@pytest.mark.django_db
def test_a_choice_in_the_admin_is_as_long_among_two_thousand_pages_as_among_four_hundred(
    admin_client,
):
    topic = make_topic(slug="on-the-day")

    def grow_choices(numbers):
        grow(Faq, numbers, question="Q?", answer="A.", topic=topic)
        grow(Explainer, numbers, title="Q")
        Clinic.objects.bulk_create(Clinic(name=f"Clinic {n}", slug=f"c-{n}") for n in numbers)

    def measure_withdrawal():
        sent = {"action": "withdraw", "_selected_action": [str(one.pk) for one in withdrawn]}
        loaded = []
        post_init.connect(counting := lambda **kwargs: loaded.append(1), weak=False)
        response = admin_client.post("/admin/content/faq/", sent)
        post_init.disconnect(counting)
        assert b"Read this instead" in response.content
        return len(loaded), len(response.content)

    withdrawn = [make_faq(slug="first")]
    grow_choices(range(10_000, 10_400))
    measure(admin_client, CHOICES)
    few, few_withdrawn = measure(admin_client, CHOICES), measure_withdrawal()
    grow_choices(range(10_400, 12_000))
    many = measure(admin_client, CHOICES)
    for address, (queries_few, loaded_few, bytes_few) in few.items():
        queries_many, loaded_many, bytes_many = many[address]
        assert (queries_many, loaded_many) == (queries_few, loaded_few), address
        assert abs(bytes_many - bytes_few) < 500, address
    many_withdrawn = measure_withdrawal()
    assert many_withdrawn[0] == few_withdrawn[0]
    assert abs(many_withdrawn[1] - few_withdrawn[1]) < 500
