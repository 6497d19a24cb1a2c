"""A record that speaks of suicide, self-harm or an overdose is answered with who to call first."""

import json

import pytest

from tests.factories import make_code, make_condition

pytestmark = pytest.mark.django_db
SERVICE, APPLICATION = "/connect/service", "/connect/application"
HELP, THOUGHTS = "Help now: who to call", "Thoughts of suicide"
OIDS = {
    "icd-10-cm": "2.16.840.1.113883.6.90",
    "icd-9-cm": "2.16.840.1.113883.6.103",
    "icd-10": "2.16.840.1.113883.6.3",
    "snomed-ct": "2.16.840.1.113883.6.96",
}
ON_PURPOSE = [
    *(("icd-10-cm", code) for code in ("T14.91XA", "t1491xa", "X83.8XXA", "Z91.51", "Z9152")),
    *(("icd-10-cm", code) for code in ("R45.88", "R45851", "T40.2X2A", "T71.162A")),
    *(("icd-10", code) for code in ("X64", "X78.1", "Y87.0")),
    *(("icd-9-cm", code) for code in ("E950.0", "E9500", "V62.84")),
    *(("snomed-ct", code) for code in ("82313006", "6471006", "248062006", "401206008")),
]


@pytest.fixture(autouse=True)
def thoughts():
    return make_condition(name=THOUGHTS, slug="suicidal-thoughts", help_first=True)


def asked(**criterion):
    return {f"mainSearchCriteria.v.{part}": value for part, value in criterion.items()}


def entries(client, sent):
    answer = client.get(SERVICE, sent | {"knowledgeResponseType": "application/json"})
    return [entry["title"]["_value"] for entry in json.loads(answer.content)["feed"]["entry"]]


def main(client, sent):
    response = client.get(APPLICATION, sent)
    assert response.status_code == 200
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(("system", "code"), ON_PURPOSE)
def test_harm_on_purpose_is_answered_with_help_first_and_the_page_about_it(client, system, code):
    sent = asked(c=code, cs=OIDS[system])
    assert entries(client, sent) == [HELP, THOUGHTS]
    html = main(client, sent)
    assert html.index("Call 988") < html.index("Call 911") < html.index("<h1>")
    assert THOUGHTS in html


@pytest.mark.parametrize(
    ("system", "code"),
    [("icd-10-cm", "T40.601A"), ("icd-10-cm", "T41.294A"), ("snomed-ct", "55680006")],
)
def test_an_overdose_is_answered_with_help_first(client, system, code):
    sent = asked(c=code, cs=OIDS[system])
    assert entries(client, sent) == [HELP]
    html = main(client, sent)
    assert html.index("Call 911") < html.index("Poison Help 1-800-222-1222") < html.index("<h1>")


@pytest.mark.parametrize("part", ["dn", "ot"])
@pytest.mark.parametrize(
    "said", ["Suicide attempt", "Suicidal ideation", "i want to die", "ideas suicidas"]
)
def test_a_name_or_words_alone_are_enough(client, part, said):
    sent = asked(**{part: said})
    assert entries(client, sent)[0] == HELP
    assert main(client, sent).index("Call 988") < main(client, sent).index("<h1>")


def test_the_page_that_claims_the_code_is_there_once(client, thoughts):
    make_code("R45.851", page=thoughts)
    assert entries(client, asked(c="R45.851", cs=OIDS["icd-10-cm"])) == [HELP, THOUGHTS]


def test_the_lines_are_those_of_where_the_patient_is(client):
    sent = asked(c="T14.91XA", cs=OIDS["icd-10-cm"]) | {"locationOfInterest.addr.CNT": "AUS"}
    assert 'href="tel:000"' in main(client, sent)
    assert "Lifeline 13 11 14" in main(client, sent)


@pytest.mark.parametrize("code", ["T41.295A", "T43.226A", "F33.2", "Z00.00"])
def test_side_effects_and_other_codes_are_not(client, code):
    assert entries(client, asked(c=code, cs=OIDS["icd-10-cm"])) == []
