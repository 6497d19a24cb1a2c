"""The comments on a text beside its differences, and the forms to add to them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from django import forms
from django.apps import apps
from django.utils.text import Truncator, capfirst

from psychoplastogens.editorial.counted_text import CountedTextMixin
from psychoplastogens.editorial.drafts.diff import FieldDifference, RowDifference
from psychoplastogens.editorial.drafts.text_diff import Hunk, SegmentKind
from psychoplastogens.editorial.models import (
    Comment,
    HistoryEntry,
    Publishable,
    ReviewLink,
    Revision,
)
from psychoplastogens.editorial.review.comment_places import (
    CommentPlace,
    find_places,
    get_paragraphs,
)
from psychoplastogens.editorial.review.report import ReviewReport
from psychoplastogens.editorial.workflow.comments import Place

MAX_PLACES = 300
"""Changes with a form for a comment: Django reads at most 1,000 fields of a request."""
WHOLE_FIELD = ""
ANSWER_FORM = "answer-form"
"""The id of the form of the decision: the comments beside the text are sent with it."""


class CommentForm(CountedTextMixin, forms.Form):
    """A new comment on one change: on a paragraph of it, or on the field as a whole."""

    paragraph = forms.ChoiceField(label="About", required=False)
    body = forms.CharField(
        label="What you want to say",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, change: Change, data=None):
        super().__init__(data, prefix=change.key, auto_id="comment-%s")
        self.change = change
        named = [(str(n), Truncator(text).chars(70)) for n, text in change.paragraphs.items()]
        paragraph = self.fields["paragraph"]
        assert isinstance(paragraph, forms.ChoiceField)
        paragraph.choices = [*named, (WHOLE_FIELD, "The whole field")]
        paragraph.initial = paragraph.choices[0][0]
        if len(named) == 1:
            paragraph.widget = forms.HiddenInput()
        _send_with_decision(self)

    def get_place(self) -> Place:
        """The place that the comment is about. The form must be valid."""
        number = self.cleaned_data["paragraph"]
        quote = self.change.paragraphs[int(number)] if number else ""
        change = self.change
        return Place(uuid.UUID(change.row_id), change.attribute, change.label, quote)


class AnswerForm(CountedTextMixin, forms.Form):
    """An answer to a thread."""

    body = forms.CharField(
        label="Answer",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, thread: Comment, data=None):
        super().__init__(data, prefix=f"answer-{thread.pk}", auto_id="comment-%s")
        _send_with_decision(self)


@dataclass
class Thread:
    """A comment with its answers, and what became of its place since."""

    comment: Comment
    form: AnswerForm
    place: CommentPlace
    is_beside: bool = False
    """Whether it stands beside the paragraph that it is about."""

    @property
    def key(self) -> str:
        return str(self.comment.pk)

    @property
    def answers(self) -> list[Comment]:
        return list(self.comment.answers.all())

    @property
    def said(self) -> list[Comment]:
        """The comment and its answers, oldest first."""
        return [self.comment, *self.answers]


@dataclass
class Change:
    """A change of a field: its paragraphs in the new text by their number, and its threads."""

    key: str
    row_id: str
    attribute: str
    label: str
    paragraphs: dict[int, str]
    threads: list[Thread] = field(default_factory=list)
    form: CommentForm | None = None


class CommentBoard:
    """The threads about a revision by the change that each stands beside.

    `data` is what was posted: forms whose fields are in it are bound. `template` draws the threads
    and forms of one change; `is_outside` says that a clinician with a link reads it.
    """

    def __init__(self, report: ReviewReport, threads, data=None, *, template, is_outside=False):
        self.report, self.data = report, data
        self.template, self.is_outside = template, is_outside
        self.changes: dict[str, Change] = {}
        self.rest: dict[tuple[str, str], list[Thread]] = {}
        """Of changed fields, the threads that are about none of the changes."""
        self.elsewhere: list[Thread] = []
        for row in report.differences:
            for difference in row.fields:
                self.rest[row.key, difference.attribute] = []
                self._add_changes(row, difference)
        for comment, place in find_places(threads, report.revision.snapshot).items():
            self._place(comment, place)

    def get_change(self, row: RowDifference, difference: FieldDifference, number: int):
        """The change that is hunk `number` of a field, or None if that is no change."""
        return self.changes.get(_build_key(row, difference, number))

    @property
    def threads(self) -> list[Thread]:
        beside = [thread for change in self.changes.values() for thread in change.threads]
        under = [thread for threads in self.rest.values() for thread in threads]
        return [*beside, *under, *self.elsewhere]

    @property
    def open_threads(self) -> list[Thread]:
        return [thread for thread in self.threads if thread.comment.resolved_at is None]

    @property
    def forms(self) -> list[forms.Form]:
        """Those in which something was posted."""
        new = [change.form for change in self.changes.values() if change.form]
        return [form for form in (*new, *(t.form for t in self.threads)) if form.is_bound]

    @property
    def has_words(self) -> bool:
        """Whether a comment or an answer was typed."""
        return any(form["body"].value().strip() for form in self.forms)

    @property
    def has_open_threads(self) -> bool:
        """Whether a comment that nobody has resolved was begun on this very revision."""
        own = (t.comment.revision_id == self.report.revision.pk for t in self.open_threads)
        return any(own)

    def get_thread(self, key) -> Thread | None:
        """The shown thread with this key, which may be any text."""
        return next((t for t in self.threads if t.key == key), None)

    def _add_changes(self, row: RowDifference, difference: FieldDifference) -> None:
        numbers = count()
        label = _build_label(row, difference.name)
        for number, hunk in enumerate(difference.hunks):
            named = {next(numbers): text for text in get_paragraphs(_get_new_text(hunk))}
            if hunk.is_equal:
                continue
            key = _build_key(row, difference, number)
            change = Change(key, row.key, difference.attribute, label, named)
            if len(self.changes) < MAX_PLACES:
                change.form = CommentForm(change, self._get_data(key))
            self.changes[key] = change

    def _get_data(self, prefix: str):
        return self.data if self.data and f"{prefix}-body" in self.data else None

    def _place(self, comment: Comment, place: CommentPlace) -> None:
        data = self._get_data(f"answer-{comment.pk}")
        thread = Thread(comment, AnswerForm(comment, data), place)
        key = (str(comment.row_id), comment.field)
        beside = next(self._iter_changes_of(key, place.paragraph), None)
        thread.is_beside = beside is not None
        threads = beside.threads if beside else self.rest.get(key, self.elsewhere)
        threads.append(thread)

    def _iter_changes_of(self, key: tuple[str, str], paragraph: str) -> Iterator[Change]:
        for change in self.changes.values():
            is_field = (change.row_id, change.attribute) == key
            if is_field and paragraph and paragraph in change.paragraphs.values():
                yield change


def build_comment_board(report: ReviewReport, data=None) -> CommentBoard:
    """The board of all threads about the revision of `report`, for staff."""
    threads = Comment.objects.shown_with(report.revision)
    return CommentBoard(report, threads, data, template="admin/_comments.html")


def build_outside_board(report: ReviewReport, link: ReviewLink, data=None) -> CommentBoard:
    """The board for a clinician with a link: the open threads that they began."""
    threads = Comment.objects.about(report.revision.record).open().begun_by(link.reviewer)
    options = {"template": "editorial/_comments.html", "is_outside": True}
    return CommentBoard(report, threads.with_answers(), data, **options)


def get_discussion(revision: Revision | None) -> dict:
    """What was said about a text, for the form that opens on it: remarks, and open threads."""
    if revision is None:
        return {}
    threads = Comment.objects.open().about(revision.record).with_answers()
    places = find_places(threads, revision.snapshot)
    remarks = HistoryEntry.objects.leading_to(revision).remarks() if revision.is_open else ()
    return {
        "remarks": remarks,
        "threads": [
            Thread(comment, AnswerForm(comment), place) for comment, place in places.items()
        ],
    }


def _send_with_decision(form: forms.Form) -> None:
    """Whichever button of the decision is pressed: what was typed here is sent with it."""
    for bound in form:
        bound.field.widget.attrs["form"] = ANSWER_FORM


def _build_key(row: RowDifference, difference: FieldDifference, number: int) -> str:
    return f"{row.key}-{difference.attribute}-{number}"


def _build_label(row: RowDifference, name: str) -> str:
    """The name of a field for people, after that of the part that it belongs to."""
    is_part = not issubclass(apps.get_model(row.model), Publishable)
    return f"{row.kind} “{row.title}”: {capfirst(name)}" if is_part else capfirst(name)


def _get_new_text(hunk: Hunk) -> str:
    return "".join(s.text for s in hunk.segments if s.kind is not SegmentKind.REMOVED)
