from django.http import Http404
from django.shortcuts import render

from psychoplastogens.content.models import Translation
from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.editorial.shortcuts import build_gone, get_published_or_gone


@public_page()
def translation_detail(request, slug):
    """A page in another language; 410 as well where the page that it translates was withdrawn."""
    try:
        found = get_published_or_gone(Translation.objects.with_page, slug)
    except Http404:
        for hidden in Translation.objects.withdrawn().with_slugs([slug]):
            raise build_gone(hidden.original.owner) from None
        raise
    return render(request, Translation.template_name, found.get_context())
