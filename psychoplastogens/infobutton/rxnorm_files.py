"""RxNorm's own files, in its Rich Release Format: which product contains which ingredient.

Columns are those of RxNorm's technical documentation (National Library of Medicine). A row of
RXNREL says "RXCUI2 RELA RXCUI1". Only the concepts of RxNorm itself are read (SAB=RXNORM): the
names and codes of its other sources have licenses of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

CONCEPTS, RELATIONS, ATTRIBUTES = "RXNCONSO.RRF", "RXNREL.RRF", "RXNSAT.RRF"
COLUMN_COUNTS = {CONCEPTS: 18, RELATIONS: 16, ATTRIBUTES: 13}
RXNORM = "RXNORM"
INGREDIENT, INGREDIENTS = "IN", "MIN"
"""Term types of one ingredient and of several together."""
# From a product, brand, component, form or group to what it contains or is a form of.
UPWARD_RELATIONS = frozenset(
    """
    consists_of contains form_of has_ingredient has_ingredients has_precise_ingredient isa
    quantified_form_of tradename_of
    """.split()
)
# Names that a record holds, the one for prescribing last: it is kept.
NAME_TYPES = (
    "IN PIN MIN BN DF SCDC SBDC SCDF SBDF SCDG SBDG SCDFP SBDFP SCDGP SCD SBD GPCK BPCK PSN".split()
)


class RxnormFileError(ValueError):
    """A file is missing, or is none of RxNorm. The message names file and line."""


@dataclass
class RxnormProduct:
    """A product, brand or group of RxNorm: its name, the code of its ingredient, its NDCs."""

    code: str
    name: str
    ingredient: str
    packages: list[str] = field(default_factory=list)


def read_products(folder: Path, ingredients: Collection[str]) -> list[RxnormProduct]:
    """What contains one of `ingredients` and nothing else, in the order of the codes.

    `ingredients` are codes of single ingredients, or of several together (MIN): a product of two
    ingredients is led to those two together, and never to one of them.
    """
    names, types = _read_concepts(folder / CONCEPTS)
    parents = _read_parents(folder / RELATIONS)
    products = {}
    for code in names:
        held = _find_ingredients(code, parents, types)
        together = {code for code in held if INGREDIENTS in types[code]}
        single = held - together
        chosen = together if len(single) != 1 else single
        if code not in held and len(chosen) == 1 and chosen <= set(ingredients):
            products[code] = RxnormProduct(code, names[code], chosen.pop())
    for code, package in _iter_packages(folder / ATTRIBUTES):
        if code in products:
            products[code].packages.append(package)
    return sorted(products.values(), key=lambda product: int(product.code))


def _find_ingredients(
    code: str, parents: dict[str, set[str]], types: dict[str, set[str]]
) -> set[str]:
    """The ingredients that `code` contains, alone or together, and those that are meant by it."""
    seen, waiting, found = {code}, [code], set()
    while waiting:
        current = waiting.pop()
        if types.get(current, set()) & {INGREDIENT, INGREDIENTS}:
            found.add(current)
            continue
        new = parents.get(current, set()) - seen
        seen |= new
        waiting += new
    return found


def _read_concepts(path: Path) -> tuple[dict[str, str], dict[str, set[str]]]:
    """({code: name}, {code: term types}) of the concepts in force."""
    names: dict[str, tuple[int, str]] = {}
    types: dict[str, set[str]] = defaultdict(set)
    for row in _iter_rows(path):
        code, source, term_type, name, suppressed = row[0], row[11], row[12], row[14], row[16]
        if source != RXNORM or suppressed != "N" or term_type not in NAME_TYPES:
            continue
        types[code].add(term_type)
        names[code] = max(names.get(code, (-1, "")), (NAME_TYPES.index(term_type), name))
    return {code: name for code, (_, name) in names.items()}, types


def _read_parents(path: Path) -> dict[str, set[str]]:
    parents: dict[str, set[str]] = defaultdict(set)
    for row in _iter_rows(path):
        parent, child, relation, source = row[0], row[4], row[7], row[10]
        if source == RXNORM and relation in UPWARD_RELATIONS and parent and child:
            parents[child].add(parent)
    return parents


def _iter_packages(path: Path) -> Iterator[tuple[str, str]]:
    """(code of the product, NDC of eleven digits)."""
    for row in _iter_rows(path):
        code, name, source, value, suppressed = row[0], row[8], row[9], row[10], row[11]
        if name == "NDC" and source == RXNORM and suppressed == "N":
            yield code, value


def _iter_rows(path: Path) -> Iterator[list[str]]:
    """The rows of a file, read line by line: those of RxNorm have some hundred megabytes."""
    columns = COLUMN_COUNTS[path.name]
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                # Each field ends with a bar, the last one too.
                row = line.rstrip("\r\n").removesuffix("|").split("|")
                if len(row) != columns:
                    said = (
                        f"{path.name}, line {number}: {columns} fields expected, {len(row)} found."
                    )
                    raise RxnormFileError(said)
                yield row
    except FileNotFoundError:
        raise RxnormFileError(f"There is no {path.name} in {path.parent}.") from None
    except UnicodeDecodeError:
        raise RxnormFileError(f"{path.name} is not text in UTF-8.") from None
