"""Views for a forgotten password. Anybody may open them."""

from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from psychoplastogens.accounts.forms import ForgottenPasswordForm
from psychoplastogens.accounts.password_reset import find_user, mail_reset_links, reset_password
from psychoplastogens.accounts.views import render_account_page
from psychoplastogens.delivery.mail import is_mail_set_up
from psychoplastogens.delivery.rate_limits import SIGN_UPS, check_rate_limit


@never_cache
def forgot_password(request):
    """Mail a link. The answer is the same for every address: it does not tell which are known."""
    form = ForgottenPasswordForm(request.POST or None) if is_mail_set_up() else None
    if request.method == "POST":
        check_rate_limit(SIGN_UPS, request)
    is_mailed = form is not None and form.is_valid()
    if is_mailed:
        email = form.cleaned_data["email"]
        mail_reset_links(email, form.get_users(email))
    context = {"form": form, "is_mailed": is_mailed}
    return render_account_page(request, "forgot_password", _("Forgotten password"), **context)


@sensitive_post_parameters("new_password1", "new_password2")
@never_cache
def new_password(request, user_id, token):
    """The link of the mail. Opening it changes nothing: programs that check mail open it too."""
    user = find_user(user_id, token)
    if user is None:
        return render_ended(request)
    if request.method == "POST":
        check_rate_limit(SIGN_UPS, request)
    form = SetPasswordForm(user, request.POST or None)
    if not form.is_valid():
        context = {"form": form, "person": user}
        return render_account_page(request, "new_password", _("Choose a new password"), **context)
    if not reset_password(user_id, token, form.cleaned_data["new_password1"]):
        return render_ended(request)
    title = _("Your password is changed")
    return render_account_page(request, "password_changed", title, person=user)


def render_ended(request):
    title = _("This link has ended")
    return render_account_page(request, "password_link_ended", title, status=410)
