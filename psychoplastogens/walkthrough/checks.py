"""Are its pictures there for those who cannot see them, and what it asks to guess answered?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Problem, error, register_check, warning
from psychoplastogens.evidence.models import Finding
from psychoplastogens.walkthrough import scenes
from psychoplastogens.walkthrough.models import Guess, OpeningState, SceneState, Step, Walkthrough

MIN_DESCRIPTION_WORDS = 8


@register_check(Walkthrough)
def check_pictures(walkthrough: Walkthrough) -> Iterator[Problem]:
    """The first picture and that of each step: in words, and a line under it."""
    steps = list(walkthrough.steps.order_by("order", "pk").prefetch_related("states"))
    states = list(walkthrough.states.all())
    if not steps:
        yield error(CheckRule.PICTURES, "steps", "There are no steps. Add the first.")
    if walkthrough.scene:
        yield from _check_picture(walkthrough, "", "" if states else "opening")
    yield from _check_states(states, walkthrough.scene, "")
    for step in steps:
        path = f"steps[{step.slug}]."
        yield from _check_picture(step, path, "caption")
        yield from _check_states(list(step.states.all()), step.scene, path)


def _check_picture(pictured: Walkthrough | Step, path: str, line: str) -> Iterator[Problem]:
    """`line` is the field of what stands under the picture; '' where its states say that."""
    alt = " ".join(pictured.alt.split())
    if not alt:
        message = "Say in words all that the picture shows, for those who cannot see it."
        yield error(CheckRule.PICTURES, path + "alt", message, pictured.title)
    elif len(alt.split()) < MIN_DESCRIPTION_WORDS:
        message = "A few words are not a picture. Say all that it shows, labels among it."
        yield warning(CheckRule.PICTURES, path + "alt", message, alt)
    elif alt.lower().startswith(("picture of", "image of", "a picture of", "an image of")):
        message = "Begin with what is seen: that it is a picture is said by itself."
        yield warning(CheckRule.PICTURES, path + "alt", message, alt)
    if line and not getattr(pictured, line).strip():
        message = "Write one line under the picture, with its source."
        yield error(CheckRule.PICTURES, path + line, message, pictured.title)


@register_check(Walkthrough)
def check_guesses(walkthrough: Walkthrough) -> Iterator[Problem]:
    """Each guess: a number that answers it, among those to choose from; harms as benefits."""
    guesses = list(Guess.objects.asked_in(walkthrough))
    for guess in guesses:
        yield from _check_guess(guess, f"steps[{guess.step.slug}].guesses[1].")
    kinds = [guess.finding.kind for guess in guesses if guess.finding]
    if kinds.count(Finding.Kind.BENEFIT) > kinds.count(Finding.Kind.HARM):
        message = "Readers guess more benefits than harms. Let them guess as many of each."
        yield warning(CheckRule.BALANCE, "steps", message)


def _check_guess(guess: Guess, path: str) -> Iterator[Problem]:
    if guess.answer is None:
        message = "No number answers this, so readers do not see it. Choose one, or take it out."
        yield error(CheckRule.CITED, path + "finding", message, guess.question)
    elif guess.numbers and not guess.numbers[0] <= guess.answer <= guess.numbers[-1]:
        message = f"{guess.answer} lies beyond the numbers to choose from: nobody can come near."
        yield warning(CheckRule.BALANCE, path + "choices", message, guess.choices)


def _check_states(
    states: Sequence[SceneState | OpeningState], scene: str, path: str
) -> Iterator[Problem]:
    """Two states at least, each with its words, and of a scene that has what they hide."""
    if len(states) == 1:
        message = "One state is no choice. Add another, or take this one away."
        yield error(CheckRule.PICTURES, path + "states", message, states[0].label)
    for state in states:
        place = f"{path}states[{state.slug}]."
        if len(state.alt.split()) < MIN_DESCRIPTION_WORDS:
            message = "Say in words all that is seen in this state."
            yield warning(CheckRule.PICTURES, place + "alt", message, state.alt)
        for name in state.PARTS:
            if strange := scenes.find_strange_part(scene, getattr(state, name)):
                yield error(CheckRule.PICTURES, place + name, strange)
