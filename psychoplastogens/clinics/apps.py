from django.apps import AppConfig


class ClinicsConfig(AppConfig):
    name = "psychoplastogens.clinics"

    def ready(self):
        from psychoplastogens.clinics import content_loader, dashboard  # noqa: F401 - registers
        from psychoplastogens.content.sitemaps import StaticSitemap, register_sitemap
        from psychoplastogens.editorial.content_loader import register_loader

        register_loader(content_loader.load_clinics)
        register_sitemap("clinics", StaticSitemap("clinics:for_clinics", "clinics:builder"))
