"""Prints one handout: a document as JSON on standard input, a PDF on standard output.

It runs in a process of its own that ends when it is done (see `pdf_rendering`), with little memory
and time, and knows nothing of the site. Exit code 1 and a message where it cannot be printed.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
TEMPLATES = {
    "short": HERE / "one_sheet.typ",
    "full": HERE / "handout.typ",
    "labels": HERE / "labels.typ",
}
MAX_MEMORY_BYTES = 1 << 30
"""Bytes of address space. The longest handout of the starter content takes a fifth of it."""
MAX_CPU_SECONDS = 20
"""Of processor time. The longest handout of the starter content takes half a second."""
MAX_ATTEMPTS = 3
MISSING_CHARACTER = "□"
_MISSING_TEXT = re.compile(r"the text `\"((?:(?!the text `\").)+?)\"` could not be displayed")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def limit_resources() -> None:
    """Less memory, time and files than the machine has. Systems without such limits have none."""
    try:
        import resource
    except ImportError:
        return  # Windows: the time limit of `pdf_rendering` is all there is.
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def compile_pdf(document: str) -> bytes:
    """The document as PDF/UA-1; the same bytes for the same document.

    Characters that no font here has, which PDF/UA forbids, are printed as empty boxes.
    """
    import typst

    known = json.loads(document)
    written = datetime(*known["written"]).replace(tzinfo=UTC)
    for _ in range(MAX_ATTEMPTS):
        try:
            return typst.compile(
                TEMPLATES[known["form"]],
                root=HERE,
                format="pdf",
                font_paths=[HERE / "fonts"],
                ignore_system_fonts=True,
                sys_inputs={"document": document},
                pdf_standards=["ua-1"],
                timestamp=written,
            )
        except typst.TypstError as error:
            if not (missing := find_missing_characters(error.diagnostic)):
                raise
            document = document.translate(dict.fromkeys(map(ord, missing), MISSING_CHARACTER))
    raise ValueError("It holds too many characters that no font here has.")


def find_missing_characters(diagnostic: str) -> set[str]:
    """The characters that Typst says no font has. ASCII is in every font: never part of JSON."""
    named = "".join(_MISSING_TEXT.findall(diagnostic))
    named = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), named)
    return {character for character in named if not character.isascii()}


def main() -> int:
    limit_resources()
    try:
        sys.stdout.buffer.write(compile_pdf(sys.stdin.read()))
    except Exception as error:  # Told to the process that asked, which logs it.
        print(getattr(error, "diagnostic", "") or repr(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
