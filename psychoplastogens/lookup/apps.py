from django.apps import AppConfig
from django.core.signals import request_finished


class LookupConfig(AppConfig):
    name = "psychoplastogens.lookup"

    def ready(self):
        from django.urls import reverse

        from psychoplastogens.content import feeds
        from psychoplastogens.lookup import missed, waiting  # noqa: F401 - registers its list

        request_finished.connect(missed.write, dispatch_uid="missed_searches")
        feeds.list_pages(lambda: [(reverse("lookup:connect"), None)])
