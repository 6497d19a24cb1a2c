"""A model of what must hold, whatever staff do, beside the real thing; and what they do to a page.

It knows what was last published of each page, every text that anybody typed, and who approved what.
"""

import json
import re
from collections import Counter
from itertools import count

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from psychoplastogens.content.models import Explainer, Section
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.exceptions import WorkflowError
from psychoplastogens.editorial.models import HistoryEntry, Revision, Status
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.checks import CheckRule, error
from psychoplastogens.evidence.models import Source
from tests.factories import make_explainer, make_source, make_user

NAMES = ["ann", "ben", "cem", "dee"]
people = st.sampled_from(NAMES)
pages = st.sampled_from([0, 1, 2])
"""A page that is read, one that is not yet, and a source that both may cite, not read yet."""
revisions = st.sampled_from([0, 0, 0, 0, 1, 2, 9])
TEXT_FIELDS = {Explainer: "key_points", Source: "supports"}
CITATION = "[^moss-2026]"
State, Verb = Revision.State, HistoryEntry.Verb


def check_citation(record):
    """The only check: what is cited must be there for readers."""
    if CITATION in record.key_points and not Source.objects.published().exists():
        yield error(CheckRule.CITED, "key_points", "Its source is not published.")


def by_key(snapshot):
    return {row["pk"]: row for row in snapshot}


def find_words(snapshot):
    """What people typed in these rows, each time something new."""
    return set(re.findall(r"Words \d+\.", json.dumps(snapshot)))


class WorkflowMachine(RuleBasedStateMachine):
    """Four people, of whom each may do all that is allowed, and three pages."""

    seen = Counter()
    """How often what a test is about has taken place, over all sequences."""

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.words = (f"Words {number}." for number in count())
        texts = {"title": "T", "summary": "S.", "key_points": "K."}
        read = make_explainer({}, {}, **texts)
        unread = make_explainer({}, status=Status.DRAFT, **texts)
        source = make_source(slug="moss-2026", status=Status.DRAFT)
        self.models = {read.pk: Explainer, unread.pk: Explainer, source.pk: Source}
        self.keys = [*self.models]
        self.live = dict.fromkeys(self.keys) | {read.pk: take_snapshot(read)}
        self.acts = Counter()
        self.withdrawn, self.typed_by, self.approved_by, self.ever_read = set(), {}, {}, set()
        for name in NAMES:
            make_user(name)
        get_user_model().objects.update(is_superuser=True)

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def page(self, number):
        key = self.keys[number]
        return self.models[key].objects.filter(pk=key).first()

    def one_of(self, number, which):
        """One of a page's revisions, the newest for 0."""
        every = list(Revision.objects.filter(object_id=self.keys[number]).order_by("-number"))
        return every[min(which, len(every) - 1)] if every else None

    def attempt(self, verb, *arguments, **options):
        """What a verb returned, or True; False if it was refused.

        What it refuses must leave nothing behind: see invariants.
        """
        try:
            result = verb(*arguments, **options)
        except WorkflowError:
            return False
        finally:
            self.forget_lost_approvals()
        return True if result is None else result

    def forget_lost_approvals(self):
        states = dict(Revision.objects.values_list("pk", "state"))
        kept = (State.APPROVED, State.PUBLISHED)
        self.approved_by = {pk: who for pk, who in self.approved_by.items() if states[pk] in kept}

    def note_approval(self, revision, who):
        assert who not in self.find_authors(revision)
        self.approved_by[revision.pk] = who

    def note_publication(self, revision):
        """Readers read this from now on: somebody else has approved it, and it is the newest."""
        assert self.approved_by[revision.pk] not in self.find_authors(revision)
        number = self.keys.index(revision.object_id)
        assert revision.number == self.one_of(number, 0).number
        self.live[revision.object_id] = revision.snapshot
        self.ever_read |= find_words(revision.snapshot)
        self.withdrawn.discard(revision.object_id)
        self.acts[revision.object_id, Verb.PUBLISHED] += 1

    def note_withdrawal(self, key):
        self.withdrawn.add(key)
        self.acts[key, Verb.WITHDRAWN] += 1

    def find_authors(self, revision):
        """Who saved a text, or typed words in it that nobody has approved before."""
        new = find_words(revision.snapshot) - self.ever_read
        return {revision.author.username, *(self.typed_by[words] for words in new)}

    @rule(number=pages, who=people, add=st.booleans(), cite=st.booleans())
    def edit(self, number, who, add, cite=False):
        page = self.page(number)
        if not page:
            return
        base = Revision.objects.get_editing_base(page)
        snapshot = base.snapshot if base else take_snapshot(page)
        words = next(self.words)
        field = TEXT_FIELDS[type(page)]
        text = f"{words}{CITATION}" if cite and field == "key_points" else words
        written = {field: text, "update_note": f"Now: {words}"}
        first = {**snapshot[0], "fields": snapshot[0]["fields"] | written}
        snapshot = [first, *snapshot[1:]]
        if add and field == "key_points":
            snapshot.append(self.make_section(page, words))
        transitions.save_draft(page, snapshot, by=make_user(who))
        self.typed_by[words] = who

    def make_section(self, page, words):
        with transaction.atomic():
            section = Section(explainer=page, slug=f"s{words[6:-1]}", title="N", plain=words)
            section.save()
            new = next(row for row in take_snapshot(page) if row["pk"] == str(section.pk))
            transaction.set_rollback(True)
        return new

    @rule(number=pages, who=people, which=revisions)
    def submit(self, number, who, which):
        if revision := self.one_of(number, which):
            self.attempt(transitions.submit, revision, by=make_user(who))

    @rule(number=pages, who=people, which=revisions)
    def approve(self, number, who, which):
        revision = self.one_of(number, which)
        if revision and self.attempt(transitions.approve, revision, by=make_user(who)):
            self.note_approval(revision, who)

    @rule(number=pages, who=people, which=revisions)
    def ask_for_changes(self, number, who, which):
        if revision := self.one_of(number, which):
            self.attempt(transitions.ask_for_changes, revision, by=make_user(who), comment="No.")

    @rule(number=pages, who=people, which=revisions)
    def take_back_approval(self, number, who, which):
        if revision := self.one_of(number, which):
            self.attempt(transitions.return_to_review, revision, by=make_user(who), why=["No."])

    @rule(number=pages, who=people, which=revisions)
    def publish(self, number, who, which):
        revision = self.one_of(number, which)
        if revision and self.attempt(transitions.publish, revision, by=make_user(who)):
            self.note_publication(revision)
            self.seen["published"] += 1

    @rule(number=pages, people=st.lists(people, min_size=4, max_size=6))
    def carry_on(self, number, people):
        """What colleagues do most: the next step of the newest text, and the next."""
        for who in people:
            newest = self.one_of(number, 0)
            if not newest or not newest.is_open:
                self.edit(number, who, add=False)
            elif newest.state == State.DRAFT:
                self.submit(number, who, 0)
            elif newest.state == State.IN_REVIEW:
                self.approve(number, who, 0)
            else:
                self.publish(number, who, 0)

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

    @rule(number=pages, who=people, leave_uses=st.booleans())
    def withdraw(self, number, who, leave_uses):
        page, how = self.page(number), {"reason": "Wrong.", "leave_uses": leave_uses}
        if page and self.attempt(transitions.withdraw, page, by=make_user(who), **how):
            self.note_withdrawal(page.pk)

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
            page = self.models[key].objects.published().filter(pk=key).first()
            if snapshot is None or key in self.withdrawn:
                assert page is None
            else:
                assert by_key(take_snapshot(page)) == by_key(snapshot)

    @invariant()
    def every_text_ever_typed_can_be_found(self):
        kept = [find_words(revision.snapshot) for revision in Revision.objects.all()]
        assert set().union(*kept) == self.typed_by.keys()

    @invariant()
    def a_page_has_one_open_draft_at_most_and_it_is_the_newest_but_for_texts_set_aside(self):
        for key in self.keys:
            drafts = Revision.objects.filter(object_id=key).open()
            assert drafts.count() <= 1

    @invariant()
    def each_act_took_place_once(self):
        """By the history, each was as often as somebody did it, or set a time for it."""
        entries = HistoryEntry.objects.filter(verb__in=(Verb.PUBLISHED, Verb.WITHDRAWN))
        assert Counter(entries.values_list("object_id", "verb")) == self.acts

    @invariant()
    def the_database_holds_its_constraints(self):
        connection.check_constraints()
