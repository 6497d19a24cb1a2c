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

from psychoplastogens.clinics import drawings
from psychoplastogens.clinics.handouts.writing import Block, Cite, Text
from psychoplastogens.content.models import Compound, Condition, Explainer, Faq, Section
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.evidence.models import Finding, SpineChange
from psychoplastogens.walkthrough.models import Step, Walkthrough
from psychoplastogens.walkthrough.templatetags.walk import scene

SPOT = "0 0 200 140"
ROOM = 14
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


def heading(words: str, level: int = 1, spot: str = "") -> Block:
    """A heading; `spot` is a small drawing of static/drawings.svg beside it."""
    drawn = drawings.symbol("drawings", spot, SPOT) if spot else ""
    return {"kind": "heading", "level": level, "of": [words], "spot": drawn}


def titled(words: str, *blocks: Any) -> list[Any]:
    return [heading(words), *blocks]


def facts(rows: Iterable[tuple[str, list[Any]]]) -> Block:
    return {"kind": "facts", "rows": [{"label": label, "of": of} for label, of in rows]}


def plain(*parts: Any) -> Block:
    return {"kind": "text", "of": list(parts)}


def small(words: str) -> Block:
    return {"kind": "small", "of": [words]}


def lines(words: Iterable[str]) -> Block:
    """Lines to tick, with room to write."""
    return {"kind": "ticks", "items": list(words)}


def numbers(pictured: Iterable[Finding]) -> list[Any]:
    pictured = list(pictured)
    if not pictured:
        return []
    how = _(
        "Each figure is one person. Filled figures are the people it happened to. Trials differ: "
        "read each picture on its own."
    )
    drawn = [Text(f"{{{{finding:{finding.slug}}}}}") for finding in pictured]
    return titled(_("What happened to 100 people"), plain(how), *drawn)


def questions(record: Compound | Condition) -> list[Any]:
    if not record.questions:
        return []
    return titled(_("Ask before you start"), lines(record.questions))


def of_compound(compound: Compound) -> Sheet:
    """Needs `with_statuses()`."""
    as_of = compound.standing_as_of
    stands = _("%(standing)s. %(note)s As of %(date)s.") % {
        "standing": compound.get_standing_display(),
        "note": compound.standing_note,
        "date": month(as_of),
    }
    blocks = [small(stands), small(_names(compound))]
    blocks += titled(_("In short"), Text(compound.key_points))
    blocks += titled(_("At a glance"), facts((label, [Text(t)]) for label, t in compound.glance))
    for _anchor, title, text in compound.sections:
        blocks += titled(title, Text(text))
    blocks += questions(compound)
    blocks += numbers(Finding.objects.published().with_source().pictured_on(compound))
    blocks += _standings(compound)
    title = f"{compound.name} ({compound.brand})" if compound.brand else compound.name
    return Sheet(compound, compound, title, compound.summary, blocks=blocks)


def _names(compound: Compound) -> str:
    said = [f"{compound.family}."]
    if compound.pronunciation:
        said.append(_("Say %(sound)s.") % {"sound": compound.pronunciation})
    if compound.other_names:
        said.append(_("Also called: %(names)s.") % {"names": ", ".join(compound.other_names)})
    return " ".join(said)


def _standings(compound: Compound) -> list[Any]:
    """What each country's regulator says, as far as its source may be shown."""
    countries: dict[str, list[Any]] = {}
    for status in compound.statuses.all():
        if status.source.is_published:
            said = plain(
                {"kind": "bold", "of": [f"{status.get_standing_display()}."]},
                f" {status.text}",
                Cite(status.source.slug),
                " " + _("As of %(date)s.") % {"date": month(status.as_of)},
            )
            countries.setdefault(status.country, []).append(said)
    return titled(_("Where it stands, by country"), facts(countries.items())) if countries else []


def of_condition(condition: Condition) -> Sheet:
    """Needs `with_parts()`."""
    blocks = titled(_("In short"), Text(condition.key_points))
    for title, text in (
        (_("What it is"), condition.what_it_is),
        (_("How common it is"), condition.how_common),
        (_("Usual treatments"), condition.usual_treatments),
    ):
        blocks += titled(title, Text(text))
    blocks += _options(condition)
    shown = Text(condition.what_studies_show)
    blocks += titled(_("What studies show"), shown, *_strength(condition))
    blocks += numbers(Finding.objects.published().with_source().pictured_on(condition))
    blocks += titled(_("What is not known"), Text(condition.not_known))
    blocks += questions(condition)
    if condition.matters:
        blocks += titled(_("What matters to me"), lines(condition.matters))
    title = condition.name
    if condition.short_name:
        title = f"{title} ({condition.short_name})"
    return Sheet(condition, condition, title, condition.summary, blocks=blocks)


def _options(condition: Condition) -> list[Any]:
    blocks = titled(_("Your options"), plain(condition.choice))
    for option in condition.options.all():
        sides = (
            (_("Good points"), option.good),
            (_("Hard points"), option.hard),
            (_("What it is like"), option.living_with),
        )
        blocks.append(heading(option.name, 2))
        blocks.append(facts((label, [Text(text)]) for label, text in sides if text))
    return blocks


def _strength(condition: Condition) -> list[Block]:
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
        rows.append((label, [Text(row.text)]))
    return [facts(rows), small(meaning)] if rows else []


def of_explainer(explainer: Explainer, chosen: list[Section], more: bool = False) -> Sheet:
    """The whole guide, or the `chosen` sections of it; `more` adds the detail for who wants it."""
    if len(chosen) == 1:
        return _of_section(explainer, chosen[0], more)
    sheet = Sheet(explainer, explainer, explainer.title)
    if not chosen:
        sheet.lead = explainer.summary
        sheet.blocks += titled(_("In short"), Text(explainer.key_points))
    for section in chosen or explainer.sections.all():
        sheet.blocks.append(heading(section.title, spot=section.picture))
        sheet.blocks += _plain_and_more(section, more)
    return sheet


def _of_section(explainer: Explainer, section: Section, more: bool) -> Sheet:
    sheet = Sheet(explainer, section, section.title, kicker=explainer.title, headed=False)
    sheet.blocks = _plain_and_more(section, more)
    return sheet


def _plain_and_more(part: Section | Step, more: bool) -> list[Any]:
    if not (more and part.more):
        return [Text(part.plain)]
    return [Text(part.plain), {"kind": "more", "of": [Text(part.more)]}]


def of_faq(faq: Faq) -> Sheet:
    return Sheet(faq, faq, faq.question, headed=False, blocks=[Text(faq.answer)])


def of_walkthrough(walkthrough: Walkthrough, more: bool = False) -> Sheet:
    """All steps, each with its picture. Needs `with_steps()`."""
    blocks = titled(_("In short"), Text(walkthrough.key_points))
    number = 0
    for step in walkthrough.steps.all():
        number += not step.side_path
        title = step.title if step.side_path else f"{number}. {step.title}"
        plate = _("Side plate.") if step.side_path else _("Plate %(n)s.") % {"n": number}
        blocks += [heading(title), *_step(step, plate, more)]
    title, lead = walkthrough.title, walkthrough.summary
    return Sheet(walkthrough, walkthrough, title, lead, blocks=blocks)


def of_questions() -> Sheet:
    """Room for a reader's own questions."""
    blocks = [plain(_("Write down what you want to ask.")), {"kind": "room", "lines": ROOM}]
    return Sheet(None, None, _("My questions for the visit"), blocks=blocks)


def _step(step: Step, plate: str, more: bool) -> list[Any]:
    subjects = {"people": _("In people"), "animals": _("In animals"), "cells": _("In cells")}
    blocks = [_plate(step, plate), *_plain_and_more(step, more)[1:]]
    if step.seen:
        blocks.append(heading(_("What has been seen"), 2))
        blocks.append(facts((subjects[name], [Text(text)]) for name, text in step.seen))
    if step.studies:
        blocks.append(heading(_("What studies in animals counted"), 2))
        blocks.append(_counts(step.studies))
    return blocks


def _plate(step: Step, plate: str) -> Any:
    """The picture of a step beside its words; the words alone where its file is gone."""
    drawing = scene(step)
    if not drawing:
        return Text(step.plain)
    return {
        "kind": "plate",
        "svg": drawings.printed(drawing),
        "alt": step.alt,
        "caption": [Text(f"**{plate}** {step.caption}")],
        "of": [Text(step.plain)],
    }


def _counts(studies: list[SpineChange]) -> Block:
    """The counts of the growth figure as a table."""
    rows = []
    for study in studies:
        what = f"{study.study}, {study.get_animal_display()}, {study.brain_area}"
        change = render_to_string("walkthrough/_percent.html", {"study": study}).strip()
        rows.append(
            [[_after(study)], [what, Cite(study.source.slug)], [change], [study.compared_with]]
        )
    head = [_("When"), _("Study"), _("Change"), _("Compared with")]
    return {"kind": "table", "head": head, "rows": rows}


def _after(study: SpineChange) -> str:
    if not study.hours:
        return _("Before")
    if study.hours < 120:
        return ngettext("%(n)s hour", "%(n)s hours", study.whole_hours) % {"n": study.whole_hours}
    return ngettext("%(n)s day", "%(n)s days", study.whole_days) % {"n": study.whole_days}


def month(day: date) -> str:
    return date_format(day, "F Y")
