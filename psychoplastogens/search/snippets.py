"""A piece of a text, as a hit shows it."""


def expand_fragment(text: str, fragment: str) -> str:
    """`fragment` with its punctuation, and with dots where it begins or ends in mid-sentence."""
    start = text.find(fragment)
    end = start + len(fragment)
    while start > 0 and not (text[start - 1].isspace() or text[start - 1].isalnum()):
        start -= 1
    while end < len(text) and not (text[end].isspace() or text[end].isalnum()):
        end += 1
    shown = text[start:end].strip(" ·")
    before = "" if text[:start].rstrip()[-1:] in ("", ".", "!", "?", "·") else "… "
    after = "" if shown[-1:] in (".", "!", "?") or not text[end:].strip() else " …"
    return f"{before}{shown}{after}"
