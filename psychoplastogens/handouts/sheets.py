"""What a handout of each kind of record holds, in the order of its page.

A Sheet is plain data with Text and Cite in it. It is made of one published record, whose parts
are those that the page of the record shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, Section
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.evidence.models import Finding, SpineChange
from psychoplastogens.handouts import inline_svg
from psychoplastogens.handouts.typst_data import Block, CitationMark, MarkdownText
from psychoplastogens.walkthrough.models import Step, Walkthrough
from psychoplastogens.walkthrough.templatetags.walkthrough_tags import scene

SPOT_VIEW_BOX = "0 0 200 140"
BLANK_LINES = 14
"""Lines to write on."""


@dataclass
class Sheet:
    """One page in a handout.

    `record` is what was reviewed and dated; None for a page without facts. `page` has the address
    of the page: the record itself, or a section of it. `kicker` is what it is a part of, `note` a
    clinic's own words to it. `headed` says that headings stand over its texts; headings in these
    are then one deeper.
    """

    record: Publishable | None
    page: Publishable | Section | None
    title: str
    lead: str = ""
    kicker: str = ""
    note: str = ""
    headed: bool = True
    blocks: list[Any] = field(default_factory=list)


def build_heading(words: str, level: int = 1, spot: str = "") -> Block:
    """A heading; `spot` is a small drawing of static/drawings.svg beside it."""
    drawn = inline_svg.render_symbol("drawings", spot, SPOT_VIEW_BOX) if spot else ""
    return {"kind": "heading", "level": level, "of": [words], "spot": drawn}


def build_titled_section(words: str, *blocks: Any) -> list[Any]:
    return [build_heading(words), *blocks]


def build_fact_table(rows: Iterable[tuple[str, list[Any]]]) -> Block:
    return {"kind": "facts", "rows": [{"label": label, "of": of} for label, of in rows]}


def build_text_block(*parts: Any) -> Block:
    return {"kind": "text", "of": list(parts)}


def build_small_text(words: str) -> Block:
    return {"kind": "small", "of": [words]}


def build_checklist(words: Iterable[str]) -> Block:
    """Lines to tick, with room to write."""
    return {"kind": "ticks", "items": list(words)}


def build_findings_section(pictured: Iterable[Finding]) -> list[Any]:
    pictured = list(pictured)
    if not pictured:
        return []
    how = _(
        "Each figure is one person. Filled figures are the people it happened to. Trials differ: "
        "read each picture on its own."
    )
    drawn = [MarkdownText(f"{{{{finding:{finding.slug}}}}}") for finding in pictured]
    return build_titled_section(_("What happened to 100 people"), build_text_block(how), *drawn)


def build_questions_section(record: Compound | Condition) -> list[Any]:
    if not record.questions:
        return []
    return build_titled_section(_("Ask before you start"), build_checklist(record.questions))


def build_compound_sheet(compound: Compound) -> Sheet:
    """Needs `with_statuses()`."""
    as_of = compound.standing_as_of
    stands = _("%(standing)s. %(note)s As of %(date)s.") % {
        "standing": compound.get_standing_display(),
        "note": compound.standing_note,
        "date": format_month(as_of),
    }
    blocks = [build_small_text(stands), build_small_text(_build_names(compound))]
    blocks += build_titled_section(_("In short"), MarkdownText(compound.key_points))
    blocks += build_titled_section(
        _("At a glance"),
        build_fact_table((label, [MarkdownText(t)]) for label, t in compound.glance),
    )
    for _anchor, title, text in compound.sections:
        blocks += build_titled_section(title, MarkdownText(text))
    blocks += build_questions_section(compound)
    blocks += build_findings_section(
        Finding.objects.published().with_source().pictured_on(compound)
    )
    blocks += _build_standings(compound)
    title = f"{compound.name} ({compound.brand})" if compound.brand else compound.name
    return Sheet(compound, compound, title, compound.summary, blocks=blocks)


def _build_names(compound: Compound) -> str:
    said = [f"{compound.family}."]
    if compound.pronunciation:
        said.append(_("Say %(sound)s.") % {"sound": compound.pronunciation})
    if compound.other_names:
        said.append(_("Also called: %(names)s.") % {"names": ", ".join(compound.other_names)})
    return " ".join(said)


def _build_standings(compound: Compound) -> list[Any]:
    """What each country's regulator says, as far as its source may be shown."""
    countries: dict[str, list[Any]] = {}
    for status in compound.statuses.all():
        if status.source.is_published:
            said = build_text_block(
                {"kind": "bold", "of": [f"{status.get_standing_display()}."]},
                f" {status.text}",
                CitationMark(status.source.slug),
                " " + _("As of %(date)s.") % {"date": format_month(status.as_of)},
            )
            countries.setdefault(status.country, []).append(said)
    return (
        build_titled_section(_("Where it stands, by country"), build_fact_table(countries.items()))
        if countries
        else []
    )


def build_condition_sheet(condition: Condition) -> Sheet:
    """Needs `with_parts()`."""
    blocks = build_titled_section(_("In short"), MarkdownText(condition.key_points))
    for title, text in (
        (_("What it is"), condition.what_it_is),
        (_("How common it is"), condition.how_common),
        (_("Usual treatments"), condition.usual_treatments),
    ):
        blocks += build_titled_section(title, MarkdownText(text))
    blocks += _build_options(condition)
    shown = MarkdownText(condition.what_studies_show)
    blocks += build_titled_section(_("What studies show"), shown, *_build_strengths(condition))
    blocks += build_findings_section(
        Finding.objects.published().with_source().pictured_on(condition)
    )
    blocks += build_titled_section(_("What is not known"), MarkdownText(condition.not_known))
    blocks += build_questions_section(condition)
    if condition.matters:
        blocks += build_titled_section(_("What matters to me"), build_checklist(condition.matters))
    title = condition.name
    if condition.short_name:
        title = f"{title} ({condition.short_name})"
    return Sheet(condition, condition, title, condition.summary, blocks=blocks)


def _build_options(condition: Condition) -> list[Any]:
    blocks = build_titled_section(_("Your options"), build_text_block(condition.choice))
    for option in condition.options.all():
        sides = (
            (_("Good points"), option.good),
            (_("Hard points"), option.hard),
            (_("What it is like"), option.living_with),
        )
        blocks.append(build_heading(option.name, 2))
        blocks.append(
            build_fact_table((label, [MarkdownText(text)]) for label, text in sides if text)
        )
    return blocks


def _build_strengths(condition: Condition) -> list[Block]:
    """How strong the evidence is for each compound, and what these words mean."""
    meaning = _(
        "Strong: two or more large trials, and FDA approval for this use. Moderate: one trial of "
        "about 100 people, or smaller ones that agree. Early: small or open studies. None: no "
        "controlled trial found. Mixed: good trials disagree."
    )
    rows = []
    for row in condition.evidence.all():
        mixed = ", " + _("mixed") if row.mixed else ""
        label = f"{row.label}: {row.get_strength_display()}{mixed}"
        rows.append((label, [MarkdownText(row.text)]))
    return [build_fact_table(rows), build_small_text(meaning)] if rows else []


def build_explainer_sheet(explainer: Explainer, chosen: list[Section], more: bool = False) -> Sheet:
    """The whole guide, or the `chosen` sections of it; `more` adds the detail for who wants it."""
    if len(chosen) == 1:
        return _build_section_sheet(explainer, chosen[0], more)
    sheet = Sheet(explainer, explainer, explainer.title)
    if not chosen:
        sheet.lead = explainer.summary
        sheet.blocks += build_titled_section(_("In short"), MarkdownText(explainer.key_points))
    for section in chosen or explainer.sections.all():
        sheet.blocks.append(build_heading(section.title, spot=section.picture))
        sheet.blocks += _plain_and_more(section, more)
    return sheet


def _build_section_sheet(explainer: Explainer, section: Section, more: bool) -> Sheet:
    sheet = Sheet(explainer, section, section.title, kicker=explainer.title, headed=False)
    sheet.blocks = _plain_and_more(section, more)
    return sheet


def _plain_and_more(part: Section | Step, more: bool) -> list[Any]:
    if not (more and part.more):
        return [MarkdownText(part.plain)]
    return [MarkdownText(part.plain), {"kind": "more", "of": [MarkdownText(part.more)]}]


def build_faq_sheet(faq: Faq) -> Sheet:
    return Sheet(faq, faq, faq.question, headed=False, blocks=[MarkdownText(faq.answer)])


def build_walkthrough_sheet(walkthrough: Walkthrough, more: bool = False) -> Sheet:
    """All steps, each with its picture. Needs `with_steps()`."""
    blocks = build_titled_section(_("In short"), MarkdownText(walkthrough.key_points))
    number = 0
    for step in walkthrough.steps.all():
        number += not step.side_path
        title = step.title if step.side_path else f"{number}. {step.title}"
        plate = _("Side plate.") if step.side_path else _("Plate %(n)s.") % {"n": number}
        blocks += [build_heading(title), *_build_step(step, plate, more)]
    title, lead = walkthrough.title, walkthrough.summary
    return Sheet(walkthrough, walkthrough, title, lead, blocks=blocks)


def build_question_list_sheet() -> Sheet:
    """Room for a reader's own questions."""
    blocks = [
        build_text_block(_("Write down what you want to ask.")),
        {"kind": "room", "lines": BLANK_LINES},
    ]
    return Sheet(None, None, _("My questions for the visit"), blocks=blocks)


def _build_step(step: Step, plate: str, more: bool) -> list[Any]:
    subjects = {"people": _("In people"), "animals": _("In animals"), "cells": _("In cells")}
    blocks = [_build_plate(step, plate), *_plain_and_more(step, more)[1:]]
    if step.seen:
        blocks.append(build_heading(_("What has been seen"), 2))
        blocks.append(
            build_fact_table((subjects[name], [MarkdownText(text)]) for name, text in step.seen)
        )
    if step.studies:
        blocks.append(build_heading(_("What studies in animals counted"), 2))
        blocks.append(_build_count_table(step.studies))
    return blocks


def _build_plate(step: Step, plate: str) -> Any:
    """The picture of a step beside its words; the words alone where its file is gone."""
    drawing = scene(step)
    if not drawing:
        return MarkdownText(step.plain)
    return {
        "kind": "plate",
        "svg": inline_svg.render_print_svg(drawing),
        "alt": step.alt,
        "caption": [MarkdownText(f"**{plate}** {step.caption}")],
        "of": [MarkdownText(step.plain)],
    }


def _build_count_table(studies: list[SpineChange]) -> Block:
    """The counts of the growth figure as a table."""
    rows = []
    for study in studies:
        what = f"{study.study}, {study.get_animal_display()}, {study.brain_area}"
        change = render_to_string("walkthrough/_percent.html", {"study": study})
        rows.append(
            [
                [_format_interval(study)],
                [what, CitationMark(study.source.slug)],
                [" ".join(change.split())],
                [study.compared_with],
            ]
        )
    head = [_("When"), _("Study"), _("Change"), _("Compared with")]
    return {"kind": "table", "head": head, "rows": rows}


def _format_interval(study: SpineChange) -> str:
    if not study.hours:
        return _("Before")
    if study.hours < 120:
        return ngettext("%(n)s hour", "%(n)s hours", study.whole_hours) % {"n": study.whole_hours}
    return ngettext("%(n)s day", "%(n)s days", study.whole_days) % {"n": study.whole_days}


def format_month(day: date) -> str:
    return date_format(day, "F Y")
