from django.apps import AppConfig
from django.core.signals import request_finished


class SearchConfig(AppConfig):
    name = "psychoplastogens.search"

    def ready(self):
        from psychoplastogens.delivery.signals import clean_up
        from psychoplastogens.search import dashboard, models, zero_results  # noqa: F401 - its panel

        clean_up.connect(models.delete_old_counts, dispatch_uid="search_counts")
        request_finished.connect(
            zero_results.save_pending_counts, dispatch_uid="zero_result_searches"
        )
