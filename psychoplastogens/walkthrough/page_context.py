"""Template contexts of walkthroughs."""

from __future__ import annotations

from typing import Any

from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.walkthrough import growth_figure, schema_org
from psychoplastogens.walkthrough.card_order import CardOrder
from psychoplastogens.walkthrough.chain import Chain
from psychoplastogens.walkthrough.clock import Clock
from psychoplastogens.walkthrough.models import ChainLink, Step, Walkthrough
from psychoplastogens.walkthrough.navigation import StepSequence
from psychoplastogens.walkthrough.scene_picture import ScenePicture


def get_walkthrough_context(
    walkthrough: Walkthrough, depth: str = "", state: str = ""
) -> dict[str, Any]:
    """The page that it begins on, its picture in a state. Needs `with_page_data()`."""
    told = Chain((link for link in walkthrough.links.all() if not link.beside), lens="people")
    sentences = [link.sentence for link in told.links]
    picture = ScenePicture(walkthrough, state, depth="depth=more" if depth == "more" else "")
    opening = get_opening_texts(picture)
    prose = ProseRenderer([*opening, walkthrough.key_points, *sentences])
    return {
        "walkthrough": walkthrough,
        "picture": picture,
        "told": told,
        "way": StepSequence(walkthrough.steps.all()),
        "prose": prose,
        "depth": depth,
        "structured": schema_org.describe_walkthrough(walkthrough),
    }


def get_opening_context(walkthrough: Walkthrough, state: str) -> dict[str, Any]:
    """The first picture in a state. Needs `with_opening()`."""
    picture = ScenePicture(walkthrough, state)
    prose = ProseRenderer(get_opening_texts(picture))
    return {"walkthrough": walkthrough, "picture": picture, "prose": prose}


def get_opening_texts(picture: ScenePicture) -> list[str]:
    """What stands under the first picture, in all its states."""
    return [picture.pictured.opening, *(state.sentence for state in picture.states)]


def get_whole_walkthrough_context(walkthrough: Walkthrough, depth: str = "") -> dict[str, Any]:
    """Needs `with_page_data()`."""
    steps = list(walkthrough.steps.all())
    opening = get_opening_texts(ScenePicture(walkthrough))
    texts = [*opening, walkthrough.key_points] + [
        text for step in steps for text in get_step_texts(step)
    ]
    return {
        "walkthrough": walkthrough,
        "way": StepSequence(steps),
        "prose": ProseRenderer(texts, also=[s for step in steps for s in get_number_sources(step)]),
        "moments": growth_figure.MOMENTS,
        "depth": depth,
    }


def get_chain_context(walkthrough: Walkthrough, without: str, lens: str) -> dict[str, Any]:
    """The chain with a link taken away, or seen through a lens. Needs `with_chain()`."""
    links = list(walkthrough.links.all())
    texts = [text for link in links for text in get_link_texts(link)]
    return {
        "walkthrough": walkthrough,
        "chain": Chain(links, without, lens),
        "prose": ProseRenderer(texts),
    }


def get_clock_context(walkthrough: Walkthrough, at: str) -> dict[str, Any]:
    """The clock of its guide at one time. Needs `with_clock()`, and a guide."""
    guide = walkthrough.guide
    assert guide is not None
    clock = Clock(guide.moments.all(), walkthrough.steps.all(), walkthrough.links.all(), at)
    texts = [text for visit in clock.visits for text in visit.prose_texts()]
    seen = [text for step in clock.steps for _, text in step.seen]
    return {
        "walkthrough": walkthrough,
        "clock": clock,
        "prose": ProseRenderer([*texts, *seen, guide.key_points]),
    }


def get_cards_context(walkthrough: Walkthrough, order: str) -> dict[str, Any]:
    """The cards of the chain as a reader puts them in order. Needs `with_chain()`."""
    cards = CardOrder(walkthrough.links.all(), order)
    texts = [card.sentence for card in cards.story]
    return {"walkthrough": walkthrough, "cards": cards, "prose": ProseRenderer(texts)}


def get_link_texts(link: ChainLink) -> list[str]:
    """All prose of a link, in page order."""
    results = [text for one in link.experiments.all() for text in one.prose_texts()]
    return link.prose_texts() + results


def get_walkthrough_frame_context(walkthrough: Walkthrough) -> dict[str, Any]:
    """Needs `with_steps()`."""
    return {
        "way": StepSequence(walkthrough.steps.all()),
        "prose": ProseRenderer([walkthrough.key_points]),
    }


def get_step_frame_context(step: Step) -> dict[str, Any]:
    """`step` is one of the steps of a walkthrough `with_steps()`."""
    return {
        "step": step,
        "place": StepSequence(step.walkthrough.steps.all()).get_position(step),
        "picture": ScenePicture(step),
        "prose": ProseRenderer(get_step_texts(step), also=get_number_sources(step), heading=2),
    }


def get_number_sources(step: Step) -> list[str]:
    """The slugs of the sources of its numbers: that to guess, and the counts of spines."""
    guessed = [step.guess.source.slug] if step.guess else []
    return guessed + [study.source.slug for study in step.studies]


def get_texts_before_guess(step: Step) -> list[str]:
    """The prose of a step above what it asks readers to guess, in page order."""
    states = [state.sentence for state in step.states.all()]
    return [*states, step.caption, step.plain, step.more]


def get_texts_before_checks(step: Step) -> list[str]:
    """The prose of a step above its checks, in page order."""
    afterword = [step.guess.afterword] if step.guess else []
    return get_texts_before_guess(step) + afterword + [text for _, text in step.seen]


def get_step_texts(step: Step) -> list[str]:
    """All prose of a step, in page order."""
    return get_texts_before_checks(step) + [
        text for check in step.checks.all() for text in check.prose_texts()
    ]
