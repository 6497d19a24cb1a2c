"""`python3 manage.py clean_up`, to be run daily: delete data that is no longer needed."""

from django.core.management import BaseCommand

from psychoplastogens.delivery.signals import clean_up


class Command(BaseCommand):
    help = (
        "Delete what is over or too old: sessions, failures to sign in, counts of searches and "
        "codes that found nothing, clinics that nobody accepted. Run it daily; running it twice "
        "changes nothing more."
    )

    def handle(self, **options):
        for _, what in clean_up.send(sender=self.__class__):
            self.stdout.write(f"Deleted {what}")
