"""The WSGI application, for any server that speaks it."""

import os

from django.core.wsgi import get_wsgi_application

from psychoplastogens.delivery import database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")
application = get_wsgi_application()
database.open_existing_file_only()
