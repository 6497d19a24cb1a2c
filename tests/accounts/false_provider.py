"""An OpenID Connect provider that answers what a test wants, also what none should."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth import SESSION_KEY

CLIENT_ID, CLIENT_SECRET = "understory", "marmot-secret-of-the-client"
CODE, ACCESS_TOKEN = "marmot-code", "marmot-access-token"
KEY, OTHER_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
EMAIL = "ada@example.org"
LOGIN = "/admin/login/"
BEGIN, CALLBACK = "/admin/single-sign-on/", "/admin/single-sign-on/callback/"


class FalseProvider:
    """What it says of who signs in is in `claims`; a claim that is None is left out."""

    def __init__(self, port: int):
        self.issuer = f"http://127.0.0.1:{port}"
        self.claims: dict = {}
        self.metadata: dict = {}
        self.userinfo: dict = {}
        self.key, self.algorithm, self.key_id = KEY, "ES256", "one"
        self.answers: dict[str, tuple[int, bytes]] = {}  # instead of the right one, by path
        self.asked: list[str] = []
        self.authorization: dict[str, str] = {}

    def authorize(self, address: str) -> dict[str, str]:
        """Somebody signs in there, sent by `address`. Returns what the browser brings back."""
        self.authorization = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        return {"code": CODE, "state": self.authorization["state"]}

    def answer(self, path: str, form: dict[str, str], header: str) -> tuple[int, bytes]:
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]
        said = {
            "/.well-known/openid-configuration": self.describe,
            "/keys": lambda: {"keys": [export_key(KEY, "one")]},
            "/token": lambda: self.give_token(form, header),
            "/userinfo": lambda: self.userinfo,
        }[path]()
        return (400 if "error" in said else 200), json.dumps(said).encode()

    def describe(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        } | self.metadata

    def give_token(self, form, header):
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = encode(digest)
        client = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        secret = form.get("client_secret", "")
        is_known = header == f"Basic {client}" or secret == CLIENT_SECRET
        if not is_known or challenge != self.authorization["code_challenge"]:
            return {"error": "invalid_grant"}
        if form["code"] != CODE or form["redirect_uri"] != self.authorization["redirect_uri"]:
            return {"error": "invalid_grant"}
        return {
            "access_token": ACCESS_TOKEN,
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": self.sign(),
        }

    def sign(self) -> str:
        now = int(time.time())
        said = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "4711",
            "iat": now,
            "exp": now + 60,
            "nonce": self.authorization["nonce"],
            "email": EMAIL,
            "email_verified": True,
        }
        said = {k: v for k, v in (said | self.claims).items() if v is not None}
        if isinstance(self.key, bytes):  # PyJWT knows better than to do this.
            return sign_with_shared_key(said, self.key, self.key_id)
        return jwt.encode(said, self.key, self.algorithm, headers={"kid": self.key_id})


def sign_with_shared_key(claims: dict, key: bytes, key_id: str) -> str:
    """A token signed with HS256, whatever the key is."""
    parts = [{"alg": "HS256", "kid": key_id}, claims]
    words = ".".join(encode(json.dumps(part).encode()) for part in parts)
    return f"{words}.{encode(hmac.digest(key, words.encode(), 'sha256'))}"


def encode(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def export_key(key, key_id: str) -> dict:
    return jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": key_id}


@contextmanager
def run_false_provider():
    """A FalseProvider that listens on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            size = int(self.headers.get("Content-Length", 0))
            form = {k: v[0] for k, v in parse_qs(self.rfile.read(size).decode()).items()}
            header = self.headers.get("Authorization", "")
            status, body = provider.answer(self.path, form, header)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if status == 307:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = FalseProvider(server.server_port)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()


# A browser on its way there and back


def begin(client, provider, address=BEGIN):
    """Press the button and sign in at the provider. Returns what the browser brings back."""
    return provider.authorize(client.get(address)["Location"])


def sign_on(client, provider, address=BEGIN):
    return client.get(CALLBACK, begin(client, provider, address))


def get_refusal(client, answer):
    """The page on which the person who tried ends."""
    assert answer.status_code == 302
    assert answer["Location"].partition("?")[0] == LOGIN
    assert SESSION_KEY not in client.session
    return client.get(answer["Location"])
