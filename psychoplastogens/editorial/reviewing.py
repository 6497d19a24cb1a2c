"""What somebody needs before them in order to decide about a text, and how they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.apps import apps
from django.utils import timezone
from django.utils.text import slugify

from psychoplastogens.editorial import workflow
from psychoplastogens.editorial.checks import Problem, Severity, problems_of
from psychoplastogens.editorial.differences import RowDifference, differences, marks_changed
from psychoplastogens.editorial.drafts import laid
from psychoplastogens.editorial.previews import pages_of
from psychoplastogens.editorial.records import digest
from psychoplastogens.editorial.revision import NotNow, ReviewLink, Revision
from psychoplastogens.editorial.snapshots import CannotLay, Snapshot, names_in, snapshot_of

Decision = Callable[..., None]


@dataclass(frozen=True)
class Page:
    """A public page of a draft, by its place among them."""

    number: int
    title: str
    is_changed: bool
    is_first_changed: bool


@dataclass(frozen=True)
class Reading:
    """A revision as its reviewer meets it: what changed, its pages, and what the checks say."""

    revision: Revision
    compared_with: str
    differences: list[RowDifference]
    pages: list[Page]
    errors: list[Problem]
    warnings: dict[str, list[Problem]]
    """By the rule that each comes from."""
    cannot_be_shown: str = ""

    @property
    def changed(self) -> dict[str, int]:
        return marks_changed(self.differences)


def read(revision: Revision) -> Reading:
    """Lay the draft, look, and take it back. The same number of queries for any long history."""
    compared_with, before = _before(revision)
    told = differences(before, revision.snapshot, names_in(before, revision.snapshot))
    try:
        with laid(revision.snapshot) as record:
            problems, titles = problems_of(record), [title for title, _ in pages_of(record)]
    except CannotLay as error:
        return Reading(revision, compared_with, told, [], [], {}, str(error))
    warnings = {}
    for problem in problems:
        if problem.severity == Severity.WARNING:
            warnings.setdefault(str(problem.rule), []).append(problem)
    errors = [problem for problem in problems if problem.severity == Severity.ERROR]
    pages = list(_pages(revision.snapshot, titles, told))
    return Reading(revision, compared_with, told, pages, errors, warnings)


def _pages(snapshot: Snapshot, titles: list[str], told: list[RowDifference]) -> Iterator[Page]:
    """The pages, and which of them differ; a part without a page stands on the one before it."""
    number, stands_on = -1, {}
    for row in snapshot:
        number += hasattr(apps.get_model(row["model"]), "get_absolute_url")
        stands_on[row["model"], str(row["pk"])] = number
    changed = {stands_on.get((row.model, row.key)) for row in told}
    first = next((n for n in range(len(titles)) if n in changed), 0)
    for n, title in enumerate(titles):
        yield Page(n, title, n in changed, n == first)


def _before(revision: Revision) -> tuple[str, Snapshot]:
    """(what it is, the text that a revision is to be compared with): what readers got last."""
    record = revision.record
    if revision.state == Revision.State.PUBLISHED:
        earlier = Revision.objects.about(record).published_before(revision)
        if earlier:
            return f"what readers read before, revision {earlier.number}", earlier.snapshot
    elif record.published_at:
        words = "read now" if record.is_published else "read before it was withdrawn"
        return f"what readers {words}", snapshot_of(record)
    return "", []


class WholePageForm(forms.Form):
    """A clinician has read the whole page, and says when it is to be read again."""

    whole_page = forms.BooleanField(label="I have read the whole page", required=False)
    next_review = forms.DateField(
        label="To be read again by",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Within the coming 12 months. Readers see this day.",
    )

    def __init__(self, data, **options):
        super().__init__(data, initial={"next_review": in_a_year()}, **options)
        day = self.fields["next_review"].widget.attrs
        day |= {"min": timezone.localdate().isoformat(), "max": in_a_year().isoformat()}


class ConfirmForm(WholePageForm):
    """A clinician says that what readers read may stay. `read` is the digest of what it was."""

    read = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data, record):
        super().__init__(data, auto_id="confirm-%s")
        self.record = record
        self.initial["read"] = digest(snapshot_of(record))
        self.fields["whole_page"].required = self.fields["next_review"].required = True


class AnswerForm(WholePageForm):
    """What a reviewer says about a text. Buttons named `decision` send it.

    There is a field for a reason for each rule of `reading.warnings`.
    """

    comment = forms.CharField(
        label="Comment",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Needed when you ask for changes. Colleagues read it in the history.",
    )

    def __init__(self, data, reading: Reading):
        self.reading = reading
        given = Revision.objects.last_reasons(reading.revision)
        super().__init__(data, auto_id="answer-%s")
        self.rules = {f"reason-{slugify(rule)}": rule for rule in reading.warnings}
        for name, rule in self.rules.items():
            self.fields[name] = forms.CharField(
                label="Why may this stand?",
                max_length=500,
                required=False,
                initial=given.get(rule, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self):
        cleaned = super().clean()
        decision = self.data.get("decision")
        if decision in ("ask", "comment") and not cleaned.get("comment"):
            self.add_error("comment", "Write what you want to say.")
        if decision == "approve":
            for name in self.rules:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "Say why this may stand, or ask for changes.")
            if cleaned.get("whole_page") and not cleaned.get("next_review"):
                self.add_error("next_review", "Say when the page is to be read again.")
        return cleaned

    @property
    def reasons(self) -> dict[str, str]:
        return {rule: self.cleaned_data.get(name, "") for name, rule in self.rules.items()}

    @property
    def checklist(self):
        """(rule, its problems, the field for the reason) of each rule with warnings."""
        return [
            (rule, self.reading.warnings[rule], self[name]) for name, rule in self.rules.items()
        ]


class OutsideForm(AnswerForm):
    """As AnswerForm, for a clinician without an account: they say who they are.

    A machine that opens links and presses buttons knows no name and ticks no box.
    """

    name = forms.CharField(
        label="Your full name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="As the team knows it. It is kept with what you decide.",
    )
    confirmed = forms.BooleanField(
        error_messages={"required": "Tick this, or ask whoever sent you the link to correct it."}
    )

    def __init__(self, data, link: ReviewLink, reading: Reading):
        super().__init__(data, reading)
        self.link = link
        credentials = link.reviewer.credentials
        self.fields["confirmed"].label = f"I am the clinician asked, and I am: {credentials}"

    def clean_name(self):
        name, wanted = (
            "".join(text.split()).casefold()
            for text in (self.cleaned_data["name"], self.link.reviewer.name)
        )
        if name != wanted:
            raise forms.ValidationError(
                "The link was made for another name. Write yours as the team knows it, or ask "
                "whoever sent you the link to make one for you."
            )
        return self.link.reviewer.name


def decide(form: AnswerForm, decisions: Mapping[str, Decision], **who) -> bool:
    """Do what the reviewer (by= or link=) decided. False where the form then says why not."""
    decision = decisions.get(form.data.get("decision"))
    if decision is None:
        form.add_error(None, "Nothing was decided: press one of the buttons.")
    if not form.is_valid():
        return False
    try:
        decision(form, **who)
    except NotNow as error:
        form.add_error(None, error)
        return False
    return True


def approve(form: AnswerForm, *, by=None, link: ReviewLink | None = None) -> None:
    typed, whole = form.cleaned_data, {}
    if typed["whole_page"]:
        whole["reviewer"] = link.reviewer if link else getattr(by, "reviewer", None)
        whole["next_review"] = typed["next_review"]
    workflow.approve(
        form.reading.revision,
        by=by,
        link=link,
        reasons=form.reasons,
        note=typed["comment"],
        **whole,
    )


def ask_for_changes(form: AnswerForm, **who) -> None:
    workflow.ask_for_changes(form.reading.revision, comment=form.cleaned_data["comment"], **who)


def comment(form: AnswerForm, **who) -> None:
    workflow.comment(form.reading.revision, text=form.cleaned_data["comment"], **who)


def explain(form: AnswerForm, *, by) -> None:
    workflow.explain(form.reading.revision, by=by, reasons=form.reasons)


def confirm(form: ConfirmForm, *, by) -> None:
    typed = form.cleaned_data
    workflow.confirm_review(
        form.record, by=by, next_review=typed["next_review"], read=typed["read"]
    )


def in_a_year() -> date:
    """The same day of the next year; of the 29th of February, the 28th."""
    today = timezone.localdate()
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year + 1, day=day)
