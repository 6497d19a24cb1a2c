"""The RSGI application for granian, which runs the WSGI application."""

from psychoplastogens.delivery.rsgi_adapter import RsgiToWsgiAdapter
from psychoplastogens.wsgi import application as wsgi

application = RsgiToWsgiAdapter(wsgi)
