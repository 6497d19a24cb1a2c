"""The size and shape of the code, at two revisions side by side.

    python tests/bench/bench_code.py [revision] [revision]

Without arguments it measures the last commit. Migrations, empty files and tests are not source.
A cycle is a set of modules that import each other while they load; imports inside functions and
for type checkers do not count.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from statistics import mean, median, quantiles

TOP = Path(__file__).resolve().parents[2]
PACKAGE = "psychoplastogens"
LONG_LINE = 120
LONG_FILE = 300
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def main() -> None:
    revisions = sys.argv[1:] or ["HEAD"]
    columns = [measure(read_files(revision)) for revision in revisions]
    width = max(len(name) for name in columns[0])
    print(" " * width, *(f"{revision[:12]:>24}" for revision in revisions))
    for name in columns[0]:
        print(f"{name:{width}}", *(f"{column[name]:>24}" for column in columns))


def read_files(revision: str) -> dict[PurePosixPath, str]:
    """{path: text} of every text file that git keeps at `revision`."""
    packed = subprocess.run(
        ["git", "archive", "--format=tar", revision], cwd=TOP, capture_output=True, check=True
    ).stdout
    files = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            path = PurePosixPath(member.name)
            if member.isfile() and path.suffix in {".py", ".html", ".css", ".js"}:
                files[path] = archive.extractfile(member).read().decode()
    return files


def measure(files: dict[PurePosixPath, str]) -> dict[str, str]:
    """{name of the measure: its value} of one revision, in the order they are printed."""
    python = {path: text for path, text in files.items() if path.suffix == ".py" and text.strip()}
    source = {path: text for path, text in python.items() if is_source(path)}
    tests = {path: text for path, text in python.items() if path.parts[0] == "tests"}
    trees = {path: ast.parse(text) for path, text in source.items()}
    modules = modules_of(source)
    functions = [
        node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, FUNCTIONS)
    ]
    lengths = [node.end_lineno - node.lineno + 1 for node in functions]
    file_lengths = [count_lines(text) for text in source.values()]
    test_lines = sum(map(count_lines, tests.values()))
    imports = [set(iter_imports(tree, modules)) for tree in trees.values()]
    return {
        "source files / lines": f"{len(source)} / {sum(file_lengths)}",
        "lines of a file: median / p95 / max": spread(file_lengths),
        f"files of more than {LONG_FILE} lines": str(sum(n > LONG_FILE for n in file_lengths)),
        "most source files in one folder": str(max_files_in_a_folder(source)),
        "functions": str(len(functions)),
        "lines of a function: median / p95 / max": spread(lengths),
        "functions with a docstring": share(functions, ast.get_docstring),
        "functions with a return annotation": share(functions, lambda node: node.returns),
        "own modules imported by a file, mean": f"{mean(map(len, imports)):.1f}",
        "modules in import cycles": str(count_in_cycles(trees, modules)),
        "test lines for a source line": f"{test_lines / sum(file_lengths):.2f}",
        **measure_lines("template", files, ".html", "templates"),
        **measure_lines("CSS", files, ".css", "static"),
        **measure_lines("JavaScript", files, ".js", "static"),
    }


def is_source(path: PurePosixPath) -> bool:
    return path.parts[0] == PACKAGE and "migrations" not in path.parts


def measure_lines(
    name: str, files: dict[PurePosixPath, str], suffix: str, folder: str
) -> dict[str, str]:
    """How many lines a language has, and how long they are."""
    texts = [
        text for path, text in files.items() if path.suffix == suffix and path.parts[0] == folder
    ]
    lines = [len(line) for text in texts for line in text.splitlines()]
    long = sum(length > LONG_LINE for length in lines)
    return {
        f"{name} files / lines": f"{len(texts)} / {len(lines)}",
        f"{name} characters a line: mean / p95 / max": f"{mean(lines):.0f} / {spread(lines, 1)}",
        f"{name} lines of more than {LONG_LINE}": f"{long} ({long / len(lines):.1%})",
    }


def spread(numbers: list[int], start: int = 0) -> str:
    """Median, 95th percentile and largest, from the `start`th of them on."""
    found = [median(numbers), quantiles(numbers, n=20)[-1], max(numbers)]
    return " / ".join(f"{number:.0f}" for number in found[start:])


def share(nodes: list[ast.AST], has) -> str:
    return f"{sum(bool(has(node)) for node in nodes) / len(nodes):.0%}"


def count_lines(text: str) -> int:
    return len(text.splitlines())


def max_files_in_a_folder(source: dict[PurePosixPath, str]) -> int:
    folders = [path.parent for path in source if path.name != "__init__.py"]
    return max(folders.count(folder) for folder in set(folders))


def modules_of(source) -> dict[str, PurePosixPath]:
    """{dotted name: path} of every module."""
    return {
        re.sub(r"\.__init__$", "", ".".join(path.with_suffix("").parts)): path for path in source
    }


def iter_imports(tree: ast.AST, modules: dict, inside_functions: bool = True) -> Iterator[str]:
    """The modules of ours that a module imports."""
    for node in ast.walk(tree) if inside_functions else iter_loaded(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                yield module if module in modules else node.module


def iter_loaded(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run while a module loads."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, FUNCTIONS) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        ):
            continue
        yield node
        yield from iter_loaded(node)


def count_in_cycles(trees: dict[PurePosixPath, ast.AST], modules: dict) -> int:
    """How many modules reach themselves through what they import while they load."""
    imports = {
        name: set(iter_imports(trees[path], modules, inside_functions=False)) - {name}
        for name, path in modules.items()
    }

    def reaches_itself(name: str) -> bool:
        seen, waiting = set(), list(imports[name])
        while waiting:
            module = waiting.pop()
            if module == name:
                return True
            if module not in seen:
                seen.add(module)
                waiting += imports.get(module, ())
        return False

    return sum(map(reaches_itself, imports))


if __name__ == "__main__":
    main()
