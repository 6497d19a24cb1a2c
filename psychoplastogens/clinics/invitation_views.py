"""The link of an invitation: /for-clinics/invited/<token>/."""

from django.db import IntegrityError
from django.shortcuts import render

from psychoplastogens.clinics.invitations import accept_invitation, read_invitation
from psychoplastogens.clinics.sign_up_forms import ChoosePasswordForm
from psychoplastogens.delivery.decorators import public_form
from psychoplastogens.delivery.rate_limits import SIGN_UPS, check_rate_limit


@public_form(())
def invited(request, token):
    """Opening it changes nothing: programs that check mail open it too."""
    response = answer_invitation(request, token)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def answer_invitation(request, token):
    invitation = read_invitation(token)
    if invitation is None:
        return render(request, "clinics/invitation_ended.html", status=410)
    form = None
    if request.method == "POST":
        check_rate_limit(SIGN_UPS, request)
    if not invitation.account:
        form = ChoosePasswordForm(
            request.POST if request.method == "POST" else None, invitation.email
        )
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            accept_invitation(invitation, form.get_hash() if form else "")
        except IntegrityError:  # The same link, pressed twice at once.
            return render(request, "clinics/invitation_ended.html", status=410)
        return render(request, "clinics/join_done.html", {"is_there": True})
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "invitation": invitation}
    return render(request, "clinics/invited.html", context, status=status)
