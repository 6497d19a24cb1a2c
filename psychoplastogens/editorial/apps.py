from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save

from psychoplastogens.delivery import readiness
from psychoplastogens.delivery.page_store import versions
from psychoplastogens.delivery.periodic_tasks import register_periodic_task


class EditorialConfig(AppConfig):
    name = "psychoplastogens.editorial"

    def ready(self):
        from psychoplastogens.editorial import notifications
        from psychoplastogens.editorial.models import (
            ContentVersion,
            HistoryEntry,
            connect_pointers,
        )
        from psychoplastogens.editorial.models.publishable import bump_content_version
        from psychoplastogens.editorial.workflow import schedules

        versions.register_version_reader(ContentVersion.objects.read_numbers)

        for signal in (post_save, post_delete, m2m_changed):
            signal.connect(bump_content_version, dispatch_uid="content_version")
        connect_pointers()
        register_periodic_task(schedules.run_due)
        post_save.connect(
            notifications.notify_on_commit, sender=HistoryEntry, dispatch_uid="notifications"
        )


@readiness.readiness_check
def find_missing_content():
    """Return a message for the server if no content was ever loaded."""
    from psychoplastogens.editorial.models import ContentVersion

    if ContentVersion.objects.exists():
        return None
    return "The database holds no content. Run: python3 manage.py load_content"
