from django.apps import AppConfig


class ShortLinksConfig(AppConfig):
    name = "psychoplastogens.short_links"
    verbose_name = "Short links"

    def ready(self):
        from psychoplastogens.editorial.content_loader import register_loader
        from psychoplastogens.short_links.content_loader import load_short_links

        register_loader(load_short_links)
