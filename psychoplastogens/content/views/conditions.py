from django.shortcuts import render

from psychoplastogens.content import showing
from psychoplastogens.content.models import Condition
from psychoplastogens.content.views.compounds import numbers
from psychoplastogens.delivery.addresses import public
from psychoplastogens.editorial.doors import find


@public()
def condition_list(request):
    context = {"conditions": Condition.objects.published()}
    return render(request, "content/condition_list.html", context)


@public()
def condition_detail(request, slug):
    condition = find(Condition.objects.with_parts(), slug)
    return render(request, "content/condition_detail.html", showing.condition_detail(condition))


@public()
def condition_numbers(request, slug):
    condition = find(Condition.objects, slug)
    return numbers(request, condition, condition.name)
