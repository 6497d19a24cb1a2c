"""The forms of a Source and of a Finding, which report at a field what would fit it."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from psychoplastogens.editorial.admin.forms import PublishableForm
from psychoplastogens.evidence.doi import DoiField
from psychoplastogens.evidence.models import Source, fitting_per_100

ARMS = ("treatment", "comparator")


class SourceForm(PublishableForm):
    unfinished_fields = frozenset(("kind", "subject", "doi", "verified"))

    class Meta:
        field_classes: ClassVar = {"doi": DoiField}
        help_texts: ClassVar = {"authors": "With commas between them: Li N, Lee B, Liu RJ"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_for("subject", "Say in whom it was seen: readers are told.")
        self.ask_for("verified", "Say whether somebody read it: readers see it.")
        if today := self.fields.get("evidence_checked_today"):
            today.label = "I checked today that it says so"
            today.help_text = "Optional. Readers see this day on the page of the source."

    def ask_for(self, name, if_missing):
        """Have a choice made for a new source: what most records have would say too much."""
        field, is_new = self.fields.get(name), self.instance._state.adding
        if field is None or not (is_new or not getattr(self.instance, name)):
            return
        if is_new:
            field.initial = None
        field.choices = [("", "Choose one"), *Source._meta.get_field(name).choices]
        field.error_messages["required"] = if_missing

    def get_slug_words(self, cleaned):
        """Who wrote or published it, and when: “li-n-2010”; its title where nobody is named."""
        author = cleaned.get("authors", "").partition(",")[0].removesuffix(" et al.")
        who = author or cleaned.get("publisher", "")
        named = f"{who} {cleaned.get('year') or ''}" if slugify(who) else ""
        return named or super().get_slug_words(cleaned)

    def clean_slug(self):
        """A year alone names nothing: texts would cite `[^2025]`."""
        slug = self.cleaned_data["slug"]
        if slug.isdecimal() and slug != self.instance.slug:
            raise ValidationError(
                f"Begin with who wrote or published it: “fda-{slug}”. Texts cite it so."
            )
        return slug


class FindingForm(PublishableForm):
    class Meta:
        labels = {
            **{f"{arm}_events": "It happened in" for arm in ARMS},
            **{f"{arm}_total": "of how many people" for arm in ARMS},
            **{f"{arm}_per100": "Out of 100" for arm in ARMS},
            "treatment": "Who had the treatment",
            "comparator": "Who had the comparison",
        }
        help_texts: ClassVar = {
            f"{arm}_per100": "Computed from the count. Type it where the source gives only a share."
            for arm in ARMS
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for arm in ARMS:
            if field := self.fields.get(f"{arm}_per100"):
                field.required = False

    def clean(self):
        cleaned = super().clean()
        for arm in ARMS:
            self.compute_arm(arm, cleaned.get(f"{arm}_events"), cleaned.get(f"{arm}_total"))
            self.check_arm(arm, *(cleaned.get(f"{arm}_{n}") for n in ("events", "total", "per100")))
        return cleaned

    def compute_arm(self, arm, events, total):
        """Take the count out of 100 from a count of people, where it was not typed."""
        name = f"{arm}_per100"
        if self.cleaned_data.get(name, "") is not None:
            return
        if events is None:
            self.add_error(name, "Type it, or type in how many people it happened.")
        elif total and events <= total:
            self.cleaned_data[name] = fitting_per_100(events, total)[-1]

    def check_arm(self, arm, events, total, per_100):
        if total == 0:
            self.add_error(f"{arm}_total", "At least one person took part.")
        elif total and events is not None and events > total:
            self.add_error(f"{arm}_events", f"More than the {total} people who took part.")
        elif total and events is not None:
            fitting = fitting_per_100(events, total)
            if per_100 not in fitting:
                fits = " or ".join(map(str, fitting))
                self.add_error(
                    f"{arm}_per100", f"{events} of {total} people are {fits} out of 100."
                )
