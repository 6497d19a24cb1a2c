from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save

from psychoplastogens.delivery import readiness


class EditorialConfig(AppConfig):
    name = "psychoplastogens.editorial"

    def ready(self):
        readiness.readiness_check(content_missing)
        for signal in (post_save, post_delete, m2m_changed):
            signal.connect(content_changed, dispatch_uid="content_version")


def content_changed(sender, **kwargs):
    """What changes an addressed thing or a part changes what readers see."""
    from psychoplastogens.editorial.models import Addressed, ContentVersion, Part

    owner = sender._meta.auto_created or sender
    if issubclass(owner, (Addressed, Part)):
        ContentVersion.objects.move_on()


def content_missing():
    """What the server has to be told where nothing was ever loaded or written."""
    from psychoplastogens.editorial.models import ContentVersion

    if ContentVersion.objects.exists():
        return None
    return "The database holds no content. Run: python3 manage.py load_content"
