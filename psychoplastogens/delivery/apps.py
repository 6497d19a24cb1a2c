from django.apps import AppConfig
from django.core.signals import request_started
from django.db.backends.signals import connection_created

from psychoplastogens.delivery import metrics, sqlite_file


class DeliveryConfig(AppConfig):
    name = "psychoplastogens.delivery"

    def ready(self):
        from psychoplastogens.delivery import deployment_checks  # noqa: F401 - registers them

        metrics.connect_signals()
        connection_created.connect(sqlite_file.store_opened_file, dispatch_uid="store_opened_file")
        request_started.connect(
            sqlite_file.close_replaced_connections_on_request,
            dispatch_uid="close_replaced_connections",
        )
