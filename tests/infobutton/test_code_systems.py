"""How codes look, and what their check digits say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psychoplastogens.infobutton.code_systems import (
    CODE_SYSTEMS,
    CODE_SYSTEMS_BY_KEY,
    MAX_CODE_LENGTH,
    find_code_system,
    simplify_system_name,
)


@pytest.mark.parametrize("system", CODE_SYSTEMS, ids=lambda system: system.key)
def test_an_example_is_sound_and_every_name_leads_here(system):
    assert system.is_valid_code(system.normalize(system.example))
    for name in (*system.oids, *(f"urn:oid:{oid}" for oid in system.oids), system.key):
        assert find_code_system(name) is system
    for alias in system.aliases:
        for spelling in (
            f"http://{alias}",
            f"https://www.{alias}/",
            alias.upper(),
            f" {alias}|2026",
        ):
            assert find_code_system(spelling) is system
    for name in (system.name, system.short, system.name.lower().replace(" ", "_")):
        assert find_code_system(name) is system


def test_no_two_systems_share_a_name():
    names = [
        simplify_system_name(name)
        for system in CODE_SYSTEMS
        for name in {simplify_system_name(n) for n in (*system.oids, *system.aliases, system.name)}
    ]
    assert len(names) == len(set(names))
    assert all(names)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ICD-10-CM", "icd-10-cm"),
        ("icd10cm", "icd-10-cm"),
        ("I10C", "icd-10-cm"),
        ("ICD 10 CM", "icd-10-cm"),
        ("urn:oid:2.16.840.1.113883.6.90", "icd-10-cm"),
        ("OID:2.16.840.1.113883.6.90", "icd-10-cm"),
        ("http://hl7.org/fhir/sid/icd-10-cm|2026", "icd-10-cm"),
        ("ICD10", "icd-10"),
        ("ICD-9", "icd-9-cm"),
        ("SNOMED-CT", "snomed-ct"),
        ("snomed ct", "snomed-ct"),
        ("http://snomed.info/sct|http://snomed.info/sct/731000124108", "snomed-ct"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "rxnorm"),
        ("https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "hcpcs"),
        ("2.16.840.1.113883.6.14", "hcpcs"),
        ("CPT-4", "cpt"),
    ],
)
def test_a_system_is_known_in_every_usual_spelling(name, key):
    assert find_code_system(name).key == key


@pytest.mark.parametrize("name", ["", "-", "urn:oid:", "http://", "1.2.3", "ICD", "undefined", "|"])
def test_what_names_no_system_is_none(name):
    assert find_code_system(name) is None


@pytest.mark.parametrize(
    ("sent", "codes"),
    [
        ("5045802802", ("50458002802", "05045802802")),
        ("0517029710", ("00517029710", "05170029710", "05170297100")),
        ("50458002802", ("50458002802",)),
        ("050458002802", ("50458002802",)),
        ("050458-0028-02", ("50458002802",)),
        ("50458-028", ("504580028",)),
        ("0517-0297", ("005170297",)),
        ("504580028", ("504580028",)),
        ("123", ()),
        ("", ()),
    ],
)
def test_a_drug_code_is_read_with_hyphens_or_without_and_with_ten_digits(sent, codes):
    assert set(CODE_SYSTEMS_BY_KEY["ndc"].read_codes(sent)) >= set(codes)
    assert bool(CODE_SYSTEMS_BY_KEY["ndc"].read_codes(sent)) == bool(codes)


def test_a_package_is_held_by_its_product_and_an_icd_code_by_shorter_ones():
    assert list(CODE_SYSTEMS_BY_KEY["ndc"].iter_ancestors("50458002802"))[1:] == ["504580028"]
    assert list(CODE_SYSTEMS_BY_KEY["ndc"].iter_ancestors("504580028")) == ["504580028"]
    assert list(CODE_SYSTEMS_BY_KEY["icd-9-cm"].iter_ancestors("296.33"))[1:] == ["296.3", "296"]


@pytest.mark.parametrize(
    ("key", "sent", "code"),
    [
        ("icd-10-cm", " f3341 ", "F33.41"),
        ("icd-10-cm", "F33", "F33"),
        ("icd-10-cm", "R45.851", "R45.851"),
        ("icd-9-cm", "2963", "296.3"),
        ("icd-9-cm", "V6284", "V62.84"),
        ("ndc", "0517-0297-10", "00517029710"),
        ("ndc", "50458-028-02", "50458002802"),
        ("ndc", "50458-0028-2", "50458002802"),
        ("ndc", "50458002802", "50458002802"),
        ("atc", "n01ax03", "N01AX03"),
        ("loinc", "44261-6", "44261-6"),
    ],
)
def test_a_code_has_one_normal_form(key, sent, code):
    system = CODE_SYSTEMS_BY_KEY[key]
    assert system.normalize(sent) == code
    assert system.is_valid_code(code)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        *(("icd-10-cm", code) for code in ("", "F3", "33", "F33.", "F33.12345", "F33..1", "FF3")),
        *(("snomed-ct", code) for code in ("370143001", "0370143000", "35489", "3701430OO")),
        *(("rxnorm", code) for code in ("0", "06130", "12345678", "555-0100", "٣")),
        *(("ndc", code) for code in ("5551234567", "555-123-4567", "1" * 12)),
        *(("loinc", code) for code in ("44261-7", "442616", "-6")),
        *(("unii", code) for code in ("690G0D6V8I", "690G0D6V8", "690g0d6v8h")),
        *(("atc", code) for code in ("N01", "N01AX3", "X01AX03")),
        *(("mesh", code) for code in ("D1", "X000001")),
    ],
)
def test_what_is_no_code_is_told(key, code):
    assert not CODE_SYSTEMS_BY_KEY[key].is_valid_code(code)


@pytest.mark.parametrize("key", ["snomed-ct", "loinc", "unii"])
def test_one_wrong_letter_is_noticed(key):
    """What the three check digits are for; the last letter is the check itself."""
    system = CODE_SYSTEMS_BY_KEY[key]
    code = system.normalize(system.example)
    for place, letter in enumerate(code):
        if letter.isdigit() and key != "unii" or place == 0:
            wrong = code[:place] + str((int(letter) + 1) % 10) + code[place + 1 :]
            assert not system.is_valid_code(wrong), wrong


@given(st.text(max_size=200))
def test_any_text_has_a_normal_form_and_only_short_ones_are_sound(text):
    for system in CODE_SYSTEMS:
        code = system.normalize(text)
        if system.is_valid_code(code):
            assert len(code) <= MAX_CODE_LENGTH
            assert code.isascii()
            assert list(system.iter_ancestors(code))[0] == code


@given(st.text(max_size=80))
def test_any_name_of_a_system_is_one_or_none(text):
    assert find_code_system(text) in (None, *CODE_SYSTEMS)
