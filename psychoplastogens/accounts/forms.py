from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from psychoplastogens.accounts import second_factor
from psychoplastogens.accounts.login import find_username
from psychoplastogens.accounts.models import MailPreference

WRONG_CODE = "wrong"


class SignInForm(AdminAuthenticationForm):
    """The first step. Clinics know their account by its mail address, with capitals or without."""

    username = UsernameField(
        label=gettext_lazy("Username or mail address"),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )

    def clean_username(self):
        return find_username(self.cleaned_data["username"])


def make_code_field(label, help_text, **attributes):
    """A field for a code, which browsers and password managers may fill in (WCAG 2.2, 3.3.8)."""
    offered = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=20,
        widget=forms.TextInput(attrs=offered | attributes),
    )


def verify_code_or_error(user, typed):
    """The device of `user` that accepts the code, which is used up. Raises ValidationError."""
    code = second_factor.normalize_code(typed)
    seconds = second_factor.get_seconds_to_wait(user, code)
    if seconds:
        wait = ngettext(
            "After wrong codes we wait a little longer each time: %d second now. Then enter the "
            "code that your app shows.",
            "After wrong codes we wait a little longer each time: %d seconds now. Then enter the "
            "code that your app shows.",
            seconds,
        )
        raise ValidationError(wait % seconds)
    device = second_factor.verify_code(user, code)
    if device is None:
        wrong = _("This code is wrong, or was used before. Wait for the next one in your app.")
        raise ValidationError(wrong, code=WRONG_CODE)
    return device


class CodeForm(forms.Form):
    """Asks for a code of the app or a recovery code. `cleaned_data["code"]` is the device."""

    code = make_code_field(
        gettext_lazy("Code"),
        gettext_lazy("The six digits that your app shows now, or one of your recovery codes."),
    )

    def __init__(self, user, *args, autofocus=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["code"].widget.attrs["autofocus"] = autofocus

    def clean_code(self):
        return verify_code_or_error(self.user, self.cleaned_data["code"])


class AuthenticatorSetupForm(forms.Form):
    """Asks for the first code of a new app, which was set up with `key`."""

    new_code = make_code_field(
        gettext_lazy("Code from the app"),
        gettext_lazy("The six digits that the app shows for this site now."),
    )

    def __init__(self, key, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.key = key

    def clean_new_code(self):
        code = second_factor.normalize_code(self.cleaned_data["new_code"])
        if not second_factor.is_current_code(self.key, code):
            raise ValidationError(
                _(
                    "The app shows another code. Wait for the next one and enter that. If it is "
                    "refused too, check that the clock of your phone sets itself."
                )
            )
        return code


class AuthenticatorReplacementForm(AuthenticatorSetupForm):
    """Asks for the first code of a new app and a code of the one that it replaces."""

    code = make_code_field(
        gettext_lazy("Code from the app you have used until now"),
        gettext_lazy("The six digits that it shows, or one of your recovery codes."),
    )

    def __init__(self, user, key, *args, **kwargs):
        super().__init__(key, *args, **kwargs)
        self.user = user

    def clean_code(self):
        """Verify the old code only if the new one is right, as that uses it up."""
        code = self.cleaned_data["code"]
        return code if self.has_error("new_code") else verify_code_or_error(self.user, code)


class FirstPasswordForm(SetPasswordForm):
    """A new password that differs from the one that an administrator set."""

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError(
                _("This is the password that you were given, and others may have seen it.")
            )
        return password


class ForgottenPasswordForm(PasswordResetForm):
    """Asks for the mail address of an account of staff."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Mail address of your account")

    def get_users(self, email):
        return [user for user in super().get_users(email) if user.is_staff]


class MailPreferenceForm(forms.ModelForm):
    class Meta:
        model = MailPreference
        fields = ("frequency",)
        labels = {"frequency": gettext_lazy("Mail about your texts, and those that wait for you")}
        widgets = {"frequency": forms.RadioSelect}

    def save(self, commit=True):
        """Whoever begins to get mail once a day is not told what happened before."""
        self.instance.mailed_until = timezone.now()
        return super().save(commit)
