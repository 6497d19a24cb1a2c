from django.shortcuts import render

from psychoplastogens.content import structured
from psychoplastogens.content.models import GlossaryTerm
from psychoplastogens.content.pages import Prose
from psychoplastogens.delivery.addresses import public, unlisted
from psychoplastogens.editorial.doors import find


@public()
def glossary_list(request):
    terms = list(GlossaryTerm.objects.published())
    context = {"terms": terms, "prose": Prose(term.meaning for term in terms)}
    return render(request, "content/glossary_list.html", context)


@public()
def glossary_detail(request, slug):
    term = find(GlossaryTerm.objects, slug)
    prose = Prose([term.meaning])
    context = {"term": term, "prose": prose, "structured": structured.term(term)}
    return render(request, "content/glossary_detail.html", context)


@public()
def glossary_fragment(request, slug):
    """What opens in place of the page when a reader taps a term."""
    term = find(GlossaryTerm.objects, slug)
    prose = Prose([term.meaning], listed_on=term.get_absolute_url())
    context = {"term": term, "prose": prose}
    return unlisted(render(request, "content/_glossary_term.html", context))
