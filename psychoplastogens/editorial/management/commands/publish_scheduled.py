from django.core.management.base import BaseCommand

from psychoplastogens.editorial.workflow.schedules import run_due


class Command(BaseCommand):
    help = "Publish and withdraw what is due at a set time. What runs twice does nothing."

    def handle(self, **options):
        for change in run_due():
            self.stdout.write(f"{change.get_outcome_display()}: {change}. {change.note}".strip())
