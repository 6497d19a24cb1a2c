"""Words that this site does not use, each with a better one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from psychoplastogens.content.checks.checked_page import CheckedPage, Passage
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Problem, Severity, shorten

TITLE_FIELDS = {"title", "question", "name", "label"}
"""Fields that may quote readers' own words: “Should I skip it that day?”"""


@dataclass(frozen=True)
class AvoidedWording:
    """A wording to avoid, what to write instead, and how much it matters.

    `if_denied` and `if_quoted` are how much it matters in “it is not a cure” and in “they call it
    a cure”; None lets it through.
    """

    pattern: re.Pattern[str]
    rule: CheckRule
    better: str
    severity: Severity
    if_denied: Severity | None
    if_quoted: Severity | None


def _build_errors(
    rule: CheckRule, *pairs: tuple[str, str], if_denied: Severity | None = Severity.WARNING
) -> list[AvoidedWording]:
    """Errors: each pair is what to avoid and what to write instead."""
    return [
        AvoidedWording(
            _compile_wording(pattern), rule, better, Severity.ERROR, if_denied, Severity.WARNING
        )
        for pattern, better in pairs
    ]


def _build_warnings(rule: CheckRule, *pairs: tuple[str, str]) -> list[AvoidedWording]:
    """Warnings, however it is meant."""
    return [
        AvoidedWording(_compile_wording(pattern), rule, better, *[Severity.WARNING] * 3)
        for pattern, better in pairs
    ]


def _compile_wording(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


_HELPS = "say what was seen, in whom, and how often"
_TREATMENTS = (
    r"(?:treatments?|medicines?|medications?|antidepressants?|pills|therap(?:y|ies)|drugs)"
)
_COUNT = r"(?:\w+ or more |at least \w+ |(?:an?|one|two|three|several|many|other|all|\d+) )*"
_WHO_FAILED = r"(?:people|patients?|adults|who|whom|you|she|he|they) (?:have |has |had )?failed"

AVOIDED_WORDINGS = [
    *_build_errors(
        CheckRule.NO_SALES,
        (r"miracles?|miraculous\w*|wonder drugs?|magic bullets?", _HELPS),
        (r"breakthroughs?(?! (?:therapy|therapies|designation|status|tag|device))", "new"),
        (r"revolutionary|revolutioni[sz]\w+|game[ -]chang\w+", "new"),
        (r"guarantee(?:s|d)?", "may"),
        (r"(?:clinically |scientifically )?proven", "say which study, and what it showed"),
        (r"heal(?:s|ed|ing)?", "ease, help"),
        (r"rewir\w+|regrow\w*|regenerat\w+", "form new connections, if a study saw that"),
        (r"risk[- ]free|(?:completely|totally|perfectly|100 ?%) safe", "say what can go wrong"),
    ),
    *_build_errors(CheckRule.NO_SALES, (r"cures?|cured|curing", "treat, ease"), if_denied=None),
    *_build_errors(
        CheckRule.NO_BLAME,
        (r"suffer(?:s|ed|ing|ers?)?", "have, get, live with"),
        (r"addicts?|junkies?|(?:drug |substance |alcohol )?abusers?", "a person with an addiction"),
        (
            rf"{_WHO_FAILED} {_COUNT}{_TREATMENTS}|failed treatments?|treatment failures?",
            "people whom two medicines have not helped enough",
        ),
        (r"non-?complian(?:t|ce)|non-?adheren(?:t|ce)", "did not take it, could not take it"),
    ),
    *_build_warnings(
        CheckRule.NO_BLAME,
        (r"crazy|insane|lunatics?|schizophrenics?|the mentally ill", "name the feeling or illness"),
        (r"complain(?:s|ed|ing)? of", "have, get"),
        (r"(?:drug|substance|alcohol) (?-i:abuse)", "drug use, a substance use disorder"),
        (r"(?:get|got|stay|stays|stayed|staying|been|be) clean", "not using"),
        (r"(?:clean|dirty) (?:urine|samples?|tests?)", "a test that found none, or some"),
        (r"alcoholics?(?! (?:drinks?|beverages?|liver|anonymous))", "a person who drinks too much"),
    ),
    *_build_errors(
        CheckRule.SUICIDE_WORDS,
        (r"commit(?:s|ted|ting)? (?:suicide|self-harm)", "died by suicide, took their own life"),
        (
            r"(?:completed|successful|unsuccessful|failed) suicides?(?: attempts?)?"
            r"|(?:successful|unsuccessful|failed|completed) attempts? at suicide",
            "died by suicide; lived through an attempt",
        ),
        (r"suicide epidemic|epidemic of suicides?", "more people died by suicide"),
    ),
    *_build_errors(
        CheckRule.SUICIDE_CLAIMS,
        (r"prevents suicid\w+|anti-?suicidal", "eased thoughts for some days in some trials"),
        (
            r"(?:stops?|ends?|cures?|removes?) (?:the )?(?:suicidal thoughts|thoughts of suicide)",
            "eased thoughts for some days in some trials",
        ),
        if_denied=None,
    ),
    *_build_warnings(
        CheckRule.EXPLAIN,
        (r"utili[sz]\w+", "use"),
        (r"prior to", "before"),
        (r"approximately", "about"),
        (r"administer(?:s|ed|ing)?", "give"),
        (r"discontinu\w+", "stop"),
        (r"efficacy|efficacious", "how well it works"),
        (r"adverse (?:events?|effects?|reactions?)", "side effects"),
        (r"contra-?indicat\w+", "not safe for"),
        (r"subjects|individuals", "people"),
    ),
]
_ANY = re.compile("|".join(one.pattern.pattern for one in AVOIDED_WORDINGS), re.IGNORECASE)
_DENIAL = re.compile(
    r"\b(?:not|no|never|nor|neither|nobody|nothing|none|cannot|without)\b|n['’]t\b", re.IGNORECASE
)
_WORDS_OF_DENIAL = 6
_AROUND = 120
"""Characters before and after a word in which its quotation marks and its denial are looked for."""
_SHOULD = re.compile(r"\bshould(?:n['’]t)?\b", re.IGNORECASE)


def check_avoided_wordings(page: CheckedPage) -> Iterator[Problem]:
    """Report each wording to avoid, once per text."""
    for passage in page.passages:
        if not _ANY.search(passage.plain):
            continue
        said = set()
        for sentence in passage.sentences:
            for problem in _check_sentence(sentence, passage.field):
                if problem.message not in said:
                    said.add(problem.message)
                    yield problem


def _check_sentence(sentence: str, field: str) -> Iterator[Problem]:
    for one in AVOIDED_WORDINGS:
        for match in one.pattern.finditer(sentence):
            if severity := _severity(one, sentence, match):
                message = f"Not “{match[0].lower()}”. Better: {one.better}."
                yield Problem(severity, one.rule, field, message, shorten(sentence))


def _severity(one: AvoidedWording, sentence: str, match: re.Match[str]) -> Severity | None:
    before = sentence[max(0, match.start() - _AROUND) : match.start()]
    after = sentence[match.end() : match.end() + _AROUND]
    if _is_quoted(before, after):
        return one.if_quoted
    is_denied = _DENIAL.search(" ".join(before.split()[-_WORDS_OF_DENIAL:]))
    return one.if_denied if is_denied else one.severity


def _is_quoted(before: str, after: str) -> bool:
    if before.count('"') % 2 and '"' in after:
        return True
    return any(
        before.rfind(o) > before.rfind(c) and c in after for o, c in (("“", "”"), ("‘", "’"))
    )


def check_should(page: CheckedPage) -> Iterator[Problem]:
    for passage in page.passages:
        if passage.name in TITLE_FIELDS:
            continue
        found = [one for one in passage.sentences if _SHOULD.search(one) and one[-1:] != "?"]
        if found:
            message = (
                "Say what to do: “Ask an adult to take you home”, not “You should arrange a ride”."
            )
            yield Problem(
                Severity.WARNING, CheckRule.SHOULD, passage.field, message, shorten(found[0])
            )


_EMPTY_TEXT = re.compile(
    r"\[\s*(?:click here|here|this|link|this link|more|read more)\s*\]\(", re.IGNORECASE
)
_BARE = re.compile(r"(?<![(<\[\w/])(?:https?://|www\.)[^\s<>()\[\]]{3,}", re.IGNORECASE)
_CLICK = re.compile(r"\bclick here\b", re.IGNORECASE)


def check_link_texts(page: CheckedPage) -> Iterator[Problem]:
    for passage in page.prose:
        for pattern in (_EMPTY_TEXT, _BARE, _CLICK):
            if match := pattern.search(passage.text):
                yield _report_empty_link_text(passage, match)


def _report_empty_link_text(passage: Passage, match: re.Match[str]) -> Problem:
    message = (
        "A link says where it goes: [after treatment](/explainers/after-treatment/), not “click "
        "here” and not an address."
    )
    around = passage.text[max(0, match.start() - 40) : match.end() + 40]
    return Problem(Severity.WARNING, CheckRule.LINK_TEXT, passage.field, message, shorten(around))
