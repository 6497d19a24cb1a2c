"""Before Django: make `.venv`, install what is pinned, and say plainly what is in the way.

Standard library only: on a new machine nothing else is there yet.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
VENV = TOP / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
RUNTIME = TOP / "requirements.txt"
TEST_TOOLS = TOP / "tests" / "requirements.txt"

ROOM_FOR_PIP = 20_000_000  # bytes
DISK_FULL = "The disk is full. Make some room, then run the same command again; nothing is lost."
NO_VENV = (
    "This Python cannot make virtual environments. On Debian or Ubuntu this adds what is missing:\n"
    "    sudo apt install python3-venv"
)
WHY_PIP_FAILED = {
    "No space left on device": DISK_FULL,
    "Disk quota exceeded": DISK_FULL,
    "DO NOT MATCH THE HASHES": "A package is not the one that was pinned. Nothing was installed.",
    "Permission denied": "The folder .venv may not be written by this user.",
}
# With these pip says that it is done and has installed nothing, or elsewhere.
NOT_FOR_PIP = ("PIP_DRY_RUN", "PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PIP_USER")
INSTALLED_ELSEWHERE = (
    "pip says that it is done, but the packages are not there. Does a setting of yours send them\n"
    "elsewhere? This lists them: python3 -m pip config list"
)
NO_NETWORK = "Python's packages could not be fetched. Check the network, then run this again."


class Obstacle(Exception):
    """Something on this machine is in the way. The message says what, and what to do."""


def main(argv: list[str]) -> None:
    """Run a management command in an environment that has what it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")
    try:
        enter_environment(argv)
        os.umask(0o077)  # The data is for its owner alone, also in a folder that others may read.
        from django.core.management import execute_from_command_line

        execute_from_command_line(argv)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        sentence = explanation(error)
        if sentence is None:
            raise
        sys.exit(sentence)


def enter_environment(argv: list[str]) -> None:
    """Return where everything is installed; anywhere else, start manage.py again in `.venv`."""
    needed = [RUNTIME, TEST_TOOLS] if argv[1:2] == ["test"] else [RUNTIME]
    in_virtual_environment = sys.prefix != sys.base_prefix
    if Path(sys.prefix).resolve() == VENV.resolve():
        if has_django() and not stale(needed):
            return
        if not has_django():
            stamp(RUNTIME).unlink(missing_ok=True)
    elif in_virtual_environment and has_django():
        return complete_own_environment(needed)
    elif not in_virtual_environment and not VENV.exists() and not lacking(needed):
        return  # A container image, for example, where the packages are the system's own.
    prepare_venv(needed, argv)
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), str(TOP / "manage.py"), *argv[1:]])


def complete_own_environment(needed: list[Path]) -> None:
    """In an environment that somebody made: name what it lacks, install only the test tools."""
    missing = lacking([RUNTIME])
    if missing:
        raise Obstacle(
            f"This environment ({sys.prefix}) lacks {', '.join(missing)}. Either install them:\n"
            "    pip install -r requirements.txt\n"
            "or leave it (deactivate) and run this again: a .venv is then made here."
        )
    if lacking(needed):
        install(sys.executable, [TEST_TOOLS])


def prepare_venv(needed: list[Path], argv: list[str]) -> None:
    """Make `.venv` complete, with a line for each step. Does nothing when it already is."""
    if VENV_PYTHON.exists() and not stale(needed):
        return
    if argv[1:2] == ["serve"]:
        refuse_taken_port(argv[2:])
    if not has_pip(VENV_PYTHON):
        make_venv()
    to_install = stale(needed)
    install(str(VENV_PYTHON), to_install)
    for file in to_install:
        stamp(file).write_text(digest(file))


def refuse_taken_port(arguments: list[str]) -> None:
    """Say that the port is taken before the reader waits for an installation, not after."""
    import argparse

    from psychoplastogens.delivery import listening

    parser = argparse.ArgumentParser(prog="manage.py serve", add_help=False)
    listening.add_arguments(parser)
    options, _ = parser.parse_known_args(arguments)
    obstacle = listening.obstacle(options.host, options.port)
    if obstacle:
        raise Obstacle(obstacle)


def has_pip(python: Path) -> bool:
    """Whether this interpreter starts and can install: half a `.venv`, or an old one, cannot."""
    if not python.exists():
        return False
    return run([str(python), "-c", "import pip"]).returncode == 0


def make_venv() -> None:
    import importlib.util
    import shutil

    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise Obstacle(NO_VENV)
    say("Making .venv, the folder for this project's packages")
    base = getattr(sys, "_base_executable", None) or sys.executable
    made = run([base, "-m", "venv", "--clear", str(VENV)])
    if made.returncode:
        # venv hides what its own pip said, so a full disk is told by what is left of it.
        full = shutil.disk_usage(TOP).free < ROOM_FOR_PIP
        raise Obstacle(f"{tail(made)}\n{DISK_FULL if full else NO_VENV}")


def install(python: str, files: list[Path]) -> None:
    count = sum(1 for _ in pins(files))
    say(f"Installing {count} packages, once (some 20 seconds)")
    arguments = [f"--requirement={file}" for file in files]
    command = [python, "-m", "pip", "install", "--quiet", "--no-input", "--require-hashes"]
    # What has to be built is built with tools that no hash covers.
    command += ["--only-binary=:all:"]
    result = run([*command, "--disable-pip-version-check", "--retries=2", *arguments])
    if result.returncode:
        raise Obstacle(f"{tail(result)}\n{why(result, NO_NETWORK)}")
    if run([python, "-c", "import django"]).returncode:
        raise Obstacle(INSTALLED_ELSEWHERE)


def run(command: list[str]):
    import subprocess

    environment = {name: value for name, value in os.environ.items() if name not in NOT_FOR_PIP}
    return subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment
    )


def tail(result, lines: int = 5) -> str:
    """The last lines that a failed program wrote, its errors before its warnings."""
    written = (result.stderr.strip() or result.stdout.strip()).splitlines()
    errors = [line for line in written if line.startswith("ERROR")]
    return "\n".join((errors or written)[-lines:])


def why(result, otherwise: str) -> str:
    """One plain sentence for what a failed program wrote."""
    written = result.stderr + result.stdout
    return next((said for sign, said in WHY_PIP_FAILED.items() if sign in written), otherwise)


def pins(files: Iterable[Path]) -> Iterator[str]:
    """The names of the packages that are pinned for every platform."""
    for file in files:
        yield from re.findall(r"^([\w.-]+)==[^;\s]+ *\\?$", file.read_text(), re.MULTILINE)


def lacking(files: Iterable[Path]) -> list[str]:
    """The pinned packages that this interpreter does not have."""
    return [name for name in pins(files) if version(name) is None]


def has_django() -> bool:
    """Whether this interpreter has the Django that the pages are written for."""
    return (version("django") or "").startswith("5.2.")


def version(name: str) -> str | None:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def stale(files: Iterable[Path]) -> list[Path]:
    """Those lists of packages that changed since they were installed into `.venv`."""
    return [f for f in files if not stamp(f).exists() or stamp(f).read_text() != digest(f)]


def stamp(file: Path) -> Path:
    return VENV / f"{file.parent.name if file != RUNTIME else 'runtime'}-installed.sha256"


def digest(file: Path) -> str:
    import hashlib

    return hashlib.sha256(file.read_bytes()).hexdigest()


def explanation(error: BaseException) -> str | None:
    """A sentence for trouble that no traceback helps with, or None."""
    if isinstance(error, Obstacle):
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EROFS):
        return f"{error.filename} may not be read or written by this user."
    if is_disk_full(error) or is_disk_full(error.__cause__):
        return DISK_FULL
    return None


def is_disk_full(error: BaseException | None) -> bool:
    """Whether the system or SQLite says so. Django's own errors carry SQLite's as their cause."""
    no_room = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    return no_room or "database or disk is full" in str(error)


def say(line: str) -> None:
    print(line, flush=True)
