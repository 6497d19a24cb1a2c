from django.apps import AppConfig
from django.core.signals import request_finished


class LookupConfig(AppConfig):
    name = "psychoplastogens.lookup"

    def ready(self):
        from django.urls import reverse

        from psychoplastogens.content import feeds
        from psychoplastogens.delivery.signals import clean_up
        from psychoplastogens.lookup import missed, models, waiting  # noqa: F401 - registers its list

        clean_up.connect(models.clean_up, dispatch_uid="counts")
        request_finished.connect(missed.write, dispatch_uid="missed_searches")
        feeds.list_pages(lambda: [(reverse("lookup:connect"), None)])
