"""Forms of the admin: mistakes are named at their field, in an editor's words."""

from django import forms
from django.contrib.admin.widgets import (
    AdminRadioSelect,
    AdminTextareaWidget,
    AdminTextInputWidget,
)
from django.utils.text import get_text_list

from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.revision import Revision
from psychoplastogens.editorial.uses import texts_naming


class DraftForm(forms.ModelForm):
    """A form of a page or of one of its parts, with what is to be said about the change itself."""

    page = draft = None

    change_kind = forms.ChoiceField(
        label="What kind of change is it?",
        choices=Revision.Change,
        widget=AdminRadioSelect,
        required=False,
        help_text="A change of wording moves none of the dates that readers see.",
    )
    what_changed = forms.CharField(
        label="What changed, for readers",
        max_length=200,
        required=False,
        widget=AdminTextInputWidget,
        help_text="One sentence for the public list of changes. Needed where the meaning changed.",
    )
    evidence_checked_today = forms.BooleanField(
        label="I searched and compared the sources today",
        required=False,
        help_text="Readers see this day as “evidence last checked”, once the draft is published.",
    )
    note = forms.CharField(
        label="Why, for colleagues",
        max_length=300,
        required=False,
        widget=AdminTextInputWidget,
        help_text="Stands in the history beside your name.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.draft:
            self.initial.setdefault("change_kind", self.draft.change)
            self.initial.setdefault("note", self.draft.note)
            if self.draft.change == Revision.Change.MEANING:
                said = self.draft.snapshot[0]["fields"].get("update_note", "")
                self.initial.setdefault("what_changed", said)

    def clean(self):
        cleaned = super().clean()
        if self.page and self.page.had_readers:
            kind = cleaned.get("change_kind")
            if not kind and "change_kind" not in self.errors:
                self.add_error("change_kind", "Choose one: it decides which dates readers see.")
            if kind == Revision.Change.MEANING and not cleaned.get("what_changed"):
                self.add_error("what_changed", "Tell readers in one sentence what changed.")
        return cleaned


class PublishableForm(DraftForm):
    def clean(self):
        cleaned = super().clean()
        if cleaned.get("slug"):
            self.check_address(cleaned["slug"], cleaned.get("language", self.instance.language))
        return cleaned

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
