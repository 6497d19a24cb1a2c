"""Requests as the programs of record systems write them: another host, and a code without a name.

What a client then does with the answer, its reader does here.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

import pytest
from django.conf import settings

from psychoplastogens.infobutton import catalog
from psychoplastogens.infobutton.code_systems import CODE_SYSTEMS_BY_KEY
from tests.infobutton.infobutton_client import ATOM, ICD, RXNORM, SNOMED

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]

DIAGNOSES = ("icd-10-cm", "icd-9-cm", "snomed-ct")
BY_CODE = (*DIAGNOSES, "rxnorm", "ndc", "loinc")
HELP = "/help/"
DEPRESSION = "/conditions/major-depressive-disorder/"
KETAMINE = "/compounds/ketamine/"


def write_as_open_dental(*criteria, reader="PAT"):
    """Each criterion is a code and an OID; the name is left blank, and the last "&" is its own."""
    numbered = "".join(
        f"mainSearchCriteria.v.c{number}={code}&mainSearchCriteria.v.cs{number}={oid}"
        f"&mainSearchCriteria.v.dn{number}=&"
        for number, (code, oid) in zip(("", 1), criteria, strict=False)
    )
    return (
        "/medlineplus/services/mpconnect.cfm"
        f"?knowledgeRequestNotification.effectiveTime.v=20260918024512&{numbered}"
        f"informationRecipient={reader}&performer=PAT&"
    )


def open_in_browser(client, address):
    """The page that opens, or else those that the page of choices offers, after help if it does."""
    response = client.get(address)
    if response.status_code == 303:
        return [response["Location"]]
    assert response.status_code == 200
    main = response.text.partition("<main")[2]
    assert 'action="/search/"' in main
    cards = main.partition('<ul class="cards">')[2].partition("</ul>")[0]
    has_help = "tel:988" in main.partition("<h1>")[0]
    return [HELP] * has_help + re.findall(r'<h2><a href="([^"]+)"', cards)


def read_json(client, address):
    """As Fasten: no entry is no answer, or else the first link of the first, all parts typed."""
    response = client.get(address)
    assert response["Content-Type"] == "application/json; charset=utf-8"
    return read_feed(response.json())


def read_jsonp(client, address):
    response = client.get(address)
    assert response["Content-Type"] == "application/javascript; charset=utf-8"
    called = re.fullmatch(r"/\*\*/CallbackFunction\((.*)\);", response.text)
    return read_feed(json.loads(called[1]))


def read_feed(answer):
    feed = answer["feed"]
    texts = [feed["title"], feed["subtitle"], feed["author"]["name"], feed["author"]["uri"]]
    for entry in feed["entry"]:
        texts += [entry["title"], entry["summary"]]
        assert datetime.fromisoformat(entry["updated"]["_value"]).tzinfo
    assert all(isinstance(text["_value"], str) for text in texts)
    return [local(entry["link"][0]["href"]) for entry in feed["entry"]]


def read_xml(client, address):
    """The default of MedlinePlus Connect; PHP's SimpleXML takes the first link of an entry too."""
    response = client.get(address)
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    entries = ElementTree.fromstring(response.content).findall(f"{ATOM}entry")
    return [local(entry.find(f"{ATOM}link").get("href")) for entry in entries]


def local(address):
    assert address.startswith(f"{settings.SITE_ORIGIN}/")
    return address.removeprefix(settings.SITE_ORIGIN)


@pytest.fixture(scope="module", autouse=True)
def fresh_catalog():
    """Once is enough: no test here changes a page."""
    catalog.clear_catalog_cache()
    yield
    catalog.clear_catalog_cache()


@dataclass(frozen=True)
class Client:
    """`address` is written with the OID of one of `systems` and a code."""

    address: str
    systems: tuple[str, ...]
    read: Callable

    def ask(self, client, system, code):
        return self.read(
            client, self.address.format(oid=CODE_SYSTEMS_BY_KEY[system].oid, code=code)
        )


CLIENTS = {
    # openemr/openemr, interface/patient_file/education.php
    "OpenEMR": Client(
        "/application?mainSearchCriteria.v.cs={oid}&mainSearchCriteria.v.c={code}",
        BY_CODE,
        open_in_browser,
    ),
    # OpenDental/opendental, FormInfobutton.cs, ToUrl
    "Open Dental": Client(
        write_as_open_dental(("{code}", "{oid}")),
        (*DIAGNOSES, "rxnorm", "loinc"),
        open_in_browser,
    ),
    # gaiaehr/gaiaehr, app/controller/InfoButton.js
    "GaiaEHR": Client(
        "/medlineplus/services/mpconnect.cfm?mainSearchCriteria.v.c={code}"
        "&mainSearchCriteria.v.cs={oid}&informationRecipient.languageCode.c=en",
        BY_CODE,
        open_in_browser,
    ),
    # fastenhealth/fasten-onprem, backend/pkg/web/handler/glossary.go
    "Fasten": Client(
        "/service?informationRecipient.languageCode.c=en&knowledgeResponseType=application%2Fjson"
        "&mainSearchCriteria.v.c={code}&mainSearchCriteria.v.cs={oid}",
        (*BY_CODE, "cpt"),
        read_json,
    ),
    # medlineplus.gov/medlineplus-connect/web-application/ and /web-service/
    "MedlinePlus, application": Client(
        "/application?mainSearchCriteria.v.c={code}&mainSearchCriteria.v.cs={oid}"
        "&mainSearchCriteria.v.dn=&informationRecipient.languageCode.c=en",
        (*BY_CODE, "cpt"),
        open_in_browser,
    ),
    "MedlinePlus, XML": Client(
        "/service?mainSearchCriteria.v.cs={oid}&mainSearchCriteria.v.c={code}",
        (*BY_CODE, "cpt"),
        read_xml,
    ),
    "MedlinePlus, JSON": Client(
        "/service?knowledgeResponseType=application%2Fjson&mainSearchCriteria.v.cs={oid}"
        "&mainSearchCriteria.v.c={code}&mainSearchCriteria.v.dn="
        "&informationRecipient.languageCode.c=en",
        (*BY_CODE, "cpt"),
        read_json,
    ),
    "MedlinePlus, JSONP": Client(
        "/service?mainSearchCriteria.v.cs={oid}&mainSearchCriteria.v.c={code}"
        "&knowledgeResponseType=application/javascript&callback=CallbackFunction",
        (*BY_CODE, "cpt"),
        read_jsonp,
    ),
}
OURS = {
    "icd-10-cm": {
        "F33.2": DEPRESSION,
        "F32.A": DEPRESSION,
        "F43.12": "/conditions/ptsd/",
        "F10.20": "/conditions/alcohol-use-disorder/",
        "F11.23": "/conditions/substance-use-disorders/",
        "F41.1": "/conditions/generalized-anxiety-disorder/",
        "F40.11": "/conditions/social-anxiety-disorder/",
        "F42.9": "/conditions/ocd/",
        "F31.32": "/conditions/bipolar-depression/",
        "F53.0": "/questions/postpartum-depression/",
    },
    "icd-9-cm": {
        "296.33": DEPRESSION,
        "311": DEPRESSION,
        "309.81": "/conditions/ptsd/",
        "303.90": "/conditions/alcohol-use-disorder/",
        "304.00": "/conditions/substance-use-disorders/",
        "300.02": "/conditions/generalized-anxiety-disorder/",
        "300.23": "/conditions/social-anxiety-disorder/",
        "300.3": "/conditions/ocd/",
        "296.52": "/conditions/bipolar-depression/",
    },
    "snomed-ct": {
        "66344007": DEPRESSION,
        "1153570009": "/conditions/treatment-resistant-depression/",
        "47505003": "/conditions/ptsd/",
        "7200002": "/conditions/alcohol-use-disorder/",
        "75544000": "/conditions/substance-use-disorders/",
        "21897009": "/conditions/generalized-anxiety-disorder/",
        "25501002": "/conditions/social-anxiety-disorder/",
        "191736004": "/conditions/ocd/",
        "13746004": "/conditions/bipolar-depression/",
    },
    "rxnorm": {
        "6130": KETAMINE,
        "238082": KETAMINE,
        "2119365": "/compounds/esketamine/",
        "2201625": "/compounds/esketamine/",
        "2611266": "/compounds/dextromethorphan-bupropion/",
        "226552": "/compounds/scopolamine/",
    },
    "ndc": {
        "50458-028-03": "/compounds/esketamine/",
        "50458002803": "/compounds/esketamine/",
        "67457-108-10": KETAMINE,
        "0378-6470-44": "/compounds/scopolamine/",
    },
    "loinc": {
        "44261-6": DEPRESSION,
        "70274-6": "/conditions/generalized-anxiety-disorder/",
        "20537-7": "/questions/drug-test-at-work/",
    },
    "cpt": {
        "96365": "/explainers/the-day-of-your-treatment/",
        "80357": "/questions/drug-test-at-work/",
    },
}
# Asthma, diabetes, a statin, a medicine for smokers, clotting factor IX, an examination of the gut:
# most are examples of MedlinePlus.
NOT_OURS = {
    "icd-10-cm": ["J45.40", "E11.9"],
    "icd-9-cm": ["250.33", "493.12"],
    "snomed-ct": ["195967001"],
    "rxnorm": ["637188"],
    "ndc": ["00310-0751-39"],
    "loinc": ["3187-2"],
    "cpt": ["45378"],
}
OF_SUICIDE = {
    "icd-10-cm": ["R45.851"],
    "icd-9-cm": ["V62.84"],
    "snomed-ct": ["6471006"],
    "loinc": ["44260-8"],
}


every_client = pytest.mark.parametrize("name", CLIENTS)


def ask_all(client, name, codes):
    """What the client opens for those of these systems and codes that it can send."""
    asking = CLIENTS[name]
    return {
        (system, code): asking.ask(client, system, code)
        for system in asking.systems
        for code in codes.get(system, ())
    }


@every_client
def test_every_subject_of_ours_is_answered_with_its_page(client, name):
    answers = ask_all(client, name, OURS)
    assert answers == {(system, code): [OURS[system][code]] for system, code in answers}


@every_client
def test_another_subject_is_no_page_and_no_error(client, name):
    answers = ask_all(client, name, NOT_OURS)
    assert answers == dict.fromkeys(answers, [])


@every_client
def test_help_comes_before_what_speaks_of_suicide(client, name):
    answers = ask_all(client, name, OF_SUICIDE)
    first = {asked: opened[:2] for asked, opened in answers.items()}
    assert first == dict.fromkeys(answers, [HELP, "/conditions/suicidal-thoughts/"])


def test_the_pages_that_clients_open_are_there(client):
    for address in {page for codes in OURS.values() for page in codes.values()}:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        (write_as_open_dental(("F33.2", ICD), ("6130", RXNORM)), [DEPRESSION, KETAMINE]),
        (write_as_open_dental(("F33.2", ICD), ("66344007", SNOMED)), [DEPRESSION]),
        (write_as_open_dental(("J45.40", ICD), ("6130", RXNORM)), [KETAMINE]),
        (write_as_open_dental(("6130", RXNORM), reader="PROV"), [f"{KETAMINE}#studied-for"]),
        # A type of code that GaiaEHR does not know.
        (CLIENTS["GaiaEHR"].address.format(code="F33.2", oid="undefined"), []),
        # Programs that write spaces around the equals sign, and before the ampersand.
        (
            f"/medlineplus/services/mpconnect.cfm?mainSearchCriteria.v.cs={ICD}"
            "&mainSearchCriteria.v.c=F33.2&informationRecipient.languageCode.c%20=%20en",
            [DEPRESSION],
        ),
        (
            f"/medlineplus/services/mpconnect.cfm?mainSearchCriteria.v.c=F33.2"
            f"&mainSearchCriteria.v.cs={ICD}%20&patientPerson.administrativeGenderCode.c=F"
            "&age.v.v=47&age.v.u=a&performer.languageCode.c=en&knowledgeResponseType=text/XML",
            [DEPRESSION],
        ),
    ],
)
def test_what_else_programs_write_opens_the_pages_that_are_meant(client, address, opened):
    assert open_in_browser(client, address) == opened


@pytest.mark.parametrize("path", ["/application", "/medlineplus/services/mpconnect.cfm"])
@pytest.mark.parametrize(("code", "opened"), [("F33.2", [DEPRESSION]), ("J45.40", [])])
def test_spanish_is_asked_for(client, path, code, opened):
    address = f"{path}?mainSearchCriteria.v.cs={ICD}&mainSearchCriteria.v.c={code}"
    address += "&informationRecipient.languageCode.c=es"
    assert open_in_browser(client, address) == opened
    main = client.get(address).text.partition("<main")[2]
    assert main.index('<p lang="es">') < main.index('action="/search/"')


def test_spanish_is_asked_for_in_json(client):
    spanish = CLIENTS["Fasten"].address.replace("Code.c=en", "Code.c=es")
    assert read_json(client, spanish.format(code="F33.2", oid=ICD)) == [DEPRESSION, "/help/#es"]
    assert read_json(client, spanish.format(code="J45.40", oid=ICD)) == []


@pytest.mark.parametrize(
    "address",
    [
        write_as_open_dental(("", "")),
        "/medlineplus/services/mpconnect.cfm?mainSearchCriteria.v.cs=2.16.840.1.113883.6.1"
        "&mainSearchCriteria.v.c=&informationRecipient.languageCode.c%20=%20en",
    ],
)
def test_who_asks_without_any_code_is_shown_the_search(client, address):
    response = client.get(address)
    assert response.status_code == 400
    assert 'action="/search/"' in response.text


@pytest.mark.parametrize(
    "path",
    [
        *("/application/", "/connect/application/", "/Application"),
        *("/medlineplus/services/mpconnect.cfm/", "/medlineplus/services/MPConnect.cfm"),
    ],
)
def test_a_slash_or_a_capital_too_much_loses_no_question(client, path):
    query = f"mainSearchCriteria.v.cs={ICD}&mainSearchCriteria.v.c=F33.2"
    response = client.get(f"{path}?{query}", follow=True)
    assert response.redirect_chain[-1][0] == DEPRESSION


@pytest.mark.parametrize(
    "path",
    [
        *("/service/", "/medlineplus/services/mpconnect_service.cfm"),
        "/medlineplus/services/mpconnect_service.cfm/",
    ],
)
def test_the_old_address_or_a_slash_too_much_loses_no_question_of_a_program(client, path):
    query = f"mainSearchCriteria.v.cs={ICD}&mainSearchCriteria.v.c=F33.2"
    query += "&knowledgeResponseType=application/json"
    response = client.get(f"{path}?{query}", follow=True)
    assert read_feed(response.json()) == [DEPRESSION]
