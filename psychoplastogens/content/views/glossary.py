from django.shortcuts import render

from psychoplastogens.content import schema_org
from psychoplastogens.content.models import GlossaryTerm
from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.delivery.decorators import noindex, public_page
from psychoplastogens.delivery.pagination import ShortListPaginator, get_page_or_404
from psychoplastogens.editorial.shortcuts import get_published_or_gone

TERMS_PER_PAGE = 200


@public_page("page")
def glossary_list(request):
    terms = GlossaryTerm.objects.published().in_alphabetical_order()
    page = get_page_or_404(request, ShortListPaginator(terms, TERMS_PER_PAGE))
    context = {
        "page": page,
        "letters": get_letters(page),
        "prose": ProseRenderer(term.meaning for term in page),
    }
    return render(request, "content/glossary_list.html", context)


def get_letters(page):
    """(letter, number of the page on which it begins, None for `page`) of the whole glossary."""
    if not page.has_other_pages():
        return [(letter, None) for letter in dict.fromkeys(term.term[0].upper() for term in page)]
    letters, before = [], 0
    for letter, count in GlossaryTerm.objects.published().count_by_letter():
        number = before // TERMS_PER_PAGE + 1
        letters.append((letter.upper(), None if number == page.number else number))
        before += count
    return letters


@public_page()
def glossary_detail(request, slug):
    term = get_published_or_gone(GlossaryTerm.objects.all, slug)
    prose = ProseRenderer([term.meaning])
    context = {"term": term, "prose": prose, "structured": schema_org.describe_term(term)}
    return render(request, "content/glossary_detail.html", context)


@public_page()
def glossary_fragment(request, slug):
    """What opens in place of the page when a reader taps a term."""
    term = get_published_or_gone(GlossaryTerm.objects.all, slug)
    prose = ProseRenderer([term.meaning], listed_on=term.get_absolute_url())
    context = {"term": term, "prose": prose}
    return noindex(render(request, "content/_glossary_term.html", context))
