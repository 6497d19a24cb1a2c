from django.apps import AppConfig


class HandoutsConfig(AppConfig):
    name = "psychoplastogens.handouts"
