"""The authors of a source in as few words as texts name them."""

MAX_INITIALS = 3


def shorten_authors(authors: str) -> str:
    """“Li N” for one author, “Li N and Lee B” for two people, “Li N and others” for several."""
    first, *others = (name.strip() for name in authors.split(","))
    if not first:
        return ""
    if len(others) == 1 and _is_person(first) and _is_person(others[0]):
        return f"{first} and {others[0]}"
    return f"{first.removesuffix(' et al.')} and others" if others or " et al" in first else first


def _is_person(name: str) -> bool:
    """Whether a name ends with initials, as “Lee B” does: that of an organization does not."""
    family_name, _, initials = name.rpartition(" ")
    return bool(family_name) and initials.isupper() and len(initials) <= MAX_INITIALS
