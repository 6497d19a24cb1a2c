"""Reads a file of translated words (.po) without gettext, which not every machine has."""

import ast
import re

_WORD = re.compile(r'^(msgid|msgid_plural|msgstr|msgstr\[(\d)\]) (".*")$|^(".*")$')


def read_po(text):
    """{(msgid, msgid_plural or ""): [msgstr, ...]}, with the header under ("", "")."""
    found = {}
    for block in text.split("\n\n"):
        words = {}
        name = ""
        for line in block.splitlines():
            if match := _WORD.match(line):
                name = match[1] or name
                words[name] = words.get(name, "") + ast.literal_eval(match[3] or match[4])
        if "msgid" in words:
            said = [text for name, text in words.items() if name.startswith("msgstr")]
            found[words["msgid"], words.get("msgid_plural", "")] = said
    return found
