"""Where somebody is signed in: for whoever may change their account."""

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import ngettext

from psychoplastogens.accounts import sessions
from psychoplastogens.accounts.models import AccountEvent


class SessionAdminMixin:
    """For the admin of accounts: the sessions of an account, each with a button that ends it.

    Who ended how many stands in the audit list.
    """

    def get_urls(self):
        view = self.admin_site.admin_view(self.sessions_view)
        return [
            path("<int:user_id>/sessions/", view, name="auth_user_sessions"),
            *super().get_urls(),
        ]

    @admin.display(description="signed in")
    def signed_in(self, user):
        number = sum(1 for _session in sessions.find_sessions(user))
        if not number:
            return "Nowhere now"
        said = ngettext("In %d browser.", "In %d browsers.", number) % number
        address = reverse("admin:auth_user_sessions", args=[user.pk])
        return format_html(
            '{} <a class="button" href="{}">See them, and sign out</a>', said, address
        )

    def sessions_view(self, request, user_id):
        """List the sessions of an account; POST ends one (`end`) or all (`others`)."""
        user = User.objects.filter(pk=user_id).first()
        if user is None:
            raise Http404("There is no such account.")
        if user == request.user:
            return redirect("accounts:your_sessions")
        if not self.may_end_sessions(request, user):
            raise PermissionDenied
        if request.method == "POST":
            ended = self.end_posted_sessions(request, user)
            said = f"Account {user}: {describe_ended_sessions(ended)}"
            messages.success(request, said)
            return redirect("admin:auth_user_sessions", user_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Where {user} is signed in",
            "opts": self.opts,
            "person": user,
            "sessions": sessions.get_sessions(user, here=""),
        }
        return TemplateResponse(request, "admin/accounts/sessions_of_account.html", context)

    def may_end_sessions(self, request, user) -> bool:
        """Whether the user looks after accounts; those of superusers are theirs alone."""
        may = self.has_change_permission(request)  # type: ignore[attr-defined]
        return may and (request.user.is_superuser or not user.is_superuser)

    def end_posted_sessions(self, request, user) -> int:
        if "others" in request.POST:
            ended = sessions.end_all_sessions(user)
        else:
            ended = sessions.end_session(user, request.POST.get("end", ""), but=None)
        record_ended_sessions(user, ended, by=request.user)
        return ended


def describe_ended_sessions(number: int) -> str:
    """For whoever ended them, at the start of a message or within it."""
    return ngettext("signed out in %d browser.", "signed out in %d browsers.", number) % number


def record_ended_sessions(user, number: int, *, by) -> None:
    """Tell the audit list in how many browsers somebody was signed out; nothing where in none."""
    if number:
        said = ngettext("Ended in %d browser", "Ended in %d browsers", number) % number
        AccountEvent.objects.record(AccountEvent.Kind.SESSIONS, user, said, by=by)
