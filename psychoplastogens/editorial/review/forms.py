"""Forms in which a reviewer decides about a text."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.text import slugify

from psychoplastogens.editorial.counted_text import CountedTextMixin, count_letters
from psychoplastogens.editorial.drafts.serialization import compute_digest
from psychoplastogens.editorial.drafts.snapshots import (
    take_snapshot,
)
from psychoplastogens.editorial.models import ReviewLink, Revision
from psychoplastogens.editorial.review.comments import CommentBoard, build_outside_board
from psychoplastogens.editorial.review.report import ReviewReport

TITLES = frozenset("dr doctor prof professor md phd pharmd psyd dnp np rn crna".split())


class WholePageReviewForm(CountedTextMixin, forms.Form):
    """A clinician states that they read the whole page, and when it is due again."""

    board: CommentBoard | None = None
    """The comments beside the text that are sent with it, where there are any."""

    whole_page = forms.BooleanField(label="I have read the whole page", required=False)
    next_review = forms.DateField(
        label="To be read again by",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Within the coming 12 months. Readers see this day.",
    )

    def __init__(self, data, **options):
        super().__init__(data, initial={"next_review": get_day_in_a_year()}, **options)
        day = self.fields["next_review"].widget.attrs
        day |= {"min": timezone.localdate().isoformat(), "max": get_day_in_a_year().isoformat()}


class ConfirmReviewForm(WholePageReviewForm):
    """A clinician confirms the published page. `read` is the digest of what they saw."""

    read = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data, record):
        super().__init__(data, auto_id="confirm-%s")
        self.record = record
        self.initial["read"] = compute_digest(take_snapshot(record))
        self.fields["whole_page"].required = self.fields["next_review"].required = True


class ReviewForm(WholePageReviewForm):
    """The answer of a reviewer, sent by buttons named `decision`.

    It has a field for a reason for each rule in `report.warnings`. `board` holds the comments
    beside the text that are sent with it. `stopped_by` is the text that goes along, and cannot be
    approved with it.
    """

    stopped_by: Revision | None = None
    comment = forms.CharField(
        label="Comment",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="When you ask for changes, say why: here or beside the text.",
    )

    def __init__(self, data, report: ReviewReport, board: CommentBoard | None = None):
        self.report, self.board = report, board
        given = Revision.objects.get_latest_reasons(report.revision)
        super().__init__(data, auto_id="answer-%s")
        if report.revision.state != Revision.State.IN_REVIEW:
            self.fields["comment"].help_text = ""
        self.rules = {f"reason-{slugify(rule)}": rule for rule in report.warnings}
        for name, rule in self.rules.items():
            self.fields[name] = forms.CharField(
                label="Why may this stand?",
                max_length=500,
                required=False,
                initial=given.get(rule, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        count_letters(self.fields.values())

    def clean(self):
        cleaned = super().clean()
        decision = self.data.get("decision")
        if self.board and not all(form.is_valid() for form in self.board.forms):
            self.add_error(None, "A comment beside the text cannot be kept: see there.")
        says = cleaned.get("comment") or self.has_comments
        needs_reason = decision in ("ask", "unapprove")
        if (decision == "comment" and not says) or (needs_reason and not self.says_why):
            self.add_error("comment", "Write what you want to say.")
        if decision in ("approve", "approve_bundle"):
            for name in self.rules:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "Say why this may stand, or ask for changes.")
            if cleaned.get("whole_page") and not cleaned.get("next_review"):
                self.add_error("next_review", "Say when the page is to be read again.")
        return cleaned

    @property
    def has_comments(self) -> bool:
        """Whether comments beside the text are sent with it."""
        return bool(self.board and self.board.has_words)

    @property
    def says_why(self) -> bool:
        """Whether anything is said that an author can act on, here or beside the text."""
        beside = self.board and (self.board.has_words or self.board.has_open_threads)
        return bool(self.cleaned_data.get("comment") or beside)

    @property
    def first_wrong(self) -> str:
        """The id of the first field with an error; '' where the error is of no field."""
        return next((self[name].id_for_label for name in self.fields if name in self.errors), "")

    @property
    def reasons(self) -> dict[str, str]:
        return {rule: self.cleaned_data.get(name, "") for name, rule in self.rules.items()}

    @property
    def checklist(self):
        """(rule, its problems, the field for the reason) of each rule with warnings."""
        return [(rule, self.report.warnings[rule], self[name]) for name, rule in self.rules.items()]


class ReviewLinkForm(ReviewForm):
    """Like ReviewForm, for a clinician without an account, who states who they are.

    Mail scanners that open links and submit forms know no name and tick no box.
    """

    name = forms.CharField(
        label="Your full name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="As the team knows it, with or without a title. It is kept with what you decide.",
    )
    confirmed = forms.BooleanField(
        error_messages={"required": "Tick this, or ask whoever sent you the link to correct it."}
    )

    def __init__(self, data, link: ReviewLink, report: ReviewReport):
        super().__init__(data, report, build_outside_board(report, link, data))
        self.link = link
        credentials = link.reviewer.credentials
        self.fields["confirmed"].label = f"I am the clinician asked, and I am: {credentials}"

    def clean_name(self):
        if fold_name(self.cleaned_data["name"]) != fold_name(self.link.reviewer.name):
            raise forms.ValidationError(
                "The link was made for another name. Write yours as the team knows it, first and "
                f"last name. If it is refused again, ask {self.link.requester_name}, who asked "
                "you, which name that is."
            )
        return self.link.reviewer.name


def fold_name(name: str) -> str:
    """“lenafox” of “Dr. Lena Fox, MD”: a name as it is compared, without titles."""
    words = [word.replace(".", "") for word in name.casefold().replace(",", " ").split()]
    return "".join(word for word in words if word not in TITLES) or "".join(words)


def get_day_in_a_year() -> date:
    """Return the same day of the next year; for February 29, the 28th."""
    today = timezone.localdate()
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year + 1, day=day)
