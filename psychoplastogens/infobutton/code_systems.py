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
# National Drug Code: labeler, product and package. Of the layouts one has all eleven digits; record
# systems of the VA write a nought before it. Without the package it names a product.
NDC_LAYOUTS = ((4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2))
NDC_LENGTHS = (5, 4, 2)
NDC_PRODUCT_LENGTH = 9


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
    if len(parts[0]) == 6 and parts[0].startswith("0"):
        parts[0] = parts[0][1:]
    lengths = tuple(map(len, parts))
    if any(lengths in (layout, layout[:2]) for layout in NDC_LAYOUTS):
        return _fill_up_ndc(parts)
    bare = "".join(parts)
    return bare[1:] if len(bare) == 12 and bare.startswith("0") else bare


def _read_bare_ndc(code: str) -> tuple[str, ...]:
    """What ten digits without hyphens may be: they do not tell where a nought is left out."""
    code = _normalize_code(code)
    if len(code) != 10 or not code.isdigit():
        return ()
    cuts = ((labeler, labeler + product) for labeler, product, _ in NDC_LAYOUTS[:3])
    return tuple(_fill_up_ndc([code[:one], code[one:two], code[two:]]) for one, two in cuts)


def _fill_up_ndc(parts: list[str]) -> str:
    return "".join(part.zfill(length) for part, length in zip(parts, NDC_LENGTHS, strict=False))


def _iter_shorter_icd(code: str) -> Iterator[str]:
    while len(code) > 3:
        code = code[:-1].removesuffix(".")
        yield code


def _iter_ndc_product(code: str) -> Iterator[str]:
    if len(code) > NDC_PRODUCT_LENGTH:
        yield code[:NDC_PRODUCT_LENGTH]


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


def _iter_nothing(code: str) -> Iterator[str]:
    return iter(())


@dataclass(frozen=True)
class CodeSystem:
    """A code system.

    `label` is how a feed names it before a code, `short` what MedlinePlus Connect calls it. `oids`
    are its object identifiers, the first ours. A code is sound where its normal form has the
    `form` and passes the `check`; `other_readings` gives more normal forms of what can be read in
    several ways. `climb` gives the codes that hold a code, the nearest first. `is_counted` where a
    sound code can be nothing but a code: not a telephone number.
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
    other_readings: Callable[[str], tuple[str, ...]] = lambda code: ()
    check: Callable[[str], bool] = lambda code: True
    climb: Callable[[str], Iterator[str]] = _iter_nothing
    names_drugs: bool = False
    is_counted: bool = True

    @property
    def oid(self) -> str:
        return self.oids[0]

    def is_valid_code(self, code: str) -> bool:
        """Whether `code`, in its normal form, can be a code of this system."""
        return bool(self.form.fullmatch(code)) and self.check(code)

    def read_codes(self, sent: str) -> tuple[str, ...]:
        """The sound codes that `sent` can be, in their normal form: one, or several, or none."""
        readings = (self.normalize(sent), *self.other_readings(sent))
        return tuple(dict.fromkeys(code for code in readings if self.is_valid_code(code)))

    def iter_ancestors(self, code: str) -> Iterator[str]:
        """`code`, in its normal form, and then those that hold it: F33.41, F33.4, F33."""
        yield code
        yield from self.climb(code)


NLM_OID = "2.16.840.1.113883.6"
CODE_SYSTEMS = (
    CodeSystem(
        "icd-10-cm", "ICD-10-CM", "ICD10CM", (f"{NLM_OID}.90",),
        ("hl7.org/fhir/sid/icd-10-cm", "I10C"),
        ICD_10_PATTERN, "F33.2", normalize=_normalize_icd_10, climb=_iter_shorter_icd,
    ),
    CodeSystem(
        "icd-9-cm", "ICD-9-CM", "ICD9CM", (f"{NLM_OID}.103",),
        ("terminology.hl7.org/CodeSystem/icd9cm", "hl7.org/fhir/sid/icd-9-cm", "ICD-9", "I9C"),
        re.compile(r"([0-9]{3}|V[0-9]{2})(\.[0-9]{1,2})?|E[0-9]{3}(\.[0-9])?"), "296.3",
        normalize=_normalize_icd_9, climb=_iter_shorter_icd,
    ),
    CodeSystem(
        "icd-10", "ICD-10", "ICD10", (f"{NLM_OID}.3",),
        ("hl7.org/fhir/sid/icd-10", "ICD-10-WHO", "I10"),
        ICD_10_PATTERN, "F33.2", normalize=_normalize_icd_10, climb=_iter_shorter_icd,
    ),
    CodeSystem(
        "snomed-ct", "SNOMED CT", "SNOMEDCT", (f"{NLM_OID}.96",),
        ("snomed.info/sct", "SNOMED", "SNOMEDCT_US", "SCT"),
        re.compile(r"[1-9][0-9]{5,17}"), "370143000", check=_has_valid_verhoeff_digit,
    ),
    CodeSystem(
        "rxnorm", "RxNorm", "RXNORM", (f"{NLM_OID}.88",),
        ("nlm.nih.gov/research/umls/rxnorm", "RXCUI"),
        re.compile(r"[1-9][0-9]{0,6}"), "6130", label="RXCUI", names_drugs=True,
    ),
    CodeSystem(
        "ndc", "NDC", "NDC", (f"{NLM_OID}.69",), ("hl7.org/fhir/sid/ndc",),
        re.compile(r"[0-9]{9}([0-9]{2})?"), "50458-028-02", normalize=_normalize_ndc,
        other_readings=_read_bare_ndc, climb=_iter_ndc_product, names_drugs=True, is_counted=False,
    ),
    CodeSystem(
        "loinc", "LOINC", "LOINC", (f"{NLM_OID}.1", "2.16.840.1.113883.11.79"),
        ("loinc.org", "LN"),
        re.compile(r"[0-9]{1,7}-[0-9]"), "44261-6", check=_has_valid_luhn_digit,
    ),
    CodeSystem(
        "mesh", "MeSH", "MESH", (f"{NLM_OID}.177",), ("id.nlm.nih.gov/mesh", "MSH"),
        re.compile(r"[CDQ][0-9]{6,9}"), "D007649",
    ),
    CodeSystem(
        "cpt", "CPT", "CPT", (f"{NLM_OID}.12",), ("ama-assn.org/go/cpt", "CPT4", "C4"),
        re.compile(r"[0-9]{4}[0-9AFTU]"), "96365",
    ),
    CodeSystem(
        "hcpcs", "HCPCS", "HCPCS", (f"{NLM_OID}.285", f"{NLM_OID}.14"),
        (
            "cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "terminology.hl7.org/CodeSystem/HCPCS",
            "HCPCS Level II", "HCP",
        ),
        re.compile(r"[A-V][0-9]{4}"), "G2082",
    ),
    CodeSystem(
        "atc", "ATC", "ATC", (f"{NLM_OID}.73",), ("whocc.no/atc",),
        re.compile(r"[A-V][0-9]{2}[A-Z]{2}[0-9]{2}"), "N01AX03", names_drugs=True,
    ),
    CodeSystem(
        "unii", "UNII", "UNII", ("2.16.840.1.113883.4.9",), ("fdasis.nlm.nih.gov",),
        re.compile(r"[0-9A-Z]{10}"), "690G0D6V8H", check=_has_valid_base_36_sum, names_drugs=True,
    ),
)  # fmt: skip
CODE_SYSTEMS_BY_KEY = {system.key: system for system in CODE_SYSTEMS}


def simplify_system_name(name: str) -> str:
    """`name` without what spellings differ in: case, scheme, version, spaces, hyphens, dots.

    The dots of an object identifier stay: its numbers would run together.
    """
    name = re.sub(r"^(urn:)?oid:|^https?://", "", name.strip().lower()).removeprefix("www.")
    name = name.partition("|")[0].rstrip("/")
    return name if re.fullmatch(r"[0-9.]+", name) else re.sub(r"[^a-z0-9]", "", name)


_CODE_SYSTEMS_BY_NAME = {
    simplify_system_name(name): system
    for system in CODE_SYSTEMS
    for name in (*system.oids, *system.aliases, system.key, system.name, system.short)
}


def find_code_system(name: str) -> CodeSystem | None:
    """The system that an OID, a FHIR address or a name in any spelling means."""
    return _CODE_SYSTEMS_BY_NAME.get(simplify_system_name(name))
