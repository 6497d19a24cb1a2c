"""The answer to a question: which pages, in which language, in which order, and why those."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

from psychoplastogens.content.crisis import Concern, Group, concern_in, concern_of_code
from psychoplastogens.editorial.models import current_language
from psychoplastogens.lookup.infobutton import catalog, subtopics
from psychoplastogens.lookup.infobutton.pages import HELP, Entry, entries_of, help_entry
from psychoplastogens.lookup.infobutton.question import PREGNANT, Criterion, Question
from psychoplastogens.lookup.infobutton.systems import BY_KEY, System
from psychoplastogens.lookup.models import Code

Found = tuple[catalog.Page, "Reason"]

EXACT, ABOVE, SAME_NAME, IN_NAME, FOUND, BESIDE = 1.0, 0.9, 0.8, 0.6, 0.5, 0.3
"""How sure it is that a page answers: by its code, by a code above it, by a name, by words."""

# Editors say in the admin which page answers these two: what a request brings along may add them.
UNDER_18 = (BY_KEY["mesh"], "D000293")
PREGNANCY = (BY_KEY["snomed-ct"], PREGNANT)

# What somebody works at in the record decides which page comes first, and nothing else.
FIRST_AT = {"MLREV": "compound", "MEDOE": "compound", "PROBLISTREV": "condition"}


@dataclass(frozen=True)
class Reason:
    """Why a page answers: the code that it claims, or no code where a name or words led to it."""

    relevance: float
    system: System | None = None
    code: str = ""
    display: str = ""


@dataclass(frozen=True)
class Match:
    """A page that answers. `place` is the id on it that the link leads to, or ''."""

    entry: Entry
    reason: Reason
    place: str = ""

    @property
    def address(self) -> str:
        return f"{self.entry.address}#{self.place}" if self.place else self.entry.address


@dataclass(frozen=True)
class Answer:
    """`unanswered` are the sound codes, each with its system, that no page claims. `concern` is
    what the question tells of.
    """

    question: Question
    language: str
    matches: tuple[Match, ...]
    unanswered: tuple[tuple[System, str], ...]
    concern: Concern | None = None

    @property
    def pages(self) -> list[Match]:
        """The matches that are pages about the subject, without the entry that says who to call."""
        return [match for match in self.matches if match.entry.kind != HELP]

    @property
    def calls_for_help(self) -> bool:
        return len(self.pages) < len(self.matches)

    @property
    def only_page(self) -> Match | None:
        """The one page that is surely meant, with nothing to be said before it; or None."""
        sure = [match for match in self.pages if match.reason.relevance >= SAME_NAME]
        is_danger = bool(self.concern and self.concern.is_danger)
        is_alone = len(self.pages) == 1 and not (is_danger or self.question.is_of_emergency)
        return sure[0] if sure and is_alone else None


def to(question: Question) -> Answer:
    """The answer in the most wanted language in which there is one, or else in ours."""
    ours = settings.LANGUAGE_CODE.split("-")[0]
    offered = dict(settings.LANGUAGES)
    wanted = [language for language in question.languages if language in offered]
    for language in dict.fromkeys((*wanted, ours)):
        with translation.override(language):
            answer = _in_this_language(question)
        if answer.pages:
            break
    return answer


def _in_this_language(question: Question) -> Answer:
    known, concern = catalog.copy(), concern_of(question)
    about = [found for asked in question.criteria for found in _about(question, asked, known)]
    about.sort(key=lambda found: found[0][0] != FIRST_AT.get(question.task, found[0][0]))
    before, after = _beside(question, known) if about else ([], [])
    if concern and concern.is_danger and concern.group in (Group.SELF, Group.OTHER):
        after = [*after, *((page, Reason(BESIDE)) for page in known.helping)]
    reasons: dict[catalog.Page, Reason] = {}
    for page, reason in (*before, *about, *after):
        reasons.setdefault(page, reason)
    entries = known.pages(reasons)
    matches = [
        Match(entry, reasons[page], _place(question, entry)) for page, entry in entries.items()
    ]
    unanswered = [
        (asked.system, asked.code)
        for asked in question.criteria
        if asked.code and not known.claim(asked.system, asked.code)
    ]
    return Answer(
        question,
        current_language(),
        _with_help(question, concern, matches),
        tuple(dict.fromkeys(unanswered)),
        concern,
    )


def concern_of(question: Question) -> Concern | None:
    """What a question tells of, in its codes, its names and its words: the gravest of it."""
    concerns = []
    if question.is_of_emergency:
        concerns.append(Concern(Group.BODY, is_danger=False))
    for asked in question.criteria:
        if asked.system:
            concerns.append(concern_of_code(asked.system.key, asked.code or asked.sent_code))
        concerns += map(concern_in, (asked.name, asked.text))
    if question.subtopic and question.subtopic.key == "toxicity":
        concerns.append(Concern(Group.TAKEN, is_danger=False))
    order = list(Group)
    heard = [concern for concern in concerns if concern]
    heard.sort(key=lambda concern: (not concern.is_danger, order.index(concern.group)))
    return heard[0] if heard else None


def of_code(code: Code) -> Answer:
    """What a record system gets for `code` once it is published: nothing while its page is not.

    Needs `with_page()`.
    """
    system, subtopic = BY_KEY[code.system], subtopics.BY_KEY.get(code.subtopic)
    question = Question((Criterion("", code.code, system.oid),), subtopic=subtopic)
    reason = Reason(EXACT, system, code.code, code.display)
    with translation.override(code.language):
        entries = entries_of([code.page_key]).values()
        matches = [Match(entry, reason, _place(question, entry)) for entry in entries]
        concern = concern_of(question)
        return Answer(question, code.language, _with_help(question, concern, matches), (), concern)


def _about(question: Question, asked: Criterion, known: catalog.Catalog) -> list[Found]:
    """The pages about one subject: by its code, or else by its name, or else by its words."""
    subtopic = question.subtopic.key if question.subtopic else ""
    return (
        (asked.code and _of_code(known, asked.system, asked.code, subtopic))
        or (asked.name and _of_name(asked, known))
        or [(page, Reason(FOUND)) for page in (known.found(asked.text) if asked.text else ())]
    )


def _of_code(known: catalog.Catalog, system: System, code: str, subtopic: str) -> list[Found]:
    claim = known.claim(system, code, subtopic)
    if not claim:
        return []
    relevance = EXACT if claim.code == code else ABOVE
    return [(claim.page, Reason(relevance, system, claim.code, claim.display))]


def _of_name(asked: Criterion, known: catalog.Catalog) -> list[Found]:
    """By the name alone: a medicine also by a name within it, as lists of medicines write it.

    Not so a problem: "family history of alcoholism" is not alcoholism.
    """
    if page := known.named(asked.name):
        return [(page, Reason(SAME_NAME))]
    if asked.sent_system and not (asked.system and asked.system.names_drugs):
        return []
    page = known.naming(asked.name)
    return [(page, Reason(IN_NAME))] if page else []


def _beside(question: Question, known: catalog.Catalog) -> tuple[list[Found], list[Found]]:
    """What belongs before and after the pages asked for, because of who the patient is."""

    def of(system: System, code: str) -> list[Found]:
        claim = known.claim(system, code)
        return [(claim.page, Reason(BESIDE, system, code, claim.display))] if claim else []

    before = of(*UNDER_18) if question.is_of_a_minor else []
    return before, of(*PREGNANCY) if question.is_of_pregnancy else []


def _place(question: Question, entry: Entry) -> str:
    if question.subtopic:
        return question.subtopic.places.get(entry.kind, "")
    return subtopics.EVIDENCE.get(entry.kind, "") if question.recipient == "PROV" else ""


def _with_help(question: Question, concern: Concern | None, matches: list[Match]):
    """`matches`, after who to call where the question or a page calls for it."""
    said = " . ".join(match.reason.display for match in matches)
    is_called_for = concern or concern_in(said) or any(m.entry.names_suicide for m in matches)
    first = [Match(help_entry(question.country), Reason(BESIDE))] if is_called_for else []
    return (*first, *matches)
