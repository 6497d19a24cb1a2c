from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save


class EditorialConfig(AppConfig):
    name = "psychoplastogens.editorial"

    def ready(self):
        for signal in (post_save, post_delete, m2m_changed):
            signal.connect(content_changed, dispatch_uid="content_version")


def content_changed(sender, **kwargs):
    """What changes an addressed thing, a part or a reviewer's name changes what readers see."""
    from psychoplastogens.editorial.models import Addressed, ContentVersion, Part, Reviewer

    owner = sender._meta.auto_created or sender
    if issubclass(owner, (Addressed, Part, Reviewer)):
        ContentVersion.objects.move_on()
