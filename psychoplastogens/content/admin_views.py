"""What a form of the admin asks for while somebody writes prose in it. Nothing is saved."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from psychoplastogens.content.prose_choices import CHOICE_FINDERS, find_choices
from psychoplastogens.content.text_measures import measure_text
from psychoplastogens.editorial.drafts.text_validation import normalize_newlines

MAX_WORDS_LENGTH = 300
"""Characters of what somebody typed to find one of a list: a whole title, which is added so."""
MAX_ADDRESS_LENGTH = 2_000
"""Characters of an address of another website."""


@require_GET
def prose_choices(request, kind):
    """The options of a list, found by the words in `?q=`, as HTML."""
    if kind not in CHOICE_FINDERS:
        raise Http404("There is no such list.")
    words = request.GET.get("q", "").strip()
    words = words[: MAX_ADDRESS_LENGTH if kind == "page" else MAX_WORDS_LENGTH]
    choices = find_choices(request, kind, words)
    return render(request, "admin/_prose_choices.html", {"choices": choices})


@require_POST
def prose_measures(request):
    """POST `text`, and `slug` of its record: its length, grade and mistakes, as HTML."""
    text = normalize_newlines(request.POST.get("text", ""))
    measured = measure_text(text, request.POST.get("slug", ""))
    return render(request, "admin/_prose_measures.html", {"measured": measured})
