from django.apps import AppConfig


class ClinicsConfig(AppConfig):
    name = "psychoplastogens.clinics"
    sitemap_url_names = ("clinics:for_clinics", "clinics:builder")

    def ready(self):
        from psychoplastogens.clinics import content_loader, dashboard  # noqa: F401 - register
