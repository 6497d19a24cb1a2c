"""For a person who has lost phone and recovery codes, where no superuser can sign in to help."""

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError

from psychoplastogens.accounts import second_factor


class Command(BaseCommand):
    help = (
        "Take the second factor from an account and end its sessions; "
        "the next sign-in sets up a new one."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        accounts = get_user_model()
        try:
            user = accounts.objects.get_by_natural_key(username)
        except accounts.DoesNotExist as error:
            raise CommandError(f"There is no account named {username}.") from error
        second_factor.reset_second_factor(user, by=None)
        self.stdout.write(f"{username} sets up a new second factor at the next sign-in.")
