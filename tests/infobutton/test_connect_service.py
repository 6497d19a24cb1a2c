"""What answers a question, in which order, in which language, at which cost."""

import json
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from psychoplastogens.infobutton import catalog
from tests.factories import (
    make_code,
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_reviewer,
    make_source,
)
from tests.infobutton.infobutton_client import (
    ICD,
    JSON,
    MESH,
    RXNORM,
    SERVICE,
    SNOMED,
    ask,
    categories,
    criterion,
    feed_of,
    links,
    sound_json,
    sound_xml,
    titles,
)

pytestmark = pytest.mark.django_db
HELP = "Help now: who to call"


@pytest.fixture(autouse=True)
def pages():
    ketamine = make_compound(slug="ketamine", other_names=["Ketalar", "(R,S)-ketamine"])
    make_compound(
        slug="esketamine", name="Esketamine", brand="Spravato", other_names=["S-ketamine"]
    )
    ptsd = make_condition(slug="ptsd", name="PTSD", other_names=["trauma disorder"])
    make_code("F43.1", page=ptsd)
    make_code("6130", system="rxnorm", display="ketamine", page=ketamine)
    make_code("77386006", system="snomed-ct", page=make_faq(question="And if I am pregnant?"))
    make_code("D000293", system="mesh", page=make_faq(question="Am I too young?"))


def named(client, name, system=""):
    return titles(ask(client, criterion(system=system, dn=name) | JSON))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ketamine", ["Ketamine"]),
        ("KETALAR", ["Ketamine"]),
        ("ketamine 50 MG/ML Injectable Solution", ["Ketamine"]),
        ("Spravato 28 MG Nasal Spray", ["Esketamine (Spravato)"]),
        ("S-ketamine", ["Esketamine (Spravato)"]),
        ("(R,S)-Ketamine", ["Ketamine"]),
        ("esketamin", []),
        ("PTSD", ["PTSD"]),
        ("history of PTSD", []),
        ("...", []),
    ],
)
def test_a_medicine_is_found_by_a_name_and_a_problem_by_its_whole_name(client, name, found):
    assert named(client, name) == found


def test_a_name_is_asked_only_where_the_code_has_no_page(client):
    asked = criterion("6130", RXNORM, dn="Spravato")
    assert titles(ask(client, asked | JSON)) == ["Ketamine"]
    asked = criterion("2119365", RXNORM, dn="Spravato")
    assert titles(ask(client, asked | JSON)) == ["Esketamine (Spravato)"]


def test_a_medicine_within_the_name_of_a_problem_is_not_meant(client):
    assert named(client, "Allergy to ketamine", system=SNOMED) == []
    assert named(client, "ketamine 10 mg", system=RXNORM) == ["Ketamine"]


def test_a_name_without_a_code_is_said_as_medlineplus_does(client):
    feed = feed_of(ask(client, criterion(system=RXNORM, dn="Ketamine") | JSON))
    assert feed["subtitle"]["_value"] == "Understory Connect results for RXCUI"
    assert categories(feed)["mainSearchCriteria.v.c"] == ""


def test_free_text_is_searched_for(client):
    make_faq(question="Can ketamine harm my bladder?", answer="At high doses.")
    response = ask(client, criterion(system="", ot="bladdr ketamine") | JSON)
    assert {*titles(response)[:2]} == {"Can ketamine harm my bladder?", "Ketamine"}
    assert len(titles(response)) == 3
    assert response["Cache-Control"] == "private, no-store"
    assert categories(feed_of(response))["mainSearchCriteria.v.ot"] == "bladdr ketamine"


@pytest.mark.parametrize(
    "system",
    [
        f"urn:oid:{ICD}",
        "http://hl7.org/fhir/sid/icd-10-cm",
        "https://hl7.org/fhir/sid/icd-10-cm/",
        "ICD10CM",
        "icd-10-cm",
    ],
)
def test_a_code_system_has_many_names(client, system):
    response = ask(client, criterion("F43.1", system) | JSON)
    assert titles(response) == ["PTSD"]
    assert categories(feed_of(response))["mainSearchCriteria.v.cs"] == system


def test_an_unknown_code_system_is_said_in_an_empty_feed(client):
    feed = feed_of(ask(client, criterion("F43.1", "1.2.3") | JSON))
    assert feed["entry"] == []
    assert feed["subtitle"]["_value"] == "Understory Connect: code system not supported"


def test_two_codes_of_one_page_give_one_entry(client):
    asked = criterion("F43.10") | criterion("F43.1", suffix=1)
    assert titles(ask(client, asked | JSON)) == ["PTSD"]


def test_a_code_may_have_another_page_for_a_subtopic(client):
    guide = make_explainer({"title": "Common side effects", "slug": "common"}, slug="safety")
    section = guide.sections.get()
    make_code("6130", system="rxnorm", subtopic="side-effects", page=section)
    facet = {"subTopic.v.c": "Q000009", "subTopic.v.cs": MESH}
    response = ask(client, criterion("6130", RXNORM) | facet | JSON)
    assert links(response) == ["http://127.0.0.1:8000/explainers/safety/common/"]
    assert titles(ask(client, criterion("6130", RXNORM) | JSON)) == ["Ketamine"]


def test_a_code_that_speaks_for_itself_alone_does_not_answer_finer_ones(client):
    make_code("F32", finer=False, page=make_condition(name="Depression"))
    assert titles(ask(client, criterion("F32") | JSON)) == ["Depression"]
    assert titles(ask(client, criterion("F32.81") | JSON)) == []


def test_a_clinician_is_led_to_the_evidence(client):
    asked = criterion("F43.1") | {"informationRecipient": "PROV"} | JSON
    assert links(ask(client, asked)) == ["http://127.0.0.1:8000/conditions/ptsd/#studies"]
    assert 'id="studies"' in client.get("/conditions/ptsd/").text
    assert categories(feed_of(ask(client, asked)))["informationRecipient"] == "PROV"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"age.v.v": "16", "age.v.u": "a"}, ["Am I too young?", "PTSD"]),
        ({"age.v.v": "200", "age.v.u": "mo"}, ["Am I too young?", "PTSD"]),
        ({"age.v.v": "18"}, ["PTSD"]),
        ({"age.v.v": "47", "age.v.u": "a"}, ["PTSD"]),
        ({"age.v.v": "16", "age.v.u": "parsec"}, ["PTSD"]),
        ({"age.v.v": "nan"}, ["PTSD"]),
        ({"age.v.v": "-1"}, ["PTSD"]),
        ({"ageGroup.v.c": "D002648"}, ["Am I too young?", "PTSD"]),
        ({"ageGroup.v.c": "D000368"}, ["PTSD"]),
        ({"observation.c.c": "77386006"}, ["PTSD", "And if I am pregnant?"]),
        ({"observation.v.c1": "77386006"}, ["PTSD", "And if I am pregnant?"]),
        ({"encounter.c.c": "EMER"}, [HELP, "PTSD"]),
        ({"patientPerson.administrativeGenderCode.c": "F"}, ["PTSD"]),
    ],
)
def test_what_is_said_of_the_patient_only_adds_pages(client, more, expected):
    response = ask(client, criterion("F43.1") | more | JSON)
    assert titles(response) == expected
    assert response["Cache-Control"] == "private, no-store"
    assert not set(more) & set(categories(feed_of(response)))


def test_what_is_said_of_the_patient_alone_is_no_answer(client):
    more = {"age.v.v": "16", "observation.c.c": "77386006"}
    assert titles(ask(client, criterion("Z00") | more | JSON)) == []


@pytest.mark.parametrize(
    ("task", "first"), [("MLREV", "Ketamine"), ("MEDLISTREV", "Ketamine"), ("PROBLISTREV", "PTSD")]
)
def test_the_task_decides_which_page_comes_first(client, task, first):
    for one, other in ((("6130", RXNORM), ("F43.1", ICD)), (("F43.1", ICD), ("6130", RXNORM))):
        asked = criterion(*one) | criterion(*other, suffix=1) | {"taskContext.c.c": task}
        assert titles(ask(client, asked | JSON))[0] == first


def test_who_to_call_comes_first_where_suicide_is_named(client):
    make_code("R45.851", display="Suicidal ideations", page=make_condition(name="Dark days"))
    assert titles(ask(client, criterion("R45.851") | JSON)) == [HELP, "Dark days"]
    assert titles(ask(client, criterion("Z91.5", dn="History of self-harm") | JSON)) == [HELP]
    abroad = criterion("R45.851") | {"locationOfInterest.addr.CNT": "GBR"}
    entry = feed_of(ask(client, abroad | JSON))["entry"][0]
    assert "Samaritans 116 123" in entry["summary"]["_value"]
    at_home = feed_of(ask(client, criterion("R45.851") | JSON))["entry"][0]
    assert "988" in at_home["summary"]["_value"]


def test_a_summary_that_names_suicide_begins_with_who_to_call(client):
    make_code("F42", page=make_condition(name="OCD", key_points="- Suicide is rare."))
    summary = feed_of(ask(client, criterion("F42") | JSON))["entry"][0]["summary"]["_value"]
    assert summary.startswith('<p><a href="tel:988">')


def test_a_summary_keeps_numbers_whole_and_says_who_reviewed_it(client):
    finding = make_finding(slug="halved", source=make_source(slug="a-2020", subject="animals"))
    condition = make_condition(
        name="OCD",
        key_points="- {{finding:halved|sentence}}\n- See [more](/glossary/), [[synapse]].",
        reviewed_at="2026-11-02",
        reviewed_by=make_reviewer(),
        review_due="2027-02-01",
    )
    make_code("F42", page=condition)
    entry = feed_of(ask(client, criterion("F42") | JSON))["entry"][0]
    summary = entry["summary"]["_value"]
    assert finding.sentence in summary
    assert '<a href="http://127.0.0.1:8000/glossary/">more</a>, synapse.' in summary
    assert "Reviewed 2 November 2026 by Ada Moss, MD, psychiatrist." in summary
    assert "Next check by 1 February 2027." in summary
    assert entry["link"][-1]["href"] == "http://127.0.0.1:8000/sources/a-2020/"


def test_a_long_text_ends_with_a_whole_paragraph(client):
    paragraphs = [f"Paragraph {n} is here. {'Word ' * 40}end." for n in range(20)]
    long = make_faq(question="How long?", answer="\n\n".join([*paragraphs, "The end."]))
    make_code("F42", page=long)
    summary = feed_of(ask(client, criterion("F42") | JSON))["entry"][0]["summary"]["_value"]
    assert len(summary) <= 1500
    assert summary.count("<p>") == summary.count("end.</p>")
    assert 'class="attribution"' in summary


def test_a_summary_is_not_cut_between_a_lead_and_its_list(client):
    points = "\n".join(f"- {'Word ' * 60}" for _ in range(20))
    make_code("F42", page=make_faq(answer=f"{'Word ' * 200}\n\nIt is not for:\n\n{points}"))
    summary = feed_of(ask(client, criterion("F42") | JSON))["entry"][0]["summary"]["_value"]
    assert "It is not for:</p><p" not in summary


def test_the_id_of_a_request_is_the_id_of_its_answer(client):
    asked = criterion("F43.1") | {"knowledgeRequestNotification.id.root": str(uuid4())}
    feed = feed_of(ask(client, asked | JSON))
    assert feed["id"]["_value"] == f"urn:uuid:{asked['knowledgeRequestNotification.id.root']}"
    odd = asked | {"knowledgeRequestNotification.id.root": "1.2.3<script>"}
    assert "script" not in feed_of(ask(client, odd | JSON))["id"]["_value"]


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ({}, "text/xml"),
        ({"knowledgeResponseType": "text/XML"}, "text/xml"),
        ({"knowledgeResponseType": "application%2Fjson"}, "application/json"),
    ],
)
def test_the_type_of_the_answer_is_what_was_asked_for(client, sent, kind):
    response = ask(client, criterion("F43.1") | sent)
    assert response["Content-Type"] == f"{kind}; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/json"),
        ("text/html,application/xml;q=0.9,*/*;q=0.8", "text/xml"),
        ("text/xml;q=0.1, application/json", "application/json"),
        ("application/pdf", "text/xml"),
        ("", "text/xml"),
    ],
)
def test_without_a_type_the_accept_header_decides(client, accept, kind):
    response = ask(client, criterion("F43.1"), accept=accept)
    assert response["Content-Type"] == f"{kind}; charset=utf-8"
    assert "Accept" in response["Vary"].split(", ")


@pytest.mark.parametrize("kind", ["text/html", "application/atom+xml", "json", "text/xml;q=1"])
def test_another_type_is_not_acceptable(client, kind):
    response = ask(client, criterion("F43.1") | {"knowledgeResponseType": kind})
    assert response.status_code == 406


def test_xml_and_json_of_one_address_have_different_tags(client):
    tags = {
        ask(client, criterion("F43.1"), accept=a)["ETag"] for a in ("text/xml", "application/json")
    }
    assert len(tags) == 2


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_refused(client, method):
    response = getattr(client, method)(SERVICE)
    assert response.status_code == 405
    assert response["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_other_sites_may_ask_with_scripts(client):
    response = client.options(SERVICE, headers={"origin": "https://portal.example"})
    assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == "GET, POST, HEAD, OPTIONS"
    for answer in (response, ask(client, criterion("F43.1")), ask(client, {})):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")


def test_a_post_needs_no_token(visitor):
    sent = "mainSearchCriteria.v.c=F43.1&mainSearchCriteria.v.cs=" + ICD
    posted = visitor.post(SERVICE, sent, content_type="application/x-www-form-urlencoded")
    assert posted.status_code == 200


def test_head_is_get_without_its_body(client):
    asked = f"{SERVICE}?mainSearchCriteria.v.c=F43.1&mainSearchCriteria.v.cs={ICD}"
    head, got = client.head(asked), client.get(asked)
    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers} == {**got.headers}


def test_the_shape_holds_for_many_subjects(client):
    asked = criterion("F43.1") | criterion("6130", RXNORM, suffix=1) | criterion("1", "9", suffix=2)
    assert len(sound_json(json.loads(ask(client, asked | JSON).content))["feed"]["entry"]) == 2
    sound_xml(ask(client, asked))


def queries(client, asked):
    with CaptureQueriesContext(
        connection,
    ) as made:
        assert ask(client, asked | JSON).status_code == 200
    return len(made)


def test_the_number_of_queries_does_not_grow_with_the_subjects(client):
    conditions = [make_condition(name=f"Problem {n}") for n in range(10)]
    for number, condition in enumerate(conditions):
        make_code(f"F6{number}", page=condition)
    one = criterion("F60")
    ten = {k: v for n in range(10) for k, v in criterion(f"F6{n}", suffix=n or "").items()}
    cold = []
    for asked in (one, ten):
        catalog.clear_catalog_cache()
        cold.append(queries(client, asked))
    assert cold[0] == cold[1] <= 9
    assert [queries(client, asked) for asked in (one, ten)] == [1, 1]


@pytest.mark.parametrize("address", ["/service/", "/connect/service/"])
def test_a_slash_that_a_client_adds_loses_no_question(client, address):
    assert titles(ask(client, criterion("F43.10") | JSON, address=address)) == ["PTSD"]
    posted = urlencode(criterion("F43.10") | JSON)
    form = "application/x-www-form-urlencoded"
    assert titles(client.post(address, posted, content_type=form)) == ["PTSD"]
