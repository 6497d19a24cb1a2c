"""What a provider of single sign-on, or somebody in its place, may answer without getting in."""

import time

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from psychoplastogens.accounts.models import LinkedIdentity
from tests.accounts.false_provider import (
    BEGIN,
    CALLBACK,
    CLIENT_ID,
    CLIENT_SECRET,
    EMAIL,
    KEY,
    LOGIN,
    OTHER_KEY,
    begin,
    get_refusal,
    sign_on,
)
from tests.factories import make_staff
from tests.login import submit_password

pytestmark = pytest.mark.django_db
NOT_VALID = "What Clinic login answered is not valid"

HOUR_AGO = int(time.time()) - 3600


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"aud": "other", "azp": CLIENT_ID},
        {"aud": [CLIENT_ID, "other"], "azp": "other"},
        pytest.param({"exp": HOUR_AGO}, id="exp an hour ago"),
        {"exp": None},
        {"exp": "never"},
        pytest.param({"iat": HOUR_AGO + 7200}, id="iat in an hour"),
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 4711},
        {"sub": "x" * 256},
        {"email": ["ada@example.org"]},
    ],
    ids=str,
)
def test_a_token_for_another_or_that_is_over_lets_nobody_in(client, provider, author, claims):
    provider.claims = claims
    page = get_refusal(client, sign_on(client, provider))
    assert NOT_VALID in page.text or "No account here" in page.text
    assert not LinkedIdentity.objects.exists()


PUBLIC_PEM = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    ("key", "algorithm", "key_id"),
    [
        (None, "none", "one"),
        (CLIENT_SECRET * 2, "HS256", "one"),
        (PUBLIC_PEM, "HS256", "one"),
        (OTHER_KEY, "ES256", "one"),
        (OTHER_KEY, "ES256", "two"),
    ],
    ids=["none", "shared", "public", "other", "unknown"],
)
def test_a_token_that_its_key_has_not_signed_lets_nobody_in(
    client, provider, author, key, algorithm, key_id
):
    provider.key, provider.algorithm, provider.key_id = key, algorithm, key_id
    assertContains(get_refusal(client, sign_on(client, provider)), NOT_VALID)


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/token", 200, b"{}"),
        ("/token", 200, b'{"id_token": "a.b.c", "access_token": "x", "token_type": "Bearer"}'),
        ("/token", 200, b'{"access_token": "x", "token_type": "Bearer"}'),
        ("/token", 200, b'{"id_token": 7, "access_token": "x", "token_type": "Bearer"}'),
        ("/token", 200, b"[1]"),
        ("/token", 200, b"<html>"),
        ("/token", 307, b""),
        ("/token", 400, b'{"error": "invalid_grant", "error_description": "<b>marmot</b>"}'),
        ("/keys", 200, b"[]"),
        (
            "/keys",
            200,
            b'{"keys": [{"kty": "oct", "k": "AAAAAAAAAAAAAAAAAAAAAAAA", "kid": "one"}]}',
        ),
        ("/keys", 200, b'{"keys": 7}'),
    ],
)
def test_an_answer_of_another_shape_lets_nobody_in(client, provider, author, path, status, body):
    provider.answers[path] = status, body
    page = get_refusal(client, sign_on(client, provider))
    assertContains(page, NOT_VALID)
    assertNotContains(page, "marmot")
    assert "/elsewhere" not in provider.asked


@pytest.mark.parametrize("sub", ["4712", None])
def test_what_is_told_of_somebody_else_is_not_believed(client, provider, author, sub):
    provider.claims = {"email": None}
    provider.userinfo = {"sub": sub, "email": EMAIL, "email_verified": True}
    assertContains(get_refusal(client, sign_on(client, provider)), NOT_VALID)


@pytest.mark.parametrize(
    "metadata",
    [{"issuer": "https://other.example"}, {"issuer": None}, {"authorization_endpoint": None}],
    ids=str,
)
def test_metadata_of_another_issuer_begins_nothing(client, provider, metadata):
    provider.metadata = metadata
    assertContains(get_refusal(client, client.get(BEGIN)), NOT_VALID)


def test_metadata_that_has_changed_in_between_ends_it(client, provider, author):
    back = begin(client, provider)
    provider.metadata = {"issuer": "https://other.example"}
    assertContains(get_refusal(client, client.get(CALLBACK, back)), NOT_VALID)
    assert "/token" not in provider.asked


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_provider_in_trouble_leaves_the_password(client, provider, author, path):
    back = begin(client, provider)
    provider.answers[path] = 503, b"<html>marmot"
    page = get_refusal(client, client.get(CALLBACK, back))
    assertContains(page, "Clinic login does not answer")
    assertRedirects(submit_password(client, author), "/admin/")


def test_a_provider_that_is_away_leaves_the_password(client, provider, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    page = get_refusal(client, client.get(BEGIN + "?next=/admin/content/faq/"))
    assertContains(page, "Clinic login does not answer. Try again later, or log in with your")
    assertContains(page, '<input type="hidden" name="next" value="/admin/content/faq/">')
    assertNotContains(client.get(LOGIN), "does not answer")


def test_who_changes_their_mind_at_the_provider_is_back(client, provider):
    back = begin(client, provider)
    sent = {"error": "access_denied", "error_description": "<b>marmot</b>", "state": back["state"]}
    page = get_refusal(client, client.get(CALLBACK, sent))
    assertContains(page, "Clinic login did not let you in.")
    assertNotContains(page, "marmot")


# State


@pytest.mark.parametrize("sent", [{}, {"code": "a"}, {"state": "b"}, {"code": "a", "state": "b"}])
def test_a_way_back_that_nobody_began_leads_nowhere(client, provider, sent):
    assertContains(get_refusal(client, client.get(CALLBACK, sent)), "Begin again")
    assert "/token" not in provider.asked


def test_one_that_was_begun_in_another_browser_leads_nowhere(client, provider, author):
    back = begin(Client(), provider)
    client.get(BEGIN)
    assertContains(get_refusal(client, client.get(CALLBACK, back)), "Begin again")
    assert "/token" not in provider.asked


def test_it_is_good_for_once(client, provider, author):
    back = begin(client, provider)
    client.get(CALLBACK, back)
    client.logout()
    assertContains(get_refusal(client, client.get(CALLBACK, back)), "Begin again")


def test_who_is_in_stays_who_they_are(client, provider, author):
    back = begin(Client(), provider)
    eve = make_staff("Author", name="eve")
    submit_password(client, eve)
    assertRedirects(client.get(BEGIN), LOGIN, target_status_code=302)
    client.get(CALLBACK, back)
    assert client.session[SESSION_KEY] == str(eve.pk)


def test_a_session_from_before_is_not_the_session_after(client, provider, author):
    back = begin(client, provider)
    before = client.session.session_key
    client.get(CALLBACK, back)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
