from django.shortcuts import render

from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.editorial.shortcuts import get_published_page
from tests.testapp_page.models import FieldNote


@public_page()
def fieldnote_detail(request, slug):
    note = get_published_page(FieldNote, slug)
    return render(request, FieldNote.template_name, note.get_context())
