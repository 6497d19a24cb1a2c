"""A real OpenID Connect provider in a process of its own: django-oauth-toolkit, in memory.

PROVIDER_PORT=9000 python -m tests.accounts.oidc_provider REDIRECT_URI prints "ready", and serves
until its input ends. It has one client and one person.
"""

CLIENT_ID, CLIENT_SECRET = "understory", "a secret that both know: at least here"
USERNAME, PASSWORD, EMAIL = "ada", "a heron at the quiet pond", "ada@example.org"
