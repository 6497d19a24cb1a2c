"""What the checks say of a record or a text."""

from psychoplastogens.editorial.workflow.checks import find_problems
from tests.factories import make_faq


def get_problems(record, rule):
    """The problems of `record` by one rule."""
    return [problem for problem in find_problems(record) if problem.rule == rule]


def get_text_problems(text, rule):
    """The problems of a text, as the answer to a question."""
    return get_problems(make_faq(answer=text), rule)


def get_severity(text, rule):
    """'error', 'warning' or '': the worst that a rule says of a text."""
    found = [problem.severity.value for problem in get_text_problems(text, rule)]
    return found[0] if found else ""
