from django.apps import AppConfig


class WalkthroughConfig(AppConfig):
    name = "psychoplastogens.walkthrough"

    def ready(self):
        from psychoplastogens.walkthrough import checks  # noqa: F401 - registers them
