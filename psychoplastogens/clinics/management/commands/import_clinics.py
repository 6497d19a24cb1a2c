from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from psychoplastogens.clinics.clinic_import import COLUMNS, InvalidClinicFile, import_clinics


class Command(BaseCommand):
    help = (
        "Make a clinic of each row of a CSV file, or none of them. The first line names the "
        f"columns: {', '.join(COLUMNS)}. Editors are added in the admin."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="try it, and keep nothing")

    def handle(self, file, dry_run, **options):
        try:
            made = import_clinics(file, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except InvalidClinicFile as error:
            raise CommandError(f"Nothing was imported from {file}:\n{error}") from error
        for clinic in made:
            self.stdout.write(f"{clinic.get_absolute_url()}  {clinic.name}, {clinic.phone}")
        done = "would be made. Nothing was kept" if dry_run else "made"
        self.stdout.write(f"{len(made)} clinics {done}.")
