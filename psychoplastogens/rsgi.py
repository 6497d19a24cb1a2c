"""The application for granian: the WSGI application, with slow clients kept off its threads."""

from psychoplastogens.delivery.gateway import Gateway
from psychoplastogens.wsgi import application as wsgi

application = Gateway(wsgi)
