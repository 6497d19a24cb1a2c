"""Whatever four people do to two pages, in whatever order: readers read what was approved.

A model of what must hold is kept beside the real thing: what was last published of each page, and
every text that anybody typed.
"""

from datetime import timedelta
from itertools import count

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from psychoplastogens.content.models import Explainer, Section
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import Revision, ScheduledChange, Status
from psychoplastogens.editorial.workflow import schedules, transitions
from tests.factories import make_explainer, make_user

people = st.sampled_from(["ann", "ben", "cem", "dee"])
pages = st.sampled_from([0, 1])
SKIPPABLE = ["submit", "approve"]
revisions = st.sampled_from([0, 0, 0, 0, 1, 2, 9])


def by_key(snapshot):
    return {row["pk"]: row for row in snapshot}


class Staff(RuleBasedStateMachine):
    published = published_later = 0

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.words = (f"Words {number}." for number in count())
        texts = {"title": "T", "summary": "S.", "key_points": "K."}
        read = make_explainer({}, {}, **texts)
        unread = make_explainer({}, status=Status.DRAFT, **texts)
        self.keys = [read.pk, unread.pk]
        self.live = {read.pk: take_snapshot(read), unread.pk: None}
        self.withdrawn, self.typed, self.approved_by = set(), [], {}
        for name in ("ann", "ben", "cem", "dee"):
            make_user(name)
        get_user_model().objects.update(is_superuser=True)

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def page(self, number):
        return Explainer.objects.filter(pk=self.keys[number]).first()

    def one_of(self, number, which):
        """One of a page's revisions, the newest for 0."""
        every = list(Revision.objects.filter(object_id=self.keys[number]).order_by("-number"))
        return every[min(which, len(every) - 1)] if every else None

    def attempt(self, verb, *arguments, **options):
        """Whether a verb was allowed. What it refuses must leave nothing behind: see invariants."""
        try:
            with transaction.atomic():
                verb(*arguments, **options)
        except WorkflowError:
            return False
        return True

    @rule(number=pages, who=people, add=st.booleans())
    def edit(self, number, who, add):
        page = self.page(number)
        if not page:
            return
        base = Revision.objects.get_editing_base(page)
        snapshot = base.snapshot if base else take_snapshot(page)
        words = next(self.words)
        first = {**snapshot[0], "fields": snapshot[0]["fields"] | {"key_points": words}}
        snapshot = [first, *snapshot[1:]]
        if add:
            with transaction.atomic():
                section = Section(explainer=page, slug=f"s{words[6:-1]}", title="N", plain=words)
                section.save()
                new = next(row for row in take_snapshot(page) if row["pk"] == str(section.pk))
                transaction.set_rollback(True)
            snapshot.append(new)
        transitions.save_draft(page, snapshot, by=make_user(who))
        self.typed.append(words)

    @rule(number=pages, who=people, which=revisions)
    def submit(self, number, who, which):
        if revision := self.one_of(number, which):
            self.attempt(transitions.submit, revision, by=make_user(who))

    @rule(number=pages, who=people, which=revisions)
    def approve(self, number, who, which):
        revision = self.one_of(number, which)
        if revision and self.attempt(transitions.approve, revision, by=make_user(who)):
            self.approved_by[revision.pk] = who
            assert revision.author.username != who

    @rule(number=pages, who=people, which=revisions)
    def ask_for_changes(self, number, who, which):
        if revision := self.one_of(number, which):
            self.attempt(transitions.ask_for_changes, revision, by=make_user(who), comment="No.")

    @rule(number=pages, who=people, which=revisions)
    def publish(self, number, who, which):
        revision = self.one_of(number, which)
        if revision and self.attempt(transitions.publish, revision, by=make_user(who)):
            assert revision.pk in self.approved_by
            assert revision.number == self.one_of(number, 0).number
            self.live[self.keys[number]] = revision.snapshot
            self.withdrawn.discard(self.keys[number])
            Staff.published += 1

    @rule(number=pages, who=people, which=revisions)
    def set_time(self, number, who, which):
        revision, at = self.one_of(number, which), timezone.now() + timedelta(hours=1)
        if revision:
            self.attempt(schedules.schedule_publication, revision, by=make_user(who), at=at)

    @rule()
    def let_time_pass(self):
        """What runs is what somebody approved, and it runs once."""
        for change in schedules.run_due(timezone.now() + timedelta(hours=2)):
            if change.outcome == ScheduledChange.Outcome.DONE:
                assert change.revision_id in self.approved_by
                self.live[change.object_id] = change.revision.snapshot
                self.withdrawn.discard(change.object_id)
                Staff.published_later += 1
        assert not schedules.run_due(timezone.now() + timedelta(hours=2))

    @rule(number=pages, people=st.lists(people, min_size=4, max_size=6))
    def carry_on(self, number, people):
        """What colleagues do most: the next step of the newest text, and the next."""
        for who in people:
            newest = self.one_of(number, 0)
            if not newest or not newest.is_open:
                self.edit(number, who, add=False)
            elif newest.state == Revision.State.DRAFT:
                self.submit(number, who, 0)
            elif newest.state == Revision.State.IN_REVIEW:
                self.approve(number, who, 0)
            else:
                self.publish(number, who, 0)

    @rule(number=pages, author=people, colleague=people)
    def approve_set_a_time_and_wait(self, number, author, colleague):
        self.edit(number, author, add=False)
        for step in ("submit", "approve", "set_time"):
            getattr(self, step)(number, colleague, 0)
        self.let_time_pass()

    @rule(
        number=pages,
        author=people,
        colleague=people,
        left_out=st.sampled_from(["submit", "approve"]),
    )
    def leave_a_step_out(self, number, author, colleague, left_out):
        """A text never reaches readers on a shorter way."""
        self.edit(number, author, add=False)
        for step in ("submit", "approve", "publish"):
            if step != left_out:
                getattr(self, step)(number, colleague, 0)

    @rule(number=pages, who=people)
    def withdraw(self, number, who):
        page = self.page(number)
        if page and self.attempt(transitions.withdraw, page, by=make_user(who), reason="Wrong."):
            self.withdrawn.add(page.pk)

    @rule(number=pages, who=people, which=revisions)
    def restore(self, number, who, which):
        if revision := self.one_of(number, which):
            self.attempt(transitions.restore, revision, by=make_user(who))

    @rule(number=pages, who=people, which=revisions)
    def discard(self, number, who, which):
        if revision := self.one_of(number, which):
            self.attempt(transitions.discard, revision, by=make_user(who))

    @rule(number=pages, who=people)
    def delete(self, number, who):
        page = self.page(number)
        if page and self.attempt(transitions.delete, page, by=make_user(who)):
            assert self.live[self.keys[number]] is None

    @invariant()
    def readers_read_what_was_last_approved_and_published(self):
        for key, snapshot in self.live.items():
            page = Explainer.objects.published().filter(pk=key).first()
            if snapshot is None or key in self.withdrawn:
                assert page is None
            else:
                assert by_key(take_snapshot(page)) == by_key(snapshot)

    @invariant()
    def every_text_ever_typed_can_be_found(self):
        kept = {r.snapshot[0]["fields"]["key_points"] for r in Revision.objects.all()}
        assert kept >= set(self.typed)

    @invariant()
    def a_page_has_one_open_draft_at_most_and_it_is_the_newest_but_for_texts_set_aside(self):
        for number in (0, 1):
            drafts = Revision.objects.filter(object_id=self.keys[number]).open()
            assert drafts.count() <= 1


@pytest.mark.django_db
@pytest.mark.usefixtures("no_checks")
def test_readers_read_what_was_approved_whatever_staff_do():
    run_state_machine_as_test(
        Staff,
        settings=settings(
            max_examples=settings().max_examples // 3,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # a failure is reported as it was found, in seconds
        ),
    )
    assert Staff.published > 15
    assert Staff.published_later > 3
