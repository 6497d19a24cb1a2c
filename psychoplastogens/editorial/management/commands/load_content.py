from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from psychoplastogens.editorial import content_loader
from psychoplastogens.editorial.models import ContentVersion

PROGRESS_BAR_WIDTH = 30


class Command(BaseCommand):
    help = "Load the starter content of fixtures/. Loading twice changes nothing."

    def handle(self, **options):
        known = ContentVersion.objects.values_list("fixtures_digest", flat=True).first()
        if known == content_loader.compute_fixtures_digest(settings.FIXTURES):
            self.stdout.write("Content is up to date.")
            return
        try:
            report = content_loader.load_content(settings.FIXTURES, on_progress=self.draw_progress)
        except content_loader.InvalidFixture as error:
            raise CommandError(f"The content was not loaded: fixtures/{error}") from error
        self.print_report(report)

    def draw_progress(self, done, total):
        if self.stdout.isatty() or done == total:
            full = PROGRESS_BAR_WIDTH * done // total
            bar = "#" * full + "." * (PROGRESS_BAR_WIDTH - full)
            self.stdout.write(f"\rContent [{bar}] {done} of {total}", ending="")
            if done == total:
                self.stdout.write("")
            self.stdout.flush()

    def print_report(self, report):
        self.stdout.write(f"{report.new} new, {report.changed} changed, {report.same} as before.")
        if report.skipped_edited:
            self.stdout.write("Left alone, because staff edited or removed them since:")
            for name in report.skipped_edited:
                self.stdout.write(f"  {name}")
        if report.skipped_unavailable:
            self.stdout.write("Not loaded, because what they rest on was withdrawn or retracted:")
            for name in report.skipped_unavailable:
                self.stdout.write(f"  {name}")
