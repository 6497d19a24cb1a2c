"""“Where you are signed in”: the sessions of an account, for its owner."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from psychoplastogens.accounts import sessions
from psychoplastogens.accounts.session_admin import describe_ended_sessions
from psychoplastogens.accounts.views import render_account_page, staff_login_required


@staff_login_required
def your_sessions(request, user):
    """List the sessions of the user; POST ends one (`end`) or all others (`others`)."""
    here = request.session.session_key
    if request.method == "POST":
        if "others" in request.POST:
            ended = sessions.end_all_sessions(user, but=here)
        else:
            ended = sessions.end_session(user, request.POST.get("end", ""), but=here)
        messages.success(request, describe_ended_sessions(ended))
        return redirect("accounts:your_sessions")
    context = {"sessions": sessions.get_sessions(user, here=here)}
    return render_account_page(request, "your_sessions", _("Where you are signed in"), **context)
