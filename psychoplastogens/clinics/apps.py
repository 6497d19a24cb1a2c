from django.apps import AppConfig


class ClinicsConfig(AppConfig):
    name = "psychoplastogens.clinics"

    def ready(self):
        from psychoplastogens.clinics import starter
        from psychoplastogens.editorial.starter import also_load

        also_load(starter.load)
