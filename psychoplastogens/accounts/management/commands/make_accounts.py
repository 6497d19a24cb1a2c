"""The first accounts of staff, on a database that has none."""

import secrets

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import BaseCommand
from django.db import transaction

from psychoplastogens.accounts import roles
from psychoplastogens.accounts.models import FirstPassword

# Without l, o, 0 and 1, which look alike.
PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    help = (
        "Make a superuser and an account for each role, and print their passwords, once. "
        "Does nothing where there is a superuser."
    )

    def handle(self, **options):
        if get_user_model().objects.filter(is_superuser=True).exists():
            return
        with transaction.atomic():
            made = create_accounts()
        self.stdout.write("Staff accounts for /admin/, shown this once:")
        for name, password, role in made:
            self.stdout.write(f"  name {name}, password {password} ({role})")
        self.stdout.write(
            "  The first sign-in chooses another password, and sets up the second factor where the "
            "role needs one.\n"
            "  A new password: python3 manage.py changepassword NAME"
        )
        self.stdout.flush()


def create_accounts():
    """(name, password, role) of each account made; one whose name is taken stays as it is."""
    accounts = get_user_model().objects
    made = [("admin", generate_password(), "Superuser")]
    FirstPassword.objects.create(user=accounts.create_superuser("admin", password=made[0][1]))
    for role in roles.ROLE_PERMISSIONS:
        name = role.lower().replace(" ", "-")
        if not accounts.filter(username=name).exists():
            made.append((name, generate_password(), role))
            user = accounts.create_user(name, password=made[-1][1], is_staff=True)
            user.groups.add(Group.objects.get(name=role))
            FirstPassword.objects.create(user=user)
            roles.record_role_change(user, before="", by=None)
    return made


def generate_password():
    """Twenty letters and digits, about 100 bits, in groups that can be read out."""
    return "-".join("".join(secrets.choice(PASSWORD_LETTERS) for _ in range(5)) for _ in range(4))
