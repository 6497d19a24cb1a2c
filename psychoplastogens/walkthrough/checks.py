"""Are the pictures of a walkthrough there for those who cannot see them?"""

from __future__ import annotations

from collections.abc import Iterator

from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Problem, error, register_check, warning
from psychoplastogens.walkthrough.models import Step, Walkthrough

MIN_DESCRIPTION_WORDS = 8


@register_check(Walkthrough)
def check_pictures(walkthrough: Walkthrough) -> Iterator[Problem]:
    """The first picture and that of each step: in words, and a line under it."""
    steps = list(walkthrough.steps.order_by("order", "pk"))
    if not steps:
        yield error(CheckRule.PICTURES, "steps", "There are no steps. Add the first.")
    if walkthrough.scene:
        yield from _check_picture(walkthrough, "", "opening")
    for step in steps:
        yield from _check_picture(step, f"steps[{step.slug}].", "caption")


def _check_picture(pictured: Walkthrough | Step, path: str, line: str) -> Iterator[Problem]:
    """`line` is the field of what stands under the picture."""
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
    if not getattr(pictured, line).strip():
        message = "Write one line under the picture, with its source."
        yield error(CheckRule.PICTURES, path + line, message, pictured.title)
