from django.apps import AppConfig


class ClinicsConfig(AppConfig):
    name = "psychoplastogens.clinics"
    sitemap_url_names = ("clinics:for_clinics", "clinics:builder")

    def ready(self):
        from psychoplastogens.clinics import content_loader, dashboard, leads  # noqa: F401 - register
        from psychoplastogens.clinics.models.clinic_request import delete_old_requests
        from psychoplastogens.delivery.signals import clean_up

        clean_up.connect(delete_old_requests, dispatch_uid="clinic_requests")
