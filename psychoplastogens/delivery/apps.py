from django.apps import AppConfig
from django.core.signals import request_started
from django.db.backends.signals import connection_created

from psychoplastogens.delivery import database


class DeliveryConfig(AppConfig):
    name = "psychoplastogens.delivery"

    def ready(self):
        connection_created.connect(database.remember_file, dispatch_uid="remember_file")
        request_started.connect(database.follow_file_at_request, dispatch_uid="follow_file")
