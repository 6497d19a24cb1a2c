"""A page that names a new term, whose meaning cites a new source: the drafts of a bundle."""

import re

from psychoplastogens.content.models import GlossaryTerm
from psychoplastogens.editorial.models import Revision, Status
from psychoplastogens.editorial.workflow import bundles, checks
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.evidence.models import Source
from tests.factories import make_faq, make_source, make_term, make_user
from tests.workflow_helpers import save_draft

MOSS = "moss-2026: Moss"
DRAFT = {"status": Status.DRAFT}


def check_citations(record):
    text = getattr(record, "answer", "") or getattr(record, "meaning", "")
    for slug in re.findall(r"\[\^([\w-]+)\]", text):
        if not Source.objects.published().with_slugs([slug]).exists():
            yield checks.error(CheckRule.CITED, "slug", f"“{slug}” is not published.")
    for slug in re.findall(r"\[\[([\w-]+)\]\]", text):
        if not GlossaryTerm.objects.published().with_slugs([slug]).exists():
            yield checks.error(CheckRule.EXPLAIN, "slug", f"“{slug}” is not published.")


def make_drafts():
    """The draft of a live page that names a new term, whose meaning cites a new source."""
    draft_of(make_source(slug="moss-2026", title="Moss", **DRAFT))
    draft_of(make_term(slug="gate", term="Gate", meaning="A gate.[^moss-2026]", **DRAFT))
    draft_of(make_source(slug="other", title="Not needed", **DRAFT))
    said = {"update_note": "It tells of the gate."}
    return save_draft(make_faq(answer="Old."), answer="A [[gate]].", **said)


def draft_of(record):
    return save_draft(record, **{"language": "en"})


def titles(revisions):
    return [revision.title for revision in revisions]


def send(draft, by="author"):
    return bundles.send_together([draft, *bundles.find_needed_drafts(draft)], by=make_user(by))


def now(revision):
    return Revision.objects.get(pk=revision.pk)


def states(draft):
    members = Revision.objects.filter(bundle=now(draft).bundle_id)
    return {member.title: str(member.state) for member in members}


def approve_all(draft):
    return bundles.approve_together(now(draft), by=make_user("clinician"))


def publish_all(draft):
    return bundles.publish_together(now(draft), by=make_user("publisher"))
