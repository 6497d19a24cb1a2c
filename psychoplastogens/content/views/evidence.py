from django.core.paginator import Paginator
from django.db.models.functions import Concat, Lower
from django.shortcuts import render

from psychoplastogens.content import source_usage
from psychoplastogens.delivery.decorators import noindex, public_page
from psychoplastogens.delivery.pagination import build_list_query, get_page_or_404
from psychoplastogens.editorial.shortcuts import get_published_or_gone
from psychoplastogens.evidence.models import Claim, Finding, Source

SOURCES_PER_PAGE = 60
FIRST_WORDS = Lower(Concat("authors", "publisher", "title"))
"""What stands first in a line of the list: the authors, or else who published it."""


def build_claim_context(request):
    verdict = request.GET.get("verdict", "")
    claims = Claim.objects.published().with_verdict(verdict).with_sources()
    return {"claims": claims, "verdict": verdict, "verdicts": Claim.Verdict}


@public_page("verdict")
def claim_list(request):
    return render(request, "content/claim_list.html", build_claim_context(request))


@public_page("verdict")
def claim_results(request):
    return noindex(render(request, "content/_claim_results.html", build_claim_context(request)))


@public_page("kind", "page")
def source_list(request):
    asked = request.GET.get("kind", "")
    kind = asked if asked in Source.Kind.values else ""
    sources = Source.objects.published().of_kind(kind).order_by(FIRST_WORDS, "year", "pk")
    context = {
        "page": get_page_or_404(request, Paginator(sources, SOURCES_PER_PAGE)),
        "list_query": build_list_query(kind=kind),
        "kind": kind,
        "kinds": Source.Kind,
    }
    return render(request, "content/source_list.html", context)


@public_page()
def source_detail(request, slug):
    source = get_published_or_gone(Source.objects.all, slug)
    context = {
        "source": source,
        "findings": Finding.objects.published().with_source().from_source(source),
        "claims": Claim.objects.published().using_source(source),
        "pages": source_usage.find_pages_citing(source),
    }
    return render(request, "content/source_detail.html", context)
