"""Code systems: what they are called, how their codes look, and which code stands above which.

Pure: no Django here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_CODE_LENGTH = 20
"""Characters of a code in its normal form. The longest kind, SNOMED CT, has 18."""

ICD_10_PATTERN = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
# National Drug Code: labeler, product and package; of the four layouts one has all eleven digits.
NDC_LAYOUTS = ((4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2))


def _normalize_code(code: str) -> str:
    return code.strip().upper()


def _normalize_icd_10(code: str) -> str:
    """An ICD code with its dot, which many systems leave out: F3341 is F33.41."""
    code = _normalize_code(code).replace(".", "")
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def _normalize_icd_9(code: str) -> str:
    """An ICD-9 code with its dot: 2963 is 296.3, but E9500, of a cause from outside, is E950.0."""
    code = _normalize_code(code).replace(".", "")
    place = 4 if code.startswith("E") else 3
    return f"{code[:place]}.{code[place:]}" if len(code) > place else code


def _normalize_ndc(code: str) -> str:
    """A National Drug Code without hyphens, its parts filled up with noughts to 5, 4 and 2."""
    parts = _normalize_code(code).split("-")
    if tuple(map(len, parts)) in NDC_LAYOUTS:
        return "".join(part.zfill(length) for part, length in zip(parts, (5, 4, 2), strict=True))
    return "".join(parts)


def _has_valid_verhoeff_digit(code: str) -> bool:
    """The check digit of SNOMED CT identifiers (Verhoeff, in the dihedral group of order ten)."""
    check = 0
    for place, digit in enumerate(reversed(code)):
        value = int(digit)
        for _ in range(place % 8):
            value = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[value]
        check = _multiply_dihedral(check, value)
    return check == 0


def _multiply_dihedral(first: int, second: int) -> int:
    """The product of two of the ten turns and flips of a pentagon."""
    if first < 5:
        return (first + second) % 5 + (5 if second >= 5 else 0)
    return (first - second) % 5 + (0 if second >= 5 else 5)


def _has_valid_luhn_digit(code: str) -> bool:
    """The check digit of LOINC numbers (mod 10)."""
    digits = [int(digit) for digit in reversed(code.replace("-", ""))]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _has_valid_base_36_sum(code: str) -> bool:
    """The check character of a UNII: the sum of the others' values, in base 36."""
    return sum(int(letter, 36) for letter in code[:-1]) % 36 == int(code[-1], 36)


@dataclass(frozen=True)
class CodeSystem:
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
    normalize: Callable[[str], str] = _normalize_code
    check: Callable[[str], bool] = lambda code: True
    is_hierarchical: bool = False
    names_drugs: bool = False
    is_counted: bool = True

    @property
    def oid(self) -> str:
        return self.oids[0]

    def is_valid_code(self, code: str) -> bool:
        """Whether `code`, in its normal form, can be a code of this system."""
        return bool(self.form.fullmatch(code)) and self.check(code)

    def iter_ancestors(self, code: str) -> Iterator[str]:
        """`code`, in its normal form, and then those that hold it: F33.41, F33.4, F33."""
        yield code
        while self.is_hierarchical and len(code) > 3:
            code = code[:-1].removesuffix(".")
            yield code


NLM_OID = "2.16.840.1.113883.6"
CODE_SYSTEMS = (
    CodeSystem(
        "icd-10-cm", "ICD-10-CM", "ICD10CM", (f"{NLM_OID}.90",), ("hl7.org/fhir/sid/icd-10-cm",),
        ICD_10_PATTERN, "F33.2", normalize=_normalize_icd_10, is_hierarchical=True,
    ),
    CodeSystem(
        "icd-9-cm", "ICD-9-CM", "ICD9CM", (f"{NLM_OID}.103",),
        ("terminology.hl7.org/codesystem/icd9cm", "hl7.org/fhir/sid/icd-9-cm"),
        re.compile(r"([0-9]{3}|V[0-9]{2})(\.[0-9]{1,2})?|E[0-9]{3}(\.[0-9])?"), "296.3",
        normalize=_normalize_icd_9, is_hierarchical=True,
    ),
    CodeSystem(
        "icd-10", "ICD-10", "ICD10", (f"{NLM_OID}.3",), ("hl7.org/fhir/sid/icd-10",),
        ICD_10_PATTERN, "F33.2", normalize=_normalize_icd_10, is_hierarchical=True,
    ),
    CodeSystem(
        "snomed-ct", "SNOMED CT", "SNOMEDCT", (f"{NLM_OID}.96",), ("snomed.info/sct", "snomed"),
        re.compile(r"[1-9][0-9]{5,17}"), "370143000", check=_has_valid_verhoeff_digit,
    ),
    CodeSystem(
        "rxnorm", "RxNorm", "RXNORM", (f"{NLM_OID}.88",),
        ("www.nlm.nih.gov/research/umls/rxnorm", "rxcui"),
        re.compile(r"[1-9][0-9]{0,6}"), "6130", label="RXCUI", names_drugs=True,
    ),
    CodeSystem(
        "ndc", "NDC", "NDC", (f"{NLM_OID}.69",), ("hl7.org/fhir/sid/ndc",),
        re.compile(r"[0-9]{11}"), "50458-028-02", normalize=_normalize_ndc, names_drugs=True,
        is_counted=False,
    ),
    CodeSystem(
        "loinc", "LOINC", "LOINC", (f"{NLM_OID}.1", "2.16.840.1.113883.11.79"), ("loinc.org",),
        re.compile(r"[0-9]{1,7}-[0-9]"), "44261-6", check=_has_valid_luhn_digit,
    ),
    CodeSystem(
        "mesh", "MeSH", "MESH", (f"{NLM_OID}.177",), (),
        re.compile(r"[CDQ][0-9]{6,9}"), "D007649",
    ),
    CodeSystem(
        "cpt", "CPT", "CPT", (f"{NLM_OID}.12",), ("www.ama-assn.org/go/cpt",),
        re.compile(r"[0-9]{4}[0-9AFTU]"), "96365",
    ),
    CodeSystem(
        "atc", "ATC", "ATC", (f"{NLM_OID}.73",), ("www.whocc.no/atc",),
        re.compile(r"[A-V][0-9]{2}[A-Z]{2}[0-9]{2}"), "N01AX03", names_drugs=True,
    ),
    CodeSystem(
        "unii", "UNII", "UNII", ("2.16.840.1.113883.4.9",), ("fdasis.nlm.nih.gov",),
        re.compile(r"[0-9A-Z]{10}"), "690G0D6V8H", check=_has_valid_base_36_sum, names_drugs=True,
    ),
)  # fmt: skip
CODE_SYSTEMS_BY_KEY = {system.key: system for system in CODE_SYSTEMS}
_CODE_SYSTEMS_BY_NAME = {
    name.lower(): system
    for system in CODE_SYSTEMS
    for name in (*system.oids, *system.aliases, system.key, system.name, system.short)
}


def find_code_system(name: str) -> CodeSystem | None:
    """The system that an OID, `urn:oid:` and OID, a FHIR address or a short name means."""
    name = name.strip().lower().removeprefix("urn:oid:").rstrip("/")
    return _CODE_SYSTEMS_BY_NAME.get(re.sub(r"^https?://", "", name))
