"""The day of a visit, typed for an entry in a patient's calendar. It is kept nowhere."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_AHEAD = timedelta(days=731)


class VisitForm(forms.Form):
    """When the visit is, and nothing of whose it is."""

    day = forms.DateField(
        label=_("Day of the visit"),
        widget=forms.DateInput(attrs={"type": "date", "class": "field", "autocomplete": "off"}),
    )
    at = forms.TimeField(
        label=_("Time, if you like"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "field", "autocomplete": "off"}),
    )

    def clean_day(self):
        """The day itself: somewhere on Earth it is still yesterday here."""
        day, today = self.cleaned_data["day"], timezone.localdate()
        if not today - timedelta(days=1) <= day <= today + LONGEST_AHEAD:
            raise ValidationError(_("Choose a day within the coming two years."))
        return day
