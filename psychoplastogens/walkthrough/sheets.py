"""What the handout of a walkthrough holds, in the order of its page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from psychoplastogens.content.rendering.handout_sheet import (
    Block,
    CitationMark,
    MarkdownText,
    SceneDrawing,
    Sheet,
    build_fact_table,
    build_heading,
    build_plain_and_more,
    build_text_block,
    build_titled_section,
)
from psychoplastogens.evidence.models import SpineChange
from psychoplastogens.walkthrough.models import Guess, Step, Walkthrough
from psychoplastogens.walkthrough.scene_picture import ScenePicture
from psychoplastogens.walkthrough.templatetags.walkthrough_tags import scene


def build_walkthrough_sheet(walkthrough: Walkthrough, more: bool = False) -> Sheet:
    """All steps, each with its picture. Needs `with_page_data()`."""
    blocks = _build_states(ScenePicture(walkthrough))
    blocks += build_titled_section(_("In short"), MarkdownText(walkthrough.key_points))
    number = 0
    for step in walkthrough.steps.all():
        number += not step.side_path
        title = step.title if step.side_path else f"{number}. {step.title}"
        plate = _("Side plate.") if step.side_path else _("Plate %(n)s.") % {"n": number}
        blocks += [build_heading(title), *_build_step(step, plate, more)]
    title, lead = walkthrough.title, walkthrough.summary
    return Sheet(walkthrough, walkthrough, title, lead, blocks=blocks)


def build_short_walkthrough_sheet(walkthrough: Walkthrough) -> Sheet:
    """Its points, and the picture and title of each step. Needs `with_steps()`."""
    blocks = build_titled_section(_("In short"), MarkdownText(walkthrough.key_points))
    steps = [step for step in walkthrough.steps.all() if not step.side_path]
    pictures = [
        drawn
        for number, step in enumerate(steps, start=1)
        if (drawn := _draw(ScenePicture(step).last, f"{number}. {step.title}"))
    ]
    if pictures:
        drawn = {"kind": "pictures", "of": pictures}
        blocks += build_titled_section(_("Step by step"), drawn)
    title, lead = walkthrough.title, walkthrough.summary
    return Sheet(walkthrough, walkthrough, title, lead, blocks=blocks)


def _build_step(step: Step, plate: str, more: bool) -> list[Any]:
    subjects = {"people": _("In people"), "animals": _("In animals"), "cells": _("In cells")}
    detail = build_plain_and_more(step.plain, step.more if more else "")[1:]
    picture = ScenePicture(step)
    blocks = [*_build_plate(picture, plate), *detail, *_build_guess(step.guess)]
    if step.seen:
        blocks.append(build_heading(_("What has been seen"), 2))
        blocks.append(
            build_fact_table((subjects[name], [MarkdownText(text)]) for name, text in step.seen)
        )
    if step.studies:
        blocks.append(build_heading(_("What studies in animals counted"), 2))
        blocks.append(_build_count_table(step.studies))
    return blocks


def _build_guess(guess: Guess | None) -> list[Any]:
    """A question with its number: paper asks and answers at once."""
    if not guess or not guess.source:
        return []
    answer = build_text_block(guess.sentence, CitationMark(guess.source.slug))
    return [build_heading(guess.question, 2), answer, MarkdownText(guess.afterword)]


def _build_plate(picture: ScenePicture, plate: str) -> list[Any]:
    """The picture of a step beside its words, or all its states above them.

    The words alone where its file is gone.
    """
    step = picture.pictured
    drawing = scene(step, picture=picture)
    if not drawing:
        return [MarkdownText(step.plain)]
    caption, words = [MarkdownText(f"**{plate}** {step.caption}")], [MarkdownText(step.plain)]
    if picture.states:
        return [*_build_states(picture), *caption, *words]
    svg = SceneDrawing(drawing)
    return [{"kind": "plate", "svg": svg, "alt": step.alt, "caption": caption, "of": words}]


def _build_states(picture: ScenePicture) -> list[Any]:
    """A picture in all its states, and what is said to each; [] where it has none."""
    states = [(picture.in_state(state), state) for state in picture.states]
    drawn = [one for shown, state in states if (one := _draw(shown, state.label))]
    if not drawn:
        return []
    said = ((state.label, [MarkdownText(state.sentence)]) for state in picture.states)
    return [{"kind": "pictures", "of": drawn}, build_fact_table(said)]


def _draw(picture: ScenePicture, title: str) -> Block | None:
    """One of several pictures in a row; None where its file is gone."""
    drawing = scene(picture.pictured, picture=picture)
    svg = SceneDrawing(drawing)
    return {"svg": svg, "alt": picture.in_words, "title": title} if drawing else None


def _build_count_table(studies: list[SpineChange]) -> Block:
    """The counts of the growth figure as a table."""
    rows = []
    for study in studies:
        what = f"{study.study}, {study.get_animal_display()}, {study.brain_area}"
        rows.append(
            [
                [study.time_in_words],
                [what, CitationMark(study.source.slug)],
                [study.change_in_words],
                [study.compared_with],
            ]
        )
    head = [_("When"), _("Study"), _("Change"), _("Compared with")]
    return {"kind": "table", "head": head, "rows": rows}
