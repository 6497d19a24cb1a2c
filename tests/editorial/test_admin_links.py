"""Every link on a page of the admin leads where the person who reads it may go."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import resolve

from psychoplastogens.editorial.workflow import transitions
from tests.factories import (
    make_clinic,
    make_code,
    make_compound,
    make_explainer,
    make_faq,
    make_finding,
    make_pack,
    make_source,
    make_staff,
    make_term,
    make_user,
    make_walkthrough,
)
from tests.login import sign_in
from tests.workflow_helpers import save_draft, send_for_review

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#?]*)(\?[^"#]*)?(?:#[^"]*)?"')


def prepare():
    """A record of each kind, in use; drafts on their way; lists of a clinic; a deleted record."""
    author = make_user("writer")
    source, compound = make_source(slug="li-2010"), make_compound(slug="ketamine")
    make_finding(source=source)
    make_term()
    guide = make_explainer({"more": "Yes.[^li-2010] [So](/compounds/ketamine/)."}, title="A guide")
    make_walkthrough({"more": "Yes.[^li-2010]"})
    faq = make_faq(answer="Yes.[^li-2010]", compounds=[compound])
    make_code("F33", page=compound)
    make_pack(guide, faq, compound, clinic=make_clinic(), title="First visit")
    transitions.comment(send_for_review(guide, title="Another"), by=author, text="Why?")
    save_draft(faq, answer="No.[^li-2010]")
    transitions.delete(make_faq(status="draft"), by=author)


def find_links(client, address):
    """The status of a page of the admin, and the addresses that it links to there."""
    answer = client.get(address)
    if answer.status_code == 302:
        targets = [answer["location"]]
    elif answer.status_code == 200 and "html" in answer["content-type"]:
        found = LINK.findall(answer.content.decode())
        targets = [unescape(path + query) for path, query in found]
    else:
        targets = []
    whole = {urljoin(address, target) for target in targets}
    return answer.status_code, {target for target in whole if target.startswith("/admin/")}


@pytest.mark.parametrize("role", ["Author", "Clinic editor"])
def test_no_link_leads_to_what_somebody_may_not_open(client, role):
    prepare()
    sign_in(client, make_staff(role))
    waiting, seen, refused = [("/admin/", "")], set(), []
    while waiting:
        address, at = waiting.pop()
        status, targets = find_links(client, address)
        if status not in (200, 302):
            refused.append(f"{status}: {address} at {at}")
        for target in sorted(targets):
            view = resolve(urlsplit(target).path).view_name
            if view not in seen:
                seen.add(view)
                waiting.append((target, address))
    assert refused == []
