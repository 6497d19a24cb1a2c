"""What a walkthrough on one page shows, by the names that its template uses."""

from __future__ import annotations

from typing import Any

from psychoplastogens.content.pages import Prose
from psychoplastogens.walkthrough import growth
from psychoplastogens.walkthrough.models import Step, Walkthrough
from psychoplastogens.walkthrough.way import Way


def walkthrough_all(walkthrough: Walkthrough, depth: str = "") -> dict[str, Any]:
    """Needs `with_steps()`."""
    steps = list(walkthrough.steps.all())
    texts = [walkthrough.key_points] + [text for step in steps for text in texts_of(step)]
    studies = [study for step in steps for study in step.studies]
    return {
        "walkthrough": walkthrough,
        "way": Way(steps),
        "prose": Prose(texts, also=[study.source.slug for study in studies]),
        "moments": growth.MOMENTS,
        "depth": depth,
    }


def texts_above_checks(step: Step) -> list[str]:
    """The prose of a step down to its questions, in the order of its page."""
    return [step.caption, step.plain, step.more, *(text for _, text in step.seen)]


def texts_of(step: Step) -> list[str]:
    """All prose of a step in the order of its page."""
    return texts_above_checks(step) + [
        text for check in step.checks.all() for text in check.prose_texts()
    ]
