from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "psychoplastogens.evidence"

    def ready(self):
        # Importing them registers what they hold.
        from psychoplastogens.evidence import checks, dashboard, deployment_checks  # noqa: F401
