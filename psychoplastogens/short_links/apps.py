from django.apps import AppConfig


class ShortLinksConfig(AppConfig):
    name = "psychoplastogens.short_links"
    verbose_name = "Short links"

    def ready(self):
        from psychoplastogens.editorial.starter import also_load
        from psychoplastogens.short_links.content_loader import load_short_links

        also_load(load_short_links)
