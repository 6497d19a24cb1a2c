"""The authors of a source in as few words as texts name them."""

MAX_INITIALS = 3
MAX_WORDS = 4
PARTICLES = frozenset(("da", "de", "del", "den", "der", "di", "dos", "la", "le", "van", "von"))


def shorten_authors(authors: str) -> str:
    """“Li N” for one author, “Li N and Lee B” for two people, “Li N and others” for several."""
    first, *others = (name.strip() for name in authors.split(","))
    if not first:
        return ""
    if len(others) == 1 and _is_person(first) and _is_person(others[0]):
        return f"{first} and {others[0]}"
    return f"{first.removesuffix(' et al.')} and others" if others or " et al" in first else first


def _is_person(name: str) -> bool:
    """Whether a name is like “Lee B”, “Anna Lee” or “Anna B. Lee”, unlike “Institute of Health”."""
    family_name, _, initials = name.rpartition(" ")
    if family_name and initials.isupper() and len(initials) <= MAX_INITIALS:
        return True
    words = [word for word in name.split() if word not in PARTICLES]
    return 2 <= len(words) <= MAX_WORDS and all(map(_is_part_of_name, words))


def _is_part_of_name(word: str) -> bool:
    """“Anna”, “O'Brien” or “B.”, but not “FDA” and not “of”."""
    return word[0].isupper() and (len(word.rstrip(".")) == 1 or not word.isupper())
