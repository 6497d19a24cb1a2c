"""The plan of the house, executed: who may know whom, how long a file is, what templates hold."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.urls import reverse

TOP = Path(__file__).resolve().parent.parent
PACKAGE = TOP / "psychoplastogens"
# From the top floor down. A room may import rooms on lower floors, never one on its own or above.
LAYERS = [
    ["clinics"],
    ["infobutton"],
    ["embeds"],
    ["handouts"],
    ["short_links"],
    ["search"],
    ["walkthrough"],
    ["content"],
    ["evidence"],
    ["editorial"],
    ["accounts"],
    ["delivery"],
]
FLOOR_OF = {room: number for number, rooms in enumerate(LAYERS) for room in rooms}
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
LONGEST_LINE = 120  # of templates, stylesheets and scripts; ruff knows that of Python
# What is pasted into emails, and its preview under a policy of its own: without style attributes
# mail programs show it bare.
IN_EMAILS = {"email_snippet.html", "email_preview.html"}

SOURCES = [p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts]
PYTHON = [*SOURCES, *(TOP / "tests").rglob("*.py")]
TEMPLATES = sorted((TOP / "templates").rglob("*.html"))


def name_of(path):
    return str(path.relative_to(TOP))


def faults_in(paths, faults_of):
    """Each fault that `faults_of(path)` names, behind the file's name."""
    return [f"{name_of(path)}: {fault}" for path in paths for fault in faults_of(path)]


def found(pattern, text):
    return [match[0] for match in re.finditer(pattern, text)]


@cache
def tree_of(path):
    return ast.parse(path.read_text())


def imported_modules(path):
    """(line, module) of each import of our own package in a file."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name


def test_every_room_has_its_floor():
    rooms = {p.name for p in PACKAGE.iterdir() if (p / "apps.py").exists()}
    assert rooms <= FLOOR_OF.keys()


def registers_admins(module):
    """Whether `module` is the admin of an app, or the name of something in such a file."""
    parts = module.split(".")[1:]
    if parts[1:] == ["admin"]:
        return True
    files = (PACKAGE.joinpath(*names).with_suffix(".py") for names in (parts, parts[:-1]))
    return any(path.exists() and "admin.register(" in path.read_text() for path in files)


def upward_imports(path):
    room = path.relative_to(PACKAGE).parts[0]
    if room not in FLOOR_OF:
        return  # settings, urls, wsgi and bootstrap compose the house
    for line, module in imported_modules(path):
        parts = module.split(".")
        if parts[0] != "psychoplastogens" or len(parts) < 2 or parts[1] == room:
            continue
        other = parts[1]
        if FLOOR_OF.get(other, -1) <= FLOOR_OF[room]:
            yield f"line {line}: {room} imports {other}"
        if {"views", "urls"} & set(parts[2:]) or registers_admins(module):
            yield f"line {line}: {module}"


def test_imports_run_downwards_only():
    assert not faults_in(SOURCES, upward_imports)


def test_nobody_imports_settings():
    def of_settings(path):
        modules = [module for _, module in imported_modules(path)]
        return [m for m in modules if m.startswith("psychoplastogens.settings")]

    assert not faults_in(SOURCES, of_settings)


def too_long(path):
    if (lines := path.read_text().count("\n")) > LONGEST_FILE:
        yield f"{lines} lines"
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef):
            length = node.end_lineno - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{node.name} has {length} lines"


def test_files_and_functions_are_short():
    assert not faults_in(PYTHON, too_long)


def is_view(path):
    return "views" in path.parts or path.name == "views.py" or path.stem.endswith("_views")


def test_views_use_the_words_of_querysets():
    def faults(path):
        # Staff have accounts: only the views of the admin ask who is there.
        of_public_views = "" if "admin" in path.parts else r"|request\.user"
        return found(r"\.filter\(|\.objects\.all\(" + of_public_views, path.read_text())

    views = [path for path in SOURCES if is_view(path)]
    assert not faults_in(views, faults)


def test_there_is_no_cupboard():
    forbidden = {"core", "common", "utils", "helpers", "services", "util", "misc"}
    assert not [p for p in PACKAGE.rglob("*") if p.stem in forbidden]


def test_the_top_level_holds_what_it_should():
    allowed = {"manage.py", "psychoplastogens", "templates", "static", "fixtures", "tests"}
    allowed |= {"requirements.txt", "README.md", "pyproject.toml", "LICENSE", "docs"}
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True
    )
    names = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    assert {name for name in names if not name.startswith(".")} <= allowed


BLOCKED = [
    r"""\sstyle=|<style|\son\w+=["']|hx-on|hx-boost|javascript:|hx-vars""",
    r"<script(?![^>]*\ssrc=)",
    r'hx-trigger="[^"]*\[',
    r"https?://(?!988lifeline|www\.w3\.org|www\.sitemaps|doi\.org)",
]


def blocked(path):
    text = path.read_text()
    if path.name in IN_EMAILS:
        text = text.replace(" style=", " ")
    return [fault for pattern in BLOCKED for fault in found(pattern, text)]


def test_templates_are_free_of_what_the_policy_blocks():
    assert not faults_in(TEMPLATES, blocked)


def test_public_templates_hold_no_person_and_no_unpublished_relation():
    forbidden = r"csrf_token|request\.user|\buser\.|perms\.|messages|\.all\b"
    public = [path for path in TEMPLATES if "admin" not in path.parts]
    assert not faults_in(public, lambda path: found(forbidden, path.read_text()))


def test_what_htmx_swaps_has_one_root_with_an_id():
    def rootless(path):
        text = re.sub(r"\{%.*?%\}|\s+", " ", path.read_text(), flags=re.DOTALL).strip()
        return [] if re.match(r'<(\w+) id="[\w-]+"', text) else [text[:40]]

    swapped = [p for p in TEMPLATES if p.name.startswith("_") and "results" in p.name]
    swapped += [p for p in TEMPLATES if p.name == "_glossary_term.html"]
    assert len(swapped) > 2
    assert not faults_in(swapped, rootless)


def test_every_fragment_is_asked_for_beside_its_page():
    """What htmx asks for is the page's own address, or a part of it, with fragment/ behind it."""
    seen = 0
    for path in TEMPLATES:
        html = re.sub(r"\{% depth_query[^%]*%\}", "", path.read_text())  # for links without scripts
        html = re.sub(r'\{% url "([\w:]+)" %\}', lambda match: reverse(match[1]), html)
        for element in re.findall(r"<(?:a|form)\b[^>]*hx-get=[^>]*>", html):
            page, _, query = re.search(r'(?:href|action)="([^"#]+)', element)[1].partition("?")
            asked, _, asked_query = re.search(r'hx-get="([^"]+)"', element)[1].partition("?")
            assert re.fullmatch(
                re.escape(page) + r"(check/|growth/|guess/|suggestions/)?fragment/", asked
            ), element
            assert asked_query == query, element
            seen += 1
    assert seen >= 9


def run_tool(name, *arguments):
    """Run a tool of this environment and expect that it has nothing to say."""
    tool = Path(sys.executable).with_name(name)
    done = subprocess.run([tool, *arguments], cwd=TOP, capture_output=True, text=True)
    assert not done.returncode, done.stdout + done.stderr


def test_the_code_is_linted_and_formatted():
    run_tool("ruff", "check", "--quiet", ".")
    run_tool("ruff", "format", "--check", "--quiet", ".")


def test_annotations_are_true():
    run_tool("mypy")


def test_templates_are_formatted():
    run_tool("djangofmt", "--check", "templates")


def test_stylesheets_and_scripts_are_formatted():
    run_tool("oxfmt", "--check", "static")


def lines_too_long(path):
    """Lines over the bound. An address cannot be broken; a snippet is pasted as it is."""
    if path.name == "email_snippet.html":
        return
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if len(line) > LONGEST_LINE and not re.fullmatch(r' *href="\{% url "[\w:]+" %\}\S+"', line):
            yield f"line {number} has {len(line)} characters"


def test_lines_of_templates_stylesheets_and_scripts_are_short():
    static = [path for path in (TOP / "static").rglob("*") if path.suffix in {".css", ".js"}]
    assert len(static) > 30
    assert not faults_in([*TEMPLATES, *static], lines_too_long)


@pytest.mark.django_db
def test_migrations_are_complete():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
