"""CDS Hooks 2.0: a card with links for the chart or the order that is open, and nothing kept."""

import json
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from psychoplastogens.infobutton.models import Unanswered
from tests.factories import make_code, make_compound, make_condition

pytestmark = pytest.mark.django_db
VIEW, ORDER = "/cds-services/patient-education", "/cds-services/order-education"
ICD, RXNORM = "http://hl7.org/fhir/sid/icd-10-cm", "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED = "http://snomed.info/sct"
HELP = "Help now: who to call"
SITE = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def pages():
    ketamine = make_compound(slug="ketamine", other_names=["Ketalar"])
    ptsd = make_condition(slug="ptsd", name="PTSD", other_names=["post-traumatic stress disorder"])
    depression = make_condition(slug="depression", name="Depression")
    make_code("F43.1", page=ptsd)
    make_code("F33", page=depression)
    make_code("6130", system="rxnorm", page=ketamine)


def concept(code="", system=ICD, display="", text=""):
    coding = {"code": code, "system": system, "display": display}
    return {"coding": [{name: value for name, value in coding.items() if value}], "text": text}


def condition(*args, clinical="active", verified="confirmed", **more):
    return {
        "resourceType": "Condition",
        "id": "c1",
        "subject": {"reference": "Patient/marmot"},
        "clinicalStatus": {"coding": [{"code": clinical}]},
        "verificationStatus": {"coding": [{"code": verified}]},
        "code": concept(*args, **more),
    }


def medication(*args, status="active", **more):
    return {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": status,
        "intent": "order",
        "subject": {"reference": "Patient/marmot"},
        "medicationCodeableConcept": concept(*args, **more),
    }


def bundle(*resources):
    entries = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries}


def chart(*conditions, medications=()):
    return {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "fhirServer": "https://records.example/r4",
        "context": {"userId": "Practitioner/1", "patientId": "marmot"},
        "prefetch": {"conditions": bundle(*conditions), "medications": bundle(*medications)},
    }


def post(client, asked, address=VIEW):
    body = asked if isinstance(asked, bytes) else json.dumps(asked)
    return client.post(address, body, content_type="application/json")


def labels(response):
    assert response.status_code == 200, response.content
    return [link["label"] for card in response.json()["cards"] for link in card["links"]]


def test_discovery_says_what_there_is(client):
    response = client.get("/cds-services")
    services = {service["id"]: service for service in response.json()["services"]}
    assert {one["hook"] for one in services.values()} == {"patient-view", "order-select"}
    assert set(services["patient-education"]) == {"hook", "title", "description", "id", "prefetch"}
    for query in services["patient-education"]["prefetch"].values():
        assert "{{context.patientId}}" in query
    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get("/cds-services/").json() == response.json()
    assert client.post("/cds-services").status_code == 405


def test_a_chart_gets_one_card_as_the_specification_wants_it(client):
    response = post(client, chart(condition("F43.10"), medications=[medication("6130", RXNORM)]))
    [card] = response.json()["cards"]
    assert set(card) == {"summary", "indicator", "source", "links"}
    assert (card["indicator"], len(card["summary"]) < 140) == ("info", True)
    assert card["source"] == {"label": "Understory", "url": f"{SITE}/"}
    assert card["links"] == [
        {"label": "PTSD", "url": f"{SITE}/conditions/ptsd/", "type": "absolute"},
        {"label": "Ketamine", "url": f"{SITE}/compounds/ketamine/", "type": "absolute"},
    ]
    assert response["Cache-Control"] == "private, no-store"


def test_who_to_call_comes_first_where_the_record_speaks_of_suicide(client):
    for asked in (condition("T14.91XA"), condition("6471006", SNOMED), condition(text="Suicidal")):
        found = labels(post(client, chart(condition("F33.2"), asked)))
        assert found[:2] == [HELP, "Depression"]


def test_there_are_at_most_three_links_and_a_short_summary(client):
    for number in range(5):
        make_code(f"F6{number}", page=make_condition(name=f"{number} {'long ' * 15}"))
    [card] = post(client, chart(*(condition(f"F6{n}") for n in range(5)))).json()["cards"]
    assert len(card["links"]) == 3
    assert len(card["summary"]) < 140


@pytest.mark.parametrize(
    "resource",
    [
        condition("F43.1", clinical="resolved"),
        condition("F43.1", clinical="inactive"),
        condition("F43.1", verified="refuted"),
        condition("F43.1", verified="entered-in-error"),
        condition("Z00"),
        condition(text="Family history of PTSD"),
        medication("6130", RXNORM, status="stopped"),
        medication("6130", RXNORM, status="entered-in-error"),
        medication("6130", RXNORM) | {"doNotPerform": True},
        {"resourceType": "AllergyIntolerance", "code": concept("6130", RXNORM)},
        {"resourceType": "FamilyMemberHistory", "code": concept("F43.1")},
    ],
)
def test_what_is_over_denied_or_of_somebody_else_gets_no_card(client, resource):
    assert post(client, chart(resource)).json() == {"cards": []}


def test_a_medicine_is_found_by_its_text_and_where_it_is_contained(client):
    named = medication(text="Ketalar 50 mg/mL vial")
    held = medication() | {
        "medicationCodeableConcept": None,
        "medicationReference": {"reference": "#x"},
        "contained": [{"resourceType": "Medication", "id": "x", "code": concept("6130", RXNORM)}],
    }
    for resource in (named, held):
        assert labels(post(client, chart(medications=[resource]))) == ["Ketamine"]


def test_only_the_orders_that_are_selected_are_answered(client):
    orders = bundle(
        medication("6130", RXNORM), condition("F33") | {"resourceType": "ServiceRequest"}
    )
    asked = {
        "hook": "order-select",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "patientId": "marmot",
            "selections": ["MedicationRequest/m1"],
            "draftOrders": orders,
        },
    }
    assert labels(post(client, asked, ORDER)) == ["Ketamine"]
    asked["context"]["selections"] = []
    assert post(client, asked, ORDER).json() == {"cards": []}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (b" ", 400),
        (b"[]", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b'{"hook": "order-sign"}', 400),
        (b'{"hook": "patient-view"}', 200),
        (b'{"hook": "patient-view", "prefetch": [1]}', 200),
        (b'{"hook": "patient-view", "prefetch": {"conditions": null}}', 200),
        (b'{"hook": "patient-view", "prefetch": {"a": "' + b"x" * 1_000_001 + b'"}}', 413),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_breaks(client, asked, status):
    response = post(client, asked)
    assert response.status_code == status
    assert "marmot" not in response.text


def test_other_methods_types_and_services_are_refused(client):
    assert client.get(VIEW).status_code == 405
    assert client.post(VIEW, {"hook": "patient-view"}).status_code == 415
    assert client.get("/cds-services/none/").status_code == 404
    allowed = client.options(VIEW)["Access-Control-Allow-Headers"]
    assert "Authorization" in allowed


def random_value(chance, depth=0):
    values = [None, True, 0, "", "F43.1", ICD, "PTSD", "marmot", "Condition", "active", [], {}]
    if depth < 5 and chance.random() < 0.6:
        names = (
            "resourceType entry resource code coding system display text prefetch status".split()
        )
        if chance.random() < 0.4:
            return [random_value(chance, depth + 1) for _ in range(chance.randrange(4))]
        return {chance.choice(names): random_value(chance, depth + 1) for _ in range(4)}
    return chance.choice(values)


def test_records_made_at_random_break_nothing_and_leave_nothing(client, log):
    chance = random.Random(7)
    for number in range(300):
        asked = chart(condition("F43.1")) if number % 2 else {"hook": "patient-view"}
        asked["prefetch"] = {"a": random_value(chance), "b": bundle(random_value(chance))}
        response = post(client, asked)
        assert response.status_code in (200, 429)
        for card in response.json().get("cards", ()):
            assert 1 <= len(card["links"]) <= 3
            assert all(link["url"].startswith(f"{SITE}/") for link in card["links"])
    assert "marmot" not in "\n".join(log())
    assert Unanswered.objects.count() == 0


def test_no_query_holds_anything_of_the_record(client):
    post(client, chart(condition("F43.1")))
    with CaptureQueriesContext(connection) as made:
        post(client, chart(condition("F43.1", text="marmot"), condition("Z99.9")))
    assert not [query for query in made if "marmot" in query["sql"] or "Z99" in query["sql"]]
    assert not [query for query in made if not query["sql"].startswith("SELECT")]
