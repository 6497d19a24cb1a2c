"""Staff who have signed in, and checks that find what a test says."""

import pytest
from django.contrib.auth.models import Permission

from psychoplastogens.content.models import Faq, GlossaryTerm
from psychoplastogens.editorial.models import Publishable
from psychoplastogens.editorial.workflow import checks
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from tests import login
from tests.editorial.bundle_drafts import check_citations
from tests.factories import make_user


@pytest.fixture
def no_checks(monkeypatch):
    monkeypatch.setattr(checks, "_checks", [])


@pytest.fixture
def only_citations(monkeypatch):
    """The checks find what names something that readers cannot see, and nothing else."""
    found = [(kind, check_citations) for kind in (Faq, GlossaryTerm)]
    monkeypatch.setattr(checks, "_checks", found)


@pytest.fixture
def sign_in(client):
    """sign_in(name, *permissions): a browser in which staff of this name have signed in."""

    def sign_in(name, *codenames):
        user = make_user(name)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        return login.sign_in(client, user)

    return sign_in


@pytest.fixture
def clinician(sign_in):
    """The browser of somebody who may read questions and approve."""
    return sign_in("clinician", "view_faq", "approve_revision")


@pytest.fixture
def fake_problem(monkeypatch):
    """fake_problem(severity, rule): from now on the checks find only this."""
    found = []
    monkeypatch.setattr(checks, "_checks", [(Publishable, lambda record: found)])

    def warn(severity=checks.Severity.WARNING, rule=CheckRule.SHORT_SENTENCES):
        found.append(checks.Problem(severity, rule, "answer", "It has 40 words.", "A sentence."))

    return warn
