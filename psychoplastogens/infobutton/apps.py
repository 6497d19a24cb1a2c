from django.apps import AppConfig


class InfobuttonConfig(AppConfig):
    name = "psychoplastogens.infobutton"

    def ready(self):
        from psychoplastogens.content import sitemaps
        from psychoplastogens.delivery.signals import clean_up
        from psychoplastogens.infobutton import models

        clean_up.connect(models.delete_old_counts, dispatch_uid="infobutton_counts")
        sitemaps.register_sitemap("infobutton", sitemaps.StaticSitemap("infobutton:connect"))
