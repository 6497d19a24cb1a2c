"""Code systems: what they are called, how their codes look, and which code stands above which.

Pure: no Django here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LONGEST_CODE = 20
"""Characters of a code in its normal form. The longest kind, SNOMED CT, has 18."""

ICD = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
# National Drug Code: labeler, product and package; of the four layouts one has all eleven digits.
NDC_LAYOUTS = ((4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2))


def _plain(code: str) -> str:
    return code.strip().upper()


def _with_dot(code: str) -> str:
    """An ICD code with its dot, which many systems leave out: F3341 is F33.41."""
    code = _plain(code).replace(".", "")
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def _with_dot_of_icd_9(code: str) -> str:
    """An ICD-9 code with its dot: 2963 is 296.3, but E9500, of a cause from outside, is E950.0."""
    code = _plain(code).replace(".", "")
    place = 4 if code.startswith("E") else 3
    return f"{code[:place]}.{code[place:]}" if len(code) > place else code


def _eleven_digits(code: str) -> str:
    """A National Drug Code without hyphens, its parts filled up with noughts to 5, 4 and 2."""
    parts = _plain(code).split("-")
    if tuple(map(len, parts)) in NDC_LAYOUTS:
        return "".join(part.zfill(length) for part, length in zip(parts, (5, 4, 2), strict=True))
    return "".join(parts)


def _verhoeff(code: str) -> bool:
    """The check digit of SNOMED CT identifiers (Verhoeff, in the dihedral group of order ten)."""
    check = 0
    for place, digit in enumerate(reversed(code)):
        value = int(digit)
        for _ in range(place % 8):
            value = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[value]
        check = _turned(check, value)
    return check == 0


def _turned(first: int, second: int) -> int:
    """The product of two of the ten turns and flips of a pentagon."""
    if first < 5:
        return (first + second) % 5 + (5 if second >= 5 else 0)
    return (first - second) % 5 + (0 if second >= 5 else 5)


def _luhn(code: str) -> bool:
    """The check digit of LOINC numbers (mod 10)."""
    digits = [int(digit) for digit in reversed(code.replace("-", ""))]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _sum_of_36(code: str) -> bool:
    """The check character of a UNII: the sum of the others' values, in base 36."""
    return sum(int(letter, 36) for letter in code[:-1]) % 36 == int(code[-1], 36)


@dataclass(frozen=True)
class System:
    """A code system.

    `label` is how a feed names it before a code, `short` what MedlinePlus Connect calls it. `oids`
    are its object identifiers, the first ours. A code is sound where its normal form has the
    `form` and passes the `check`. `climbs` where a shorter code holds all that begin with it.
    `is_counted` where a sound code can be nothing but a code: not a telephone number.
    """

    key: str
    name: str
    short: str
    oids: tuple[str, ...]
    aliases: tuple[str, ...]
    form: re.Pattern[str]
    example: str
    label: str = ""
    normal: Callable[[str], str] = _plain
    check: Callable[[str], bool] = lambda code: True
    climbs: bool = False
    names_drugs: bool = False
    is_counted: bool = True

    @property
    def oid(self) -> str:
        return self.oids[0]

    def is_sound(self, code: str) -> bool:
        """Whether `code`, in its normal form, can be a code of this system."""
        return bool(self.form.fullmatch(code)) and self.check(code)

    def upwards(self, code: str) -> Iterator[str]:
        """`code`, in its normal form, and then those that hold it: F33.41, F33.4, F33."""
        yield code
        while self.climbs and len(code) > 3:
            code = code[:-1].removesuffix(".")
            yield code


NLM = "2.16.840.1.113883.6"
SYSTEMS = (
    System(
        "icd-10-cm", "ICD-10-CM", "ICD10CM", (f"{NLM}.90",), ("hl7.org/fhir/sid/icd-10-cm",),
        ICD, "F33.2", normal=_with_dot, climbs=True,
    ),
    System(
        "icd-9-cm", "ICD-9-CM", "ICD9CM", (f"{NLM}.103",),
        ("terminology.hl7.org/codesystem/icd9cm", "hl7.org/fhir/sid/icd-9-cm"),
        re.compile(r"([0-9]{3}|V[0-9]{2})(\.[0-9]{1,2})?|E[0-9]{3}(\.[0-9])?"), "296.3",
        normal=_with_dot_of_icd_9, climbs=True,
    ),
    System(
        "icd-10", "ICD-10", "ICD10", (f"{NLM}.3",), ("hl7.org/fhir/sid/icd-10",),
        ICD, "F33.2", normal=_with_dot, climbs=True,
    ),
    System(
        "snomed-ct", "SNOMED CT", "SNOMEDCT", (f"{NLM}.96",), ("snomed.info/sct", "snomed"),
        re.compile(r"[1-9][0-9]{5,17}"), "370143000", check=_verhoeff,
    ),
    System(
        "rxnorm", "RxNorm", "RXNORM", (f"{NLM}.88",),
        ("www.nlm.nih.gov/research/umls/rxnorm", "rxcui"),
        re.compile(r"[1-9][0-9]{0,6}"), "6130", label="RXCUI", names_drugs=True,
    ),
    System(
        "ndc", "NDC", "NDC", (f"{NLM}.69",), ("hl7.org/fhir/sid/ndc",),
        re.compile(r"[0-9]{11}"), "50458-028-02", normal=_eleven_digits, names_drugs=True,
        is_counted=False,
    ),
    System(
        "loinc", "LOINC", "LOINC", (f"{NLM}.1", "2.16.840.1.113883.11.79"), ("loinc.org",),
        re.compile(r"[0-9]{1,7}-[0-9]"), "44261-6", check=_luhn,
    ),
    System("mesh", "MeSH", "MESH", (f"{NLM}.177",), (), re.compile(r"[CDQ][0-9]{6,9}"), "D007649"),
    System(
        "cpt", "CPT", "CPT", (f"{NLM}.12",), ("www.ama-assn.org/go/cpt",),
        re.compile(r"[0-9]{4}[0-9AFTU]"), "96365",
    ),
    System(
        "atc", "ATC", "ATC", (f"{NLM}.73",), ("www.whocc.no/atc",),
        re.compile(r"[A-V][0-9]{2}[A-Z]{2}[0-9]{2}"), "N01AX03", names_drugs=True,
    ),
    System(
        "unii", "UNII", "UNII", ("2.16.840.1.113883.4.9",), ("fdasis.nlm.nih.gov",),
        re.compile(r"[0-9A-Z]{10}"), "690G0D6V8H", check=_sum_of_36, names_drugs=True,
    ),
)  # fmt: skip
BY_KEY = {system.key: system for system in SYSTEMS}
_BY_NAME = {
    name.lower(): system
    for system in SYSTEMS
    for name in (*system.oids, *system.aliases, system.key, system.name, system.short)
}


def named(name: str) -> System | None:
    """The system that an OID, `urn:oid:` and OID, a FHIR address or a short name means."""
    name = name.strip().lower().removeprefix("urn:oid:").rstrip("/")
    return _BY_NAME.get(re.sub(r"^https?://", "", name))
