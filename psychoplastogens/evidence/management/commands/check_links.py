from django.core.management.base import BaseCommand, CommandError

from psychoplastogens.evidence.links import Offline, check_links
from psychoplastogens.evidence.models import LinkCheck


class Command(BaseCommand):
    help = "Ask each address that readers may follow whether it answers. For a nightly timer."

    def handle(self, *, verbosity, **options):
        try:
            report = check_links(tell=self.tell if verbosity > 1 else lambda link: None)
        except Offline as offline:
            raise CommandError(
                "No site could be reached. Is this machine connected? Nothing was changed."
            ) from offline
        State = LinkCheck.State
        self.stdout.write(
            f"{len(report.checked)} checked: {report.count(State.OK)} answer, "
            f"{report.count(State.BROKEN)} are broken, {report.count(State.CAUTION)} have to be "
            f"opened by hand. {report.rested} were checked less than 4 hours ago."
        )
        if report.put_off:
            self.stdout.write(f"{report.put_off} wait for the next run: their site asked for it.")
        for address in report.too_long:
            self.stdout.write(f"Too long to be checked: {address}")
        for link in LinkCheck.objects.broken():
            self.tell(link)

    def tell(self, link):
        said = f" {link.problem} {link.suggested_fix}".rstrip()
        self.stdout.write(f"{link.get_state_display()}: {link.address}{said}")
