from django.shortcuts import render

from psychoplastogens.content import structured
from psychoplastogens.content.changes import changes
from psychoplastogens.content.models import Compound, Explainer, Standing
from psychoplastogens.delivery import crisis
from psychoplastogens.delivery.addresses import public
from psychoplastogens.evidence.models import Source


@public()
def home(request):
    context = {
        "compounds": Compound.objects.published(),
        "explainers": Explainer.objects.published().with_sections(),
        "standings": Standing,
        "structured": structured.site(),
    }
    return render(request, "content/home.html", context)


@public()
def help_now(request):
    """Crisis help, in words that also work on paper and for those outside the country."""
    named = {line.source for country in crisis.COUNTRIES.values() for line in country.lines}
    context = {
        "countries": crisis.COUNTRIES.values(),
        "checked_on": crisis.CHECKED_ON,
        "sources": Source.objects.published().named(named),
    }
    return render(request, "content/help_now.html", context)


@public()
def about(request):
    return render(request, "content/about.html")


@public()
def about_review(request):
    return render(request, "content/about_review.html")


@public()
def privacy(request):
    return render(request, "content/privacy.html")


@public()
def accessibility(request):
    return render(request, "content/accessibility.html")


@public()
def change_list(request):
    return render(request, "content/change_list.html", {"changes": changes()})
