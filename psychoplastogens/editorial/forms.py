"""Forms of the admin: mistakes are named at their field, in an editor's words."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.text import get_text_list

from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.uses import texts_naming


class PublishableForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        self.check_review(cleaned)
        if cleaned.get("slug"):
            self.check_address(cleaned["slug"], cleaned.get("language", self.instance.language))
        return cleaned

    def check_review(self, cleaned):
        """When and by whom are one fact: each needs the other."""
        when, who = cleaned.get("reviewed_at"), cleaned.get("reviewed_by")
        if when and not who and "reviewed_by" not in self.errors:
            self.add_error("reviewed_by", "Who approved it? Name the clinician, or clear the date.")
        if who and not when and "reviewed_at" not in self.errors:
            self.add_error("reviewed_at", "When was it approved? Or clear the clinician.")

    def check_address(self, slug, language):
        others = type(self.instance)._default_manager.exclude(pk=self.instance.pk)
        if other := others.filter(slug=slug, language=language).first():
            self.add_error("slug", f"“{other}” has this address. Choose another.")
        elif slug != self.instance.slug and (pages := texts_naming(self.instance)):
            self.add_error(
                "slug",
                f"Keep “{self.instance.slug}”: texts name it so, and would lose it. "
                f"They are in {in_a_row(pages)}.",
            )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        max_length=Publishable._meta.get_field("withdrawn_because").max_length,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        label="Why is it withdrawn?",
        help_text="One or two plain sentences. Whoever follows an old link reads exactly this.",
    )


def in_a_row(records, most=5):
    """“A”, “B” and 3 more."""
    names = [f"“{record}”" for record in records[:most]]
    more = len(records) - most
    return get_text_list([*names, f"{more} more"] if more > 0 else names, "and")
