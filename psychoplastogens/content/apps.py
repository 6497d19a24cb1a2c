from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "psychoplastogens.content"

    def ready(self):
        from psychoplastogens.content import (  # noqa: F401 - register
            checks,
            dashboard,
            prose_references,
            unavailable_references,
        )
        from psychoplastogens.editorial import uses

        uses.finds_texts(prose_references.find_records_naming)
        uses.finds_links(prose_references.find_records_linking_to)
        uses.finds_losses(unavailable_references.find_unavailable_references)
        uses.tells_texts(prose_references.reference_by_slug)
        uses.tells_texts(prose_references.reference_by_link)
