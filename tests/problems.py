"""What the checks say of a record or a text."""

from psychoplastogens.editorial.checks import problems_of
from tests.make import make_faq


def said(record, rule):
    """The problems of `record` by one rule."""
    return [problem for problem in problems_of(record) if problem.rule == rule]


def said_of(text, rule):
    """The problems of a text, as the answer to a question."""
    return said(make_faq(answer=text), rule)


def how_bad(text, rule):
    """'error', 'warning' or '': the worst that a rule says of a text."""
    found = [problem.severity.value for problem in said_of(text, rule)]
    return found[0] if found else ""
