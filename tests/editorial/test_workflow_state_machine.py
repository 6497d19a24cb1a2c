"""Whatever four people do to three pages, in whatever order: readers read what was approved.

Texts are sent alone and as bundles, go live by hand and at a set time while the clock moves on, are
withdrawn while others need them, and are talked about.
"""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from psychoplastogens.content.models import Explainer
from psychoplastogens.editorial.models import Bundle, Comment, Revision, ScheduledChange
from psychoplastogens.editorial.workflow import bundles, checks, comments, schedules
from tests.editorial.workflow_machine import (
    NAMES,
    TEXT_FIELDS,
    WorkflowMachine,
    check_citation,
    pages,
    people,
    revisions,
)
from tests.factories import make_user

SOURCE = 2
Action, Outcome, State = ScheduledChange.Action, ScheduledChange.Outcome, Revision.State
hours = st.integers(1, 4)
some_pages = st.sets(pages, min_size=1)
some_comment = st.integers(0, 30)
disturbances = st.one_of(
    st.none(),
    st.tuples(
        st.sampled_from(
            "edit discard ask_for_changes submit approve publish withdraw set_time "
            "let_time_pass".split()
        ),
        pages,
    ),
)
edits = st.tuples(st.just("edit"), st.sampled_from([1, SOURCE]))


class Staff(WorkflowMachine):
    def __init__(self):
        super().__init__()
        self.hours = 0
        """By which the clock was moved on."""
        self.ran, self.said = set(), {}

    def get_time(self, later=0):
        return timezone.now() + timedelta(hours=self.hours + later)

    # At a set time

    @rule(number=pages, who=people, which=revisions, later=hours)
    def set_time(self, number, who, which, later=1):
        if revision := self.one_of(number, which):
            at = self.get_time(later)
            self.attempt(schedules.schedule_publication, revision, by=make_user(who), at=at)

    @rule(number=pages, who=people, later=hours, leave_uses=st.booleans())
    def set_time_to_withdraw(self, number, who, later, leave_uses):
        how = {"at": self.get_time(later), "reason": "Old.", "leave_uses": leave_uses}
        if page := self.page(number):
            self.attempt(schedules.schedule_withdrawal, page, by=make_user(who), **how)

    @rule(number=pages, who=people)
    def cancel(self, number, who):
        change = ScheduledChange.objects.filter(object_id=self.keys[number]).last()
        if change:
            is_waiting = change.ended_at is None
            assert self.attempt(schedules.cancel, change, by=make_user(who)) == is_waiting

    @rule(later=hours)
    def let_time_pass(self, later=2):
        """What runs is what somebody approved, and it runs once."""
        self.hours += later
        for change in schedules.run_due(self.get_time()):
            assert change.at <= self.get_time()
            assert change.pk not in self.ran
            self.ran.add(change.pk)
            if change.outcome != Outcome.DONE:
                continue
            if change.action == Action.PUBLISH:
                self.note_publication(change.revision)
                self.seen["together later"] += change.revision.bundle_id is not None
            else:
                self.note_withdrawal(change.object_id)
            self.seen[f"{change.action} later"] += 1
        assert not schedules.run_due(self.get_time())
        self.forget_lost_approvals()

    @rule(number=pages, author=people, colleague=people)
    def approve_set_a_time_and_wait(self, number, author, colleague):
        self.edit(number, author, add=False)
        for step in ("submit", "approve", "set_time"):
            getattr(self, step)(number, colleague, 0)
        self.let_time_pass()

    @rule(number=pages, who=people, leave_uses=st.booleans())
    def set_a_time_to_withdraw_and_wait(self, number, who, leave_uses):
        self.set_time_to_withdraw(number, who, 1, leave_uses)
        self.let_time_pass()

    # Together

    def list_bundle(self, number):
        """The newest text of a page, and what goes with it."""
        revision = self.one_of(number, 0)
        return [revision, *Revision.objects.in_bundle_with(revision)] if revision else []

    @rule(numbers=some_pages, who=people)
    def send_together(self, numbers, who):
        drafts = [draft for number in sorted(numbers) if (draft := self.one_of(number, 0))]
        before = self.list_states()
        if not drafts or not self.attempt(bundles.send_together, drafts, by=make_user(who)):
            assert self.list_states() == before
            return
        sent = Revision.objects.filter(pk__in=[draft.pk for draft in drafts])
        assert set(sent.values_list("state", flat=True)) == {State.IN_REVIEW}
        assert len(set(sent.values_list("bundle", flat=True))) == 1
        self.seen["sent together"] += 1

    @rule(number=pages, who=people)
    def approve_together(self, number, who):
        before, members = self.list_states(), self.list_bundle(number)
        waiting = [member for member in members if member.state == State.IN_REVIEW]
        if members and self.attempt(bundles.approve_together, members[0], by=make_user(who)):
            for member in waiting:
                self.note_approval(member, who)
        else:
            assert self.list_states() == before

    @rule(number=pages, who=people)
    def publish_together(self, number, who):
        """All of them or none: then one at most has lost its approval."""
        before, members = self.list_states(), self.list_bundle(number)
        if members and self.attempt(bundles.publish_together, members[0], by=make_user(who)):
            for member in members:
                self.note_publication(member)
            self.seen["published together"] += 1
            return
        lost = before.items() - self.list_states().items()
        assert [state for _pk, (state, _bundle) in lost] in ([], [State.APPROVED])
        self.seen["not published together"] += bool(lost)

    def list_states(self):
        rows = Revision.objects.values_list("pk", "state", "bundle")
        return {pk: (state, bundle) for pk, state, bundle in rows} | {
            "": ("", Bundle.objects.count())
        }

    @rule(
        number=st.sampled_from([0, 1]),
        author=people,
        colleague=people,
        publisher=people,
        between=st.tuples(disturbances, disturbances),
    )
    def carry_a_page_on_with_its_source(self, number, author, colleague, publisher, between):
        """What a bundle is for, while others do something else in between."""
        self.edit(SOURCE, author, add=False)
        self.edit(number, author, add=False, cite=True)
        self.send_together({number, SOURCE}, author)
        self.disturb(between[0], publisher)
        self.approve_together(number, colleague)
        self.disturb(between[1], author)
        self.publish_together(number, publisher)

    @rule(author=people, colleague=people, publisher=people, between=disturbances | edits)
    def set_a_time_for_a_page_with_its_source(self, author, colleague, publisher, between):
        self.edit(SOURCE, author, add=False)
        self.edit(1, author, add=False, cite=True)
        self.send_together({1, SOURCE}, author)
        self.approve_together(1, colleague)
        self.set_time(SOURCE, publisher, 0)
        self.disturb(between, author)
        self.let_time_pass()

    @rule(people=st.permutations(NAMES), is_withdrawn=st.booleans())
    def publish_two_pages_whose_source_may_be_gone(self, people, is_withdrawn):
        author, colleague, publisher, _other = people
        self.carry_on(SOURCE, [author, author, colleague, publisher])
        self.edit(0, author, add=False, cite=True)
        self.edit(1, author, add=False)
        self.send_together({0, 1}, author)
        self.approve_together(0, colleague)
        self.publish(0, publisher, 0)
        if is_withdrawn:
            self.withdraw(SOURCE, publisher, leave_uses=True)
        self.publish_together(1, publisher)

    def disturb(self, what, who):
        if what is None:
            return
        verb, number = what
        further = {
            "edit": {"add": False},
            "withdraw": {"leave_uses": True},
        }.get(verb, {"which": 0})
        if verb == "let_time_pass":
            self.let_time_pass()
        else:
            getattr(self, verb)(number=number, who=who, **further)

    @invariant()
    def what_goes_together_is_not_half_live(self):
        live = Revision.objects.published().filter(bundle__isnull=False)
        assert not live.filter(bundle__revisions__state__in=Revision.OPEN).exists()

    @invariant()
    def a_time_that_is_set_for_a_bundle_ends_as_one(self):
        set_times = ScheduledChange.objects.filter(
            action=Action.PUBLISH, revision__bundle__isnull=False
        )
        how = set(set_times.values_list("revision__bundle", "at", "outcome"))
        assert len(how) == len({(bundle, at) for bundle, at, _outcome in how})

    # Comments

    def is_on(self, thread, number):
        return self.page(number) is not None and thread.revision.object_id == self.keys[number]

    def pick(self, which):
        threads = list(Comment.objects.threads().order_by("pk"))
        return threads[which % len(threads)] if threads else None

    @rule(number=pages, who=people, which=revisions, quote=st.sampled_from(["", "Words 0."]))
    def say(self, number, who, which, quote):
        revision, key = self.one_of(number, which), self.keys[number]
        if revision is None:
            return
        field = TEXT_FIELDS[self.models[key]]
        place = comments.Place(key, field, "Here", quote)
        words = {"body": f"I say {len(self.said)}.", "by": make_user(who)}
        thread = self.attempt(comments.begin_thread, revision, place, **words)
        assert bool(thread) == (self.page(number) is not None)
        if thread:
            self.said[thread.pk] = (revision.pk, None, words["body"], False)

    @rule(number=pages, who=people, which=revisions, comment=some_comment)
    def answer(self, number, who, which, comment):
        """Only while reading a text of the same page."""
        revision, thread = self.one_of(number, which), self.pick(comment)
        if revision is None or thread is None:
            return
        words = {"body": f"I answer {len(self.said)}.", "by": make_user(who)}
        given = self.attempt(comments.answer, thread, revision, **words)
        assert bool(given) == self.is_on(thread, number)
        if given:
            self.said[given.pk] = (revision.pk, thread.pk, words["body"], False)

    @rule(number=pages, who=people, comment=some_comment, again=st.booleans())
    def resolve(self, number, who, comment, again):
        """Resolve a comment that is open; or open one `again` that was resolved."""
        revision, thread = self.one_of(number, 0), self.pick(comment)
        if revision is None or thread is None:
            return
        verb = comments.reopen if again else comments.resolve
        fits = self.is_on(thread, number) and bool(thread.resolved_at) == again
        assert self.attempt(verb, thread, revision, by=make_user(who)) == fits
        if fits:
            self.said[thread.pk] = (*self.said[thread.pk][:3], not again)
            self.seen["resolved"] += not again

    @rule(number=pages, people=st.permutations(NAMES), again=st.booleans())
    def talk(self, number, people, again):
        """A word, an answer while the text is a newer one, and an end to it that may not last."""
        newest = -1
        self.say(number, people[0], 0, "")
        self.edit(number, people[1], add=False)
        self.answer(number, people[1], 0, newest)
        self.resolve(number, people[2], newest, again=False)
        self.resolve(number, people[3], newest, again=again)
        self.look_at_the_comments(number)

    @invariant()
    def a_comment_belongs_to_its_revision(self):
        kept = Comment.objects.values_list("pk", "revision", "parent", "body", "resolved_at")
        assert self.said == {pk: (*rest, bool(resolved)) for pk, *rest, resolved in kept}
        answers = Comment.objects.exclude(parent=None)
        assert not answers.exclude(revision__object_id=F("parent__revision__object_id")).exists()

    @rule(number=pages)
    def look_at_the_comments(self, number):
        """Beside a text stand those of its own page."""
        revision = self.one_of(number, 0)
        if revision and self.page(number):
            shown = Comment.objects.shown_with(revision)
            assert {thread.revision.object_id for thread in shown} <= {self.keys[number]}


@pytest.mark.django_db
def test_readers_read_what_was_approved_whatever_staff_do(monkeypatch):
    monkeypatch.setattr(checks, "_checks", [(Explainer, check_citation)])
    Staff.seen.clear()
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
    assert Staff.seen["published"] > 5
    for what in ("published together", "publish later", "together later", "withdraw later"):
        assert Staff.seen[what] > 0, what
    assert Staff.seen["resolved"] > 0
