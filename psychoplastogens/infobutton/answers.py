"""The answer to a query: which pages, in which language, in which order, and why those."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import translation

from psychoplastogens.content.crisis import (
    Concern,
    ConcernGroup,
    detect_concern,
    get_concern_for_code,
)
from psychoplastogens.content.other_languages import OtherLanguage, find_other_language
from psychoplastogens.editorial.models import current_language
from psychoplastogens.infobutton import catalog, subtopics
from psychoplastogens.infobutton.code_systems import CODE_SYSTEMS_BY_KEY, CodeSystem
from psychoplastogens.infobutton.entries import (
    HELP_KIND,
    OTHER_LANGUAGE_KIND,
    FeedEntry,
    build_entries,
    build_help_entry,
    build_other_language_entry,
    build_translation_entries,
)
from psychoplastogens.infobutton.models import Code
from psychoplastogens.infobutton.recorded_names import is_tagged_as_drug
from psychoplastogens.infobutton.request_parsing import (
    PREGNANCY_SNOMED_CODE,
    Criterion,
    InfobuttonQuery,
)

FoundPage = tuple[catalog.PageKey, "MatchReason"]

(
    EXACT_CODE_RELEVANCE,
    PARENT_CODE_RELEVANCE,
    SAME_NAME_RELEVANCE,
    PARTIAL_NAME_RELEVANCE,
    TEXT_RELEVANCE,
    RELATED_RELEVANCE,
) = 1.0, 0.9, 0.8, 0.6, 0.5, 0.3
"""How sure it is that a page answers: by its code, by a code above it, by a name, by words."""

# Editors say in the admin which page answers these two: what a request brings along may add them.
MINOR_CODE = (CODE_SYSTEMS_BY_KEY["mesh"], "D000293")
PREGNANCY_CODE = (CODE_SYSTEMS_BY_KEY["snomed-ct"], PREGNANCY_SNOMED_CODE)

# What somebody works at in the record decides which page comes first, and nothing else.
PREFERRED_KIND_BY_TASK = {"MLREV": "compound", "MEDOE": "compound", "PROBLISTREV": "condition"}


@dataclass(frozen=True)
class MatchReason:
    """Why a page answers: the code that it claims, or no code where a name or words led to it."""

    relevance: float
    system: CodeSystem | None = None
    code: str = ""
    display: str = ""


@dataclass(frozen=True)
class Match:
    """A page that answers. `place` is the id on it that the link leads to, or ''."""

    entry: FeedEntry
    reason: MatchReason
    place: str = ""

    @property
    def address(self) -> str:
        return f"{self.entry.address}#{self.place}" if self.place else self.entry.address


@dataclass(frozen=True)
class InfobuttonAnswer:
    """`unanswered` are the sound codes, each with its system, that no page claims. `concern` is
    what the query tells of, `other_language` one that was wanted more than that of the answer.
    """

    query: InfobuttonQuery
    language: str
    matches: tuple[Match, ...]
    unanswered: tuple[tuple[CodeSystem, str], ...]
    concern: Concern | None = None
    other_language: OtherLanguage | None = None

    @property
    def pages(self) -> list[Match]:
        """The matches that are pages about the subject, without our own words beside them."""
        beside = (HELP_KIND, OTHER_LANGUAGE_KIND)
        return [match for match in self.matches if match.entry.kind not in beside]

    @property
    def has_help_entry(self) -> bool:
        return any(match.entry.kind == HELP_KIND for match in self.matches)

    @property
    def only_page(self) -> Match | None:
        """The one page that is surely meant, with nothing to be said before it; or None."""
        sure = [match for match in self.pages if match.reason.relevance >= SAME_NAME_RELEVANCE]
        is_danger = bool(self.concern and self.concern.is_danger)
        is_alone = len(self.pages) == 1 and not (is_danger or self.query.is_of_emergency)
        return sure[0] if sure and is_alone and not self.other_language else None


def answer_query(query: InfobuttonQuery) -> InfobuttonAnswer:
    """The answer in the most wanted language in which there is one, or else in ours."""
    ours = settings.LANGUAGE_CODE.split("-")[0]
    offered = dict(settings.LANGUAGES)
    wanted = [language for language in query.languages if language in offered]
    for language in dict.fromkeys((*wanted, ours)):
        with translation.override(language):
            answer = _answer_in_current_language(query)
        if answer.pages:
            break
    return _add_other_language(answer)


def _add_other_language(answer: InfobuttonAnswer) -> InfobuttonAnswer:
    """The answer with what there is in a language that was wanted more.

    That is a page in it, before those in ours; or else, where it is not, what we say in it. The
    latter comes last, since clients open the first link; and there is nothing where no page was
    found, which they take for an answer.
    """
    if not (language := find_other_language(answer.query.languages, answer.language)):
        return answer
    matches = answer.matches
    reason = MatchReason(RELATED_RELEVANCE)
    entries = build_translation_entries([match.entry for match in answer.pages], language)
    if entries:
        help_first = matches[:1] if answer.has_help_entry else ()
        translated = tuple(Match(entry, reason) for entry in entries)
        return replace(answer, matches=(*help_first, *translated, *matches[len(help_first) :]))
    if answer.pages:
        entry = build_other_language_entry(language)
        matches = (*matches, Match(entry, reason))
    return replace(answer, matches=matches, other_language=language)


def _answer_in_current_language(query: InfobuttonQuery) -> InfobuttonAnswer:
    current, concern = catalog.get_current_catalog(), find_concern(query)
    found_pages = [
        found for asked in query.criteria for found in _find_pages(query, asked, current)
    ]
    found_pages.sort(
        key=lambda found: found[0][0] != PREFERRED_KIND_BY_TASK.get(query.task, found[0][0])
    )
    before, after = _find_related(query, current) if found_pages else ([], [])
    if concern and concern.is_danger and concern.group in (ConcernGroup.SELF, ConcernGroup.OTHER):
        after = [*after, *((page, MatchReason(RELATED_RELEVANCE)) for page in current.crisis_pages)]
    reasons: dict[catalog.PageKey, MatchReason] = {}
    for page, reason in (*before, *found_pages, *after):
        reasons.setdefault(page, reason)
    entries = current.get_entries(reasons)
    matches = [
        Match(entry, reasons[page], _get_anchor(query, entry)) for page, entry in entries.items()
    ]
    unanswered = [
        (asked.system, asked.code)
        for asked in query.criteria
        if asked.system and asked.code and not _find_by_code(asked, current)
    ]
    return InfobuttonAnswer(
        query,
        current_language(),
        _prepend_help_entry(query, concern, matches),
        tuple(dict.fromkeys(unanswered)),
        concern,
    )


def find_concern(query: InfobuttonQuery) -> Concern | None:
    """What a query tells of, in its codes, its names and its words: the gravest of it."""
    concerns: list[Concern | None] = []
    if query.is_of_emergency:
        concerns.append(Concern(ConcernGroup.BODY, is_danger=False))
    for asked in query.criteria:
        if asked.system:
            concerns.append(get_concern_for_code(asked.system.key, asked.code or asked.sent_code))
        concerns += map(detect_concern, (asked.name, asked.text))
    if query.subtopic and query.subtopic.key == "toxicity":
        concerns.append(Concern(ConcernGroup.TAKEN, is_danger=False))
    order = list(ConcernGroup)
    heard = [concern for concern in concerns if concern]
    heard.sort(key=lambda concern: (not concern.is_danger, order.index(concern.group)))
    return heard[0] if heard else None


def preview_code(code: Code) -> InfobuttonAnswer:
    """What a record system gets for `code` once it is published: nothing while its page is not.

    Needs `with_page()`.
    """
    system, subtopic = (
        CODE_SYSTEMS_BY_KEY[code.system],
        subtopics.SUBTOPICS_BY_KEY.get(code.subtopic),
    )
    query = InfobuttonQuery((Criterion("", code.code, system.oid),), subtopic=subtopic)
    reason = MatchReason(EXACT_CODE_RELEVANCE, system, code.code, code.display)
    with translation.override(code.language):
        entries = build_entries([code.page_key]).values()
        matches = [Match(entry, reason, _get_anchor(query, entry)) for entry in entries]
        concern = find_concern(query)
        return InfobuttonAnswer(
            query, code.language, _prepend_help_entry(query, concern, matches), (), concern
        )


def _find_pages(
    query: InfobuttonQuery, asked: Criterion, current: catalog.Catalog
) -> list[FoundPage]:
    """The pages about one subject: by its code, or else by its name, or else by its words."""
    subtopic = query.subtopic.key if query.subtopic else ""
    found = _find_by_code(asked, current, subtopic)
    if not found and asked.name:
        found = _find_by_name(asked, current)
    if not found and asked.text:
        found = [(page, MatchReason(TEXT_RELEVANCE)) for page in current.search_text(asked.text)]
    return found


def _find_by_code(
    asked: Criterion, current: catalog.Catalog, subtopic: str = ""
) -> list[FoundPage]:
    for code in asked.codes:
        assert asked.system is not None  # It has codes.
        if claim := current.find_assignment(asked.system, code, subtopic):
            system = asked.system
            relevance = EXACT_CODE_RELEVANCE if claim.code == code else PARENT_CODE_RELEVANCE
            if (system.key, claim.code) not in current.assignments:
                system = catalog.RXNORM
            return [(claim.page, MatchReason(relevance, system, claim.code, claim.display))]
    return []


def _find_by_name(asked: Criterion, current: catalog.Catalog) -> list[FoundPage]:
    """By the name alone: a medicine also by a name within it, as lists of medicines write it.

    Not so a problem: "family history of alcoholism" is not alcoholism.
    """
    if page := current.find_by_name(asked.name):
        return [(page, MatchReason(SAME_NAME_RELEVANCE))]
    names_drugs = asked.system and asked.system.names_drugs
    if asked.sent_system and not (names_drugs or is_tagged_as_drug(asked.name)):
        return []
    page = current.find_medicine_in(asked.name)
    return [(page, MatchReason(PARTIAL_NAME_RELEVANCE))] if page else []


def _find_related(
    query: InfobuttonQuery, current: catalog.Catalog
) -> tuple[list[FoundPage], list[FoundPage]]:
    """What belongs before and after the pages asked for, because of who the patient is."""

    def of(system: CodeSystem, code: str) -> list[FoundPage]:
        claim = current.find_assignment(system, code)
        return (
            [(claim.page, MatchReason(RELATED_RELEVANCE, system, code, claim.display))]
            if claim
            else []
        )

    before = of(*MINOR_CODE) if query.is_of_a_minor else []
    return before, of(*PREGNANCY_CODE) if query.is_of_pregnancy else []


def _get_anchor(query: InfobuttonQuery, entry: FeedEntry) -> str:
    if query.subtopic:
        return query.subtopic.places.get(entry.kind, "")
    return subtopics.EVIDENCE_ANCHORS.get(entry.kind, "") if query.recipient == "PROV" else ""


def _prepend_help_entry(query: InfobuttonQuery, concern: Concern | None, matches: list[Match]):
    """`matches`, after who to call where the query or a page calls for it."""
    said = " . ".join(match.reason.display for match in matches)
    is_called_for = concern or detect_concern(said) or any(m.entry.names_suicide for m in matches)
    first = (
        [Match(build_help_entry(query.country), MatchReason(RELATED_RELEVANCE))]
        if is_called_for
        else []
    )
    return (*first, *matches)
