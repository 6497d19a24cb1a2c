"""A problem is found by its name as record systems write it, and by nothing that denies it."""

import pytest

from psychoplastogens.infobutton import recorded_names
from tests.factories import make_compound, make_condition
from tests.infobutton.infobutton_client import ICD, JSON, RXNORM, SNOMED, ask, criterion, titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pages():
    make_compound(slug="ketamine", other_names=["Ketalar", "(R,S)-ketamine"])
    make_condition(
        slug="mdd",
        name="Major depressive disorder",
        short_name="MDD",
        other_names=["major depression", "depression"],
    )
    make_condition(
        slug="ptsd",
        name="PTSD",
        short_name="PTSD",
        other_names=["post-traumatic stress disorder", "posttraumatic stress disorder"],
    )
    make_condition(slug="ocd", name="Obsessive-compulsive disorder", short_name="")


def named(client, name, system=SNOMED):
    """The pages that are found, without who to call, which some of these words need first."""
    found = titles(ask(client, criterion(system=system, dn=name) | JSON))
    return [title for title in found if title != "Help now: who to call"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Major depressive disorder (disorder)", "Major depressive disorder"),
        ("MAJOR DEPRESSIVE DISORDER", "Major depressive disorder"),
        ("Major depressive disorder, recurrent, moderate", "Major depressive disorder"),
        (
            "Major depressive disorder, single episode, severe without psychotic features",
            "Major depressive disorder",
        ),
        ("Major depressive disorder, recurrent, in partial remission", "Major depressive disorder"),
        ("Severe recurrent major depression (disorder)", "Major depressive disorder"),
        ("Depression, unspecified", "Major depressive disorder"),
        ("Depression NOS", "Major depressive disorder"),
        ("Major depression in full remission (disorder)", "Major depressive disorder"),
        ("Moderate major depression, single episode (disorder)", "Major depressive disorder"),
        ("PTSD (post-traumatic stress disorder)", "PTSD"),
        ("Post-traumatic stress disorder (PTSD)", "PTSD"),
        ("Post-traumatic stress disorder (PTSD), chronic", "PTSD"),
        ("Chronic post-traumatic stress disorder (disorder)", "PTSD"),
        ("Posttraumatic stress disorder, delayed onset (disorder)", "PTSD"),
        ("OCD (obsessive compulsive disorder)", "Obsessive-compulsive disorder"),
        ("MDD (major depressive disorder)", "Major depressive disorder"),
        ("Ketamine (substance)", "Ketamine"),
        ("Product containing ketamine (medicinal product)", "Ketamine"),
    ],
)
def test_a_name_of_a_record_leads_to_its_page(client, name, found):
    assert named(client, name) == [found]
    assert named(client, name, "1.2.3.4") == [found]


@pytest.mark.parametrize("system", [SNOMED, ICD, "1.2.3.4"])
@pytest.mark.parametrize(
    "name",
    [
        "Family history of PTSD",
        "FH: depression",
        "Family history: Major depressive disorder (situation)",
        "History of major depression (situation)",
        "Rule out PTSD",
        "R/O PTSD",
        "PTSD, rule out",
        "PTSD (rule out)",
        "PTSD (ruled out)",
        "PTSD (not present)",
        "PTSD - denies",
        "PTSD (-)",
        "PTSD?",
        "? PTSD",
        "¬ PTSD",
        "No depression",
        "Depression, no",
        "Not depression",
        "Denies depression",
        "Depression absent",
        "Possible PTSD",
        "At risk for depression (finding)",
        "Depression screening (procedure)",
        "Negative depression screening (finding)",
        "Fear of depression",
        "Depression (family history)",
        "Depression, family history",
        "Depression of ST segment (finding)",
        "Respiratory depression (disorder)",
        "Postpartum depression (disorder)",
        "Allergy to ketamine (finding)",
        "Ketamine allergy (disorder)",
        "Accidental poisoning by ketamine (event)",
        "Severe",
        "with",
        "(disorder)",
        "()",
    ],
)
def test_what_is_denied_doubted_or_of_somebody_else_stays_out(client, name, system):
    assert named(client, name, system) == []


def test_a_medicine_is_found_within_a_longer_name_as_before(client):
    assert named(client, "Ketalar 50 MG/ML Injectable Solution", RXNORM) == ["Ketamine"]


def test_a_long_name_takes_no_time(client):
    assert named(client, "(" * 300) == []
    assert named(client, "recurrent " * 29 + "PTSD") == ["PTSD"]
    assert len(list(recorded_names.iter_plain_names("mild " * 60))) <= 4
