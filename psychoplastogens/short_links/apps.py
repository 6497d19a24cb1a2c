from django.apps import AppConfig


class ShortLinksConfig(AppConfig):
    name = "psychoplastogens.short_links"
    verbose_name = "Short links"

    def ready(self):
        from psychoplastogens.short_links import content_loader, leads  # noqa: F401 - register
