from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from psychoplastogens.editorial import starter
from psychoplastogens.editorial.models import ContentVersion

WIDTH = 30


class Command(BaseCommand):
    help = "Load the starter content of fixtures/. Loading twice changes nothing."

    def handle(self, **options):
        known = ContentVersion.objects.values_list("fixtures_digest", flat=True).first()
        if known == starter.digest_of(settings.FIXTURES):
            self.stdout.write("Content is up to date.")
            return
        try:
            report = starter.load(settings.FIXTURES, tick=self.draw)
        except starter.BrokenFixture as error:
            raise CommandError(f"The content was not loaded: fixtures/{error}") from error
        self.tell(report)

    def draw(self, done, total):
        if self.stdout.isatty() or done == total:
            full = WIDTH * done // total
            bar = "#" * full + "." * (WIDTH - full)
            self.stdout.write(f"\rContent [{bar}] {done} of {total}", ending="")
            if done == total:
                self.stdout.write("")
            self.stdout.flush()

    def tell(self, report):
        self.stdout.write(f"{report.new} new, {report.changed} changed, {report.same} as before.")
        if report.left_alone:
            self.stdout.write("Left alone, because staff edited or removed them since:")
            for name in report.left_alone:
                self.stdout.write(f"  {name}")
        if report.without_ground:
            self.stdout.write("Not loaded, because what they rest on was withdrawn or retracted:")
            for name in report.without_ground:
                self.stdout.write(f"  {name}")
