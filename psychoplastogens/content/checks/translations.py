"""Does a text in another language say what the page in English says now?"""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format

from psychoplastogens.content.models import Translation
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Problem, error


def check_compared(record: Translation) -> Iterator[Problem]:
    """The text must be compared with the page as it is now."""
    field, changed = "compared_on", record.original.owner.updated_on
    if record.compared_on > timezone.localdate():
        message = "This day has not come yet. Enter the day on which the two were compared."
        yield error(CheckRule.DATES, field, message, str(record.compared_on))
    elif changed and changed > record.compared_on:
        message = (
            f"The page in English was changed on {date_format(changed)}. Compare this text with "
            "it, then enter that day."
        )
        yield error(CheckRule.DATES, field, message, str(record.compared_on))
