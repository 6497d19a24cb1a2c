"""Numbers that people understand: out of 100, both groups, with a time, never relative."""

from __future__ import annotations

import re
from collections.abc import Iterator

from psychoplastogens.content.checks.checked_page import CheckedPage, Passage, get_visible_text
from psychoplastogens.content.models import GlossaryTerm
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Problem, error, warning

_SMALL = "two|three|four|five|six|seven|eight|nine|ten"
_PEOPLE = (
    r"(?:people|persons|adults|patients|participants|men|women|children|teens|veterans|users|those)"
)
_ONE_IN = re.compile(
    rf"\b(?:1|one) in (?:every )?(?:{_SMALL}|a hundred|a thousand|(?!(?:19|20)\d\d\b)\d[\d,]*)\b"
    rf"|\b\d+ in (?:every )?(?:{_SMALL}|\d[\d,]*) {_PEOPLE}\b",
    re.IGNORECASE,
)
_OTHER_BASE = re.compile(
    rf"\b(?:\d{{1,3}}|one|{_SMALL}) (?:out )?of (?:every )?(?!100\b|1,000\b)"
    rf"(?:\d[\d,]*|{_SMALL}) {_PEOPLE}\b"
    r"(?!.{0,80}\bout of 100\b)",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\d\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)
# Shares of money, and strengths of a medicine, may be in percent.
_NO_PEOPLE = re.compile(
    r"\$|\b(?:bills?|costs?|pay|pays|paid|prices?|fees?|owe|insur\w+|medicare|medicaid|deductible"
    r"|coinsurance|discount|amount|saline|salt water|solution|cream|gel|oxygen)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:compared|versus|vs|against|placebo|while|whereas|and|than)\b", re.IGNORECASE
)
_CHANCES = r"(?:risks?|chances?|odds|likelihood|rates?|probability)"
_RELATIVE = re.compile(
    rf"""
    \b(?:\d[\d.,]{{0,12}}|{_SMALL}|many|several)[ -]times[ ](?:
        as[ ](?:likely|many|often|common|high)
        |(?:more|less)[ ](?:likely|often|common|frequent)|(?:more|higher|lower|greater)[ ]{_CHANCES}
        |the[ ]{_CHANCES})
    |\b(?:twice|half)[ ](?:as[ ](?:likely|many|often|common|high)|the[ ]{_CHANCES})
    |\b(?:doubl|tripl|quadrupl|halv)(?:es?|ed|ing)[ ](?:\w+[ ]){{0,2}}{_CHANCES}
    |\b{_CHANCES}[ ](?:\w+[ ]){{0,4}}(?:doubl|tripl|halv)(?:es?|ed|ing)
    |\bcuts?[ ](?:\w+[ ]){{0,3}}{_CHANCES}[ ](?:of[ ]\w+[ ])?in[ ]half
    |\d\s?(?:%|percent)[ ](?:more|less|fewer|lower|higher|greater|better|reduc\w+|increas\w+)\b
    |\b(?:relative|hazard|odds|rate)[ ](?:risks?|ratios?|reductions?)\b|\brisk[ ]ratios?\b
    |\b(?:\d+|{_SMALL})-?fold\b|\bodds[ ](?:of|were|are|for)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SUMS = re.compile(r"\bnumbers? needed to (?:treat|harm)\b|\bNN[TH]\b", re.IGNORECASE)
_DECIMAL = re.compile(r"\b\d+\.\d+ (?:out )?of 100\b|\b\d+\.\d+\s?(?:%|percent\b)", re.IGNORECASE)
_DASHED = re.compile(
    r"(?<![\w.,/-])(?!\d{3}-\d{4})\d{1,4}(?:\.\d+)?\s?[-–—]\s?\d{1,4}(?:\.\d+)?(?![\w/-])"
)
_CHANCE = re.compile(
    r"\b(?<!most )(?:rare|rarely|uncommon|uncommonly|common|commonly|likely|unlikely|frequent"
    r"|frequently)\b",
    re.IGNORECASE,
)
_A_NUMBER = re.compile(r"\d|\bno (?:good |such |clear )?(?:number|figure|count)s?\b", re.IGNORECASE)
_PART_OF_WHOLE = re.compile(
    r"(?<![\w$.,])(?!(?:19|20)\d\d )(?P<part>\d{1,3}(?:,\d{3}){1,3}|\d{1,9}) out of "
    r"(?P<whole>100|1,000)\b(?![.,/]\d| ?(?:million|thousand|\d))",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\bout of 100\b|\bof 100 people\b", re.IGNORECASE)
_TREATED = re.compile(
    r"\b(?:on|after|with|taking|given|had|got) (?:\w+ ){0,2}"
    r"(?:\w*ketamine|spravato|psilocybin|lsd|mdma|ibogaine|dose|doses|drips?|treatment|infusions?)\b",
    re.IGNORECASE,
)
_NO_OTHER_GROUP = re.compile(
    r"\bno (?:such |good )?(?:number|figure|count|comparison|control)\b|\bnobody\b|\bnone of\b"
    r"|\bno one\b|\bwithout a comparison\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|doses?|drips?|infusions?"
    r"|visits?|sessions?|courses?|follow-up|at (?:any|some) (?:point|time)|in (?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_FORM = re.compile(r"\{\{[ \t]*finding:([a-z0-9-]+)\|(treated|compared)[ \t]*\}\}")
_SENTENCE = re.compile(r"\{\{[ \t]*finding:[a-z0-9-]+(?:\|sentence)?[ \t]*\}\}")

WORDING_BY_SENTENCE = [
    (_ONE_IN, error, CheckRule.OUT_OF_100, "Write “20 out of 100 people”, never “1 in 5”."),
    (
        _OTHER_BASE,
        warning,
        CheckRule.OUT_OF_100,
        "Count out of 100, so that readers can compare; how many took part goes beside it.",
    ),
    (
        _RELATIVE,
        error,
        CheckRule.ABSOLUTE,
        "This compares without saying how many. Give both counts: “69 out of 100 people on the "
        "spray, and 52 out of 100 on placebo”.",
    ),
    (_SUMS, warning, CheckRule.NO_SUMS, "Show the two counts out of 100 instead."),
    (_DECIMAL, warning, CheckRule.WHOLE_NUMBERS, "Round it. Below half a person: “fewer than 1”."),
    (
        _DASHED,
        warning,
        CheckRule.RANGES,
        "Write “2 to 4”: a dash is not heard, and may mean minus.",
    ),
]


def check_number_wording(page: CheckedPage) -> Iterator[Problem]:
    """Wordings that a single sentence shows, reported once per text."""
    for passage in page.passages:
        for pattern, severe, rule, message in WORDING_BY_SENTENCE:
            if match := pattern.search(passage.plain):
                yield severe(rule, passage.field, message, _get_context(passage.plain, match))
        yield from _check_percents(passage)


def _check_percents(passage: Passage) -> Iterator[Problem]:
    for sentence in passage.sentences:
        shares = len(_PERCENT.findall(sentence))
        if not shares or _NO_PEOPLE.search(sentence):
            continue
        if shares > 1 and _COMPARES.search(sentence):
            message = "Both groups are there; now count them out of 100 people, not in percent."
            yield warning(CheckRule.OUT_OF_100, passage.field, message, sentence)
        else:
            message = (
                "A share alone misleads. Write how many out of 100 people, in this group and in "
                "the one it was compared with."
            )
            yield error(CheckRule.OUT_OF_100, passage.field, message, sentence)


def check_counts_are_possible(page: CheckedPage) -> Iterator[Problem]:
    """A part is never more than the whole: no “110 out of 100”. Only plain counts are judged."""
    for passage in page.passages:
        for match in _PART_OF_WHOLE.finditer(passage.plain):
            part, whole = _parse_count(match["part"]), _parse_count(match["whole"])
            if part > whole:
                message = f"{part:,} of {whole:,} cannot be. Compare the numbers with the source."
                context = _get_context(passage.plain, match)
                yield error(CheckRule.OUT_OF_100, passage.field, message, context)


def _parse_count(written: str) -> int:
    return int(written.replace(",", ""))


def check_chance_words(page: CheckedPage) -> Iterator[Problem]:
    """Words like “rare” mean a different number to each reader."""
    for passage in page.prose:
        if isinstance(passage.row, GlossaryTerm):
            continue
        for _, block in passage.blocks:
            words = get_visible_text(block)
            match = _CHANCE.search(words)
            if match and not _A_NUMBER.search(words):
                message = (
                    f"“{match[0]}” means something else to each reader. Put the number beside it, "
                    "or say: we have no good number."
                )
                yield warning(CheckRule.CHANCE, passage.field, message, block)


def check_both_groups_given(page: CheckedPage) -> Iterator[Problem]:
    """A count of one group needs the count of the other group in the same paragraph."""
    for passage in page.prose:
        for _, block in passage.blocks:
            yield from _check_drawn_counts(passage, block)
            yield from _check_typed_counts(passage, block)


def _check_drawn_counts(passage: Passage, block: str) -> Iterator[Problem]:
    forms: dict[str, set[str]] = {}
    for slug, form in _FORM.findall(block):
        forms.setdefault(slug, set()).add(form)
    for slug, found in forms.items():
        if len(found) == 1:
            missing = "compared" if "treated" in found else "treated"
            message = f"The other group is missing here: {{{{finding:{slug}|{missing}}}}}."
            yield error(CheckRule.BOTH_GROUPS, passage.field, message, block)


def _check_typed_counts(passage: Passage, block: str) -> Iterator[Problem]:
    words = get_visible_text(block)
    if len(_COUNT.findall(words)) != 1 or _FORM.search(block) or _SENTENCE.search(block):
        return
    if _TREATED.search(words) and not _NO_OTHER_GROUP.search(passage.plain):
        message = (
            "One count alone. Say how many out of 100 it was in the group that this was compared "
            "with, or that there was no such group."
        )
        yield warning(CheckRule.BOTH_GROUPS, passage.field, message, block)


def check_timeframes(page: CheckedPage) -> Iterator[Problem]:
    """Counts of treated people need a timeframe in the same text."""
    for passage in page.prose:
        counted = _FORM.search(passage.text) or _COUNT.search(passage.plain)
        timed = _TIME.search(passage.plain) or _SENTENCE.search(passage.text)
        is_of_treatment = _FORM.search(passage.text) or _TREATED.search(passage.plain)
        if counted and is_of_treatment and not timed:
            message = "Over what time? Add it: “over 4 weeks”, “a day after one dose”."
            yield warning(CheckRule.TIMEFRAME, passage.field, message, passage.plain)


def _get_context(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 60) : match.end() + 60]
