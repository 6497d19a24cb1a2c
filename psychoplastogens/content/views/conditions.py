from django.shortcuts import render

from psychoplastogens.content import page_context
from psychoplastogens.content.models import Condition
from psychoplastogens.content.views.compounds import render_numbers
from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.editorial.shortcuts import get_published_or_gone


@public_page()
def condition_list(request):
    context = {"conditions": Condition.objects.published()}
    return render(request, "content/condition_list.html", context)


@public_page()
def condition_detail(request, slug):
    condition = get_published_or_gone(Condition.objects.with_parts, slug)
    return render(
        request, "content/condition_detail.html", page_context.get_condition_context(condition)
    )


@public_page()
def condition_numbers(request, slug):
    condition = get_published_or_gone(Condition.objects.all, slug)
    return render_numbers(request, condition, condition.name)
