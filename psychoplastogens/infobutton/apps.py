from django.apps import AppConfig


class InfobuttonConfig(AppConfig):
    name = "psychoplastogens.infobutton"
    sitemap_url_names = ("infobutton:connect",)

    def ready(self):
        from psychoplastogens.delivery.signals import clean_up
        from psychoplastogens.infobutton import models

        clean_up.connect(models.delete_old_counts, dispatch_uid="infobutton_counts")
