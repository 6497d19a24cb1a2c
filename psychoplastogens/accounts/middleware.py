"""Who is behind a request."""

from functools import partial

from django.utils.functional import SimpleLazyObject

from psychoplastogens.accounts import signing_in


def whole_sign_in_only(get_response):
    """`request.user` is nobody until the second factor is through, and once the session is over.

    Every door of the admin asks `request.user`, so each is shut, whoever built it. Lazy: a public
    page that does not ask touches no session.
    """

    def middleware(request):
        request.user = SimpleLazyObject(partial(signing_in.whoever_may_act, request, request.user))
        return get_response(request)

    return middleware
