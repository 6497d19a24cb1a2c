"""The WSGI application: the page store around Django."""

import os

from django.core.wsgi import get_wsgi_application

from psychoplastogens.delivery import sqlite_file
from psychoplastogens.delivery.page_store.store import build_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychoplastogens.settings")
application = build_application(get_wsgi_application())
sqlite_file.forbid_creating_database_file()
