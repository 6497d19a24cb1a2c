from django.apps import AppConfig


class WalkthroughConfig(AppConfig):
    name = "psychoplastogens.walkthrough"

    def ready(self):
        from psychoplastogens.content import changes, sitemaps, source_usage
        from psychoplastogens.walkthrough import checks  # noqa: F401 - registers them
        from psychoplastogens.walkthrough.models import Check, Step, Walkthrough

        changes.register_change_model(Walkthrough)
        sitemaps.register_sitemap(
            "walkthroughs", sitemaps.RecordAndPartsSitemap(Walkthrough, "steps")
        )
        source_usage.register_prose_parts(Walkthrough, {"steps": Step, "steps__checks": Check})
