from django.apps import AppConfig


class LookupConfig(AppConfig):
    name = "psychoplastogens.lookup"
