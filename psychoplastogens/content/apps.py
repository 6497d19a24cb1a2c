from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "psychoplastogens.content"

    def ready(self):
        from psychoplastogens.content import checks  # noqa: F401 - registers them
        from psychoplastogens.content.naming import texts_that_name
        from psychoplastogens.editorial.uses import finds_texts

        finds_texts(texts_that_name)
