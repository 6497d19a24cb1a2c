from django.apps import AppConfig


class LookupConfig(AppConfig):
    name = "psychoplastogens.lookup"

    def ready(self):
        from django.urls import reverse

        from psychoplastogens.content import feeds

        feeds.list_pages(lambda: [(reverse("lookup:connect"), None)])
