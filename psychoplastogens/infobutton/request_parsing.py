"""What a record system asks: the parameters of a request, read by HL7 IG, section 3.

Pure but for the settings of languages. Names are read in any case. Names, credentials and
addresses of people are not read at all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote
from uuid import UUID

from psychoplastogens.delivery.characters import replace_control_characters
from psychoplastogens.infobutton import code_systems
from psychoplastogens.infobutton.code_systems import CodeSystem
from psychoplastogens.infobutton.subtopics import Subtopic, find_subtopic

XML, JSON, JSONP = "text/xml", "application/json", "application/javascript"
MAX_CRITERIA = 10
MAX_VALUE_LENGTHS = {"c": 64, "cs": 200, "dn": 300, "ot": 300}
_CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*){0,3}", re.ASCII)
MAX_CALLBACK_LENGTH = 64

_CRITERION = re.compile(r"mainsearchcriteria\.[vc]\.(c|cs|dn|ot)([1-9]?)")
_LANGUAGE = re.compile(r"(informationrecipient|performer)\.languagecode\.c[1-9]?")
_OBSERVED = re.compile(r"observation\.[cv]\.c([1-9]?)")
# Nothing but these says only what is asked. The rest speaks of a person, a place or a visit, or
# we do not know what it speaks of: then no cache may keep the answer.
_IMPERSONAL = re.compile(
    r"mainsearchcriteria\.[vc]\.(c|cs|csn|dn)[1-9]?|subtopic\.[vc]\.(c|cs|dn)"
    r"|informationrecipient(\.languagecode\.c[1-9]?)?|performer(\.languagecode\.c)?"
    r"|taskcontext\.c\.(c|cs|dn)|knowledgeresponsetype|callback|compat"
)

RECIPIENTS = ("PAT", "PROV", "PAYOR")
TASK_ALIASES = {"MEDLISTREV": "MLREV"}
"""Other names of a task: the guides' own examples use a code that is not in their value set."""
LANGUAGE_ALIASES = {"sp": "es", "spa": "es", "eng": "en"}
MINOR_AGE_GROUPS = {"D007231", "D007223", "D002675", "D002648", "D000293"}
AGE_UNITS_PER_YEAR = {"min": 525_960, "h": 8_766, "d": 365.25, "wk": 52.18, "mo": 12, "a": 1}
"""How many of each unit of UCUM make a year."""
PREGNANCY_SNOMED_CODE = "77386006"
COUNTRY_ALIASES = {"USA": "US", "CAN": "CA", "GBR": "GB", "IRL": "IE", "AUS": "AU", "NZL": "NZ"}


class InfobuttonError(Exception):
    """A request that cannot be answered. `code` is for machines, `detail` a sentence for people.

    Neither repeats anything of the request. `wait` is in seconds; `kind` is the type of the
    answer that was asked for, where that much was understood.
    """

    def __init__(self, status: int, code: str, detail: str, wait: int = 0):
        super().__init__(code)
        self.status, self.code, self.detail, self.wait = status, code, detail, wait
        self.kind = ""


@dataclass(frozen=True)
class Criterion:
    """One subject that is asked for. Of a numbered one `suffix` is the number, of the first ''.

    `sent_code` and `sent_system` are as they came; `codes` are the normal forms of what it can be,
    none where it can be no code of its system; `code` is the first of them, or ''.
    """

    suffix: str
    sent_code: str = ""
    sent_system: str = ""
    name: str = ""
    text: str = ""

    @property
    def system(self) -> CodeSystem | None:
        return code_systems.find_code_system(self.sent_system)

    @property
    def codes(self) -> tuple[str, ...]:
        return self.system.read_codes(self.sent_code) if self.system else ()

    @property
    def code(self) -> str:
        return next(iter(self.codes), "")


@dataclass(frozen=True)
class InfobuttonQuery:
    """A request that can be answered.

    `languages` are two-letter codes, the most wanted first. `country` is where somebody needs
    help, in two letters, '' where nobody says. `answer_id` is the UUID that the asker wants the
    answer to have. `is_impersonal` where nothing in it says anything of a person.
    """

    criteria: tuple[Criterion, ...]
    subtopic: Subtopic | None = None
    sent_subtopic: tuple[str, str] = ("", "")
    recipient: str = "PAT"
    languages: tuple[str, ...] = ()
    task: str = ""
    country: str = ""
    answer_id: str = ""
    is_of_a_minor: bool = False
    is_of_pregnancy: bool = False
    is_of_emergency: bool = False
    has_short_names: bool = False
    is_impersonal: bool = True


@dataclass
class Parameters:
    """The parameters of a request by their names in small letters; of a repeated one the first."""

    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> Parameters:
        values: dict[str, str] = {}
        for name, value in pairs:
            value = replace_control_characters(value).strip()
            if value:
                values.setdefault(name.strip().lower(), value)
        return cls(values)

    def get(self, *names: str) -> str:
        """The value of the first of these names that is there, or ''."""
        return next((self.values[name] for name in names if name in self.values), "")

    def match_names(self, pattern: re.Pattern[str]) -> list[tuple[re.Match[str], str]]:
        """The parameters whose whole name matches, in the order of their names."""
        found = ((pattern.fullmatch(name), self.values[name]) for name in sorted(self.values))
        return [(match, value) for match, value in found if match]


def get_response_type(parameters: Parameters, accepted: str | None) -> str:
    """The type that the parameter names, or else `accepted` of the Accept header, or else XML.

    Raises Refused where the parameter names another type.
    """
    # Some clients encode the slash twice.
    asked = unquote(parameters.get("knowledgeresponsetype")).lower()
    if asked and asked not in (XML, JSON, JSONP):
        raise InfobuttonError(
            406,
            "unsupported_response_type",
            f"knowledgeResponseType must be {XML}, {JSON} or {JSONP}",
        )
    return asked or accepted or XML


def get_jsonp_callback(parameters: Parameters) -> str:
    """The function that JSONP calls. Raises Refused where it is missing or no plain name."""
    name = parameters.get("callback")
    if not name:
        raise InfobuttonError(400, "missing_callback", f"callback is required with {JSONP}")
    if len(name) > MAX_CALLBACK_LENGTH or not _CALLBACK.fullmatch(name):
        raise InfobuttonError(400, "bad_callback", "callback must be the name of a function")
    return name


def parse_query(parameters: Parameters) -> InfobuttonQuery:
    """The question that the parameters ask. Raises Refused where they ask nothing."""
    sent_subtopic = (
        parameters.get("subtopic.v.c", "subtopic.c.c"),
        parameters.get("subtopic.v.cs", "subtopic.c.cs"),
    )
    if sent_subtopic[0] and not sent_subtopic[1]:
        raise InfobuttonError(
            400,
            "missing_code_system",
            "subTopic.v.cs is required when subTopic.v.c is given",
        )
    recipient = parameters.get("informationrecipient").upper()
    task = parameters.get("taskcontext.c.c").upper()
    country = parameters.get("locationofinterest.addr.cnt").upper()
    longest = MAX_VALUE_LENGTHS["cs"]
    return InfobuttonQuery(
        criteria=_parse_criteria(parameters),
        subtopic=_parse_subtopic(*sent_subtopic),
        sent_subtopic=(sent_subtopic[0][:longest], sent_subtopic[1][:longest]),
        recipient=recipient if recipient in RECIPIENTS else "PAT",
        languages=_parse_languages(parameters),
        task=TASK_ALIASES.get(task, task) if re.fullmatch(r"[A-Z]{2,20}", task) else "",
        country=COUNTRY_ALIASES.get(country, country),
        answer_id=_parse_uuid(parameters.get("knowledgerequestnotification.id.root")),
        is_of_a_minor=_is_minor(parameters),
        is_of_pregnancy=any(
            v == PREGNANCY_SNOMED_CODE for _, v in parameters.match_names(_OBSERVED)
        ),
        is_of_emergency=parameters.get("encounter.c.c").upper() == "EMER",
        has_short_names=parameters.get("compat").lower() == "mlp",
        is_impersonal=all(_IMPERSONAL.fullmatch(name) for name in parameters.values),
    )


def _parse_criteria(parameters: Parameters) -> tuple[Criterion, ...]:
    """The subjects, in the order of their numbers; a number may be left out (HL7 IG, rule 3)."""
    found: dict[str, dict[str, str]] = {}
    for match, value in parameters.match_names(_CRITERION):
        part, suffix = match.groups()
        if len(value) > MAX_VALUE_LENGTHS[part]:
            raise InfobuttonError(
                400,
                "value_too_long",
                f"mainSearchCriteria.v.{part} may have {MAX_VALUE_LENGTHS[part]} characters",
            )
        # "c.c" comes before "v.c": today's name wins over the one that was given up in 2010.
        found.setdefault(suffix, {})[part] = value
    criteria = []
    for suffix, parts in sorted(found.items())[:MAX_CRITERIA]:
        if "c" in parts and "cs" not in parts:
            raise InfobuttonError(
                400,
                "missing_code_system",
                "mainSearchCriteria.v.cs is required when mainSearchCriteria.v.c is given",
            )
        if parts.keys() & {"c", "dn", "ot"}:
            sent = (parts.get(part, "") for part in ("c", "cs", "dn", "ot"))
            criteria.append(Criterion(suffix, *sent))
    if not criteria:
        raise InfobuttonError(
            400,
            "missing_criteria",
            "give mainSearchCriteria.v.c and .cs, or .dn, or .ot",
        )
    return tuple(criteria)


def _parse_subtopic(code: str, system: str) -> Subtopic | None:
    found = code_systems.find_code_system(system)
    return find_subtopic(found.key, found.normalize(code)) if found else None


def _parse_languages(parameters: Parameters) -> tuple[str, ...]:
    """Two-letter codes, the reader's before the asker's: es for es-MX."""
    codes = (value.lower().split("-")[0] for _, value in parameters.match_names(_LANGUAGE))
    return tuple(dict.fromkeys(LANGUAGE_ALIASES.get(code, code) for code in codes))


def _parse_uuid(text: str) -> str:
    try:
        return str(UUID(text)) if re.fullmatch(r"[0-9A-Fa-f-]{36}", text) else ""
    except ValueError:
        return ""


def _is_minor(parameters: Parameters) -> bool:
    """Under 18, by age and unit (UCUM; years where none is named) or by age group (MeSH)."""
    if parameters.get("agegroup.v.c").upper() in MINOR_AGE_GROUPS:
        return True
    try:
        age = float(parameters.get("age.v.v"))
    except ValueError:
        return False
    unit = AGE_UNITS_PER_YEAR.get(parameters.get("age.v.u").lower() or "a")
    return unit is not None and math.isfinite(age) and 0 <= age / unit < 18
