"""What of a subject a request may ask for, and where on our pages it stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Subtopic:
    """A side of a subject. `codes` name it; `places` are ids on pages, by the kind of page."""

    key: str
    name: str | Promise
    codes: tuple[tuple[str, str], ...]
    places: dict[str, str]


def _mesh_codes(*codes: str) -> tuple[tuple[str, str], ...]:
    return tuple(("mesh", code) for code in codes)


def _snomed_codes(*codes: str) -> tuple[tuple[str, str], ...]:
    return tuple(("snomed-ct", code) for code in codes)


# The value set of HL7 IG, appendix 2: MeSH qualifiers, and drug interactions in SNOMED CT.
SUBTOPICS = (
    Subtopic(
        "therapy",
        _("What it is used for, treatment"),
        _mesh_codes("Q000628", "Q000627"),
        {"compound": "studied-for", "condition": "usual-treatments"},
    ),
    Subtopic("side-effects", _("Side effects"), _mesh_codes("Q000009"), {"compound": "risks"}),
    Subtopic(
        "contraindications",
        _("Who should not have it"),
        _mesh_codes("Q000744"),
        {"compound": "glance"},
    ),
    Subtopic(
        "interactions",
        _("Other medicines, food, alcohol"),
        _mesh_codes("D004347") + _snomed_codes("79899007", "404204005", "95907004", "95906008"),
        {"compound": "risks"},
    ),
    Subtopic(
        "administration",
        _("How it is given, and what it is like"),
        _mesh_codes("Q000008"),
        {"compound": "feels-like"},
    ),
    Subtopic(
        "pharmacology",
        _("How it works"),
        _mesh_codes("Q000494", "Q000493"),
        {"compound": "how-it-may-work"},
    ),
    Subtopic(
        "toxicity", _("Too much of it"), _mesh_codes("Q000633", "Q000506"), {"compound": "risks"}
    ),
    Subtopic(
        "prognosis",
        _("How long it lasts"),
        _mesh_codes("D011379"),
        {"compound": "glance", "condition": "not-known"},
    ),
    Subtopic(
        "causes",
        _("Causes, diagnosis"),
        _mesh_codes("Q000209", "Q000175"),
        {"condition": "what-it-is"},
    ),
)
EVIDENCE_ANCHORS = {"compound": "studied-for", "condition": "studies"}
"""Where the evidence stands: what a clinician is led to who names no subtopic."""

SUBTOPICS_BY_KEY = {subtopic.key: subtopic for subtopic in SUBTOPICS}
_SUBTOPICS_BY_CODE = {code: subtopic for subtopic in SUBTOPICS for code in subtopic.codes}


def find_subtopic(system: str, code: str) -> Subtopic | None:
    """The subtopic that a code means, by the key of its system and its normal form."""
    return _SUBTOPICS_BY_CODE.get((system, code))
