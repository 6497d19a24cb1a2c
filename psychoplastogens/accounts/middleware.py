"""Middleware that checks the second factor."""

from functools import partial

from django.utils.functional import SimpleLazyObject

from psychoplastogens.accounts import login


def require_second_factor(get_response):
    """`request.user` is anonymous without the second factor, and after the session has expired.

    Every admin view checks `request.user`, so none can be reached before. It is lazy: a public page
    that does not read it touches no session.
    """

    def middleware(request):
        request.user = SimpleLazyObject(partial(login.get_effective_user, request, request.user))
        return get_response(request)

    return middleware
