from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.delivery.exceptions import PageGone
from psychoplastogens.short_links import click_counting
from psychoplastogens.short_links.models import normalize_code


class SeeOther(HttpResponseRedirect):
    """303: the page itself is at another address (RFC 9110, 15.4.4)."""

    status_code = 303


@cache_control(no_store=True)  # Each opening is counted.
@csrf_exempt
@require_safe
def short_link(request, code):
    """Redirect to the page. Query parameters that a mail program adds are ignored."""
    try:
        address = click_counting.resolve_and_count(normalize_code(code))
    except click_counting.UnknownCodeError:
        context = {"is_unknown": True}
        return render(request, "short_links/short_link_entry.html", context, status=404)
    if not address:
        raise PageGone("The page that this short link led to was deleted.")
    return SeeOther(address)


@public_page("code", stored_with=[])
def short_link_entry(request):
    """A form for the code, for readers who typed a short link without it."""
    typed = request.GET.get("code", "")
    if code := normalize_code(typed):
        return SeeOther(f"{request.path}{code}/")
    return render(request, "short_links/short_link_entry.html", {"is_unknown": bool(typed)})
