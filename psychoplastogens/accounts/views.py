"""Views of the staff login: password, second factor, recovery codes."""

from functools import wraps

from axes.helpers import get_cool_off, get_failure_limit
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import login as verify_session

from psychoplastogens.accounts import login, second_factor, sessions, single_sign_on
from psychoplastogens.accounts.forms import (
    WRONG_CODE,
    AuthenticatorReplacementForm,
    AuthenticatorSetupForm,
    CodeForm,
    FirstPasswordForm,
    MailPreferenceForm,
    SignInForm,
)
from psychoplastogens.accounts.models import MailPreference, RecoveryDevice
from psychoplastogens.accounts.qr_code import render_qr_code
from psychoplastogens.delivery import rate_limits
from psychoplastogens.delivery.client_ip import get_client_network
from psychoplastogens.delivery.mail import is_mail_set_up

# Names in the session.
NEW_KEY, SHOW_CODES = "new_key", "show_codes"
CHOOSE_PASSWORD = "accounts:choose_password"


def login_step_required(*ways_to_look):
    """Decorator: pass the view the user that the first of these functions finds.

    Without one, redirect to the login. A user with a first password has to change it first.
    """

    def decorate(view):
        @never_cache
        @wraps(view)
        def wrapped(request):
            user = next(filter(None, (look(request) for look in ways_to_look)), None)
            if not user:
                return redirect("accounts:sign_in")
            comes_first = request.resolver_match.view_name == CHOOSE_PASSWORD
            if not comes_first and login.must_choose_password(request, user):
                return redirect(CHOOSE_PASSWORD)
            return view(request, user)

        return wrapped

    return decorate


pending_login_required = login_step_required(login.get_pending_user)
staff_login_required = login_step_required(login.get_staff_user)
pending_or_staff_login_required = login_step_required(login.get_pending_user, login.get_staff_user)


def render_account_page(request, name, title, *, status=None, **context):
    everywhere = admin.site.each_context(request) | {"title": title}
    template = f"admin/accounts/{name}.html"
    return TemplateResponse(request, template, everywhere | context, status=status)


@sensitive_post_parameters("password")
@never_cache
def sign_in(request):
    if request.method == "GET" and login.get_staff_user(request):
        return redirect("admin:index")
    if request.method == "POST" and (
        wait := rate_limits.SIGN_IN.seconds_to_wait(get_client_network(request))
    ):
        return render_too_many_attempts(request, wait)
    form = SignInForm(request, data=request.POST or None)
    if form.is_valid():
        return redirect(login.continue_after_password(request, form.get_user()))
    return render_sign_in(request, form)


def render_sign_in(request, form, **more):
    context = {
        "form": form,
        "app_path": request.get_full_path(),
        "next": login.get_next_url(request),
        "why_ended": sessions.pop_end_message(request.session),
        "why_refused": single_sign_on.pop_refusal(request.session),
        "provider": settings.OIDC_NAME if single_sign_on.is_set_up() else "",
    }
    return render_account_page(request, "sign_in", _("Log in"), **context | more)


def render_too_many_attempts(request, seconds):
    """Too many attempts from one network: 429 without checking the password; the name stays."""
    form = SignInForm(request, initial={"username": request.POST.get("username")})
    response = render_sign_in(request, form, seconds=seconds, status=429)
    response["Retry-After"] = str(seconds)
    return response


@sensitive_post_parameters("new_password1", "new_password2")
@pending_login_required
def choose_password(request, user):
    """Replace a password that somebody else set, then go on with the login."""
    if not login.has_first_password(user):
        return redirect(login.get_next_step_url(request, user))
    form = FirstPasswordForm(user, request.POST or None)
    if form.is_valid():
        user.password_set_by = user
        form.save()
        return redirect(login.continue_after_password_change(request, user))
    return render_account_page(request, "choose_password", _("Choose your own password"), form=form)


@pending_login_required
def enter_code(request, user):
    if not second_factor.get_authenticator(user):
        return redirect("accounts:set_up")
    if login.is_locked_out(request, user):
        return locked_out(request)
    form = CodeForm(user, request.POST or None, autofocus=True)
    if form.is_valid():
        device = form.cleaned_data["code"]
        address = login.complete_login(request, user, device)
        warn_recovery_code_used(request, user, device)
        return redirect(address)
    count_code_error(request, user, form)
    return render_account_page(request, "enter_code", _("Second step"), form=form)


def count_code_error(request, user, form):
    if form.has_error("code", WRONG_CODE):
        login.count_wrong_code(request, user)


def warn_recovery_code_used(request, user, device):
    if isinstance(device, RecoveryDevice):
        left = second_factor.count_recovery_codes(user)
        message = ngettext(
            "That was a recovery code; %d is left. Is your phone gone? Then set up another one "
            "under “Second factor”, at the top of this page.",
            "That was a recovery code; %d are left. Is your phone gone? Then set up another one "
            "under “Second factor”, at the top of this page.",
            left,
        )
        messages.warning(request, message % left)


@pending_or_staff_login_required
def set_up(request, user):
    """Set up an authenticator app. Replacing one takes a full login and its code."""
    app = second_factor.get_authenticator(user)
    if app and login.get_pending_user(request):
        return redirect("accounts:enter_code")
    if login.is_locked_out(request, user):
        return locked_out(request)
    key = request.session.setdefault(NEW_KEY, second_factor.generate_key())
    sent = request.POST or None
    form = (
        AuthenticatorReplacementForm(user, key, sent) if app else AuthenticatorSetupForm(key, sent)
    )
    if form.is_valid():
        code = form.cleaned_data["new_code"]
        seed = second_factor.generate_recovery_seed()
        return redirect_to_recovery_codes(
            request, second_factor.set_up_authenticator(user, key, code, seed, instead_of=app), seed
        )
    count_code_error(request, user, form)
    address = second_factor.get_otpauth_url(user, key)
    context = {
        "form": form,
        "app": app,
        "address": address,
        "picture": render_qr_code(address),
        "key": second_factor.format_key(key),
    }
    return render_account_page(request, "set_up", _("Set up the second factor"), **context)


def redirect_to_recovery_codes(request, app, seed):
    """Redirect to the recovery codes of the new app; to the code form if another was faster."""
    del request.session[NEW_KEY]
    if app is None:
        return redirect("accounts:enter_code")
    sessions.end_all_sessions(app.user, but=request.session.session_key)
    verify_session(request, app)
    request.session[SHOW_CODES] = seed
    return redirect("accounts:recovery_codes")


@pending_or_staff_login_required
def recovery_codes(request, user):
    """Show recovery codes until the user confirms to have stored them; that completes a login."""
    if not request.session.get(SHOW_CODES):
        return redirect("accounts:your_second_factor")
    if request.method == "POST":
        del request.session[SHOW_CODES]
        if login.get_pending_user(request):
            return redirect(
                login.complete_login(request, user, second_factor.get_authenticator(user))
            )
        return redirect("accounts:your_second_factor")
    codes = second_factor.derive_recovery_codes(request.session[SHOW_CODES])
    context = {"person": user, "codes": codes}
    return render_account_page(request, "recovery_codes", _("Keep these recovery codes"), **context)


@pending_or_staff_login_required
def recovery_codes_file(request, user):
    if not request.session.get(SHOW_CODES):
        return redirect("accounts:your_second_factor")
    heading = _("Recovery codes of %(name)s for %(site)s. Each works once.") % {
        "name": user.get_username(),
        "site": settings.SITE_NAME,
    }
    codes = second_factor.derive_recovery_codes(request.session[SHOW_CODES])
    text = "\n".join([heading, "", *codes, ""])
    as_file = {"Content-Disposition": 'attachment; filename="recovery-codes.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=as_file)


@staff_login_required
def your_second_factor(request, user):
    """The state of the second factor. New recovery codes require a current code."""
    app = second_factor.get_authenticator(user)
    if login.is_locked_out(request, user):
        return locked_out(request)
    form = CodeForm(user, request.POST or None)
    if app and form.is_valid():
        request.session[SHOW_CODES] = seed = second_factor.generate_recovery_seed()
        second_factor.renew_recovery_codes(user, seed)
        return redirect("accounts:recovery_codes")
    count_code_error(request, user, form)
    codes_left = second_factor.count_recovery_codes(user)
    context = {"form": form, "app": app, "codes_left": codes_left}
    return render_account_page(request, "your_second_factor", _("Second factor"), **context)


@staff_login_required
def mail_preference(request, user):
    """How often the user gets mail about texts."""
    preference = MailPreference.objects.get_or_default(user)
    form = MailPreferenceForm(request.POST or None, instance=preference)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("accounts:mail_preference")
    context = {"form": form, "address": user.email, "is_mail_set_up": is_mail_set_up()}
    return render_account_page(request, "mail_preference", _("Mail"), **context)


def locked_out(request, original_response=None, credentials=None):
    """AXES_LOCKOUT_CALLABLE: the page after too many failures (429, RFC 6585)."""
    wait = get_cool_off(request)
    context = {"failures": get_failure_limit(request, credentials), "minutes": wait.seconds // 60}
    response = render_account_page(request, "locked_out", _("Locked out"), status=429, **context)
    response["Retry-After"] = str(wait.seconds)
    return response.render()
