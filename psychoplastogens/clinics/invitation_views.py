"""The link of an invitation: /for-clinics/invited/<token>/."""

from django.db import IntegrityError
from django.shortcuts import render

from psychoplastogens.clinics.invitations import accept_invitation, read_invitation
from psychoplastogens.clinics.sign_up_forms import ChoosePasswordForm
from psychoplastogens.clinics.sign_up_views import keep_private
from psychoplastogens.delivery.decorators import public_form
from psychoplastogens.delivery.rate_limits import SIGN_UPS, check_rate_limit


@public_form(())
def invited(request, token):
    """Opening it changes nothing: programs that check mail open it too."""
    return keep_private(answer_invitation(request, token))


def answer_invitation(request, token):
    invitation = read_invitation(token)
    if invitation is None:
        return render(request, "clinics/invitation_ended.html", status=410)
    sent = request.POST if request.method == "POST" else None
    if sent is not None:
        check_rate_limit(SIGN_UPS, request)
    form = None if invitation.account else ChoosePasswordForm(sent, invitation.email)
    if sent is not None and (form is None or form.is_valid()):
        try:
            accept_invitation(invitation, form.get_hash() if form else "")
        except IntegrityError:  # The same link, pressed twice at once.
            return render(request, "clinics/invitation_ended.html", status=410)
        return render(request, "clinics/join_done.html", {"is_there": True})
    status = 200 if sent is None else 422
    context = {"form": form, "invitation": invitation}
    return render(request, "clinics/invited.html", context, status=status)
