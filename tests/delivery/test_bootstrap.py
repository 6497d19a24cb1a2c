"""What manage.py does before there is a Django. Run by the bare Python, without any package."""

import ast
import re
import shutil
import socket
import subprocess
import sys

import pytest

from psychoplastogens import bootstrap
from tests.server_process import PROJECT_DIR

# -S leaves out site-packages, so that this Python is as bare as a new machine's.
BARE_PYTHON = [sys._base_executable, "-S"]
# Stands in for .venv/bin/python: tells how it was called, and fails as pip if it is told to.
FAKE_PYTHON = """\
#!/bin/sh
echo "called: $*"
case "$*" in *"pip install"*)
    if [ -f "$PIP_SAYS" ]; then cat "$PIP_SAYS" >&2; exit 1; fi;;
esac
"""


@pytest.fixture
def project(tmp_path):
    """A copy of what a first start needs: manage.py, the package, the pinned lists."""
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(
        PROJECT_DIR / "psychoplastogens", tmp_path / "psychoplastogens", ignore=unwanted
    )
    (tmp_path / "tests").mkdir()
    for name in ("manage.py", "requirements.txt", "tests/requirements.txt"):
        shutil.copy(PROJECT_DIR / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def project_with_venv(project):
    python = project / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(FAKE_PYTHON)
    python.chmod(0o755)
    return project


def start(project, *arguments, before="", **environment):
    """Run manage.py with the bare Python; `before` is Python to run first, to lay an obstacle."""
    script = f"""
import runpy, sys
sys.argv, sys.path[0] = ['manage.py', *{arguments!r}], ''
{before}
runpy.run_path('manage.py', run_name='__main__')
"""
    return subprocess.run(
        [*BARE_PYTHON, "-c", script], cwd=project, capture_output=True, text=True, timeout=30,
        env={"PATH": "/usr/bin:/bin", **environment},
    )  # fmt: skip


def test_an_old_python_can_read_manage_py():
    ast.parse((PROJECT_DIR / "manage.py").read_text(), feature_version=(3, 4))


def test_an_old_python_is_told_so(project):
    ended = start(project, "serve", before="sys.version_info = (3, 9, 2)")
    assert ended.returncode == 1
    assert "needs Python 3.11 or newer, and this is Python 3.9" in ended.stderr


def test_a_python_without_venv_gets_the_apt_line(project):
    ended = start(project, "check", before="sys.modules['ensurepip'] = None")
    assert ended.returncode == 1
    assert "sudo apt install python3-venv" in ended.stderr


def test_a_taken_port_is_named_before_the_installation(project):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = start(project, "serve", "--port", str(port))
    assert ended.returncode == 1
    assert f"Port {port} is taken" in ended.stderr
    assert not (project / ".venv").exists()


def test_it_installs_what_is_pinned_and_starts_again_inside(project_with_venv):
    ended = start(project_with_venv, "check", "--deploy")
    assert re.search(r"Installing \d+ packages", ended.stdout)
    assert ended.stdout.splitlines()[-1].endswith("manage.py check --deploy")


def test_it_installs_once(project_with_venv):
    start(project_with_venv, "check")
    assert "Installing" not in start(project_with_venv, "check").stdout


def test_it_installs_again_when_the_list_changed(project_with_venv):
    start(project_with_venv, "check")
    with (project_with_venv / "requirements.txt").open("a") as file:
        file.write("# Another list.\n")
    assert "Installing" in start(project_with_venv, "check").stdout


def test_settings_that_send_packages_elsewhere_do_not_reach_pip(project_with_venv, tmp_path):
    python = project_with_venv / ".venv" / "bin" / "python"
    keep = f'case "$*" in *"pip install"*) env > {tmp_path}/environment;; esac\n'
    python.write_text(FAKE_PYTHON + keep)
    start(
        project_with_venv, "check", PIP_DRY_RUN="1", PIP_TARGET="/x", PIP_INDEX_URL="https://a.b/"
    )
    seen = (tmp_path / "environment").read_text()
    assert "PIP_INDEX_URL" in seen
    assert not re.search("PIP_DRY_RUN|PIP_TARGET", seen)


def test_an_installation_that_installed_nothing_is_not_tried_for_ever(project_with_venv):
    python = project_with_venv / ".venv" / "bin" / "python"
    python.write_text(FAKE_PYTHON + 'case "$*" in *"import django"*) exit 1;; esac\n')
    ended = start(project_with_venv, "check")
    assert ended.returncode == 1
    assert "pip config list" in ended.stderr
    assert "Installing" in start(project_with_venv, "check").stdout


def test_nothing_is_built_here(project_with_venv):
    """What builds a package is covered by no hash."""
    python = project_with_venv / ".venv" / "bin" / "python"
    python.write_text(FAKE_PYTHON + 'case "$*" in *"pip install"*) echo "$*" >&2; exit 1;; esac\n')
    assert "--only-binary=:all:" in start(project_with_venv, "check").stderr


def test_only_the_suite_needs_the_test_tools(project_with_venv):
    start(project_with_venv, "check")
    assert "Installing" in start(project_with_venv, "test").stdout
    assert "Installing" not in start(project_with_venv, "test").stdout


@pytest.mark.parametrize(
    ("pip_says", "reader_is_told"),
    [
        ("ERROR: Could not find a version that satisfies django==5.2.19", "Check the network"),
        ("ERROR: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was pinned"),
    ],
)
def test_what_pip_says_is_shown_and_explained(
    project_with_venv, tmp_path, pip_says, reader_is_told
):
    (tmp_path / "says").write_text(f"WARNING: something else\n{pip_says}\n")
    ended = start(project_with_venv, "check", PIP_SAYS=str(tmp_path / "says"))
    assert ended.returncode == 1
    assert ended.stderr.startswith(pip_says)
    assert reader_is_told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_each_direct_dependency_is_pinned_with_its_reason():
    project = (PROJECT_DIR / "pyproject.toml").read_text()
    pinned = bootstrap.RUNTIME_REQUIREMENTS.read_text() + bootstrap.TEST_REQUIREMENTS.read_text()
    direct = re.findall(r'^ +"([\w-]+)(?:\[\w+\])?==([\w.]+)",  # (.+)$', project, re.MULTILINE)
    assert len(direct) > 15
    for name, version, reason in direct:
        with_reason = rf"^# {name}: .+\n{name}=={re.escape(version)}\b"
        assert re.search(with_reason, pinned, re.MULTILINE), reason


def test_every_pin_has_hashes_and_names_no_machine():
    for file in (bootstrap.RUNTIME_REQUIREMENTS, bootstrap.TEST_REQUIREMENTS):
        text = file.read_text()
        assert len(re.findall(r"^[\w.-]+==\S+.*\\\n +--hash=sha256:", text, re.MULTILINE)) == len(
            re.findall(r"^[\w.-]+==", text, re.MULTILINE)
        )
        assert not re.search(r"://|^-|/tmp", text, re.MULTILINE)
