"""The way to the provider of single sign-on, and back from it.

Both are GET: the policy of our pages lets no form lead to another site, and a browser sends the
session along with a link from another site, but not with a form (`SameSite=Lax`).
"""

from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from psychoplastogens.accounts import login, single_sign_on
from psychoplastogens.accounts.single_sign_on import SignOnRefused
from psychoplastogens.accounts.views import locked_out
from psychoplastogens.delivery.rate_limits import SIGN_IN, check_rate_limit

NEXT = "sign_on_next"  # Name in the session.


@never_cache
def begin(request):
    """Send the browser to the provider. Another way in that was begun in this session ends."""
    if not single_sign_on.is_set_up() or login.get_staff_user(request):
        return redirect("accounts:sign_in")
    check_rate_limit(SIGN_IN, request)
    from psychoplastogens.accounts.oidc_client import redirect_to_provider

    address = login.get_next_url(request)
    request.session.flush()
    request.session[NEXT] = address
    try:
        return redirect_to_provider(request)
    except SignOnRefused as refused:
        return redirect(single_sign_on.refuse(request, refused.reason, address))


@never_cache
def callback(request):
    """Let in whom the provider names, or go on with the second factor."""
    if not single_sign_on.is_set_up():
        return redirect("accounts:sign_in")
    address = request.session.pop(NEXT, None)
    if address is None:  # Nobody began here, so this is not counted yet.
        check_rate_limit(SIGN_IN, request)
    from psychoplastogens.accounts.oidc_client import fetch_identity

    try:
        identity = fetch_identity(request)
        user = single_sign_on.find_account(identity)
    except SignOnRefused as refused:
        return redirect(single_sign_on.refuse(request, refused.reason, address))
    if login.is_locked_out(request, user):
        return locked_out(request)
    return redirect(login.continue_after_sign_on(request, user, identity, address))
