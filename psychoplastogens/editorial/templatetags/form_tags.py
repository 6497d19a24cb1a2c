import re

from django import template
from django.forms import Textarea
from django.utils.text import Truncator

register = template.Library()
FIRST_WORDS = 140  # characters of a part that is closed
MARKS = re.compile(
    r"\[\^[^\]\n]{0,200}\]|\{\{[^}\n]{0,200}\}\}|^[#>*: -]{1,9}|[*_`]|\[\[|\]\]", re.MULTILINE
)


@register.filter
def first_words(form):
    """The beginning of the first long text of a form that has one, without its marks."""
    for bound in form:
        if isinstance(bound.field.widget, Textarea) and (text := bound.value()):
            words = " ".join(MARKS.sub("", text[: 4 * FIRST_WORDS]).split())
            return Truncator(words).chars(FIRST_WORDS)
    return ""
