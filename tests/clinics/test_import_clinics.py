"""manage.py import_clinics: every row of the file becomes a clinic, or none does."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from psychoplastogens.clinics.models import Clinic
from tests.factories import make_clinic

pytestmark = pytest.mark.django_db
HEAD = "name,phone,hours\n"
SOUND = HEAD + 'Moss Clinic,503-555-0100,"Weekdays, 8 to 5"\nFern House,(503) 555-0101,\n'


@pytest.fixture
def run(tmp_path):
    """run(text or bytes, *options): what the command says about a file with it."""

    def run_command(written, *options):
        file = tmp_path / "clinics.csv"
        file.write_bytes(written if isinstance(written, bytes) else written.encode())
        out = StringIO()
        call_command("import_clinics", file, *options, stdout=out)
        return out.getvalue()

    return run_command


def refused(run, written):
    with pytest.raises(CommandError) as error:
        run(written)
    assert not Clinic.objects.exists()
    return str(error.value)


def test_each_row_is_a_clinic_that_patients_can_open(run, client):
    said = run(SOUND)
    assert "/c/moss-clinic/  Moss Clinic, 503-555-0100" in said
    assert "2 clinics made." in said
    assert Clinic.objects.get(slug="moss-clinic").hours == "Weekdays, 8 to 5"
    assert client.get("/c/fern-house/").status_code == 200


@pytest.mark.parametrize(
    "written",
    [
        "\ufeff" + SOUND,
        SOUND.replace("\n", "\r\n"),
        "Name;Phone;Hours\nMoss Clinic;503-555-0100;Weekdays, 8 to 5\nFern House;503-555-0101\n",
        "name\tphone\nMoss Clinic\t503-555-0100\n\n \t\nFern House\t503-555-0101",
        "phone,Out of hours,name,slug\n503-555-0100,Ring,Moss Clinic,m\n503-555-0101,,Fern House,",
    ],
)
def test_what_spreadsheets_write_is_read(run, written):
    run(written)
    names = set(Clinic.objects.values_list("name", flat=True))
    assert names == {"Moss Clinic", "Fern House"}


def test_a_dry_run_tries_all_and_keeps_nothing(run):
    assert "2 clinics would be made. Nothing was kept." in run(SOUND, "--dry-run")
    assert not Clinic.objects.exists()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (HEAD + "Moss,12,\n", "line 2, phone: It has too few digits."),
        (HEAD + "Moss,988,\n", "line 2, phone: "),
        (HEAD + ",503-555-0100,\n", "line 2, name: This field cannot be blank."),
        (HEAD + "A,503-555-0100,\n\nB,12,\n", "line 4, phone: "),
        (HEAD + 'A,503-555-0100,"one\ntwo"\nB,12,\n', "line 4, phone: "),
        (HEAD + "Moss,503-555-0100,\nmoss,503-555-0101,\n", "Another clinic has this name."),
        (HEAD + "Moss\u202e,503-555-0100,\n", "line 2, name: Line 1 holds a character"),
        (HEAD + "Understory,503-555-0100,\n", "line 2, name: This is the name of the site."),
        (HEAD + "Moss,503-555-0100,Weekdays, 8 to 5\n", "line 2: it has 4 cells"),
        ("name,telephone\nMoss,1\n", "line 1, telephone: there is no such column."),
        ("name,telephone\nMoss,1\n", "line 1, phone: this column is missing."),
        ("name,phone,name\n", "line 1, name: it is there twice."),
        ("name,phone,\n", "line 1, column 3: it has no name."),
        ("", "line 1, name: this column is missing."),
        (HEAD.encode() + b"Cl\xednica,503-555-0100,\n", "line 2: it is not UTF-8."),
        (HEAD + "Moss\u2028Clinic,503-555-0100,\nB,12,\n", "line 3, phone: "),
        (HEAD + "Moss\x00,503-555-0100,\n", "line 2"),
    ],
)
def test_a_mistake_is_named_by_line_and_column_and_nothing_is_kept(run, written, said):
    assert said in refused(run, written)


def test_all_mistakes_are_told_at_once(run):
    said = refused(run, HEAD + "A,12,\nB,503-555-0100,\nC,13,\n")
    assert "line 2, phone" in said
    assert "line 4, phone" in said


def test_a_clinic_that_is_there_stays_as_it_is(run):
    make_clinic(name="Moss Clinic", slug="other", phone="503-555-0109")
    with pytest.raises(CommandError, match="Another clinic has this name"):
        run(SOUND)
    assert Clinic.objects.get().phone == "503-555-0109"


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_clinics", tmp_path / "none.csv")
