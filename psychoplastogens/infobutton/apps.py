from django.apps import AppConfig
from django.core.checks import register


class InfobuttonConfig(AppConfig):
    name = "psychoplastogens.infobutton"
    sitemap_url_names = ("infobutton:connect",)

    def ready(self):
        from psychoplastogens.delivery.signals import clean_up
        from psychoplastogens.infobutton import client_checks, models

        register(client_checks.check_record_system_keys)
        clean_up.connect(models.delete_old_counts, dispatch_uid="infobutton_counts")
