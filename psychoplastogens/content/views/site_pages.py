from django.shortcuts import render

from psychoplastogens.content import page_context, schema_org
from psychoplastogens.content.changes import get_changes
from psychoplastogens.content.other_languages import OTHER_LANGUAGES
from psychoplastogens.delivery import crisis_lines
from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.evidence.models import Source


@public_page()
def home(request):
    context = {
        "compounds": page_context.list_compounds_by_standing(),
        "explainers": page_context.list_timed_explainers(),
        "structured": schema_org.describe_site(),
    }
    return render(request, "content/home.html", context)


@public_page()
def help_now(request):
    """Crisis help, in words that also work on paper and for those outside the country."""
    named = {
        line.source for country in crisis_lines.CRISIS_COUNTRIES.values() for line in country.lines
    }
    context = {
        "countries": crisis_lines.CRISIS_COUNTRIES.values(),
        "checked_on": crisis_lines.NUMBERS_CHECKED_ON,
        "sources": Source.objects.published().with_slugs(named),
        "other_languages": OTHER_LANGUAGES.values(),
    }
    return render(request, "content/help_now.html", context)


@public_page()
def about(request):
    return render(request, "content/about.html")


@public_page()
def about_review(request):
    return render(request, "content/about_review.html")


@public_page()
def privacy(request):
    return render(request, "content/privacy.html")


@public_page()
def accessibility(request):
    return render(request, "content/accessibility.html")


@public_page()
def change_list(request):
    return render(request, "content/change_list.html", {"changes": get_changes()})
