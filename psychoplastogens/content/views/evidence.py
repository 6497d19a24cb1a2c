from django.core.paginator import Paginator
from django.shortcuts import render

from psychoplastogens.content import usage
from psychoplastogens.delivery.addresses import public, unlisted
from psychoplastogens.editorial.doors import find
from psychoplastogens.evidence.models import Claim, Finding, Source

SOURCES_ON_A_PAGE = 60


def claims_found(request):
    verdict = request.GET.get("verdict", "")
    claims = Claim.objects.published().judged(verdict).with_sources()
    return {"claims": claims, "verdict": verdict, "verdicts": Claim.Verdict}


@public("verdict")
def claim_list(request):
    return render(request, "content/claim_list.html", claims_found(request))


@public("verdict")
def claim_results(request):
    return unlisted(render(request, "content/_claim_results.html", claims_found(request)))


@public("kind", "page")
def source_list(request):
    asked = request.GET.get("kind", "")
    kind = asked if asked in Source.Kind.values else ""
    sources = Source.objects.published().of_kind(kind)
    page = Paginator(sources, SOURCES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "kind": kind, "kinds": Source.Kind}
    return render(request, "content/source_list.html", context)


@public()
def source_detail(request, slug):
    source = find(Source.objects, slug)
    context = {
        "source": source,
        "findings": Finding.objects.published().with_source().from_source(source),
        "claims": Claim.objects.published().resting_on(source),
        "pages": usage.pages_citing(source),
    }
    return render(request, "content/source_detail.html", context)
