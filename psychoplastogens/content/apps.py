from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "psychoplastogens.content"

    def ready(self):
        from psychoplastogens.content import checks, lost, naming, waiting  # noqa: F401 - register
        from psychoplastogens.editorial import uses

        uses.finds_texts(naming.texts_that_name)
        uses.finds_links(naming.texts_that_link)
        uses.finds_losses(lost.lost_by)
        uses.tells_texts(naming.by_slug)
        uses.tells_texts(naming.by_link)
