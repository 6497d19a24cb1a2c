"""A code and the page that answers it: what may be stored, what is counted, what is loaded."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection
from django.db.models import ProtectedError

from psychoplastogens.editorial.models import ContentVersion
from psychoplastogens.editorial.workflow.references import find_dependents
from psychoplastogens.infobutton.models import Code, Unanswered
from tests.factories import make_code, make_condition, make_explainer, make_user
from tests.infobutton.infobutton_client import JSON, RXNORM, ask, criterion, titles

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("left_out", ["page_type", "page_id"])
def test_a_code_without_a_page_cannot_be_stored(left_out):
    code = make_code()
    setattr(code, left_out, None)
    with pytest.raises(IntegrityError, match=left_out):
        code.save()


def test_a_code_has_one_page_for_each_language_and_subtopic():
    make_code("F33")
    make_code("F33", subtopic="therapy")
    make_code("F33", language="es", page=make_condition(language="es"))
    with pytest.raises(IntegrityError):
        make_code("F33")


@pytest.mark.parametrize(
    ("system", "code", "told"),
    [
        ("icd-10-cm", "F3", "This is no code of ICD-10-CM: they look like F33.2."),
        ("snomed-ct", "370143001", "This is no code of SNOMED CT: they look like 370143000."),
    ],
)
def test_what_is_no_code_is_said_with_an_example(system, code, told):
    with pytest.raises(ValidationError) as error:
        Code(system=system, code=code, display="A", page=make_condition()).full_clean(
            exclude=["slug"]
        )
    assert error.value.message_dict["code"] == [told]


def test_a_code_is_stored_as_its_system_writes_it():
    code = Code(code="f3341", system="icd-10-cm", display="A", page=make_condition())
    code.full_clean(exclude=["slug"])
    code.save()
    assert (code.code, code.slug) == ("F33.41", "icd-10-cm-f33-41")


def test_a_page_in_another_language_is_refused():
    code = Code(code="F33", system="icd-10-cm", display="A", page=make_condition(language="es"))
    with pytest.raises(ValidationError, match="another language"):
        code.full_clean(exclude=["slug"])


def test_a_page_with_codes_cannot_be_deleted():
    code = make_code()
    with pytest.raises(ProtectedError):
        code.page.delete()
    assert find_dependents(code.page) == [code]


def test_a_guide_with_a_code_for_a_part_cannot_be_deleted():
    guide = make_explainer({})
    code = make_code(page=guide.sections.get())
    with pytest.raises(ProtectedError) as error:
        guide.delete()
    assert error.value.protected_objects == {code}
    assert guide.sections.exists()


def test_a_page_that_was_deleted_is_refused():
    code = make_code()
    type(code.page).objects.filter(pk=code.page_id)._raw_delete("default")
    with pytest.raises(ValidationError, match="The page was deleted"):
        Code.objects.get().full_clean()


def test_a_new_code_changes_the_version_of_the_content_and_a_count_does_not():
    code = make_code()
    before = ContentVersion.objects.get_current()
    Unanswered.objects.increment("icd-10-cm", "Z00")
    assert ContentVersion.objects.get_current() == before
    code.withdraw(by=make_user(), reason="Wrong.")
    assert ContentVersion.objects.get_current() > before


def counted():
    return {(row.system, row.code): row.times for row in Unanswered.objects.all()}


def test_a_code_without_a_page_is_counted_and_nothing_else(client):
    make_code("F33")
    for _ in range(3):
        ask(client, criterion("Z00.0", dn="Marmot"), {"age.v.v": "47"})
    for code in ("F33", "F33.2", "marmot", "Z00.0000000", "' OR 1=1"):
        ask(client, criterion(code))
    ask(client, criterion("7", "1.2.3"))
    ask(client, criterion("00517-0297-10", "2.16.840.1.113883.6.69"))
    client.head("/connect/service", criterion("Z01"))
    assert counted() == {("icd-10-cm", "Z00.0"): 3}
    fields = {field.name for field in Unanswered._meta.get_fields()}
    assert fields == {"id", "system", "code", "day", "times"}


def test_a_person_who_finds_no_page_is_counted_too(client):
    ask(client, criterion("4", RXNORM), address="/connect/application")
    assert counted() == {("rxnorm", "4"): 1}


def test_a_day_has_a_most_and_a_year_is_enough(monkeypatch):
    monkeypatch.setattr(type(Unanswered.objects.all()), "MAX_ROWS_PER_DAY", 3)
    today = date.today()
    for days, code in ((400, "Z98"), (300, "Z99")):
        Unanswered.objects.create(system="icd-10-cm", code=code, day=today - timedelta(days=days))
    for number in range(10):
        Unanswered.objects.increment("icd-10-cm", f"Z0{number}")
    Unanswered.objects.increment("icd-10-cm", "Z00")
    assert counted() == {
        ("icd-10-cm", "Z99"): 1,
        ("icd-10-cm", "Z00"): 2,
        ("icd-10-cm", "Z01"): 1,
        ("icd-10-cm", "Z02"): 1,
    }


def test_a_count_that_fails_does_not_fail_the_answer(client):
    make_code("F33")

    def breaks(execute, sql, params, many, context):
        if "infobutton_unanswered" in sql:
            raise DatabaseError("locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(breaks):
        response = ask(client, criterion("F33") | criterion("Z00", suffix=1) | JSON)
    assert titles(response) == ["Depression"]
