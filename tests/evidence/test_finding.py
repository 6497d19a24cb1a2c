"""A number that cannot be is refused, and every form of a number is made from one record."""

from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from psychoplastogens.editorial.models import Status
from psychoplastogens.evidence.models import Finding
from tests.factories import make_finding, make_source

ARMS = ["treatment", "comparator"]
IMPOSSIBLE = {
    "more than 100 of 100": ({"_per100": 101, "_events": None}, "less than or equal to 100"),
    "out of nobody": ({"_total": 0, "_events": None}, "at least 1 person"),
    "out of nobody, and nobody": ({"_total": 0, "_events": 0}, "at least 1 person"),
    "more events than people": ({"_total": 20, "_events": 21, "_per100": 100}, "more events"),
    "a count that the events do not give": ({"_total": 100, "_events": 50, "_per100": 52}, "fit"),
    "rounded down too far": ({"_total": 3, "_events": 2, "_per100": 66}, "does not fit"),
    "rounded up too far": ({"_total": 3, "_events": 1, "_per100": 34}, "does not fit"),
    "nobody as one": ({"_total": 300, "_events": 0, "_per100": 1}, "does not fit"),
}


@pytest.fixture
def source(db):
    return make_source()


def finding(source, **fields):
    """A finding that no database has seen."""
    made = make_finding(source=source, status=Status.DRAFT)
    made.delete()
    made = Finding(**{f.attname: getattr(made, f.attname) for f in Finding._meta.concrete_fields})
    for name, value in fields.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize(("wrong", "said"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_impossible_number_is_refused_with_a_message(source, arm, wrong, said):
    made = finding(source, **{arm + name: value for name, value in wrong.items()})
    with pytest.raises(ValidationError) as caught:
        made.full_clean()
    said_of = [
        f"{field} {message}"
        for field, messages in caught.value.message_dict.items()
        for message in messages
    ]
    assert any(said in words and arm in words for words in said_of)


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("wrong", [wrong for wrong, _ in IMPOSSIBLE.values()], ids=IMPOSSIBLE)
def test_an_impossible_number_is_refused_by_the_database(source, arm, wrong):
    wrong = {arm + name: value for name, value in wrong.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.bulk_create([finding(source, **wrong)])
    made = make_finding(source=source)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=made.pk).update(**wrong)


@pytest.mark.parametrize("field", [f"{a}_{n}" for a in ARMS for n in ("total", "per100", "events")])
def test_a_negative_number_is_refused(source, field):
    made = make_finding(source=source)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE evidence_finding SET {field} = -1")
    setattr(made, field, -1)
    with pytest.raises(ValidationError):
        made.full_clean()


@pytest.mark.parametrize("field", ["comparator", "timeframe", "when", "happened"])
def test_a_number_without_its_comparison_and_time_is_refused(source, field):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_finding(source=source, **{field: ""})
    with pytest.raises(ValidationError) as caught:
        finding(source, **{field: ""}).full_clean()
    assert field in caught.value.message_dict


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize(
    ("events", "total", "per_100"),
    [(1, 8, 12), (1, 8, 13), (1, 200, 0), (1, 200, 1), (199, 200, 99), (199, 200, 100)],
)
def test_a_half_may_be_rounded_either_way(source, arm, events, total, per_100):
    numbers = {"_events": events, "_total": total, "_per100": per_100}
    made = finding(source, **{arm + name: value for name, value in numbers.items()})
    made.full_clean()
    made.save()


def test_a_share_without_events_may_be_any_share(source):
    for share in (0, 1, 99, 100):
        make_finding(source=source, treatment_events=None, treatment_per100=share)
    assert Finding.objects.count() == 4


def test_a_finding_keeps_its_source(source):
    make_finding(source=source)
    with pytest.raises(IntegrityError):
        source.delete()


class TestRounding(TestCase):
    """Whatever the numbers, the database and the form take exactly the roundings."""

    @settings(max_examples=50, deadline=None)
    @given(st.data())
    def test_the_constraint_accepts_exactly_the_roundings(self, data):
        total = data.draw(st.integers(1, 2_000) | st.integers(1, 1_000_000))
        events = data.draw(st.integers(0, total))
        exact = Fraction(100 * events, total)
        per_100 = data.draw(st.integers(0, 100) | st.integers(int(exact), min(100, int(exact) + 1)))
        fits = abs(per_100 - exact) <= Fraction(1, 2)
        made = finding(
            make_source(),
            treatment_total=total,
            treatment_events=events,
            treatment_per100=per_100,
        )
        assert _accepted(made.full_clean) == fits
        assert _accepted(lambda: Finding.objects.bulk_create([made])) == fits


def _accepted(change):
    try:
        with transaction.atomic():
            change()
    except (IntegrityError, ValidationError):
        return False
    return True


def test_the_sentences_hold_time_comparator_and_both_numbers(source):
    assert finding(source).sentence == (
        "After 4 weeks, 69 out of 100 people on the spray had their depression at least halved. "
        "Of 100 people on a spray without the drug, this was so for 52."
    )


def test_what_both_groups_had_is_said_once(source):
    made = finding(source, both_groups="Everyone also took a pill.")
    assert made.sentence.endswith("this was so for 52. Everyone also took a pill.")
    assert made.sentence.count("pill") == 1


def test_sentence_picture_table_and_other_side_agree(source):
    made = finding(source, treatment_per100=7, treatment_events=None, comparator_per100=93)
    assert [(count, total) for count, _, total, _ in made.arms] == [(7, 101), (93, 100)]
    assert (made.treated, made.compared) == ("7 out of 100", "93 out of 100")
    assert made.treated in made.sentence
    assert "this was so for 93." in made.sentence
    assert made.otherwise == "For the other 93 (and 7), this was not so."


def test_numbers_in_words_are_grouped_by_no_separator(source):
    """A total of 1,000 people must not become 1 in a template that localises numbers."""
    assert finding(source, treatment_total=12_345).arms[0][2] == 12_345
