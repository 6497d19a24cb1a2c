"""Answers for machines, and the pages for when something went wrong."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from psychoplastogens.delivery import bare_page, readiness
from psychoplastogens.delivery.addresses import public

# As Django's never_cache, without the time of day: HEAD and GET answer alike.
never_kept = cache_control(max_age=0, no_cache=True, no_store=True, private=True)


@never_kept
@public()
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_kept
@public()
def readyz(request):
    """The process has what it needs to answer readers; else 503, and what is missing."""
    missing = readiness.obstacle()
    text, status = (f"{missing}\n", 503) if missing else ("ready\n", 200)
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


@public()
def robots_txt(request):
    """Machines may read every page; not the admin, and not the parts of pages."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /review/",
        "Disallow: /*/fragment/",
        f"Sitemap: {settings.SITE_ORIGIN}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def bad_request(request, exception=None):
    """An address or a form that we cannot read: 400, or 413 where it was too much at once."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        context = {"megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000}
        return render(request, "413.html", context, status=413)
    return render(request, "400.html", status=400)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    return bare_page.for_error(sys.exception(), request)
