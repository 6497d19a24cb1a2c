from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "psychoplastogens.content"

    def ready(self):
        from psychoplastogens.content import (  # noqa: F401 - register
            checks,
            dashboard,
            finding_preview,
            prose_references,
            unavailable_references,
        )
