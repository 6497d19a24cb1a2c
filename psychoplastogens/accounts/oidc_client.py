"""The client of the OpenID Connect provider: Authlib's, held to one issuer and to public keys.

Code flow with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1; RFC 7636). Authlib is an
optional package: this is imported only where single sign-on is on.
"""

from __future__ import annotations

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import MismatchingStateError, OAuthError
from authlib.integrations.django_client import DjangoIntegration, DjangoOAuth2App
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from joserfc.errors import JoseError
from requests import RequestException

from psychoplastogens.accounts.single_sign_on import Identity, Refusal, SignOnRefused

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures with a public key of the provider (RFC 7518, 3.1): neither "none" nor a shared one."""
TIMEOUT_SECONDS, LEEWAY_SECONDS = 5, 60
MAX_SUBJECT_LENGTH = 255
UNSOUND_ANSWER = (
    *(JoseError, AuthlibBaseError),
    *(AttributeError, LookupError, RuntimeError, TypeError, ValueError),
)
"""What Authlib raises on an answer that it refuses, or that is not shaped as it expects."""


class ProviderClient(DjangoOAuth2App):
    """Authlib's client. It asks the provider how it is reached (OpenID Connect Discovery 1.0)."""

    def load_server_metadata(self):
        """The metadata of the provider. Raises ValueError where it is of another one."""
        found = super().load_server_metadata()
        if found["issuer"] != settings.OIDC_ISSUER:
            raise ValueError("The metadata is of another issuer.")  # Discovery 1.0, 4.3
        methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        has_basic = "client_secret_basic" in methods
        found["token_endpoint_auth_method"] = f"client_secret_{'basic' if has_basic else 'post'}"
        found["id_token_signing_alg_values_supported"] = ALGORITHMS
        return found


def build_client() -> ProviderClient:
    """A new client: what it knows of the provider is as old as the request."""
    return ProviderClient(
        DjangoIntegration("oidc"),
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
            "leeway": 0,  # An access token is used at once, and some are good for a minute only.
        },
    )


def redirect_to_provider(request) -> HttpResponseRedirect:
    """The way to the provider; the session keeps state, nonce and code verifier.

    Raises SignOnRefused.
    """
    address = settings.SITE_ORIGIN + reverse("accounts:single_sign_on_callback")
    try:
        return build_client().authorize_redirect(request, address)
    except RequestException:
        raise SignOnRefused(Refusal.AWAY) from None
    except UNSOUND_ANSWER:
        raise SignOnRefused(Refusal.UNSOUND) from None


def fetch_identity(request) -> Identity:
    """Who comes back from the provider. The state in the session is used up. Raises SignOnRefused.

    Nothing of the answer goes into an error: it holds secrets.
    """
    client = build_client()
    try:
        token = client.authorize_access_token(
            request,
            claims_options={
                "iss": {"essential": True, "value": settings.OIDC_ISSUER},
                "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
            },
            leeway=LEEWAY_SECONDS,
            allow_redirects=False,
        )
        return read_identity(client, token)
    except MismatchingStateError:
        raise SignOnRefused(Refusal.STALE) from None
    except OAuthError as error:
        was_denied = error.error == "access_denied"
        raise SignOnRefused(Refusal.DENIED if was_denied else Refusal.UNSOUND) from None
    except RequestException:
        raise SignOnRefused(Refusal.AWAY) from None
    except UNSOUND_ANSWER:
        raise SignOnRefused(Refusal.UNSOUND) from None


def read_identity(client: ProviderClient, token: dict) -> Identity:
    """The identity of a verified ID token. Some providers tell the mail address only when asked.

    Raises LookupError or ValueError where it lacks what it must have.
    """
    claims = token["userinfo"]  # Authlib's name for the claims of the ID token.
    subject = claims["sub"]
    if not (isinstance(subject, str) and 0 < len(subject) <= MAX_SUBJECT_LENGTH):
        raise ValueError("The subject is not valid.")
    if "email" not in claims and "userinfo_endpoint" in client.load_server_metadata():
        claims = client.userinfo(token=token, allow_redirects=False)
        if claims["sub"] != subject:  # Core 1.0, 5.3.2
            raise ValueError("The answer is about somebody else.")
    email = claims["email"] if claims.get("email_verified") is True else ""
    return Identity(settings.OIDC_ISSUER, subject, str(email))
