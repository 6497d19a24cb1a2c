"""Every regular expression of the package, and texts that make a bad one slow.

A pattern is found by importing the modules, or by reading their calls of `re`: one that is made
while the program runs has an example in MADE, or the collection fails.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from re import _constants as kinds
from re import _parser as parser

import psychoplastogens

PACKAGE = psychoplastogens.__name__
UNTYPED_TEXT_MODULES = (
    *("bootstrap", "__main__", "delivery.template_loader", "walkthrough.scene_choices"),
)
"""Modules that read only files of the project."""
ANCHORED_METHODS = {"match", "fullmatch"}
"""Methods that begin at one place only; all others try every place of a text."""

# Patterns that are made of words while the program runs: module, function, and one of its kind.
GENERATED_PATTERNS: dict[tuple[str, str], Callable[[], re.Pattern]] = {
    ("content.checks.wording", "_compile_wording"): lambda: re.compile(r"\b(?:miracle)\b", re.I),
    ("content.checks.terms", "_pattern"): lambda: _module("content.checks.terms")._pattern(
        {"synapse": "synapse", "blood pressure": "blood-pressure"}
    ),
    ("content.rendering.readability", "_compile_words"): lambda: _module(
        "content.rendering.readability"
    )._compile_words(frozenset({"synapse", "blood pressure"})),
    ("editorial.admin.text_search", "_search_texts"): lambda: re.compile(
        "blood\\ pressure|blood|pressure", re.I
    ),
    ("content.crisis.detection", "_compile_tails"): lambda: _module(
        "content.crisis.detection"
    )._compile_tails(
        max(_module("content.crisis.detection")._load_lexicon()._idioms._after.values(), key=len)
    ),
}
ANCHORED_PATTERNS = {("content.crisis.detection", "_compile_tails")}
"""Those of MADE that begin where they are told to, once for each word."""

PIECES = (
    *(" ", "\t", " \t", "\n", " \n", "\n\n", "a", "a ", "a\t", "A", "é", "1", "1.", "1 ", "1,"),
    *("1-", "1 of ", "one of ", "0.1 ", "[", "[[", "[^", "[a](", "[a|", "(", "((", "{{", "{", "<"),
    *("<a ", '<a href="', "<p>", "<p>a", "<h3>", "<i ", "</p>", '"', "“", "*", "_", "`", "#", "|"),
    *(":", ":::", "::: ", ":::\n", ":::a ", "- ", "> ", ".", ". ", "?a", "/", "//", "http://"),
    *("\\", "\\u{", "is ", "is\t", "was not ", "risk a ", "no ", "aa ", "not known ", "on a "),
)
"""Hostile to any pattern: each is said over and over."""


@dataclass(frozen=True)
class FoundPattern:
    """A pattern, where it stands, and whether it looks at every place of a text."""

    where: str
    pattern: re.Pattern
    searches: bool

    def run(self, text: str) -> None:
        if self.searches:
            for _ in self.pattern.finditer(text):
                pass
        else:
            self.pattern.match(text)
            self.pattern.fullmatch(text)


def _module(name: str):
    return importlib.import_module(f"{PACKAGE}.{name}")


def iter_modules() -> Iterator:
    """Every module of the package but migrations and UNTYPED_TEXT_MODULES."""
    for info in pkgutil.walk_packages(psychoplastogens.__path__, f"{PACKAGE}."):
        if ".migrations" not in info.name and not info.name.endswith(UNTYPED_TEXT_MODULES):
            yield importlib.import_module(info.name)


@lru_cache(maxsize=1)
def collect_patterns() -> list[FoundPattern]:
    """Every pattern of the package, each once. Raises LookupError where one cannot be known."""
    trees = {module: ast.parse(Path(module.__file__).read_text()) for module in iter_modules()}
    methods = _methods(trees.values())
    found: dict[tuple, FoundPattern] = {}
    for module, tree in trees.items():
        short = module.__name__.removeprefix(f"{PACKAGE}.")
        for name, value in vars(module).items():
            used = methods.get(name, {"search"})
            for place, pattern in _patterns_in(value, name):
                one = FoundPattern(f"{short}.{place}", pattern, not used <= ANCHORED_METHODS)
                found.setdefault((pattern.pattern, pattern.flags, one.searches), one)
        for one in _called(module, short, tree):
            found.setdefault((one.pattern.pattern, one.pattern.flags, one.searches), one)
    return list(found.values())


def _methods(trees) -> dict[str, set[str]]:
    """How each name is used: {"_LINK": {"sub"}}."""
    found: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                owner = node.value
                name = getattr(owner, "id", getattr(owner, "attr", None))
                if (
                    name
                    and hasattr(re.Pattern, node.attr)
                    and callable(getattr(re.Pattern, node.attr))
                ):
                    found.setdefault(name, set()).add(node.attr)
    return found


def _patterns_in(value, name: str, depth: int = 0) -> Iterator[tuple[str, re.Pattern]]:
    """The patterns in a value of a module: itself, or what its lists, rows and objects hold."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield name, value
    elif depth < 4:
        for number, inner in enumerate(_held_by(value)):
            yield from _patterns_in(inner, f"{name}[{number}]", depth + 1)


def _held_by(value) -> list:
    kind = value if isinstance(value, type) else type(value)
    if isinstance(value, dict):
        return list(value.values())
    if kind.__module__.startswith(PACKAGE):
        return list(getattr(value, "__dict__", {}).values())
    return list(value) if isinstance(value, list | tuple | set | frozenset) else []


def _called(module, short: str, tree: ast.Module) -> Iterator[FoundPattern]:
    """The patterns in calls of `re` within functions."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.Lambda):
            continue
        for call in ast.walk(function):
            if not _is_call_of_re(call):
                continue
            where = f"{short}:{call.lineno}"
            if (
                isinstance(function, ast.FunctionDef)
                and (short, function.name) in GENERATED_PATTERNS
            ):
                made = short, function.name
                yield FoundPattern(
                    where, GENERATED_PATTERNS[made](), searches=made not in ANCHORED_PATTERNS
                )
                continue
            pattern = _evaluated(call, module, where)
            if isinstance(pattern.pattern, str):
                yield FoundPattern(where, pattern, call.func.attr not in ANCHORED_METHODS)


_FLAGS = re.compile(r"re\.[A-Z]+(?: \| re\.[A-Z]+)*")


def _is_call_of_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr != "escape"
    )


def _evaluated(call: ast.Call, module, where: str) -> re.Pattern:
    flags = [a for a in call.args[1:] if _FLAGS.fullmatch(ast.unparse(a))]
    flags += [k.value for k in call.keywords if k.arg == "flags"]
    expressions = [ast.Expression(node) for node in (call.args[0], *flags)]
    try:
        values = [
            eval(compile(ast.fix_missing_locations(e), where, "eval"), vars(module))  # noqa: S307
            for e in expressions
        ]
    except NameError as error:
        raise LookupError(f"{where}: give one of these patterns in MADE ({error})") from error
    return re.compile(values[0], sum(values[1:], re.RegexFlag(0)))


def build_slow_texts(
    pattern: re.Pattern, length: int, pieces: tuple[str, ...] = PIECES
) -> Iterator[tuple]:
    """(name, text) of `length` characters each: `pieces`, and what is hostile to this pattern."""
    for before, again in dict.fromkeys((*_own(pattern), *(("", piece) for piece in pieces))):
        text = before + again * (length // len(again) + 1)
        yield f"{before!r} + {again!r} again and again", text[:length]


def _own(pattern: re.Pattern) -> Iterator[tuple[str, str]]:
    """(beginning, what is repeated): a match of `pattern` that never comes to its end."""
    pieces = list(_beginnings(parser.parse(pattern.pattern, pattern.flags)))
    for before, body in pieces:
        for again in {body, before + body, before}:
            if again:
                yield "", again
                yield before, again


def _beginnings(tree, before: str = "") -> Iterator[tuple[str, str]]:
    """(what comes before it, its body) of each repetition in a parsed pattern."""
    for kind, value in tree:
        if kind in REPEATS:
            yield before, _example(value[2])
        for inner in _inner(kind, value):
            yield from _beginnings(inner, before)
        before += _example([(kind, value)])
    if before:
        yield before[:-1], before[-1]


REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)


def _inner(kind, value) -> list:
    if kind is kinds.BRANCH:
        return value[1]
    if kind is kinds.ATOMIC_GROUP:
        return [value]
    if kind in (*REPEATS, kinds.SUBPATTERN, kinds.ASSERT, kinds.ASSERT_NOT):
        return [value[-1]]
    return []


def _example(tree) -> str:
    """A text that a parsed pattern takes."""
    return "".join(_EXAMPLES.get(kind, lambda value: "")(value) for kind, value in tree)


def _of_class(items) -> str:
    for letter in "a1 .,-\n\t\"'<>[](){}:;/|éA#*“\u200b\x01\\":
        if re.compile(_class_source(items)).match(letter):
            return letter
    return next((_example([item]) for item in items if item[0] is not kinds.NEGATE), "a")


_CATEGORIES = {
    kinds.CATEGORY_DIGIT: r"\d",
    kinds.CATEGORY_NOT_DIGIT: r"\D",
    kinds.CATEGORY_SPACE: r"\s",
    kinds.CATEGORY_NOT_SPACE: r"\S",
    kinds.CATEGORY_WORD: r"\w",
    kinds.CATEGORY_NOT_WORD: r"\W",
}


def _class_source(items) -> str:
    inner = ""
    for kind, value in items:
        if kind is kinds.NEGATE:
            inner += "^"
        elif kind is kinds.LITERAL:
            inner += re.escape(chr(value))
        elif kind is kinds.RANGE:
            inner += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif kind is kinds.CATEGORY:
            inner += _CATEGORIES[value]
    return f"[{inner}]"


def _repeated(value) -> str:
    return _example(value[2]) * max(value[0], 1)


_EXAMPLES = {
    kinds.LITERAL: chr,
    kinds.NOT_LITERAL: lambda value: "a" if value != ord("a") else "b",
    kinds.ANY: lambda value: "a",
    kinds.IN: _of_class,
    kinds.RANGE: lambda value: chr(value[0]),
    kinds.MAX_REPEAT: _repeated,
    kinds.MIN_REPEAT: _repeated,
    kinds.POSSESSIVE_REPEAT: _repeated,
    kinds.SUBPATTERN: lambda value: _example(value[3]),
    kinds.ATOMIC_GROUP: _example,
    kinds.BRANCH: lambda value: _example(value[1][0]),
}


def measure_seconds(one: FoundPattern, text: str, runs: int = 1) -> float:
    """The best of some runs."""
    best = float("inf")
    for _ in range(runs):
        started = time.process_time()
        one.run(text)
        best = min(best, time.process_time() - started)
    return best
