from django.shortcuts import render

from psychoplastogens.content import schema_org
from psychoplastogens.content.models import GlossaryTerm
from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.delivery.decorators import noindex, public_page
from psychoplastogens.editorial.shortcuts import get_published_or_gone


@public_page()
def glossary_list(request):
    terms = list(GlossaryTerm.objects.published())
    context = {"terms": terms, "prose": ProseRenderer(term.meaning for term in terms)}
    return render(request, "content/glossary_list.html", context)


@public_page()
def glossary_detail(request, slug):
    term = get_published_or_gone(GlossaryTerm.objects, slug)
    prose = ProseRenderer([term.meaning])
    context = {"term": term, "prose": prose, "structured": schema_org.describe_term(term)}
    return render(request, "content/glossary_detail.html", context)


@public_page()
def glossary_fragment(request, slug):
    """What opens in place of the page when a reader taps a term."""
    term = get_published_or_gone(GlossaryTerm.objects, slug)
    prose = ProseRenderer([term.meaning], listed_on=term.get_absolute_url())
    context = {"term": term, "prose": prose}
    return noindex(render(request, "content/_glossary_term.html", context))
