"""Before Django starts: create `.venv`, install the pinned packages, explain failures.

Standard library only: on a new machine nothing else is installed.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
VENV = PROJECT_DIR / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
RUNTIME_REQUIREMENTS = PROJECT_DIR / "requirements.txt"
TEST_REQUIREMENTS = PROJECT_DIR / "tests" / "requirements.txt"

MIN_FREE_BYTES = 20_000_000  # bytes
DISK_FULL_MESSAGE = (
    "The disk is full. Make some room, then run the same command again; nothing is lost."
)
NO_VENV_MESSAGE = (
    "This Python cannot make virtual environments. On Debian or Ubuntu this adds what is missing:\n"
    "    sudo apt install python3-venv"
)
PIP_ERROR_MESSAGES = {
    "No space left on device": DISK_FULL_MESSAGE,
    "Disk quota exceeded": DISK_FULL_MESSAGE,
    "DO NOT MATCH THE HASHES": "A package is not the one that was pinned. Nothing was installed.",
    "Permission denied": "The folder .venv may not be written by this user.",
}
# With these pip reports success but installs nothing, or elsewhere.
IGNORED_PIP_VARIABLES = ("PIP_DRY_RUN", "PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PIP_USER")
INSTALLED_ELSEWHERE_MESSAGE = (
    "pip says that it is done, but the packages are not there. Does a setting of yours send them\n"
    "elsewhere? This lists them: python3 -m pip config list"
)
NO_NETWORK_MESSAGE = (
    "Python's packages could not be fetched. Check the network, then run this again."
)


class SetupError(Exception):
    """The environment cannot be set up. The message says why, and what to do."""


def main(argv: list[str]) -> None:
    """Run a management command in an environment that has what it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")
    try:
        ensure_environment(argv)
        os.umask(0o077)  # The data is for its owner alone, also in a folder that others may read.
        from django.core.management import execute_from_command_line

        execute_from_command_line(argv)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        sentence = explain_error(error)
        if sentence is None:
            raise
        sys.exit(sentence)


def ensure_environment(argv: list[str]) -> None:
    """Return if this interpreter has all packages; otherwise restart manage.py in `.venv`."""
    needed = (
        [RUNTIME_REQUIREMENTS, TEST_REQUIREMENTS]
        if argv[1:2] == ["test"]
        else [RUNTIME_REQUIREMENTS]
    )
    in_virtual_environment = sys.prefix != sys.base_prefix
    if Path(sys.prefix).resolve() == VENV.resolve():
        if has_supported_django() and not find_changed_requirements(needed):
            return
        if not has_supported_django():
            get_stamp_path(RUNTIME_REQUIREMENTS).unlink(missing_ok=True)
    elif in_virtual_environment and has_supported_django():
        return complete_active_environment(needed)
    elif not in_virtual_environment and not VENV.exists() and not find_missing_packages(needed):
        return  # A container image, for example, where the packages are the system's own.
    prepare_venv(needed, argv)
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), str(PROJECT_DIR / "manage.py"), *argv[1:]])


def complete_active_environment(needed: list[Path]) -> None:
    """In a virtual environment of the user: report missing packages, install only test tools."""
    missing = find_missing_packages([RUNTIME_REQUIREMENTS])
    if missing:
        raise SetupError(
            f"This environment ({sys.prefix}) lacks {', '.join(missing)}. Either install them:\n"
            "    pip install -r requirements.txt\n"
            "or leave it (deactivate) and run this again: a .venv is then made here."
        )
    if find_missing_packages(needed):
        install_packages(sys.executable, [TEST_REQUIREMENTS])


def prepare_venv(needed: list[Path], argv: list[str]) -> None:
    """Create and complete `.venv`, with a line of output for each step."""
    if VENV_PYTHON.exists() and not find_changed_requirements(needed):
        return
    if argv[1:2] == ["serve"]:
        check_port_is_free(argv[2:])
    if not has_pip(VENV_PYTHON):
        create_venv()
    to_install = find_changed_requirements(needed)
    install_packages(str(VENV_PYTHON), to_install)
    for file in to_install:
        get_stamp_path(file).write_text(compute_digest(file))


def check_port_is_free(arguments: list[str]) -> None:
    """Raise SetupError for a taken port before the installation, not after it."""
    import argparse

    from psychoplastogens.delivery import bind

    parser = argparse.ArgumentParser(prog="manage.py serve", add_help=False)
    bind.add_bind_arguments(parser)
    options, _ = parser.parse_known_args(arguments)
    obstacle = bind.find_bind_error(options.host, options.port)
    if obstacle:
        raise SetupError(obstacle)


def has_pip(python: Path) -> bool:
    """Whether this interpreter starts and has pip; a broken `.venv` has not."""
    if not python.exists():
        return False
    return run_command([str(python), "-c", "import pip"]).returncode == 0


def create_venv() -> None:
    import importlib.util
    import shutil

    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise SetupError(NO_VENV_MESSAGE)
    print_line("Making .venv, the folder for this project's packages")
    base = getattr(sys, "_base_executable", None) or sys.executable
    made = run_command([base, "-m", "venv", "--clear", str(VENV)])
    if made.returncode:
        # venv hides the output of pip, so look at the free space.
        full = shutil.disk_usage(PROJECT_DIR).free < MIN_FREE_BYTES
        raise SetupError(
            f"{get_last_lines(made)}\n{DISK_FULL_MESSAGE if full else NO_VENV_MESSAGE}"
        )


def install_packages(python: str, files: list[Path]) -> None:
    count = sum(1 for _ in iter_pinned_names(files))
    print_line(f"Installing {count} packages, once (some 20 seconds)")
    arguments = [f"--requirement={file}" for file in files]
    command = [python, "-m", "pip", "install", "--quiet", "--no-input", "--require-hashes"]
    # Source packages would be built with tools that no hash covers.
    command += ["--only-binary=:all:"]
    result = run_command([*command, "--disable-pip-version-check", "--retries=2", *arguments])
    if result.returncode:
        raise SetupError(
            f"{get_last_lines(result)}\n{explain_pip_error(result, NO_NETWORK_MESSAGE)}"
        )
    if run_command([python, "-c", "import django"]).returncode:
        raise SetupError(INSTALLED_ELSEWHERE_MESSAGE)


def run_command(command: list[str]):
    import subprocess

    environment = {
        name: value for name, value in os.environ.items() if name not in IGNORED_PIP_VARIABLES
    }
    return subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment
    )


def get_last_lines(result, lines: int = 5) -> str:
    """The last lines of a failed command's output, preferably its errors."""
    written = (result.stderr.strip() or result.stdout.strip()).splitlines()
    errors = [line for line in written if line.startswith("ERROR")]
    return "\n".join((errors or written)[-lines:])


def explain_pip_error(result, otherwise: str) -> str:
    """A plain sentence for the output of a failed pip."""
    written = result.stderr + result.stdout
    return next((said for sign, said in PIP_ERROR_MESSAGES.items() if sign in written), otherwise)


def iter_pinned_names(files: Iterable[Path]) -> Iterator[str]:
    """Yield the names of the packages that are pinned for every platform."""
    for file in files:
        yield from re.findall(r"^([\w.-]+)==[^;\s]+ *\\?$", file.read_text(), re.MULTILINE)


def find_missing_packages(files: Iterable[Path]) -> list[str]:
    """The pinned packages that this interpreter lacks."""
    return [name for name in iter_pinned_names(files) if get_installed_version(name) is None]


def has_supported_django() -> bool:
    """Whether this interpreter has the supported Django version."""
    return (get_installed_version("django") or "").startswith("5.2.")


def get_installed_version(name: str) -> str | None:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def find_changed_requirements(files: Iterable[Path]) -> list[Path]:
    """The requirement files that changed since they were installed into `.venv`."""
    return [
        f
        for f in files
        if not get_stamp_path(f).exists() or get_stamp_path(f).read_text() != compute_digest(f)
    ]


def get_stamp_path(file: Path) -> Path:
    return (
        VENV / f"{file.parent.name if file != RUNTIME_REQUIREMENTS else 'runtime'}-installed.sha256"
    )


def compute_digest(file: Path) -> str:
    import hashlib

    return hashlib.sha256(file.read_bytes()).hexdigest()


def explain_error(error: BaseException) -> str | None:
    """A sentence for an error that needs no traceback, or None."""
    if isinstance(error, SetupError):
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EROFS):
        return f"{error.filename} may not be read or written by this user."
    if is_disk_full(error) or is_disk_full(error.__cause__):
        return DISK_FULL_MESSAGE
    return None


def is_disk_full(error: BaseException | None) -> bool:
    """Whether the system or SQLite reports a full disk; Django's errors have SQLite's as cause."""
    no_room = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    return no_room or "database or disk is full" in str(error)


def print_line(line: str) -> None:
    print(line, flush=True)
