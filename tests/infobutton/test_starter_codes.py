"""The codes of fixtures/ on the real pages."""

import pytest
from django.conf import settings

from psychoplastogens.editorial import content_loader
from psychoplastogens.infobutton.code_systems import CODE_SYSTEMS_BY_KEY
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
