import re

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from psychoplastogens.delivery.decorators import finds_pages_with, public_page
from psychoplastogens.delivery.exceptions import PageGone
from psychoplastogens.short_links import click_counting
from psychoplastogens.short_links.models import normalize_code

# Programs that fetch a link to draw a preview of it, by what they call themselves. Not the phones
# of the brand Cubot.
PREVIEW_AGENTS = re.compile(
    r"(?<!cu)bot\b|crawler|spider|preview|facebookexternalhit|whatsapp/|barracuda|proofpoint",
    re.IGNORECASE,
)
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


class SeeOther(HttpResponseRedirect):
    """303: the page itself is at another address (RFC 9110, 15.4.4)."""

    status_code = 303


def has_short_link(code: str) -> bool:
    """Whether a link has this code, however it is written. It is not counted."""
    try:
        return bool(click_counting.resolve(normalize_code(code)))
    except click_counting.UnknownCodeError:
        return False


@finds_pages_with(has_short_link)
@cache_control(no_store=True)  # Each opening is counted.
@csrf_exempt
@require_safe
def short_link(request, code):
    """Redirect to the page. Query parameters that a mail program adds are ignored."""
    lookup = click_counting.resolve
    if is_opened_by_a_reader(request):
        lookup = click_counting.resolve_and_count
    try:
        address = lookup(normalize_code(code))
    except click_counting.UnknownCodeError:
        context = {"is_unknown": True}
        return render(request, "short_links/short_link_entry.html", context, status=404)
    if not address:
        raise PageGone("The page that this short link led to was deleted.")
    return SeeOther(address)


def is_opened_by_a_reader(request: HttpRequest) -> bool:
    """Whether `request` may be somebody who opens a link.

    It is not where only the headers or a part are asked for, where a browser fetches what may be
    wanted later, and where a program says that it draws a preview. Some mail programs look like a
    browser: those count.
    """
    if request.META["REQUEST_METHOD"] != "GET" or "Range" in request.headers:
        return False
    purposes = " ".join(request.headers.get(name, "") for name in PREFETCH_HEADERS).lower()
    if any(purpose in purposes for purpose in ("prefetch", "prerender", "preview")):
        return False
    return not PREVIEW_AGENTS.search(request.headers.get("User-Agent", ""))


@public_page("code", stored_with=[])
def short_link_entry(request):
    """A form for the code, for readers who typed a short link without it."""
    typed = request.GET.get("code", "")
    if code := normalize_code(typed):
        return SeeOther(f"{request.path}{code}/")
    return render(request, "short_links/short_link_entry.html", {"is_unknown": bool(typed)})
