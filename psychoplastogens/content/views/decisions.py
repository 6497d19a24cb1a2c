from django.shortcuts import render

from psychoplastogens.content import page_context
from psychoplastogens.content.models import Decision
from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.editorial.shortcuts import get_published_or_gone


@public_page()
def decision_detail(request, slug):
    decision = get_published_or_gone(Decision.objects.with_page_data, slug)
    return render(
        request, "content/decision_detail.html", page_context.get_decision_context(decision)
    )
