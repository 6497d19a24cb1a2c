"""The number of queries of a page does not grow with the content."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from psychoplastogens.content.models import (
    Compound,
    Condition,
    ConditionEvidence,
    Faq,
    GlossaryTerm,
    Section,
)
from psychoplastogens.evidence.models import Claim, Finding, Source
from tests.factories import (
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
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
    assert queries(client) == few
