"""What the handouts of each kind of record hold, in the order of its page.

A full one has all of the page. A short one, on one sheet of paper, has what somebody needs at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from psychoplastogens.content.models import (
    Compound,
    Condition,
    Decision,
    Explainer,
    Faq,
    Section,
    VisitMoment,
)
from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.rendering.dates import format_month
from psychoplastogens.content.rendering.handout_sheet import (
    Block,
    CitationMark,
    MarkdownText,
    Sheet,
    build_checklist,
    build_fact_table,
    build_heading,
    build_plain_and_more,
    build_side_by_side,
    build_small_text,
    build_spare,
    build_text_block,
    build_titled_section,
)
from psychoplastogens.evidence.models import Finding


def build_short_blocks(
    key_points: str,
    texts: Iterable[str],
    pictured: Iterable[Finding] = (),
    options: Iterable[str] = (),
    questions: Iterable[str] = (),
) -> list[Any]:
    """A page in short: its points, numbers, advice, and when to call whom."""
    texts = list(texts)
    blocks = build_titled_section(_("In short"), MarkdownText(key_points))
    if drawn := build_side_by_side(markdown.draw_finding(f.slug) for f in pictured):
        blocks += build_titled_section(_("What happened to 100 people"), *drawn)
    if advice := list(_find_callouts(texts, "advice")):
        blocks += build_titled_section(_("Do this"), *map(MarkdownText, advice))
    if calls := build_side_by_side(_find_callouts(texts, *markdown.CALLS)):
        blocks += build_titled_section(_("When to call"), *calls)
    if options := list(options):
        talk = build_titled_section(_("Options to talk about"), build_checklist(options))
        blocks += build_spare(2, talk)
    if questions := list(questions):
        asked = build_titled_section(_("Ask before you start"), build_checklist(questions))
        blocks += build_spare(1, asked)
    return blocks


def _find_callouts(texts: Iterable[str], *names: str) -> Iterator[str]:
    for text in texts:
        yield from markdown.split_callouts(text, *names)[1]


def build_findings_section(pictured: Iterable[Finding]) -> list[Any]:
    pictured = list(pictured)
    if not pictured:
        return []
    how = _(
        "Each figure is one person. Filled figures are the people it happened to. Trials differ: "
        "read each picture on its own."
    )
    drawn = [MarkdownText(markdown.draw_finding(finding.slug)) for finding in pictured]
    return build_titled_section(_("What happened to 100 people"), build_text_block(how), *drawn)


def build_questions_section(record: Compound | Condition | Decision) -> list[Any]:
    if not record.questions:
        return []
    return build_titled_section(_("Ask before you start"), build_checklist(record.questions))


def build_compound_sheet(compound: Compound) -> Sheet:
    """Needs `with_statuses()`."""
    stands = _describe_standing(compound)
    blocks = [build_small_text(stands), build_small_text(_build_names(compound))]
    blocks += build_titled_section(_("In short"), MarkdownText(compound.key_points))
    blocks += build_titled_section(
        _("At a glance"),
        build_fact_table((label, [MarkdownText(t)]) for label, t in compound.glance),
    )
    for _anchor, title, text in compound.sections:
        blocks += build_titled_section(title, MarkdownText(text))
    if compound.when_to_call:
        blocks += build_titled_section(_("When to call"), MarkdownText(compound.when_to_call))
    blocks += build_questions_section(compound)
    blocks += build_findings_section(
        Finding.objects.published().with_source().pictured_on(compound)
    )
    blocks += _build_standings(compound)
    title = compound.get_full_title()
    return Sheet(compound, compound, title, compound.summary, blocks=blocks)


def build_short_compound_sheet(compound: Compound) -> Sheet:
    blocks = [build_small_text(_describe_standing(compound))]
    blocks += build_short_blocks(
        compound.key_points,
        [getattr(compound, field) for field, _anchor, _title in compound.SECTIONS],
        pictured=Finding.objects.published().pictured_on(compound),
        questions=compound.questions,
    )
    return Sheet(compound, compound, compound.get_full_title(), compound.summary, blocks=blocks)


def _describe_standing(compound: Compound) -> str:
    return _("%(standing)s. %(note)s As of %(date)s.") % {
        "standing": compound.get_standing_display(),
        "note": compound.standing_note,
        "date": format_month(compound.standing_as_of),
    }


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
    return Sheet(condition, condition, _build_title(condition), condition.summary, blocks=blocks)


def build_short_condition_sheet(condition: Condition) -> Sheet:
    """Needs `with_parts()`."""
    blocks = build_short_blocks(
        condition.key_points,
        condition.texts_in_order(),
        pictured=Finding.objects.published().pictured_on(condition),
        options=[option.name for option in condition.options.all()],
        questions=condition.questions,
    )
    return Sheet(condition, condition, _build_title(condition), condition.summary, blocks=blocks)


def _build_title(condition: Condition) -> str:
    return f"{condition.name} ({condition.short_name})" if condition.short_name else condition.name


def _build_options(condition: Condition) -> list[Any]:
    blocks = build_titled_section(_("Your options"), build_text_block(condition.choice))
    for option in condition.options.all():
        sides = (
            (_("Good"), option.good),
            (_("Hard"), option.hard),
            (_("It takes"), option.living_with),
            (_("Status"), option.approval),
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


def build_short_decision_sheet(decision: Decision) -> Sheet:
    """A sheet to fill in for the visit. Needs its options."""
    options = [f"{option.name}. {option.gist}" for option in decision.options.all()]
    blocks = build_titled_section(_("In short"), MarkdownText(decision.key_points))
    blocks += build_titled_section(_("Options to talk about"), build_checklist(options))
    matters = build_titled_section(_("What matters to me"), build_checklist(decision.matters))
    asked = build_titled_section(_("Ask before you start"), build_checklist(decision.questions))
    blocks += build_spare(2, matters) + build_spare(1, asked)
    return Sheet(decision, decision, decision.title, decision.summary, blocks=blocks)


def build_decision_sheet(decision: Decision) -> Sheet:
    """Needs `with_page_data()`."""
    blocks = build_titled_section(_("In short"), MarkdownText(decision.key_points))
    blocks += build_titled_section(_("The condition"), MarkdownText(decision.what_it_is))
    blocks += build_titled_section(_("Without treatment"), MarkdownText(decision.without_treatment))
    blocks += build_titled_section(_("Your options"), build_text_block(decision.choice))
    for option in decision.options.all():
        blocks.append(build_heading(option.name, 2))
        rows = (
            (_("How it is done"), option.how),
            (_("Time"), option.time),
            (_("Cost"), option.cost),
            (_("May help"), option.benefit),
            (_("May harm"), option.harm),
            (_("Status"), option.standing),
        )
        blocks.append(build_fact_table((label, [MarkdownText(text)]) for label, text in rows))
    blocks += build_titled_section(_("What matters to me"), build_checklist(decision.matters))
    blocks += build_questions_section(decision)
    names = [option.name for option in decision.options.all()]
    leaning = build_checklist([*names, _("I am not sure yet")])
    blocks += build_titled_section(_("Where I am leaning"), leaning)
    blocks += build_titled_section(_("What is not known"), MarkdownText(decision.not_known))
    blocks += build_titled_section(_("How this page was made"), MarkdownText(decision.how_made))
    return Sheet(decision, decision, decision.title, decision.summary, blocks=blocks)


def build_explainer_sheet(explainer: Explainer, chosen: list[Section], more: bool = False) -> Sheet:
    """The whole guide, or the `chosen` sections of it; `more` adds the detail for who wants it."""
    if len(chosen) == 1:
        return _build_section_sheet(explainer, chosen[0], more)
    sheet = Sheet(explainer, explainer, explainer.title)
    if not chosen:
        sheet.lead = explainer.summary
        sheet.blocks += build_titled_section(_("In short"), MarkdownText(explainer.key_points))
        sheet.blocks += _build_visits(explainer)
    for section in chosen or explainer.sections.all():
        sheet.blocks.append(build_heading(section.title, spot=section.picture))
        sheet.blocks += build_plain_and_more(section.plain, section.more if more else "")
    return sheet


def _build_visits(explainer: Explainer) -> list[Any]:
    """The day by the clock, as lists of times."""
    blocks: list[Any] = []
    for treatment, moments in explainer.visits:
        times = [(moment.time, _build_moment(moment)) for moment in moments]
        blocks += [build_heading(treatment, 2), build_fact_table(times)]
    return build_titled_section(_("The day by the clock"), *blocks) if blocks else []


def _build_moment(moment: VisitMoment) -> list[Any]:
    staff = [MarkdownText(f"**{_('Staff')}** {moment.staff}")] if moment.staff else []
    return [MarkdownText(moment.feels), *staff]


def build_short_explainer_sheet(explainer: Explainer) -> Sheet:
    """Needs its sections."""
    texts = [section.plain for section in explainer.sections.all()]
    blocks = build_short_blocks(explainer.key_points, texts)
    return Sheet(explainer, explainer, explainer.title, explainer.summary, blocks=blocks)


def _build_section_sheet(explainer: Explainer, section: Section, more: bool) -> Sheet:
    sheet = Sheet(explainer, section, section.title, kicker=explainer.title, headed=False)
    sheet.blocks = build_plain_and_more(section.plain, section.more if more else "")
    return sheet


def build_faq_sheet(faq: Faq) -> Sheet:
    blocks: list[Any] = [MarkdownText(faq.answer)]
    if faq.do_now:
        blocks += build_titled_section(_("Do this now"), MarkdownText(faq.do_now))
    return Sheet(faq, faq, faq.question, headed=False, blocks=blocks)
