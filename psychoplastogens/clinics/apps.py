from django.apps import AppConfig


class ClinicsConfig(AppConfig):
    name = "psychoplastogens.clinics"

    def ready(self):
        from psychoplastogens.clinics import list_views, starter, waiting  # noqa: F401 - register
        from psychoplastogens.clinics.handouts.addresses import handout_of
        from psychoplastogens.content.feeds import list_pages
        from psychoplastogens.content.on_paper import print_pages
        from psychoplastogens.editorial.starter import also_load

        also_load(starter.load)
        list_pages(list_views.addresses)
        print_pages(handout_of)
