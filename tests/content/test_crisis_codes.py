"""Which codes of records speak of suicide, self-harm, an overdose or a poisoning."""

import pytest

from psychoplastogens.content.crisis import ConcernGroup, get_concern_for_code
from psychoplastogens.content.crisis.codes import _snomed
from psychoplastogens.infobutton.code_systems import CODE_SYSTEMS_BY_KEY

ON_PURPOSE = """
    T14.91 T14.91XA T14.91XS X71.0XXA X72.XXXA X73.8XXD X74.01XA X75.XXXA X76.XXXA X77.2XXA X78.1XXA
    X79.XXXA X80.XXXA X81.0XXA X82.8XXA X83.8XXA Z91.5 Z91.51 Z91.52 R45.85 R45.851 R45.88
    T36.0X2A T36.92XA T39.1X2A T39.92XS T40.2X2A T40.422A T40.602D T40.992A T41.292A T42.4X2A
    T43.012A T43.222A T43.92XA T50.A12A T50.Z92A T50.902A T50.912A T51.0X2A T54.92XA T58.02XA
    T59.892A T63.442A T65.222A T65.92XA T71.112A T71.152D T71.162A T71.232A
""".split()
BY_ACCIDENT = """
    T40.1X1A T40.2X4A T40.411A T40.601A T40.991A T40.994A T41.291A T41.294D T41.1X1A T42.4X1A
    T42.4X4A T43.221A T50.901A T50.904A T50.911A T51.0X1A T65.94XA
    T40.603A T39.91XA T40 T40.2 T41.29 T40.9
""".split()
OTHER = """
    T40.2X5A T41.295A T43.225A T40.2X6A T42.4X5S T36.95XA T50.995A F33.2 F32.A R45.86 R45.0 Z91.14
    X58.XXXA X32.XXXA T63.441A T71.111A T71.9XXA S61.512A Y93.A1 T14.8XXA T78.2XXA T66.XXXA Z00.00
""".split()
WHO = "X60 X60.9 X64 X70 X78.1 X84 X84.9 Y87.0 Z91.5 T40.6 X42 X44.9 Y11 Y12.0".split()
ICD_9 = "E950 E950.0 E953.9 E958 E959 V62.84 965.00 969.7 E850.2 E980.4".split()


@pytest.mark.parametrize("code", ON_PURPOSE)
def test_harm_on_purpose_is_known_with_and_without_its_dot_in_any_case(code):
    for written in (code, code.replace(".", ""), code.lower(), f" {code} "):
        concern = get_concern_for_code("icd-10-cm", written)
        assert (concern.group, concern.is_danger) == (ConcernGroup.SELF, True)


@pytest.mark.parametrize("code", BY_ACCIDENT)
def test_an_overdose_by_accident_or_of_unknown_intent_is_known(code):
    assert get_concern_for_code("icd-10-cm", code).group == ConcernGroup.TAKEN


@pytest.mark.parametrize("code", OTHER)
def test_side_effects_too_little_of_a_medicine_and_other_things_are_not(code):
    assert get_concern_for_code("icd-10-cm", code) is None


@pytest.mark.parametrize(
    ("system", "code"), [*(("icd-10", c) for c in WHO), *(("icd-9-cm", c) for c in ICD_9)]
)
def test_the_older_books_are_known_too(system, code):
    assert get_concern_for_code(system, code)
    assert CODE_SYSTEMS_BY_KEY[system].is_valid_code(
        CODE_SYSTEMS_BY_KEY[system].normalize(code.replace(".", ""))
    )


@pytest.mark.parametrize(
    ("system", "code"), [("mesh", "D059020"), ("mesh", "d013405"), ("loinc", "44260-8")]
)
def test_descriptors_and_the_question_of_a_form_are_known(system, code):
    assert get_concern_for_code(system, code).group == ConcernGroup.SELF


@pytest.mark.parametrize(
    ("system", "code"), [("mesh", "D003866"), ("mesh", "D0594051"), ("loinc", "44261-6")]
)
def test_their_neighbors_are_not(system, code):
    assert get_concern_for_code(system, code) is None


def test_a_code_is_known_in_its_own_system_only():
    assert get_concern_for_code("icd-9-cm", "T14.91XA") is None
    assert get_concern_for_code("rxnorm", "82313006") is None
    assert get_concern_for_code("", "X83.8XXA") is None


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("6471006", ConcernGroup.SELF),  # Suicidal thoughts
        ("82313006", ConcernGroup.SELF),  # Suicide attempt
        ("44301001", ConcernGroup.SELF),  # Suicide
        ("248062006", ConcernGroup.SELF),  # Self-injurious behavior
        ("276853009", ConcernGroup.SELF),  # Self inflicted injury
        ("401206008", ConcernGroup.SELF),  # Thoughts of self harm
        ("55680006", ConcernGroup.TAKEN),  # Drug overdose
        ("1149222004", ConcernGroup.TAKEN),  # Overdose
        ("47836003", ConcernGroup.TAKEN),  # Morphine poisoning
    ],
)
def test_snomed_codes_are_known(code, group):
    assert get_concern_for_code("snomed-ct", code).group == group


def test_every_listed_snomed_code_is_sound():
    assert len(_snomed()) > 1_200
    assert [
        code for code in _snomed() if not CODE_SYSTEMS_BY_KEY["snomed-ct"].is_valid_code(code)
    ] == []
    assert get_concern_for_code("snomed-ct", "370143000") is None
