from django.apps import AppConfig
from django.core.signals import request_finished
from django.db.models.signals import post_delete, post_save


class SearchConfig(AppConfig):
    name = "psychoplastogens.search"

    def ready(self):
        from psychoplastogens.delivery.signals import clean_up
        from psychoplastogens.search import (  # noqa: F401 - register panels, a loader and what finds pages
            content_loader,
            dashboard,
            leads,
            models,
            pages,
            twins,
            zero_results,
        )

        clean_up.connect(models.delete_old_counts, dispatch_uid="search_counts")
        request_finished.connect(
            zero_results.save_pending_counts, dispatch_uid="zero_result_searches"
        )
        for signal in (post_save, post_delete):
            signal.connect(models.rebuild_index, sender=models.Synonym, dispatch_uid="synonyms")
