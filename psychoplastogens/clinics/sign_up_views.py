"""/for-clinics/join/: a clinic makes itself, by a link that its mail address confirms."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import render

from psychoplastogens.clinics import sign_up
from psychoplastogens.clinics.models import ClinicRequest
from psychoplastogens.clinics.sign_up_forms import ChoosePasswordForm, JoinForm
from psychoplastogens.delivery.decorators import noindex, public_form
from psychoplastogens.delivery.rate_limits import SIGN_UPS, check_rate_limit


@public_form(())
def join(request):
    """The answer is the same for every address: it does not tell which ones are known."""
    if not sign_up.is_sign_up_offered():
        raise Http404("Clinics do not join by themselves here.")
    sent = request.POST if request.method == "POST" else None
    if sent is not None:
        check_rate_limit(SIGN_UPS, request)
    form = JoinForm(sent)
    if form.is_valid():
        sign_up.mail_link(form.get_details())
        return noindex(render(request, "clinics/join_mailed.html"))
    status = 200 if sent is None else 422
    return render(request, "clinics/join.html", {"form": form}, status=status)


@public_form(())
def join_confirm(request, token):
    """The link of the mail. Opening it changes nothing: programs that check mail open it too."""
    details = sign_up.read_token(token) if sign_up.is_sign_up_offered() else None
    if details is None or sign_up.has_joined(details["email"]):
        context = {"has_joined": details is not None}
        return keep_private(render(request, "clinics/join_ended.html", context, status=410))
    sent = request.POST if request.method == "POST" else None
    if sent is not None:
        check_rate_limit(SIGN_UPS, request)
    form = ChoosePasswordForm(sent, details["email"])
    if form.is_valid() and (is_there := try_to_join(form, details)) is not None:
        return keep_private(render(request, "clinics/join_done.html", {"is_there": is_there}))
    context = {"form": form, "clinic": details}
    status = 200 if sent is None else 422
    return keep_private(render(request, "clinics/join_confirm.html", context, status=status))


def try_to_join(form, details):
    """Whether the clinic is there now or waits; None, and why in the form, where it cannot be."""
    try:
        with transaction.atomic():
            return sign_up.join(ClinicRequest(password=form.get_hash(), **details))
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages))
    except IntegrityError:
        form.add_error(None, "This address has an account. Sign in with it.")
    return None


def keep_private(response):
    """The address holds what somebody typed: no cache keeps it, no engine lists it."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
