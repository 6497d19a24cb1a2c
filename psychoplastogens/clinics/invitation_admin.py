"""“Invite a colleague” in the admin of a clinic."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path

from psychoplastogens.accounts import second_factor
from psychoplastogens.accounts.own_pages import OwnPage
from psychoplastogens.clinics.invitations import mail_invitation
from psychoplastogens.delivery.mail import is_mail_set_up
from psychoplastogens.editorial.admin.record_pages import get_record_admin_url
from psychoplastogens.editorial.counted_text import CountedTextMixin

NEEDS_SECOND_FACTOR = (
    "Colleagues are invited by who signs in with a second factor that was set up at least 3 days "
    "ago: see “Second factor” at the top of this page. Or ask whoever runs this site."
)


class InvitationForm(CountedTextMixin, forms.Form):
    email = forms.EmailField(label="Mail address of your colleague", max_length=150)

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class InvitationAdminMixin:
    """For the admin of clinics: the page that invites, and its link above the form."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.invite_view)
        return [path("<uuid:key>/invite/", view, name="clinics_clinic_invite"), *super().get_urls()]

    def get_own_pages(self, request):
        """For the search of the admin. A superuser invites to an account."""
        if request.user.is_superuser or not self.has_change_permission(request):
            return []
        if find_invitation_obstacle(request.user):
            return []
        return [
            OwnPage(
                f"Invite a colleague to {clinic}",
                get_record_admin_url(clinic, "invite"),
                "invitation account",
            )
            for clinic in self.get_queryset(request)
        ]

    def invite_view(self, request, key):
        clinic = self.get_object(request, str(key))
        if clinic is None:
            raise Http404("There is no such clinic among those that you edit.")
        if not self.has_change_permission(request, clinic):
            raise PermissionDenied
        back = get_record_admin_url(clinic)
        if why_not := find_invitation_obstacle(request.user):
            self.message_user(request, why_not, messages.WARNING)
            return HttpResponseRedirect(back)
        form = InvitationForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            email = form.cleaned_data["email"]
            mail_invitation(clinic, email, by=request.user)
            said = f"We mailed {email} a link that is good for 48 hours."
            self.message_user(request, said, messages.SUCCESS)
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Invite a colleague to {clinic}",
            "opts": self.opts,
            "original": clinic,
            "form": form,
        }
        return TemplateResponse(request, "admin/clinics/clinic/invite.html", context)


def find_invitation_obstacle(user):
    """Why this user can invite nobody now; '' where they can."""
    if not is_mail_set_up():
        return "No mail can be sent here. Whoever runs this site makes the account."
    return "" if second_factor.is_trusted_for(user) else NEEDS_SECOND_FACTOR
