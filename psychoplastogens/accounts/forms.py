from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from psychoplastogens.accounts import second_factor

WRONG = "wrong"


def code_field(label, help_text, **attributes):
    """Browsers and password managers may fill it in (WCAG 2.2, 3.3.8)."""
    offered = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=20,
        widget=forms.TextInput(attrs=offered | attributes),
    )


def device_that_accepts(user, typed):
    """The device of `user` whose code was typed; the code is used up. Else says what is wrong."""
    code = second_factor.tidy(typed)
    seconds = second_factor.seconds_to_wait(user, code)
    if seconds:
        wait = ngettext(
            "After wrong codes we wait a little longer each time: %d second now. Then enter the "
            "code that your app shows.",
            "After wrong codes we wait a little longer each time: %d seconds now. Then enter the "
            "code that your app shows.",
            seconds,
        )
        raise ValidationError(wait % seconds)
    device = second_factor.verify(user, code)
    if device is None:
        wrong = _("This code is wrong, or was used before. Wait for the next one in your app.")
        raise ValidationError(wrong, code=WRONG)
    return device


class CodeForm(forms.Form):
    """Takes a code of the person's app, or a recovery code. Clean, `code` is its device."""

    code = code_field(
        gettext_lazy("Code"),
        gettext_lazy("The six digits that your app shows now, or one of your recovery codes."),
    )

    def __init__(self, user, *args, autofocus=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["code"].widget.attrs["autofocus"] = autofocus

    def clean_code(self):
        return device_that_accepts(self.user, self.cleaned_data["code"])


class SetUpForm(forms.Form):
    """Takes the first code of a new app; `key` is what the app was given."""

    new_code = code_field(
        gettext_lazy("Code from the app"),
        gettext_lazy("The six digits that the app shows for this site now."),
    )

    def __init__(self, key, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.key = key

    def clean_new_code(self):
        code = second_factor.tidy(self.cleaned_data["new_code"])
        if not second_factor.is_shown_by(self.key, code):
            raise ValidationError(
                _(
                    "The app shows another code. Wait for the next one and enter that. If it is "
                    "refused too, check that the clock of your phone sets itself."
                )
            )
        return code


class MoveForm(SetUpForm):
    """Takes the first code of another app from somebody who shows to have the one from before."""

    code = code_field(
        gettext_lazy("Code from the app you have used until now"),
        gettext_lazy("The six digits that it shows, or one of your recovery codes."),
    )

    def __init__(self, user, key, *args, **kwargs):
        super().__init__(key, *args, **kwargs)
        self.user = user

    def clean_code(self):
        """Not used up by a mistake in the new code."""
        code = self.cleaned_data["code"]
        return code if self.has_error("new_code") else device_that_accepts(self.user, code)


class FirstPasswordForm(SetPasswordForm):
    """Another password than the one that somebody else made."""

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError(
                _("This is the password that you were given, and others may have seen it.")
            )
        return password
