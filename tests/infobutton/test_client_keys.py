"""Record systems with keys: who asks is known by a signed token, and may ask more often."""

import base64
import hmac
import json
from time import time
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from psychoplastogens.delivery import rate_limits
from psychoplastogens.infobutton import client_keys
from tests.factories import make_code, make_compound
from tests.infobutton.infobutton_client import RXNORM, ask, criterion

pytestmark = pytest.mark.django_db
ISSUER, OTHER = "https://ehr.example.com/", "https://other.example.com/"
VIEW = "/cds-services/patient-education"
SITE = "http://127.0.0.1:8000"
EC_KEY, OTHER_KEY = (ec.generate_private_key(ec.SECP384R1()) for _ in range(2))
RSA_KEY = rsa.generate_private_key(65537, 2048)
ORDER = {"resourceType": "MedicationRequest", "medicationCodeableConcept": {"text": "ketamine"}}
CHART = {"hook": "patient-view", "hookInstance": "1", "prefetch": {"medications": ORDER}}


def to_jwk(key, key_id, algorithm):
    name = "ECAlgorithm" if algorithm.startswith("ES") else "RSAAlgorithm"
    made = getattr(jwt.algorithms, name).to_jwk(key.public_key(), as_dict=True)
    return made | {"kid": key_id, "use": "sig"}


@pytest.fixture
def write_keys(settings, tmp_path):
    """write_keys(listed): the operator gives these keys."""

    def write(listed):
        path = tmp_path / f"{uuid4()}.json"
        path.write_text(listed if isinstance(listed, str) else json.dumps(listed))
        settings.RECORD_SYSTEM_KEYS = str(path)

    return write


@pytest.fixture
def given(write_keys, monkeypatch):
    monkeypatch.setattr(client_keys, "used_tokens", client_keys.UsedTokens())
    rate_limits._get_named_limit.cache_clear()
    write_keys(
        {
            ISSUER: {"keys": [to_jwk(EC_KEY, "a", "ES384"), to_jwk(RSA_KEY, "b", "RS384")]},
            OTHER: {"keys": [to_jwk(OTHER_KEY, "a", "ES384")], "per_minute": 2},
        }
    )
    make_code("6130", system="rxnorm", page=make_compound(slug="ketamine", name="Ketamine"))


def sign(key=EC_KEY, key_id="a", algorithm="ES384", headers=(), **claims):
    now = int(time())
    said = {"iss": ISSUER, "aud": SITE + VIEW, "iat": now, "exp": now + 300, "jti": str(uuid4())}
    said = {name: value for name, value in (said | claims).items() if value is not None}
    return jwt.encode(said, key, algorithm, headers={"kid": key_id, **dict(headers)})


def call(client, token=None, address=VIEW, **headers):
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return client.post(address, CHART, content_type="application/json", headers=headers)


def test_without_keys_nobody_needs_a_token_and_none_is_read(client):
    assert call(client).status_code == 200
    assert call(client, "marmot").status_code == 200


@pytest.mark.parametrize(
    ("key", "key_id", "algorithm"),
    [
        (EC_KEY, "a", "ES384"),
        (RSA_KEY, "b", "RS384"),
    ],
)
def test_a_system_with_a_key_is_answered(client, given, key, key_id, algorithm):
    response = call(client, sign(key, key_id, algorithm))
    assert response.status_code == 200
    assert response.json()["cards"][0]["links"]


@pytest.mark.parametrize("aud", [[SITE + VIEW], ["https://x.example/", f"{SITE}{VIEW}/"]])
def test_the_address_may_be_one_of_several(client, given, aud):
    assert call(client, sign(aud=aud)).status_code == 200
    assert call(client, sign(aud=aud), address=f"{VIEW}/").status_code == 200


def unsigned(**header):
    parts = (
        {"alg": "none", "typ": "JWT", "kid": "a"} | header,
        jwt.decode(sign(), options={"verify_signature": False}),
    )
    texts = (base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts)
    return ".".join((*texts, ""))


def sign_with_public_key():
    """As if the public key were a shared secret (RFC 8725, 2.1)."""
    secret = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = unsigned(alg="HS384", kid="b").rstrip(".")
    digest = hmac.new(secret, signed.encode(), "sha384").digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


REFUSED = {
    "no token": (None, "send a signed token"),
    "another scheme": ("", "not valid"),
    "no JWT": ("marmot", "not valid"),
    "deep": (base64.urlsafe_b64encode(b"[" * 5000).decode() + ".e30.e30", "not valid"),
    "long": ("a" * 8001, "too long"),
    "unsigned": (lambda: unsigned(), "not valid"),
    "shared secret": (sign_with_public_key, "not valid"),
    "signed by another": (lambda: sign(OTHER_KEY), "not valid"),
    "another's issuer": (lambda: sign(iss=OTHER), "not valid"),
    "unknown issuer": (lambda: sign(iss="https://marmot.example/"), "not known here"),
    "issuer is a list": (lambda: jwt_with_payload(b'{"iss": ["x"]}'), "not known here"),
    "payload is a list": (lambda: jwt_with_payload(b"[]"), "not valid"),
    "unknown key": (lambda: sign(key_id="z"), "not known here"),
    "key of another kind": (lambda: sign(key_id="b"), "not valid"),
    "a key from elsewhere": (
        lambda: sign(OTHER_KEY, headers={"jku": "https://marmot.example/jwks"}.items()),
        "not valid",
    ),
    "another address": (lambda: sign(aud=SITE), "aud of the token"),
    "another service": (lambda: sign(aud=f"{SITE}/cds-services/order-education"), "aud of"),
    "expired": (lambda: sign(exp=int(time()) - 60), "has expired"),
    "not yet": (lambda: sign(iat=int(time()) + 120), "not valid"),
    "ends too late": (lambda: sign(exp=int(time()) + 3600), "10 minutes ahead"),
    "ends never": (lambda: sign(exp=float("inf")), "not valid"),
    "jti is a number": (lambda: sign(jti=7), "not valid"),
    "jti is empty": (lambda: sign(jti=""), "jti of the token has"),
    "jti is long": (lambda: sign(jti="j" * 201), "jti of the token has"),
    **{
        f"no {name}": (lambda name=name: sign(**{name: None}), f"lacks {name}")
        for name in ("aud", "exp", "iat", "jti")
    },
}


def jwt_with_payload(payload):
    return jwt.api_jws.encode(payload, EC_KEY, "ES384", headers={"kid": "a"})


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_valid_token_is_refused_with_the_reason(client, given, case):
    token, reason = REFUSED[case]
    response = call(client, token() if callable(token) else token)
    assert response.status_code == 401, case
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Cache-Control"] == "no-store"
    assert reason in response.json()["error"]["detail"]
    assert "marmot" not in response.text


def test_a_token_is_used_once(client, given):
    token = sign()
    assert call(client, token).status_code == 200
    assert "used before" in call(client, token).json()["error"]["detail"]
    again = sign(
        OTHER_KEY, iss=OTHER, jti=jwt.decode(token, options={"verify_signature": False})["jti"]
    )
    assert call(client, again).status_code == 200


def test_a_token_that_was_refused_is_not_used_up(client, given):
    token = sign(aud=f"{SITE}/cds-services/order-education")
    assert call(client, token).status_code == 401
    assert call(client, token, address="/cds-services/order-education").status_code == 400


def test_what_is_remembered_of_tokens_is_bounded_and_forgotten(monkeypatch):
    monkeypatch.setattr(client_keys, "MAX_USED_TOKENS", 3)
    used, now = client_keys.UsedTokens(), time()
    assert [used.use("a", str(n), now - 1) for n in range(9)] == [True] * 9
    assert len(used._ends) <= 3
    for number in range(9):
        try:
            used.use("b", str(number), now + 60)
        except client_keys.InfobuttonError as refused:
            assert refused.status == 429
            break
    assert number == 3


def test_a_system_with_a_key_has_a_limit_of_its_own_from_wherever_it_asks(
    client, given, monkeypatch
):
    monkeypatch.setattr(rate_limits.CONNECT, "burst", 1)

    def ask_once(number):
        token = sign(OTHER_KEY, iss=OTHER, aud=f"{SITE}/connect/service")
        headers = {"Authorization": f"Bearer {token}"}
        return ask(client, criterion("6130", RXNORM), **headers, x_number=str(number)).status_code

    assert [ask_once(n) for n in range(5)] == [200, 200, 200, 200, 429]
    assert ask(client, criterion("6130", RXNORM)).status_code == 200  # as one of its address
    assert ask(client, criterion("6130", RXNORM)).status_code == 429


def test_wrong_tokens_are_counted_by_address(client, given, monkeypatch):
    monkeypatch.setattr(rate_limits.CONNECT, "burst", 2)
    assert [call(client, "marmot").status_code for _ in range(3)] == [401, 401, 429]


def test_patients_and_discovery_need_no_token(client, given):
    assert client.get("/cds-services").status_code == 200
    assert ask(client, criterion("6130", RXNORM)).status_code == 200
    basic = ask(client, criterion("6130", RXNORM), Authorization="Basic eDp5")
    assert basic.status_code == 200
    refused = ask(client, criterion("6130", RXNORM), Authorization="Bearer marmot")
    assert refused.status_code == 401


GOOD = to_jwk(EC_KEY, "a", "ES384")


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("{", "JSONDecodeError"),
        ([], "AttributeError"),
        ({ISSUER: {}}, "'keys'"),
        ({ISSUER: {"keys": []}}, "at least one key"),
        ({ISSUER: {"keys": [GOOD, GOOD]}}, "a kid of its own"),
        ({ISSUER: {"keys": [GOOD | {"kid": None, "crv": "P-256"}]}}, "use ES384"),
        ({ISSUER: {"keys": [GOOD | {"alg": "ES256"}]}}, "use ES384"),
        ({ISSUER: {"keys": [GOOD | {"x": "AA"}]}}, "key a"),
        ({ISSUER: {"keys": [GOOD | {"d": "AA"}]}}, "secret key"),
        ({ISSUER: {"keys": [{"kty": "oct", "kid": "a", "k": "AA"}]}}, "secret key"),
        ({ISSUER: {"keys": [GOOD], "per_minute": 0}}, "per_minute"),
        ({ISSUER: {"keys": [GOOD], "per_minute": "9"}}, "per_minute"),
        (
            {ISSUER: {"keys": [to_jwk(rsa.generate_private_key(65537, 1024), "w", "RS384")]}},
            "2048 bits",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_before_the_start(write_keys, listed, said):
    write_keys(listed)
    with pytest.raises(ImproperlyConfigured, match="RECORD_SYSTEM_KEYS, "):
        client_keys.get_record_systems()
    with pytest.raises(SystemCheckError, match=r"understory\.E130") as raised:
        call_command("check")
    assert said in str(raised.value)


def test_a_missing_file_opens_nothing(client, settings, log):
    settings.RECORD_SYSTEM_KEYS = "/nowhere/keys.json"
    assert call(client).status_code == 500
