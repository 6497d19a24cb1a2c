"""Loads templates without the indentation that is there for those who read them."""

import re

from django.template.loaders import filesystem

# Text that keeps its spaces: a browser shows them.
VERBATIM = re.compile(r"(<(?:pre|textarea)\b.*?</(?:pre|textarea)>)", re.DOTALL)
# Tags that print nothing.
SILENT = r"(?:if|elif|else|endif|for|empty|endfor|with|endwith|load|regroup|block|endblock|extends)"
SILENT_LINES = re.compile(rf"^((?:{{% {SILENT}\b(?:(?!%}}).)*%}})+)\n", re.MULTILINE)


class IndentationLoader(filesystem.Loader):
    """Django's loader of templates from DIRS, which unindents .html templates.

    A line break stays a line break, so no word joins another. The cached loader around this one
    keeps what was compiled.
    """

    def get_contents(self, origin):
        contents = super().get_contents(origin)
        return strip_indentation(contents) if origin.name.endswith(".html") else contents


def strip_indentation(html):
    """`html` without leading blanks, blank lines, lines of tags that print nothing, blank ends.

    What stands inside <pre> and <textarea> stays as it is.
    """
    pieces = VERBATIM.split(html)
    pieces[::2] = [SILENT_LINES.sub(r"\1", re.sub(r"\s*\n\s*", "\n", p)) for p in pieces[::2]]
    return "".join(pieces).strip()
