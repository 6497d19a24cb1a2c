"""The two forms with which a clinic makes itself."""

from django import forms
from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from psychoplastogens.clinics.models import Clinic
from psychoplastogens.clinics.printed_contact import validate_typed_name
from psychoplastogens.editorial.counted_text import CountedModelForm


def build_field_attributes(autocomplete):
    return {"class": "field", "autocomplete": autocomplete}


class JoinForm(CountedModelForm):
    """The clinic's name and phone, and the mail address of its first editor."""

    email = forms.EmailField(
        label=_("Your mail address at the clinic"),
        max_length=150,
        widget=forms.EmailInput(attrs=build_field_attributes("email")),
    )

    class Meta:
        model = Clinic
        fields = ("name", "phone")
        labels = {"name": _("Your clinic’s name"), "phone": _("Its phone, as people dial it")}
        help_texts = {"name": "", "phone": ""}
        widgets = {
            "name": forms.TextInput(attrs=build_field_attributes("organization")),
            "phone": forms.TextInput(attrs=build_field_attributes("tel") | {"type": "tel"}),
        }

    def clean_name(self):
        validate_typed_name(self.cleaned_data["name"])
        return self.cleaned_data["name"]

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def get_details(self):
        """What the link of the mail holds of a valid form."""
        return {name: self.cleaned_data[name] for name in ("name", "phone", "email")}


class ChoosePasswordForm(forms.Form):
    """The password of the first editor. `email` is the name to sign in with."""

    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters. A few words that nobody would guess will do."),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs=build_field_attributes("new-password")),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs=build_field_attributes("new-password")),
    )

    def __init__(self, sent, email):
        super().__init__(sent)
        self.email = email

    def clean_password(self):
        password = self.cleaned_data["password"]
        user = get_user_model()(username=self.email, email=self.email)
        password_validation.validate_password(password, user)
        return password

    def clean(self):
        password, again = map(self.cleaned_data.get, ("password", "again"))
        if password and again and password != again:
            raise ValidationError({"again": _("The two passwords are not the same.")})

    def get_hash(self):
        return make_password(self.cleaned_data["password"])
