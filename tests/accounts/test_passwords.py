"""How passwords are kept."""

import pytest
from django.conf import settings as configured
from django.contrib.auth.hashers import MD5PasswordHasher, identify_hasher, make_password

from psychoplastogens import settings as ours
from psychoplastogens.accounts.models import AccountEvent
from tests.factories import make_staff
from tests.login import PASSWORD, is_signed_in, submit_password

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def real_hashes(settings):
    """The suite's own are weak and fast."""
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS


def test_they_are_kept_as_argon2():
    """With what OWASP asks for: 19 MiB, two passes, one lane."""
    assert make_staff().password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("before", ["scrypt", "pbkdf2_sha256"])
def test_an_older_hash_still_opens_and_becomes_argon2(client, before):
    user = make_staff("Author")
    type(user).objects.update(password=make_password(PASSWORD, hasher=before))
    events = AccountEvent.objects.count()
    submit_password(client, user)
    assert is_signed_in(client)
    user.refresh_from_db()
    assert identify_hasher(user.password).algorithm == "argon2"
    assert AccountEvent.objects.count() == events


def test_a_weaker_hash_opens_nothing(client):
    user = make_staff("Author")
    type(user).objects.update(password=MD5PasswordHasher().encode(PASSWORD, "salt"))
    submit_password(client, user)
    assert not is_signed_in(client)


def test_twelve_characters_are_needed():
    names = {rule["NAME"]: rule.get("OPTIONS") for rule in configured.AUTH_PASSWORD_VALIDATORS}
    lengths = [
        options for name, options in names.items() if name.endswith("MinimumLengthValidator")
    ]
    assert lengths == [{"min_length": 12}]
