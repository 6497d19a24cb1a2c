"""The text that a form of the admin is about, and the form as it was posted."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseModelFormSet

from psychoplastogens.editorial.admin.forms import DraftForm
from psychoplastogens.editorial.admin.shown_stops import iter_unfinished_forms
from psychoplastogens.editorial.drafts.snapshots import Snapshot
from psychoplastogens.editorial.models import Publishable, Revision
from psychoplastogens.editorial.workflow.sending import CHANGE_KIND


@dataclass(frozen=True)
class OpenedText:
    """The text of a page that a form is about.

    `base` is the newest revision, `opened_on` the one that the form was opened on. Either is None
    if staff have never changed the page. `is_stale`: somebody saved a newer text meanwhile.
    """

    page: Publishable
    base: Revision | None
    opened_on: Revision | None
    is_stale: bool

    @property
    def draft(self) -> Revision | None:
        """The revision that the form shows; None where it shows the rows."""
        shown = self.opened_on
        return shown if shown and (shown.is_open or self.is_stale) else None


@dataclass(frozen=True)
class Submission:
    """A form as it was posted. `snapshot`, of the whole page, is None if the form is invalid."""

    form: DraftForm
    formsets: list[BaseModelFormSet]
    snapshot: Snapshot | None = None
    message: str | list = ""

    def get_snapshot(self) -> Snapshot:
        """The snapshot of a valid form."""
        assert self.snapshot is not None
        return self.snapshot

    @property
    def is_unfinished(self) -> bool:
        """Whether its texts hold mistakes, which stop it from being sent."""
        return any(form.mistakes for form in iter_unfinished_forms(self.form, self.formsets))

    @property
    def note(self) -> str:
        return self.form.cleaned_data.get("change_reason", "")

    @property
    def change(self) -> str:
        """Its kind: '' while the author of a text that readers know has not said it."""
        is_asked = self.form.record.was_published
        return self.form.cleaned_data.get(CHANGE_KIND, "") if is_asked else Revision.Change.MEANING
