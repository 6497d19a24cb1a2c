"""Health checks, robots.txt, icons and the error handlers."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control

from psychoplastogens.delivery import fallback_error_page, readiness
from psychoplastogens.delivery.decorators import public_page
from psychoplastogens.delivery.meant_addresses import find_meant_url

# As Django's never_cache, but without Expires, so that HEAD and GET have the same headers.
never_cached = cache_control(max_age=0, no_cache=True, no_store=True, private=True)


@never_cached
@public_page(stored=False)
def healthz(request):
    """Liveness: the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cached
@public_page(stored=False)
def readyz(request):
    """Readiness: 200 if the process has all it needs, else 503 with what is missing."""
    missing = readiness.find_missing_requirements()
    text, status = (f"{missing}\n", 503) if missing else ("ready\n", 200)
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


@public_page()
def robots_txt(request):
    """Crawlers may read every page, but not the admin and not page fragments."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /review/",
        "Disallow: /*/fragment/",
        f"Sitemap: {settings.SITE_ORIGIN}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@public_page()
def icon(request, name):
    """Browsers that know no SVG icon ask for one at the root, whatever the page says."""
    return redirect(static(name))


def bad_request(request, exception=None):
    """A malformed URL or form: 400, or 413 if it was too large."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        context = {"megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000}
        return render(request, "413.html", context, status=413)
    return render(request, "400.html", status=400)


def not_found(request, exception=None):
    """404, or a redirect to the page that the address means."""
    if request.method == "GET" and (meant := find_meant_url(request)):  # HEAD comes as GET.
        response = HttpResponseRedirect(meant)
        # Anybody can make up any number of such addresses: none is stored.
        response["Cache-Control"] = "no-store"
        return response
    return render(request, "404.html", status=404)


def server_error(request):
    return fallback_error_page.build_error_response(sys.exception(), request)
