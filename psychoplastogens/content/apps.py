from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "psychoplastogens.content"

    def ready(self):
        from psychoplastogens.content import (  # noqa: F401 - register
            checks,
            dashboard,
            prose_references,
            unavailable_references,
        )
