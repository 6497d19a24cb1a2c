"""Decorators of public views."""

from functools import wraps

from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

PAGE_MAX_AGE_SECONDS = 60


def noindex(response):
    """Keep search engines away from `response`: fragments, and pages that clinics hand out."""
    response["X-Robots-Tag"] = "noindex"
    return response


def public_page(*parameters, max_age=PAGE_MAX_AGE_SECONDS):
    """Decorator for a page that anyone may read: GET and HEAD only, cached for a minute.

    `parameters` are the query parameters that the view reads. A request with any other is
    redirected to the address without it.
    """

    def decorate(view):
        @require_safe
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, public=True, max_age=max_age)
            return response

        wrapped.parameters = frozenset(parameters)
        wrapped.csrf_exempt = True  # A POST gets 405, not 403.
        return wrapped

    return decorate
