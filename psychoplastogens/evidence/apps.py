from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "psychoplastogens.evidence"

    def ready(self):
        # Importing them registers what they hold.
        from psychoplastogens.evidence import (  # noqa: F401
            checks,
            cited_sources,
            dashboard,
            deployment_checks,
            twins,
        )
