from django.apps import AppConfig


class ClinicsConfig(AppConfig):
    name = "psychoplastogens.clinics"

    def ready(self):
        from psychoplastogens.clinics import content_loader, dashboard, list_views  # noqa: F401 - register
        from psychoplastogens.content.sitemaps import register_sitemap_pages
        from psychoplastogens.editorial.content_loader import register_loader

        register_loader(content_loader.load_clinics)
        register_sitemap_pages(list_views.get_sitemap_entries)
