from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from psychoplastogens.accounts.models import MailPreference
from psychoplastogens.delivery.mail import is_mail_set_up
from psychoplastogens.editorial.notifications import mail_digest


class Command(BaseCommand):
    help = "Mail those who get mail once a day what happened to their texts and what waits."

    def handle(self, **options):
        if not is_mail_set_up():
            raise CommandError("This site has no mail server. Set EMAIL_URL.")
        now = timezone.now()
        sent = sum(mail_digest(preference, now) for preference in MailPreference.objects.daily())
        self.stdout.write(f"Mailed to {sent}.")
