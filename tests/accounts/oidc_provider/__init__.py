"""A real OpenID Connect provider for a process of its own: django-oauth-toolkit, in memory.

It has one client, this site, and one person. tests/accounts/provider_process.py starts it.
"""

CLIENT_ID, CLIENT_SECRET = "understory", "a secret that both know: at least here"
USERNAME, PASSWORD, EMAIL = "ada", "a heron at the quiet pond", "ada@example.org"
