"""Is a page true, plain and fair enough to be approved? The rules of the plain-language rulebook.

Each rule is a function from a Page to its problems. Rooms above add their own with
`psychoplastogens.editorial.checks.checks`; pages of theirs that are Written are checked here.
"""

from collections.abc import Iterator

from psychoplastogens.content.checks import (
    approval,
    citing,
    links,
    numbers,
    sentences,
    shape,
    terms,
    words,
)
from psychoplastogens.content.checks.page import Page
from psychoplastogens.content.models.written import Written
from psychoplastogens.editorial.checks import Problem, checks, dates
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.evidence.models import Claim, Finding, SpineChange

LANGUAGE = (
    shape.too_much,
    words.avoided,
    words.should,
    numbers.in_sentences,
    approval.undated,
    sentences.too_hard,
    sentences.too_long,
)
PAGES = (
    shape.beginning,
    approval.rests_on_a_row,
    citing.uncited,
    citing.named,
    shape.not_known,
    shape.balance,
    shape.callouts,
    numbers.both_groups,
    numbers.timeframes,
    numbers.chances,
    words.link_texts,
    links.dead,
    sentences.passive,
    terms.first_uses,
)

checks(Written)(dates)


@checks(Written)
def page(record: Publishable) -> Iterator[Problem]:
    """Pages with prose, of this room and of those above it."""
    read = Page(record)
    for rule in (*LANGUAGE, *PAGES):
        yield from rule(read)


@checks(Claim, Finding, SpineChange)
def evidence(record: Publishable) -> Iterator[Problem]:
    """What readers read of a number or a claim."""
    read = Page(record)
    for rule in LANGUAGE:
        yield from rule(read)
