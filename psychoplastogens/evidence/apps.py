from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "psychoplastogens.evidence"
