"""The codes of fixtures/ on the real pages."""

import pytest
from django.conf import settings

from psychoplastogens.editorial import content_loader
from psychoplastogens.infobutton.code_systems import CODE_SYSTEMS, CODE_SYSTEMS_BY_KEY
from psychoplastogens.infobutton.models import Code
from tests.infobutton.infobutton_client import JSON, ask, criterion, titles

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]
LOADED = {
    item.data["slug"]
    for item in content_loader.read_fixtures(settings.FIXTURES)
    if item.model is Code
}


def test_every_code_is_sound_and_answered(client):
    codes = Code.objects.published().with_published_page()
    assert codes.count() == Code.objects.count() > 100
    for code in codes.with_page():
        assert CODE_SYSTEMS_BY_KEY[code.system].is_valid_code(code.code), code
        assert code.slug in LOADED, code
        code.full_clean()


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("F33.2", "/conditions/major-depressive-disorder/"),
        ("F43.12", "/conditions/ptsd/"),
        ("F10.239", "/conditions/alcohol-use-disorder/"),
        ("F31.32", "/conditions/bipolar-depression/"),
    ],
)
def test_a_problem_opens_its_page(client, code, address):
    response = ask(client, criterion(code), address="/connect/application")
    assert response["Location"] == address


@pytest.mark.parametrize("system", CODE_SYSTEMS, ids=lambda system: system.key)
def test_the_example_of_every_system_is_answered_by_code_alone(client, system):
    """The page that offers these systems shows the examples."""
    assert titles(ask(client, criterion(system.example, system.oid) | JSON))
    page = client.get("/connect/", {"system": system.key, "code": system.example}).text
    assert "no page for" not in page


@pytest.mark.parametrize(
    ("system", "code", "address"),
    [
        ("icd-10", "F33.2", "/conditions/major-depressive-disorder/"),
        ("icd-10", "F10.2", "/conditions/alcohol-use-disorder/"),
        ("icd-9-cm", "29633", "/conditions/major-depressive-disorder/"),
        ("icd-9-cm", "309.81", "/conditions/ptsd/"),
        ("icd-9-cm", "303.93", "/conditions/alcohol-use-disorder/"),
        ("icd-10-cm", "F53.0", "/questions/postpartum-depression/"),
        ("icd-10-cm", "F19.99", "/conditions/substance-use-disorders/"),
        ("snomed-ct", "66344007", "/conditions/major-depressive-disorder/"),
        ("snomed-ct", "1153570009", "/conditions/treatment-resistant-depression/"),
        ("rxnorm", "238082", "/compounds/ketamine/"),
        ("rxnorm", "2201625", "/compounds/esketamine/"),
        ("ndc", "50458-028-03", "/compounds/esketamine/"),
        ("ndc", "50458002803", "/compounds/esketamine/"),
        ("ndc", "5045802803", "/compounds/esketamine/"),
        ("ndc", "050458-0028-03", "/compounds/esketamine/"),
        ("ndc", "50458-028", "/compounds/esketamine/"),
        ("ndc", "67457-108-10", "/compounds/ketamine/"),
        ("ndc", "0378-6470-44", "/compounds/scopolamine/"),
        ("hcpcs", "g2083", "/compounds/esketamine/"),
        ("hcpcs", "J0013", "/compounds/esketamine/"),
        ("cpt", "96365", "/explainers/the-day-of-your-treatment/"),
        ("loinc", "20537-7", "/questions/drug-test-at-work/"),
        ("mesh", "D061218", "/conditions/treatment-resistant-depression/"),
    ],
)
def test_a_code_without_a_name_opens_its_page(client, system, code, address):
    oid = CODE_SYSTEMS_BY_KEY[system].oid
    response = ask(client, criterion(code, oid), address="/connect/application")
    assert response["Location"] == address


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("loinc", "44260-8"),
        ("mesh", "D059020"),
        ("mesh", "D013405"),
        ("icd-9-cm", "V62.84"),
        ("icd-10-cm", "T14.91XA"),
        ("icd-10-cm", "Z91.51"),
    ],
)
def test_help_stands_before_what_speaks_of_suicide(client, system, code):
    found = titles(ask(client, criterion(code, CODE_SYSTEMS_BY_KEY[system].oid) | JSON))
    assert found[:2] == ["Help now: who to call", "Thoughts of suicide"]


@pytest.mark.parametrize(
    ("system", "code"),
    [("ndc", "50458-029-03"), ("icd-9-cm", "305.1"), ("icd-10", "F42.3"), ("icd-10", "F17")],
)
def test_a_neighbor_in_another_system_gets_no_page(client, system, code):
    assert titles(ask(client, criterion(code, CODE_SYSTEMS_BY_KEY[system].oid) | JSON)) == []


@pytest.mark.parametrize("code", ["F32.81", "F42.3", "F31.0", "Z00.00"])
def test_another_problem_gets_no_page(client, code):
    assert titles(ask(client, criterion(code) | JSON)) == []


def test_loading_again_changes_nothing_and_leaves_staffs_work():
    report = content_loader.load_content(settings.FIXTURES)
    assert (report.new, report.changed) == (0, 0)
    code = Code.objects.get(slug="icd-10-cm-f33")
    code.display = "Ours"
    code.save()
    loaded = content_loader.LoadedRecord.objects.filter(kind="codes", key="en/icd-10-cm-f33")
    loaded.update(fixture_digest="another")
    assert content_loader.load_content(settings.FIXTURES).skipped_edited == ["codes/icd-10-cm-f33"]
    assert Code.objects.get(pk=code.pk).display == "Ours"
