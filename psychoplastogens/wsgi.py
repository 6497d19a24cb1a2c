"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from psychoplastogens.delivery import sqlite_file

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")
application = get_wsgi_application()
sqlite_file.forbid_creating_database_file()
