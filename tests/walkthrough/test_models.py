"""What a walkthrough, a step and a check may be, said by forms and held by the database."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from psychoplastogens.walkthrough.models import Check, Step, Walkthrough
from tests.factories import CHECK, make_walkthrough

pytestmark = pytest.mark.django_db
WRONG = {
    "c without its explanation": {"c": "Three"},
    "an explanation of nothing": {"d_because": "Why."},
    "d without c": {"d": "Four", "d_because": "Why."},
    "an answer that is not given": {"right": "c"},
    "a letter too far": {"right": "e"},
    "no second answer": {"b": "", "b_because": ""},
    "an answer without its explanation": {"a_because": ""},
}


@pytest.fixture
def step(db):
    return make_walkthrough({}).steps.get()


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_an_unsound_check_is_refused_by_forms_and_by_the_database(step, wrong):
    check = Check(step=step, **CHECK | wrong)
    with pytest.raises(ValidationError):
        check.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        check.save()


def test_a_check_may_have_two_to_four_answers(step):
    check = Check(step=step, **CHECK)
    check.full_clean()
    assert check.answers == [("a", "A gate"), ("b", "A pump")]
    for letter in "cd":
        setattr(check, letter, letter.upper())
        setattr(check, f"{letter}_because", "Why.")
        check.right = letter
        check.full_clean()
    assert len(check.answers) == 4


def test_a_step_has_one_check_at_most(step):
    Check.objects.create(step=step, **CHECK)
    second = Check(step=step, **CHECK)
    with pytest.raises(ValidationError, match="one check at most"):
        second.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_only_an_answer_that_is_offered_is_explained(step):
    check = Check(step=step, **CHECK)
    assert check.because("a") == "Yes, a gate."
    assert check.because("c") == check.because("right") == check.because("") == ""


def test_the_words_of_a_check_must_be_sound_too(step):
    with pytest.raises(ValidationError, match="there is no source “nobody”"):
        Check(step=step, **CHECK | {"a_because": "Yes.[^nobody]"}).full_clean()


def test_a_scene_must_be_there(step):
    step.scene = "no-such-scene"
    with pytest.raises(ValidationError, match="There is no scene “no-such-scene”. There are: bdnf"):
        step.full_clean()


def test_a_part_to_stress_must_be_in_the_scene(step):
    step.scene, step.highlight = "ways", "hub dopamine"
    step.full_clean()
    step.highlight = "hub spine"
    with pytest.raises(ValidationError, match="no part “spine”. It has: brake, resting, trkb"):
        step.full_clean()


@pytest.mark.parametrize("slug", ["all", "fragment", "3"])
def test_a_step_cannot_take_an_address_of_the_site(step, slug):
    step.slug = slug
    with pytest.raises(ValidationError, match="uses this address"):
        step.full_clean()


@pytest.mark.parametrize("slug", ["compounds", "search", "about", "help"])
def test_a_walkthrough_cannot_hide_behind_another_page(slug):
    with pytest.raises(ValidationError, match="Another page of the site has this address"):
        Walkthrough(slug=slug, title="T", summary="S.", key_points="- K.").full_clean()


def test_two_steps_cannot_share_an_address(step):
    fields = {"title": "T", "scene": "ways", "plain": "P", "caption": "C", "alt": "A"}
    twin = Step(walkthrough=step.walkthrough, slug=step.slug, **fields)
    with pytest.raises(ValidationError, match="cannot share an address"):
        twin.full_clean()


def test_what_was_seen_begins_with_people_and_leaves_out_what_is_empty(step):
    step.seen_in_cells, step.seen_in_people = "In a dish.", "Not seen in people."
    assert step.seen == [("people", "Not seen in people."), ("cells", "In a dish.")]
