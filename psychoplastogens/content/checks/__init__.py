"""Checks of pages before approval: the rules of the plain-language rulebook.

Each rule is a function from a CheckedPage to its problems. Other apps register further checks for
their models; those that are ProseModels are checked here too.
"""

from collections.abc import Iterator

from psychoplastogens.content.checks import (
    approval_status,
    citations,
    links,
    numbers,
    sentences,
    structure,
    terms,
    translations,
    wording,
)
from psychoplastogens.content.checks.checked_page import CheckedPage
from psychoplastogens.content.models import Translation
from psychoplastogens.content.models.prose_model import ProseModel
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.workflow.checks import Problem, register_check
from psychoplastogens.evidence.models import Claim, Finding, SpineChange

TEXT_CHECKS = (
    structure.check_text_length,
    wording.check_avoided_wordings,
    wording.check_should,
    numbers.check_number_wording,
    numbers.check_counts_are_possible,
    approval_status.check_status_is_dated,
    sentences.check_reading_grade,
    sentences.check_sentence_length,
)
PAGE_CHECKS = (
    citations.check_evidence_day,
    structure.check_summary_and_key_points,
    approval_status.check_status_matches_row,
    citations.check_paragraphs_are_cited,
    citations.check_advice_states_no_facts,
    citations.check_named_records,
    structure.check_unknowns_are_named,
    structure.check_benefit_harm_balance,
    structure.check_callouts,
    numbers.check_both_groups_given,
    numbers.check_timeframes,
    numbers.check_chance_words,
    wording.check_link_texts,
    links.check_dead_links,
    sentences.check_passive_voice,
    terms.check_first_uses_explained,
)

CHECKS_IN_EVERY_LANGUAGE = (
    citations.check_evidence_day,
    structure.check_text_length,
    citations.check_paragraphs_are_cited,
    citations.check_named_records,
    structure.check_callouts,
    links.check_dead_links,
)
"""The others know the words of English alone."""

register_check(Translation)(translations.check_compared)


@register_check(ProseModel)
def check_page(record: Publishable) -> Iterator[Problem]:
    """Check a page with prose, of this or another app."""
    read = CheckedPage(record)
    in_english = (*TEXT_CHECKS, *PAGE_CHECKS)
    for rule in CHECKS_IN_EVERY_LANGUAGE if isinstance(record, Translation) else in_english:
        yield from rule(read)


@register_check(Claim, Finding, SpineChange)
def check_evidence_texts(record: Publishable) -> Iterator[Problem]:
    """Check the texts of a number or a claim."""
    read = CheckedPage(record)
    for rule in TEXT_CHECKS:
        yield from rule(read)
