"""For providers of single sign-on that do not say whether a mail address is verified."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError

from psychoplastogens.accounts import single_sign_on


class Command(BaseCommand):
    help = (
        "Let an identity at the provider of single sign-on open an account: SUBJECT is the `sub` "
        "by which the provider knows the person."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("subject")

    def handle(self, *, username, subject, **options):
        accounts = get_user_model()
        if not single_sign_on.is_set_up():
            raise CommandError("Single sign-on is not set up: set OIDC_ISSUER first.")
        try:
            user = accounts.objects.get_by_natural_key(username)
        except accounts.DoesNotExist as error:
            raise CommandError(f"There is no account named {username}.") from error
        identity = single_sign_on.Identity(settings.OIDC_ISSUER, subject, "")
        if not single_sign_on.link(user, identity, by=None):
            raise CommandError(f"The account {username} or this subject is linked already.")
        self.stdout.write(f"{username} is linked to {subject}.")
