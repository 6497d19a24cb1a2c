"""“Invite somebody” in the admin of accounts: by mail, or on paper where none can be sent."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from psychoplastogens.accounts import invitations, roles
from psychoplastogens.accounts.qr_code import render_qr_code
from psychoplastogens.delivery.mail import is_mail_set_up


class NewAccountForm(forms.ModelForm):
    """Has no password: whoever is invited chooses it, and nobody else sees it."""

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "groups")
        field_classes = {"username": UsernameField}

    def clean_username(self):
        name = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError("Somebody has this name. Choose another one.")
        return name


class InvitationAdminMixin:
    """For the admin of accounts: a new account is an invitation, which can be sent again."""

    @admin.display(description="invitation", empty_value="")
    def invitation(self, user):
        invitation = getattr(user, "invitation", None)
        return invitation and str(invitation)

    def add_view(self, request, form_url="", extra_context=None):
        titled = {"title": "Invite somebody"} | (extra_context or {})
        return super().add_view(request, form_url, titled)

    def response_add(self, request, obj, post_url_continue=None):
        return self.invite(request, [obj])

    @admin.action(description="Invite again, by a new link", permissions=["add"])
    def invite_again(self, request, queryset):
        if people := self.get_invited(request, queryset):
            return self.invite(request, people)
        return None

    @admin.action(description="Withdraw the invitation", permissions=["add"])
    def withdraw_invitation(self, request, queryset):
        people = self.get_invited(request, queryset)
        for user in people:
            invitations.withdraw(user.invitation, by=request.user)
        if people:
            names = join_names(people)
            said = f"Withdrawn, and the account is deleted: {names}. The link opens nothing now."
            self.message_user(request, said, messages.SUCCESS)

    def get_invited(self, request, queryset):
        """Those of the chosen accounts that were invited and have no password yet."""
        invited = [user for user in queryset if hasattr(user, "invitation")]
        people = [user for user in invited if self.has_change_permission(request, user)]
        if not people:
            said = "Who has chosen a password is no longer invited: nothing was done."
            self.message_user(request, said, messages.WARNING)
        return people

    def invite(self, request, people):
        """Mail each a link; show a page to print for those to whom none can be mailed."""
        printed = []
        for user in people:
            address = invitations.invite(user, by=request.user)
            if user.email and is_mail_set_up():
                invitations.mail_invitation(user, address, by=request.user)
                said = f"We mailed {user.email} a link that is good for 7 days."
                self.message_user(request, said, messages.SUCCESS)
            else:
                printed.append(build_printed_invitation(user, address))
        if not printed:
            return HttpResponseRedirect(reverse("admin:auth_user_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Invitation to {settings.SITE_NAME}",
            "opts": self.opts,
            "printed": printed,
        }
        response = TemplateResponse(request, "admin/accounts/printed_invitation.html", context)
        response["Cache-Control"] = "no-store"
        return response


def join_names(people):
    """The usernames of accounts: "ada, ben"."""
    return ", ".join(user.get_username() for user in people)


def build_printed_invitation(user, address):
    return {
        "person": user,
        "roles": roles.get_role_names(user),
        "address": address,
        "picture": render_qr_code(address),
        "until": user.invitation.until,
    }
