from django.shortcuts import render

from psychoplastogens.content import showing
from psychoplastogens.content.models import Compound, Standing
from psychoplastogens.content.pages import Prose
from psychoplastogens.delivery.addresses import public
from psychoplastogens.editorial.doors import find
from psychoplastogens.evidence.models import Finding

MOST_COMPARED = 3


@public()
def compound_list(request):
    compounds = Compound.objects.published()
    context = {"compounds": compounds, "standings": Standing}
    return render(request, "content/compound_list.html", context)


@public()
def compound_detail(request, slug):
    compound = find(Compound.objects.with_statuses(), slug)
    return render(request, "content/compound_detail.html", showing.compound_detail(compound))


@public()
def compound_numbers(request, slug):
    compound = find(Compound.objects, slug)
    return numbers(request, compound, compound.name, compound.told_status)


def numbers(request, record, name, status=None):
    """Every Finding of a compound or condition as a table, with its sources.

    `status` is the row that the legal status of a compound rests on, cited above its numbers.
    """
    findings = list(Finding.objects.published().with_source().of(record))
    context = {
        "record": record,
        "name": name,
        "findings": findings,
        "stands": isinstance(record, Compound),
        "status": status,
        "prose": Prose([], findings, also=[status.source.slug] if status else []),
    }
    return render(request, "content/numbers.html", context)


@public("c")
def compound_compare(request):
    compounds = Compound.objects.published()
    slugs = list(dict.fromkeys(request.GET.getlist("c")))
    found = {compound.slug: compound for compound in compounds.named(slugs)}
    chosen = [found[slug] for slug in slugs if slug in found]
    compared = chosen[:MOST_COMPARED]
    prose = Prose(text for compound in compared for _, text in compound.glance)
    rows = [
        (label, [(compound, getattr(compound, field)) for compound in compared])
        for field, label in Compound.GLANCE
    ]
    context = {
        "compounds": compounds,
        "compared": compared,
        "left_out": chosen[MOST_COMPARED:],
        "rows": rows,
        "prose": prose,
    }
    return render(request, "content/compound_compare.html", context)
