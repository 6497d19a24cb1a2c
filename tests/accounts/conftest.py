"""A provider of single sign-on, and a person whom it knows."""

import pytest

from tests.accounts.false_provider import CLIENT_ID, CLIENT_SECRET, EMAIL, run_false_provider
from tests.factories import make_staff


@pytest.fixture(scope="module")
def one_provider():
    with run_false_provider() as provider:
        yield provider


@pytest.fixture
def provider(one_provider, settings):
    """A provider that the settings name, and which knows Ada as 4711."""
    issuer = one_provider.issuer
    one_provider.__init__(int(issuer.rpartition(":")[2]))
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = issuer, CLIENT_ID
    settings.OIDC_CLIENT_SECRET, settings.OIDC_NAME = CLIENT_SECRET, "Clinic login"
    return one_provider


@pytest.fixture
def author():
    return make_staff("Author", email=EMAIL)


@pytest.fixture
def publisher():
    return make_staff("Publisher", email=EMAIL)
