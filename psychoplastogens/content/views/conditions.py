from django.shortcuts import render

from psychoplastogens.content import structured
from psychoplastogens.content.models import Condition, Faq
from psychoplastogens.content.pages import Prose
from psychoplastogens.content.views.compounds import numbers
from psychoplastogens.delivery.addresses import public
from psychoplastogens.editorial.doors import find
from psychoplastogens.evidence.models import Finding


@public()
def condition_list(request):
    context = {"conditions": Condition.objects.published()}
    return render(request, "content/condition_list.html", context)


@public()
def condition_detail(request, slug):
    condition = find(Condition.objects.with_parts(), slug)
    pictured = list(Finding.objects.published().with_source().pictured_on(condition))
    prose = Prose(condition.texts_in_order(), pictured)
    context = {
        "condition": condition,
        "options": condition.options.all(),
        "evidence": condition.evidence.all(),
        "prose": prose,
        "pictured": pictured,
        "has_numbers": Finding.objects.published().of(condition).exists(),
        "faqs": Faq.objects.published().about_condition(condition)[:6],
        "structured": structured.condition(condition, prose),
    }
    return render(request, "content/condition_detail.html", context)


@public()
def condition_numbers(request, slug):
    condition = find(Condition.objects, slug)
    return numbers(request, condition, condition.name)
