"""Loads templates without the layout that is there for those who read them, and keeps them."""

import re
from functools import cache

from django.template.loaders import cached, filesystem

from psychoplastogens.delivery.constant_nodes import keep_constant_nodes

# Text that keeps its spaces: a browser shows them.
VERBATIM = re.compile(r"(<(?:pre|textarea)\b.*?</(?:pre|textarea)>)", re.DOTALL)
TEMPLATE_TAG = r"\{%(?:(?!%\}).)*%\}|\{\{(?:(?!\}\}).)*\}\}"
QUOTED = rf'"(?:{TEMPLATE_TAG}|[^"{{]|{{(?![%{{]))*"'
START_TAG = re.compile(
    rf"""<([a-zA-Z]\w*)(?:{TEMPLATE_TAG}|{QUOTED}|'[^']*'|[^<>"'{{]|{{(?![%{{]))*>\s*"""
)
# Elements that show no space at their inner edges.
BLOCKS = frozenset(
    "article aside blockquote body button dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 head header html legend li main nav ol option p section select"
    " summary svg table tbody td th thead title tr ul".split()
)
END_OF_BLOCK = re.compile(rf"\0?\s*\n\s*(?=</(?:{'|'.join(BLOCKS)})>)")
# A line break after the start tag of a block, which goes when the lines were looked at.
NO_BREAK = "\0\n"
# An attribute that depends on a condition, on a line of its own: each branch brings its space.
CONDITION = re.compile(r"\s*\n\s*(\{% if\b.*)")
BRANCH = re.compile(rf"({QUOTED})|(\{{% (?:if|elif|else)\b(?:(?!%\}}).)*%\}})(?=[\w-])")
# Tags that print nothing.
SILENT = (
    r"\{%\ (?:(?:if|elif|else|endif|for|empty|endfor|with|endwith|load|regroup|block|endblock"
    r"|extends|comment|endcomment)\b(?:(?!%\}).)*|(?:(?!%\}).)*\ as\ \w+\ )%\}"
)
SILENT_LINES = re.compile(rf"^((?:{SILENT})+)\n", re.MULTILINE)


class LayoutLoader(filesystem.Loader):
    """Django's loader of templates from DIRS, for .html templates laid out in short lines.

    A line break in a text stays one, so no word joins another.
    """

    def get_contents(self, origin):
        contents = super().get_contents(origin)
        return strip_layout(contents) if origin.name.endswith(".html") else contents


class KeepingLoader(cached.Loader):
    """Django's loader that keeps compiled templates, with the words that never change in them."""

    def get_template(self, template_name, skip=None):
        is_new = self.cache_key(template_name, skip) not in self.get_template_cache
        template = super().get_template(template_name, skip)
        if is_new:
            keep_constant_nodes(template)
            # Django looks for the blocks of a parent at each page that extends it.
            nodes = template.nodelist
            nodes.get_nodes_by_type = cache(nodes.get_nodes_by_type)
        return template


def strip_layout(html):
    """`html` without indentation, blank lines, lines of tags that print nothing, blank ends.

    The attributes of an element stand on one line, beside what a block begins and ends with.
    Texts inside <pre> and <textarea> stay as they are.
    """
    pieces = VERBATIM.split(START_TAG.sub(_join_attributes, html))
    pieces[::2] = map(_unindent, pieces[::2])
    return "".join(pieces).strip()


def _join_attributes(match):
    tag = match[0].rstrip()
    blank = match[0][len(tag) :]
    if match[1] in BLOCKS and "\n" in blank:
        blank = NO_BREAK
    tag = CONDITION.sub(lambda condition: BRANCH.sub(_keep_or_space, condition[1]), tag)
    return re.sub(r"\s*\n\s*", " ", re.sub(r"\s+(?=/?>$)", "", tag)) + blank


def _keep_or_space(match):
    return match[1] or f"{match[2]} "


def _unindent(html):
    html = re.sub(r"\s*\n\s*", "\n", END_OF_BLOCK.sub("", html))
    return SILENT_LINES.sub(r"\1", html).replace(NO_BREAK, "")
