"""Make the provider's client and person, print "ready", and serve until the input ends."""

import os
import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.wsgi import get_wsgi_application

from tests.accounts import oidc_provider


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


def main(redirect_uri: str) -> None:
    application = get_wsgi_application()
    fill_database(redirect_uri)
    port = int(os.environ["PROVIDER_PORT"])
    server = make_server("localhost", port, application, handler_class=QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()
    server.shutdown()


def fill_database(redirect_uri: str) -> None:
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from oauth2_provider.models import get_application_model

    call_command("migrate", verbosity=0)
    person = oidc_provider.USERNAME, oidc_provider.EMAIL, oidc_provider.PASSWORD
    get_user_model().objects.create_user(*person)
    get_application_model().objects.create(
        client_id=oidc_provider.CLIENT_ID,
        client_secret=oidc_provider.CLIENT_SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=redirect_uri,
        algorithm="RS256",
        skip_authorization=True,
    )


if __name__ == "__main__":
    main(sys.argv[1])
