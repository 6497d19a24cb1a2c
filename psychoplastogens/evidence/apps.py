from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "psychoplastogens.evidence"

    def ready(self):
        from psychoplastogens.evidence import checks, dashboard  # noqa: F401 - registers them
