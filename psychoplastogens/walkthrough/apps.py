from django.apps import AppConfig


class WalkthroughConfig(AppConfig):
    name = "psychoplastogens.walkthrough"

    def ready(self):
        from psychoplastogens.content import changes, feeds, usage
        from psychoplastogens.walkthrough import checks  # noqa: F401 - registers them
        from psychoplastogens.walkthrough.models import Check, Step, Walkthrough

        changes.announce(Walkthrough)
        feeds.list_pages(Walkthrough.objects.addresses)
        usage.look_into(Walkthrough, {"steps": Step, "steps__checks": Check})
