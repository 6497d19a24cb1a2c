"""The link of an invitation: /admin/invitation/<code>/. Anybody may open it."""

from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from psychoplastogens.accounts import invitations, roles
from psychoplastogens.accounts.views import render_account_page
from psychoplastogens.delivery.rate_limits import SIGN_UPS, check_rate_limit


@sensitive_post_parameters("new_password1", "new_password2")
@never_cache
def invited(request, code):
    """Opening it changes nothing: programs that check mail open it too."""
    if request.method == "POST":
        check_rate_limit(SIGN_UPS, request)
    invitation = invitations.find_invitation(code)
    if invitation is None:
        return render_ended(request)
    user = invitation.user
    form = SetPasswordForm(user, request.POST or None)
    if not form.is_valid():
        context = {"form": form, "invitation": invitation, "roles": roles.get_role_names(user)}
        return render_account_page(request, "invited", _("You are invited"), **context)
    if not invitations.accept(code, form.cleaned_data["new_password1"]):
        return render_ended(request)
    title = _("Your password is set")
    return render_account_page(request, "password_changed", title, person=user, is_new=True)


def render_ended(request):
    title = _("This invitation has ended")
    return render_account_page(request, "invitation_ended", title, status=410)
