"""Record systems that were given keys: a signed token says which one asks.

The operator lists them in a file, with their public keys, so nothing is ever fetched: CDS Hooks
2.0, Trusting CDS Clients, with the JWK Set exchanged beforehand. Without that file nobody needs a
token.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from time import time
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from psychoplastogens.content.schema_org import build_absolute_url
from psychoplastogens.infobutton.request_parsing import InfobuttonError

KEY_TYPES_BY_ALGORITHM = {"ES384": ("EC", "P-384"), "RS384": ("RSA", None)}
"""The two that CDS Hooks recommends: a key pair each, so that no secret is shared."""
REQUIRED_CLAIMS = ["iss", "aud", "exp", "iat", "jti"]
MAX_TOKEN_LENGTH, MAX_JTI_LENGTH = 8_000, 200
LEEWAY_SECONDS = 30
MAX_LIFETIME_SECONDS = 600
MIN_RSA_BITS = 2048
MAX_USED_TOKENS = 200_000
CLEANING_SECONDS = 60


@dataclass(frozen=True)
class RecordSystem:
    """A record system by the `iss` of its tokens.

    `keys` are (key id, algorithm, public key). `per_minute` is how many questions it may ask, or
    None for as many as anybody.
    """

    issuer: str
    keys: tuple[tuple[str, str, Any], ...]
    per_minute: int | None = None


class UsedTokens:
    """The tokens that were used in this process, as hashes, until a minute after their end."""

    def __init__(self):
        self._lock = Lock()
        self._ends: dict[bytes, float] = {}
        self._cleaned_at = 0.0

    def use(self, issuer: str, jti: str, end: float) -> bool:
        """Whether it was new. Raises InfobuttonError where there is no room to remember it."""
        name = blake2b(f"{issuer}\n{jti}".encode(), digest_size=16).digest()
        now = time()
        with self._lock:
            if now - self._cleaned_at > CLEANING_SECONDS or len(self._ends) >= MAX_USED_TOKENS:
                self._ends = {name: end for name, end in self._ends.items() if end > now}
                self._cleaned_at = now
            if self._ends.get(name, 0) > now:
                return False
            if len(self._ends) >= MAX_USED_TOKENS:
                wait = LEEWAY_SECONDS
                raise InfobuttonError(
                    429, "too_many_requests", f"try again in {wait} seconds", wait
                )
            self._ends[name] = end
            return True


used_tokens = UsedTokens()


def get_record_systems() -> dict[str, RecordSystem]:
    """The record systems of RECORD_SYSTEM_KEYS by issuer. Raises ImproperlyConfigured."""
    return load_record_systems(settings.RECORD_SYSTEM_KEYS) if settings.RECORD_SYSTEM_KEYS else {}


@cache
def load_record_systems(path: str) -> dict[str, RecordSystem]:
    """Those of the JSON file at `path`. Raises ImproperlyConfigured, which names the fault."""
    try:
        listed = json.loads(Path(path).read_text(encoding="utf-8"))
        return {issuer: _parse_record_system(issuer, said) for issuer, said in listed.items()}
    except ImportError:
        reason = "it needs PyJWT and cryptography: pip install -r docs/deploy/requirements-keys.txt"
    except OSError as error:
        reason = f"it cannot be read: {error.strerror}"
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
    raise ImproperlyConfigured(f"RECORD_SYSTEM_KEYS, {path}: {reason}")


def _parse_record_system(issuer: str, said: dict[str, Any]) -> RecordSystem:
    per_minute = said.get("per_minute")
    if per_minute is not None and (type(per_minute) is not int or per_minute < 1):
        raise ValueError(f"{issuer}: per_minute is a whole number from 1")
    keys = tuple(_parse_key(issuer, key) for key in said["keys"])
    if not keys or len({key_id for key_id, _algorithm, _key in keys}) < len(keys):
        raise ValueError(f"{issuer}: give at least one key, each with a kid of its own")
    return RecordSystem(issuer, keys, per_minute)


def _parse_key(issuer: str, said: dict[str, Any]) -> tuple[str, str, Any]:
    import jwt

    name = f"{issuer}, key {said['kid']}"
    if "d" in said or "k" in said:
        raise ValueError(f"{name}: this is a secret key; list the public one")
    kind = (said["kty"], said.get("crv"))
    [*algorithms] = (alg for alg, its_kind in KEY_TYPES_BY_ALGORITHM.items() if its_kind == kind)
    if not algorithms or said.get("alg", algorithms[0]) != algorithms[0]:
        raise ValueError(f"{name}: use ES384 (EC, P-384) or RS384 (RSA)")
    try:
        key = jwt.PyJWK(said, algorithm=algorithms[0]).key
    except jwt.PyJWTError as error:
        raise ValueError(f"{name}: {error}") from None
    if kind[0] == "RSA" and key.key_size < MIN_RSA_BITS:
        raise ValueError(f"{name}: an RSA key has at least {MIN_RSA_BITS} bits")
    return said["kid"], algorithms[0], key


def identify_record_system(request: HttpRequest, *, is_required: bool) -> RecordSystem | None:
    """Who asks, by the bearer token of `request`; None where nobody says and nobody must.

    Raises InfobuttonError, status 401, for a token that is missing, wrong, old or used before.
    """
    if not (systems := get_record_systems()):
        return None
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        if is_required:
            raise _build_refusal("send a signed token: Authorization: Bearer")
        return None
    return _verify_token(token.strip(), systems, build_absolute_url(request.path).rstrip("/"))


def _verify_token(token: str, systems: dict[str, RecordSystem], address: str) -> RecordSystem:
    import jwt

    if len(token) > MAX_TOKEN_LENGTH:
        raise _build_refusal("the token is too long")
    try:
        unsafe = jwt.decode_complete(token, options={"verify_signature": False})
        system, algorithm, key = _find_key(unsafe, systems)
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=[address, f"{address}/"],
            issuer=system.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": REQUIRED_CLAIMS},
        )
    except jwt.MissingRequiredClaimError as error:
        raise _build_refusal(f"the token lacks {error.claim}") from None
    except jwt.ExpiredSignatureError:
        raise _build_refusal("the token has expired") from None
    except jwt.InvalidAudienceError:
        raise _build_refusal("aud of the token must be the address that is called") from None
    except (jwt.PyJWTError, OverflowError, RecursionError, ValueError):
        raise _build_refusal("the token is not valid") from None
    _use_once(system, claims)
    return system


def _find_key(unsafe: dict[str, Any], systems: dict[str, RecordSystem]):
    """The system, algorithm and key that a token names. What it says is not believed yet."""
    issuer, key_id = unsafe["payload"].get("iss"), unsafe["header"].get("kid")
    if isinstance(issuer, str) and (system := systems.get(issuer)):
        for known_id, algorithm, key in system.keys:
            if known_id == key_id:
                return system, algorithm, key
    raise _build_refusal("iss and kid of the token are not known here")


def _use_once(system: RecordSystem, claims: dict[str, Any]) -> None:
    end, jti = int(claims["exp"]), claims["jti"]
    if end > time() + MAX_LIFETIME_SECONDS + LEEWAY_SECONDS:
        minutes = MAX_LIFETIME_SECONDS // 60
        raise _build_refusal(f"exp of the token may be {minutes} minutes ahead at most")
    if not 0 < len(jti) <= MAX_JTI_LENGTH:
        raise _build_refusal(f"jti of the token has 1 to {MAX_JTI_LENGTH} characters")
    if not used_tokens.use(system.issuer, jti, end + LEEWAY_SECONDS):
        raise _build_refusal("the token was used before: each has a jti of its own")


def _build_refusal(detail: str) -> InfobuttonError:
    return InfobuttonError(401, "unauthorized", detail)
