from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from psychoplastogens.editorial.admin.dashboard import get_records_due_for_review
from psychoplastogens.editorial.admin.record_pages import get_record_admin_url

MAX_DAYS = 3650


class Command(BaseCommand):
    help = "List the pages whose clinical review is due; --mail also sends the list."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=30, help="How far ahead to look.")
        parser.add_argument(
            "--mail",
            nargs="+",
            metavar="ADDRESS",
            help="Send the list to these addresses. Nothing is sent when nothing is due.",
        )

    def handle(self, *, days, mail, **options):
        if not 0 <= days <= MAX_DAYS:
            raise CommandError(f"--days must be from 0 to {MAX_DAYS}.")
        due = get_records_due_for_review(timezone.localdate() + timedelta(days=days))
        lines = [self.format_line(record) for record in due] or ["No review is due."]
        self.stdout.write("\n".join(lines))
        if mail and due:
            subject = f"{settings.SITE_NAME}: {len(due)} to be reviewed"
            send_mail(subject, "\n".join(lines), None, mail)
            self.stdout.write(f"Sent to {', '.join(mail)}.")

    def format_line(self, record):
        when = "OVERDUE since" if record.is_overdue else "due by"
        where = f"{settings.SITE_ORIGIN}{get_record_admin_url(record)}"
        return f"{when} {record.review_due}  {record._meta.verbose_name}: {record}  {where}"
