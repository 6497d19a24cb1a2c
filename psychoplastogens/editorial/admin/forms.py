"""Forms of the admin. Errors appear at their field, in words for editors."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AdminRadioSelect,
    AdminTextareaWidget,
    AdminTextInputWidget,
)
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from psychoplastogens.editorial.admin.page_choice import SearchSelect
from psychoplastogens.editorial.admin.unfinished_text import UnfinishedTextForm
from psychoplastogens.editorial.counted_text import CountedTextMixin
from psychoplastogens.editorial.drafts.text_validation import TextAreaField
from psychoplastogens.editorial.models import (
    SLUG_RULE,
    Publishable,
    Revision,
    Status,
    get_publishable,
)
from psychoplastogens.editorial.workflow.checks import find_day_error
from psychoplastogens.editorial.workflow.references import (
    find_text_references,
    format_names,
)
from psychoplastogens.editorial.workflow.sending import (
    CHANGE_KIND,
    CHANGE_LABELS,
    NO_KIND,
    NO_SENTENCE,
    NOT_BACK,
    WHAT_CHANGED,
    get_new_note,
)

NOT_TOLD = (
    "Readers are not told of a change of wording. If this draft changes nothing else in what they "
    f"have, clear this sentence; if it does, choose “{Revision.Change.MEANING.label}”."
)


ADDRESS_FIELDS: dict[type[models.Field], dict[str, Any]] = {
    models.SlugField: {
        "widget": AdminTextInputWidget,
        "error_messages": {"invalid": SLUG_RULE},
    }
}
TEXT_FIELDS: dict[type[models.Field], dict[str, Any]] = {
    **ADDRESS_FIELDS,
    models.TextField: {"form_class": TextAreaField},
}


class PartFormSet(forms.BaseInlineFormSet):
    """The parts of a page. A part that stays as it is was validated when it was saved.

    Publication validates every part again.
    """

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.siblings = self
        if index is not None and index < self.initial_form_count():
            form.empty_permitted = True

    @property
    def slugs(self) -> set[str]:
        """Those of its parts, as they were typed or made."""
        named = (form for form in self.forms if "slug" in form.fields)
        known = ((getattr(form, "cleaned_data", {}).get("slug"), form["slug"]) for form in named)
        return {made or bound.data or "" for made, bound in known}

    def validate_unique(self):
        """Compare with unchanged parts too, whose forms have cleaned nothing."""
        for form in self.initial_forms:
            if not form.has_changed():
                form.cleaned_data = {**form.initial, self.fk.name: self.instance}
        super().validate_unique()


class DraftForm(UnfinishedTextForm):
    """A form of a page or of a part, with fields about the change itself.

    No model may have a field with one of these names: notes for colleagues would reach readers.
    DraftingAdminChecks enforces it. In a live preview the fields about the change are optional.
    """

    is_live_preview = False
    checks_nothing = False
    """Whether a day was given on which sources were compared, and there are none."""

    change_kind = forms.ChoiceField(
        label=CHANGE_LABELS[CHANGE_KIND],
        choices=Revision.Change,
        widget=AdminRadioSelect,
        required=False,
        help_text="Of all that this draft changes in what readers have. A change of wording moves "
        "none of the dates that they see, and is not told to them.",
    )
    what_changed = forms.CharField(
        label=CHANGE_LABELS[WHAT_CHANGED],
        max_length=200,
        required=False,
        widget=AdminTextInputWidget,
        help_text="One sentence for the public list of changes. Needed where the meaning changed.",
    )
    evidence_checked_today = forms.BooleanField(
        label="I searched and compared the sources today",
        required=False,
        help_text="Needed for a new text that rests on a source or a number. Tick it for a change "
        "of one, too: readers see this day as “Facts checked”, else an earlier day.",
    )
    evidence_checked_day = forms.DateField(
        label="or on this day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="At most 12 months ago.",
    )
    change_reason = forms.CharField(
        label="Why, for colleagues",
        max_length=300,
        required=False,
        widget=AdminTextInputWidget,
        help_text="Stands in the history beside your name.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not (self.is_bound or self.instance._state.adding):
            draft = Revision.objects.get_open_draft(self.record)
            self.initial = get_change_initial(self.record, draft) | self.initial

    @property
    def record(self) -> Publishable:
        """The page in the form, or that of the part in it."""
        return get_publishable(self.instance)

    @property
    def checked_day(self) -> date | None:
        """The day on which the sources were compared, if a valid form says one."""
        is_today = self.cleaned_data.get("evidence_checked_today")
        return timezone.localdate() if is_today else self.cleaned_data.get("evidence_checked_day")

    def clean_evidence_checked_day(self):
        day = self.cleaned_data["evidence_checked_day"]
        if day and self.cleaned_data.get("evidence_checked_today"):
            raise ValidationError("Tick today, or give another day: not both.")
        if day and (wrong := find_day_error(day)):
            raise ValidationError(wrong)
        return day

    def clean(self):
        cleaned = super().clean()
        if self.record.was_published and not self.is_live_preview:
            kind = cleaned.get(CHANGE_KIND)
            if not kind and CHANGE_KIND not in self.errors:
                self.mistakes[CHANGE_KIND] = self.error_class([NO_KIND])
            if not cleaned.get(WHAT_CHANGED) and WHAT_CHANGED not in self.errors:
                if self.record.is_withdrawn:
                    self.mistakes[WHAT_CHANGED] = self.error_class([NOT_BACK])
                elif kind == Revision.Change.MEANING:
                    self.mistakes[WHAT_CHANGED] = self.error_class([NO_SENTENCE])
            elif kind == Revision.Change.WORDING and not self.record.is_withdrawn:
                self.add_error(WHAT_CHANGED, NOT_TOLD)
        return cleaned


def get_change_initial(page: Publishable, draft: Revision | None) -> dict[str, str]:
    """Return what a form shows about the change that `draft` makes to `page`.

    Why it is made is asked for each time: a reason may not hold for the next edit.
    """
    if draft is None:
        return {}
    initial = {CHANGE_KIND: draft.change}
    if draft.change != Revision.Change.WORDING or page.is_withdrawn:
        initial[WHAT_CHANGED] = get_new_note(draft)
    return initial


class PublishableForm(DraftForm):
    def clean(self):
        cleaned = super().clean()
        if cleaned.get("slug"):
            self.check_address(cleaned["slug"], cleaned.get("language", self.instance.language))
        return cleaned

    def check_address(self, slug, language):
        """Refuse a new address that another record has, or an old one that texts name."""
        if (slug, language) == (self.instance.slug, self.instance.language):
            return  # A constraint guards it.
        others = type(self.instance)._default_manager.exclude(pk=self.instance.pk)
        if other := others.filter(slug=slug, language=language).first():
            self.add_error("slug", f"“{other}” has this address. Choose another.")
        elif slug != self.instance.slug and (pages := find_text_references(self.instance)):
            self.add_error(
                "slug",
                f"Keep “{self.instance.slug}”: texts name it so, and would lose it. "
                f"They are in {format_names(pages)}.",
            )


class WithdrawForm(CountedTextMixin, forms.Form):
    """Why `records` are withdrawn, and what happens to the pages that use them."""

    reason = forms.CharField(
        max_length=Publishable._meta.get_field("withdrawn_because").max_length,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        label="Why is it withdrawn?",
        help_text="One or two plain sentences. Whoever follows an old link reads exactly this.",
    )
    replacement: forms.ModelChoiceField = forms.ModelChoiceField(
        None,
        required=False,
        label="Read this instead",
        help_text="Whoever follows an old link is offered it. Pages that use the withdrawn one "
        "are not changed by it.",
    )
    leave_uses = forms.BooleanField(
        required=False,
        label="Leave the pages as they are: I have read the list",
        help_text="The reason above also says why they may stay so.",
    )

    def __init__(self, records, in_use, search_url, data=None):
        super().__init__(data)
        self.in_use = in_use
        others = type(records[0])._default_manager.exclude(pk__in=[r.pk for r in records])
        languages = {record.language for record in records}
        readable = others.filter(status=Status.PUBLISHED, language__in=languages)
        field = self.fields["replacement"]
        field.queryset, field.widget = readable, SearchSelect(search_url)
        chosen = self["replacement"].value()
        try:
            field.widget.show_chosen(chosen, str(field.clean(chosen)))
        except forms.ValidationError:
            field.widget.show_chosen(None, "")
        if not in_use:
            del self.fields["leave_uses"]

    def clean(self):
        cleaned = super().clean()
        if self.in_use and not (cleaned.get("replacement") or cleaned.get("leave_uses")):
            self.add_error("leave_uses", "It is in use. Choose what to read instead, or tick this.")
        return cleaned
