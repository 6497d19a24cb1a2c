"""What `manage.py check` says of the settings of single sign-on."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from psychoplastogens.accounts import single_sign_on

SETTINGS = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
HINT = "docs/deployment.md, Single sign-on, says what each setting is."


def check_single_sign_on(app_configs, **kwargs) -> list[CheckMessage]:
    """Errors where the settings begin a single sign-on that cannot work."""
    return list(find_problems())


def find_problems() -> Iterator[CheckMessage]:
    missing = [name for name in SETTINGS if not getattr(settings, name)]
    if missing and (len(missing) < len(SETTINGS) or settings.OIDC_SECOND_FACTOR):
        names = ", ".join(missing)
        yield Error(f"Single sign-on is off: {names} not set.", hint=HINT, id="understory.E140")
    if not single_sign_on.is_set_up():
        return
    issuer = urlsplit(settings.OIDC_ISSUER)
    if issuer.scheme != "https" and issuer.hostname not in LOCAL_HOSTS:
        yield Error("OIDC_ISSUER does not begin with https://.", hint=HINT, id="understory.E141")
    if not (find_spec("authlib") and find_spec("requests")):
        yield Error(
            "Single sign-on needs Authlib and requests.",
            hint="pip install --require-hashes -r docs/deploy/requirements-sso.txt",
            id="understory.E142",
        )
