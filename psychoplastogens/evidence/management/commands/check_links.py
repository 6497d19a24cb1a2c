from django.core.management.base import BaseCommand, CommandError

from psychoplastogens.evidence.link_checker import OfflineError, check_links
from psychoplastogens.evidence.models import LinkCheck


class Command(BaseCommand):
    help = "Ask each address that readers may follow whether it answers. For a nightly timer."

    def handle(self, *, verbosity, **options):
        try:
            report = check_links(on_checked=self.print_link if verbosity > 1 else lambda link: None)
        except OfflineError as offline:
            raise CommandError(
                "No site could be reached. Is this machine connected? Nothing was changed."
            ) from offline
        State = LinkCheck.State
        self.stdout.write(
            f"{len(report.checked)} checked: {report.count(State.OK)} answer, "
            f"{report.count(State.BROKEN)} are broken, {report.count(State.CAUTION)} have to be "
            f"opened by hand. {report.skipped_fresh} were checked less than 4 hours ago."
        )
        if report.postponed:
            self.stdout.write(f"{report.postponed} wait for the next run: their site asked for it.")
        for address in report.too_long:
            self.stdout.write(f"Too long to be checked: {address}")
        for link in LinkCheck.objects.broken():
            self.print_link(link)

    def print_link(self, link):
        said = f" {link.problem} {link.suggested_fix}".rstrip()
        self.stdout.write(f"{link.get_state_display()}: {link.address}{said}")
