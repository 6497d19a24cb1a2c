"""The plan of the house, executed: who may know whom, how long a file is, what templates hold."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
PACKAGE = TOP / "psychoplastogens"
# From the top floor down. A room may import rooms on lower floors, never one on its own or above.
FLOORS = [
    ["clinics", "lookup"],
    ["walkthrough"],
    ["content"],
    ["evidence"],
    ["editorial"],
    ["accounts"],
    ["delivery"],
]
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
# What is pasted into emails, and its preview under a policy of its own: without style attributes
# mail programs show it bare.
IN_EMAILS = {"email_snippet.html", "email_preview.html"}

SOURCES = [p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts]
PYTHON = [*SOURCES, *(TOP / "tests").rglob("*.py")]
TEMPLATES = sorted((TOP / "templates").rglob("*.html"))


def name_of(path):
    return str(path.relative_to(TOP))


def imported_modules(path):
    """(line, module) of each import of our own package in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name


def test_every_room_has_its_floor():
    rooms = {p.name for p in PACKAGE.iterdir() if (p / "apps.py").exists()}
    assert rooms <= FLOOR_OF.keys()


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_run_downwards_only(path):
    room = path.relative_to(PACKAGE).parts[0]
    if room not in FLOOR_OF:
        return  # settings, urls, wsgi and bootstrap compose the house
    for line, module in imported_modules(path):
        parts = module.split(".")
        if parts[0] != "psychoplastogens" or len(parts) < 2 or parts[1] == room:
            continue
        other = parts[1]
        assert FLOOR_OF.get(other, -1) > FLOOR_OF[room], f"line {line}: {room} imports {other}"
        assert not {"views", "urls", "admin"} & set(parts[2:]), f"line {line}: {module}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nobody_imports_settings(path):
    modules = [module for _, module in imported_modules(path)]
    assert not any(m.startswith("psychoplastogens.settings") for m in modules)


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_files_and_functions_are_short(path):
    text = path.read_text()
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if "views" in p.parts or p.name == "views.py"], ids=name_of
)
def test_views_use_the_words_of_querysets(path):
    assert not re.findall(r"\.filter\(|\.objects\.all\(|request\.user", path.read_text())


def test_there_is_no_cupboard():
    forbidden = {"core", "common", "utils", "helpers", "services", "util", "misc"}
    assert not [p for p in PACKAGE.rglob("*") if p.stem in forbidden]


def test_the_top_level_holds_what_it_should():
    allowed = {"manage.py", "psychoplastogens", "templates", "static", "fixtures", "tests"}
    allowed |= {"requirements.txt", "README.md", "pyproject.toml"}
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True
    )
    names = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    assert {name for name in names if not name.startswith(".")} <= allowed


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_are_free_of_what_the_policy_blocks(path):
    text = path.read_text()
    if path.name in IN_EMAILS:
        text = text.replace(" style=", " ")
    assert not re.search(
        r"""\sstyle=|<style|\son\w+=["']|hx-on|hx-boost|javascript:|hx-vars""", text
    )
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r'hx-trigger="[^"]*\[', text)
    assert not re.search(r"https?://(?!988lifeline|www\.w3\.org|www\.sitemaps|doi\.org)", text)


@pytest.mark.parametrize("path", [p for p in TEMPLATES if "admin" not in p.parts], ids=name_of)
def test_public_templates_hold_no_person_and_no_unpublished_relation(path):
    text = path.read_text()
    assert not re.search(r"csrf_token|request\.user|\buser\.|perms\.|messages", text)
    assert not re.search(r"\.all\b", text)


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.name.startswith("_")], ids=name_of)
def test_what_htmx_swaps_has_one_root_with_an_id(path):
    text = re.sub(r"\{%.*?%\}|\s+", " ", path.read_text(), flags=re.DOTALL).strip()
    swapped = "results" in path.name or path.name == "_glossary_term.html"
    if swapped:
        assert re.match(r'<(\w+) id="[\w-]+"', text)


def test_every_fragment_is_asked_for_beside_its_page():
    """What htmx asks for is the page's own address, or a part of it, with fragment/ behind it."""
    for path in TEMPLATES:
        html = re.sub(r"\{% deep[^%]*%\}", "", path.read_text())  # for links without scripts
        for element in re.findall(r"<(?:a|form)\b[^>]*hx-get=[^>]*>", html):
            page, _, query = re.search(r'(?:href|action)="([^"]+)"', element)[1].partition("?")
            asked, _, asked_query = re.search(r'hx-get="([^"]+)"', element)[1].partition("?")
            assert re.fullmatch(re.escape(page) + r"(check/|growth/)?fragment/", asked), element
            assert asked_query == query, element


def test_the_code_is_linted_and_formatted():
    for command in (["check", "--quiet"], ["format", "--check", "--quiet"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "."], cwd=TOP, capture_output=True, text=True
        )
        assert not done.returncode, done.stdout + done.stderr


@pytest.mark.django_db
def test_migrations_are_complete():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
