"""Single sign-on with a real provider, which is not ours: django-oauth-toolkit."""

from __future__ import annotations

from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import requests
from pytest_django.asserts import assertContains, assertRedirects

from psychoplastogens.accounts.models import LinkedIdentity
from tests.accounts import oidc_provider
from tests.accounts.provider_process import CALLBACK, run_provider
from tests.factories import make_staff
from tests.login import is_signed_in

pytestmark = pytest.mark.django_db
BEGIN = "/admin/single-sign-on/"
SITE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def issuer():
    with run_provider(SITE) as issuer:
        yield issuer


@pytest.fixture
def settings_of_provider(issuer, settings):
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = issuer, oidc_provider.CLIENT_ID
    settings.OIDC_CLIENT_SECRET = oidc_provider.CLIENT_SECRET
    return settings


@pytest.fixture
def person():
    """The browser of Ada at the provider."""
    with requests.Session() as browser:
        yield browser


def sign_in_there(person, address) -> dict[str, str]:
    """Type name and password, if the provider asks. Returns what the browser brings back to us."""
    onward = follow(person.get(address, allow_redirects=False))
    if not onward.startswith(SITE):
        page = person.get(onward)
        sent = {"username": oidc_provider.USERNAME, "password": oidc_provider.PASSWORD}
        sent["csrfmiddlewaretoken"] = person.cookies["csrftoken"]
        onward = follow(person.post(page.url, sent, allow_redirects=False))
        onward = follow(person.get(onward, allow_redirects=False))
    assert onward.startswith(SITE + CALLBACK)
    return dict(parse_qsl(urlsplit(onward).query))


def follow(answer) -> str:
    return urljoin(answer.url, answer.headers["Location"])


def test_somebody_signs_on_twice_with_a_real_provider(client, settings_of_provider, person):
    author = make_staff("Author", email=oidc_provider.EMAIL)
    back = sign_in_there(person, client.get(BEGIN)["Location"])
    assertRedirects(client.get(CALLBACK, back), "/admin/")
    assert is_signed_in(client)
    assert LinkedIdentity.objects.get().user == author
    client.logout()
    author.email = ""
    author.save()
    back = sign_in_there(person, client.get(BEGIN)["Location"])
    assertRedirects(client.get(CALLBACK, back), "/admin/")


def test_the_provider_wants_the_code_verifier_of_this_browser(client, settings_of_provider, person):
    make_staff("Author", email=oidc_provider.EMAIL)
    back = sign_in_there(person, client.get(BEGIN)["Location"])
    session = client.session
    [(key, kept)] = [pair for pair in session.items() if back["state"] in pair[0]]
    kept["data"]["code_verifier"] = "x" * 48
    session[key] = kept
    session.save()
    page = client.get(CALLBACK, back, follow=True)
    assertContains(page, "is not valid, so nobody was let in")


def test_a_wrong_secret_of_ours_lets_nobody_in(client, settings_of_provider, person):
    settings_of_provider.OIDC_CLIENT_SECRET = "wrong"
    make_staff("Author", email=oidc_provider.EMAIL)
    back = sign_in_there(person, client.get(BEGIN)["Location"])
    page = client.get(CALLBACK, back, follow=True)
    assertContains(page, "is not valid, so nobody was let in")
    assert not LinkedIdentity.objects.exists()
