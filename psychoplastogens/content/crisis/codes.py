"""Which codes of records speak of suicide, self-harm, an overdose or a poisoning.

ICD codes are known by how they begin, so that finer ones and new ones are known too. The patterns
are those of CDC's syndrome definitions (Suicidal Ideation v1, Suicide Attempt v1) and of the code
books' own ranges. SNOMED CT has no such order: its codes are listed in snomed.txt.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from psychoplastogens.content.crisis.concerns import Concern, ConcernGroup

# Both ICD-10 of the WHO and ICD-10-CM, without dots: neither gives a code of these another meaning.
_ICD_10 = (
    # Thoughts, attempts, history, self-harm, and their late effects (Y87.0).
    (r"R4585|R4588|T1491|Z915|X[67]\d|X8[0-4]|Y870", ConcernGroup.SELF),
    # Poisoned or suffocated on purpose: the intent is the sixth character, or the fifth of codes
    # that have no sixth or an X there.
    (
        r"T(?:3[6-9]|[45]\d|6[0-5]|71)\w\w2|T(?:3[6-9]|[45]\d|6[0-5]|71)\w2(?:X|$)",
        ConcernGroup.SELF,
    ),
    # By accident, by somebody else, or nobody knows. Not as an adverse effect (5), not too little
    # of it (6); T63 is venom. Codes without an intent are wider, or the WHO's.
    (
        r"T(?:3[6-9]|[45]\d|6[0-245])(?:\w\w[134]|\w[134](?:X|$)|\w?X?$|\w[^56]$)",
        ConcernGroup.TAKEN,
    ),
    (r"X4\d|Y1\d", ConcernGroup.TAKEN),
)
_ICD_9_CM = (
    (r"E95\d|V6284", ConcernGroup.SELF),
    (r"9[678]\d|E85\d|E86\d|E98[0-2]", ConcernGroup.TAKEN),
)
# Suicide, suicidal ideation, self-injurious behavior.
_MESH = ((r"(D013405|D059020|D016728)$", ConcernGroup.SELF),)
# The ninth question of the PHQ-9: thoughts of death or of hurting oneself.
_LOINC = ((r"44260-8$", ConcernGroup.SELF),)
_STARTS = {
    system: [(re.compile(start), group) for start, group in starts]
    for system, starts in (
        ("icd-10-cm", _ICD_10),
        ("icd-10", _ICD_10),
        ("icd-9-cm", _ICD_9_CM),
        ("mesh", _MESH),
        ("loinc", _LOINC),
    )
}


def get_concern_for_code(system: str, code: str) -> Concern | None:
    """What `code` tells of, or None. `system` is the key of a code system of the Infobutton.

    Any case, with or without its dot.
    """
    if system == "snomed-ct":
        group = _snomed().get(code.strip())
        return Concern(group) if group else None
    bare = code.replace(".", "").strip().upper()
    found = (group for start, group in _STARTS.get(system, ()) if start.match(bare))
    group = next(found, None)
    return Concern(group) if group else None


@lru_cache(maxsize=1)
def _snomed() -> dict[str, ConcernGroup]:
    groups: dict[str, ConcernGroup] = {}
    group = ConcernGroup.SELF
    for line in (Path(__file__).parent / "snomed.txt").read_text().splitlines():
        if line.startswith("["):
            group = ConcernGroup(line.strip("[]"))
        elif not line.startswith("#"):
            groups |= dict.fromkeys(line.split(), group)
    return groups
