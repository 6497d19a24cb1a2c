"""Settings of the provider."""

import os

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

KEY = rsa.generate_private_key(65537, 2048)
SECRET_KEY = "of the provider"
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "tests.accounts.oidc_provider.urls"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "file:provider?mode=memory&cache=shared",
    }
}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "oauth2_provider",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
LOGIN_PAGE = """<!DOCTYPE html><html lang="en"><title>Provider</title><form method="post">
{% csrf_token %}<label>Name {{ form.username }}</label> <label>Password {{ form.password }}</label>
<button>Sign in</button></form></html>"""
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.locmem.Loader", {"login.html": LOGIN_PAGE})],
            "context_processors": ["django.template.context_processors.request"],
        },
    }
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SESSION_COOKIE_NAME = "provider_session"
LOGIN_URL = "/login/"
USE_TZ = True
OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": f"http://localhost:{os.environ['PROVIDER_PORT']}",
    "OIDC_RSA_PRIVATE_KEY": KEY.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    ).decode(),
    "OAUTH2_VALIDATOR_CLASS": "tests.accounts.oidc_provider.claims.VerifiedEmail",
    "ALLOWED_REDIRECT_URI_SCHEMES": ["http", "https"],
    "PKCE_REQUIRED": True,
    "SCOPES": {"openid": "Who you are", "email": "Your mail address"},
}
