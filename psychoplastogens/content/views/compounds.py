from django.shortcuts import render

from psychoplastogens.content import page_context
from psychoplastogens.content.models import Compound, Standing
from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.editorial.shortcuts import get_published_or_gone
from psychoplastogens.evidence.models import Finding

MAX_COMPARED = 3


@public_page()
def compound_list(request):
    compounds = page_context.list_compounds_by_standing()
    context = {"compounds": compounds, "standings": Standing}
    return render(request, "content/compound_list.html", context)


@public_page()
def compound_detail(request, slug):
    compound = get_published_or_gone(Compound.objects.with_statuses, slug)
    return render(
        request, "content/compound_detail.html", page_context.get_compound_context(compound)
    )


@public_page()
def compound_numbers(request, slug):
    compound = get_published_or_gone(Compound.objects.all, slug)
    return render_numbers(request, compound, compound.name, compound.quotable_status)


def render_numbers(request, record, name, status=None):
    """Every Finding of a compound or condition as a table, with its sources.

    `status` is the row that the legal status of a compound rests on, cited above its numbers.
    """
    findings = list(Finding.objects.published().with_source().about(record))
    context = {
        "record": record,
        "name": name,
        "findings": findings,
        "stands": isinstance(record, Compound),
        "status": status,
        "prose": ProseRenderer([], findings, also=[status.source.slug] if status else []),
    }
    return render(request, "content/numbers.html", context)


@public_page("c")
def compound_compare(request):
    """The compounds of the address, or the first two of the list, side by side."""
    choices = list(Compound.objects.published().for_links())
    known = {compound.slug for compound in choices}
    asked = [slug for slug in dict.fromkeys(request.GET.getlist("c")) if slug in known]
    slugs = asked[:MAX_COMPARED] or [compound.slug for compound in choices[:2]]
    context = page_context.get_comparison_context(slugs)
    context |= {
        "choices": choices,
        "left_out": [one for one in choices if one.slug in asked[MAX_COMPARED:]],
    }
    return render(request, "content/compound_compare.html", context)
