"""The way in for staff: password, second factor, and what to do about each of them."""

from functools import wraps

import segno
from axes.helpers import get_cool_off, get_failure_limit
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import login as verify_session

from psychoplastogens.accounts import second_factor, sessions, signing_in
from psychoplastogens.accounts.forms import WRONG, CodeForm, FirstPasswordForm, MoveForm, SetUpForm
from psychoplastogens.accounts.models import RecoveryDevice
from psychoplastogens.delivery import limits
from psychoplastogens.delivery.client_address import client_network

# Names in the session.
NEW_KEY, SHOW_CODES = "new_key", "show_codes"
CHOOSE_PASSWORD = "accounts:choose_password"


def for_whom(*ways_to_look):
    """The view gets the account that one of these finds; nobody is sent to the sign-in form.

    Whoever comes half way with a first password chooses another before anything else.
    """

    def decorate(view):
        @never_cache
        @wraps(view)
        def wrapped(request):
            user = next(filter(None, (look(request) for look in ways_to_look)), None)
            if not user:
                return redirect("accounts:sign_in")
            comes_first = request.resolver_match.view_name == CHOOSE_PASSWORD
            if not comes_first and signing_in.has_to_choose_password(request, user):
                return redirect(CHOOSE_PASSWORD)
            return view(request, user)

        return wrapped

    return decorate


half_way = for_whom(signing_in.who_is_half_way)
signed_in = for_whom(signing_in.who_is_in)
either = for_whom(signing_in.who_is_half_way, signing_in.who_is_in)


def page(request, name, title, *, status=None, **context):
    everywhere = admin.site.each_context(request) | {"title": title}
    template = f"admin/accounts/{name}.html"
    return TemplateResponse(request, template, everywhere | context, status=status)


@sensitive_post_parameters("password")
@never_cache
def sign_in(request):
    if request.method == "GET" and signing_in.who_is_in(request):
        return redirect("admin:index")
    if request.method == "POST" and (
        wait := limits.SIGN_IN.seconds_to_wait(client_network(request))
    ):
        return try_later(request, wait)
    form = AdminAuthenticationForm(request, data=request.POST or None)
    if form.is_valid():
        return redirect(signing_in.go_on(request, form.get_user()))
    return sign_in_page(request, form)


def sign_in_page(request, form, **more):
    context = {
        "form": form,
        "app_path": request.get_full_path(),
        "next": signing_in.wanted_address(request),
        "why_ended": sessions.why_ended(request.session),
    }
    return page(request, "sign_in", _("Log in"), **context | more)


def try_later(request, seconds):
    """Too many passwords from one network: none is looked at (429), the name stays typed."""
    form = AdminAuthenticationForm(request, initial={"username": request.POST.get("username")})
    response = sign_in_page(request, form, seconds=seconds, status=429)
    response["Retry-After"] = str(seconds)
    return response


@sensitive_post_parameters("new_password1", "new_password2")
@half_way
def choose_password(request, user):
    """Instead of one that somebody else made. Then on to the second factor, or in."""
    if not signing_in.has_first_password(user):
        return redirect(signing_in.next_step(request, user))
    form = FirstPasswordForm(user, request.POST or None)
    if form.is_valid():
        form.save()
        return redirect(signing_in.go_on_with_new_password(request, user))
    return page(request, "choose_password", _("Choose your own password"), form=form)


@half_way
def enter_code(request, user):
    if not second_factor.app_of(user):
        return redirect("accounts:set_up")
    if signing_in.is_locked_out(request, user):
        return locked_out(request)
    form = CodeForm(user, request.POST or None, autofocus=True)
    if form.is_valid():
        device = form.cleaned_data["code"]
        address = signing_in.finish(request, user, device)
        warn_of_few_codes(request, user, device)
        return redirect(address)
    count_if_wrong(request, user, form)
    return page(request, "enter_code", _("Second step"), form=form)


def count_if_wrong(request, user, form):
    if form.has_error("code", WRONG):
        signing_in.count_wrong_code(request, user)


def warn_of_few_codes(request, user, device):
    if isinstance(device, RecoveryDevice):
        left = second_factor.recovery_codes_left(user)
        message = ngettext(
            "That was a recovery code; %d is left. Is your phone gone? Then set up another one "
            "under “Second factor”, at the top of this page.",
            "That was a recovery code; %d are left. Is your phone gone? Then set up another one "
            "under “Second factor”, at the top of this page.",
            left,
        )
        messages.warning(request, message % left)


@either
def set_up(request, user):
    """Give an app its key. Who has an app already must be signed in, and show a code of it."""
    app = second_factor.app_of(user)
    if app and signing_in.who_is_half_way(request):
        return redirect("accounts:enter_code")
    if signing_in.is_locked_out(request, user):
        return locked_out(request)
    key = request.session.setdefault(NEW_KEY, second_factor.new_key())
    sent = request.POST or None
    form = MoveForm(user, key, sent) if app else SetUpForm(key, sent)
    if form.is_valid():
        code = form.cleaned_data["new_code"]
        seed = second_factor.new_seed()
        return show_codes(
            request, second_factor.set_up(user, key, code, seed, instead_of=app), seed
        )
    count_if_wrong(request, user, form)
    address = second_factor.address_for_apps(user, key)
    context = {
        "form": form,
        "app": app,
        "address": address,
        "picture": picture_of(address),
        "key": second_factor.key_in_words(key),
    }
    return page(request, "set_up", _("Set up the second factor"), **context)


def picture_of(address):
    """A QR code (ISO/IEC 18004) as SVG, black on white whatever the colors of the page are."""
    code = segno.make(address, micro=False)
    # Made of numbers alone: nothing in it was typed by anybody.
    return mark_safe(code.svg_inline(dark="#000", light="#fff", omitsize=True))


def show_codes(request, app, seed):
    """Go on to the codes of an app that was just set up; not where another was there first."""
    del request.session[NEW_KEY]
    if app is None:
        return redirect("accounts:enter_code")
    sessions.end_all(app.user, but=request.session.session_key)
    verify_session(request, app)
    request.session[SHOW_CODES] = seed
    return redirect("accounts:recovery_codes")


@either
def recovery_codes(request, user):
    """Shown once: until the person says that they are kept. Who comes half way is let in then."""
    if not request.session.get(SHOW_CODES):
        return redirect("accounts:your_second_factor")
    if request.method == "POST":
        del request.session[SHOW_CODES]
        if signing_in.who_is_half_way(request):
            return redirect(signing_in.finish(request, user, second_factor.app_of(user)))
        return redirect("accounts:your_second_factor")
    codes = second_factor.codes_from(request.session[SHOW_CODES])
    context = {"person": user, "codes": codes}
    return page(request, "recovery_codes", _("Keep these recovery codes"), **context)


@either
def recovery_codes_file(request, user):
    if not request.session.get(SHOW_CODES):
        return redirect("accounts:your_second_factor")
    heading = _("Recovery codes of %(name)s for %(site)s. Each works once.") % {
        "name": user.get_username(),
        "site": settings.SITE_NAME,
    }
    codes = second_factor.codes_from(request.session[SHOW_CODES])
    text = "\n".join([heading, "", *codes, ""])
    as_file = {"Content-Disposition": 'attachment; filename="recovery-codes.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=as_file)


@signed_in
def your_second_factor(request, user):
    """What is set up. New recovery codes are for who shows a code: not for a borrowed session."""
    app = second_factor.app_of(user)
    if signing_in.is_locked_out(request, user):
        return locked_out(request)
    form = CodeForm(user, request.POST or None)
    if app and form.is_valid():
        request.session[SHOW_CODES] = seed = second_factor.new_seed()
        second_factor.renew_recovery_codes(user, seed)
        return redirect("accounts:recovery_codes")
    count_if_wrong(request, user, form)
    codes_left = second_factor.recovery_codes_left(user)
    context = {"form": form, "app": app, "codes_left": codes_left}
    return page(request, "your_second_factor", _("Second factor"), **context)


def locked_out(request, original_response=None, credentials=None):
    """What axes shows after too many failures (429, RFC 6585)."""
    wait = get_cool_off(request)
    context = {"failures": get_failure_limit(request, credentials), "minutes": wait.seconds // 60}
    response = page(request, "locked_out", _("Locked out"), status=429, **context)
    response["Retry-After"] = str(wait.seconds)
    return response.render()
