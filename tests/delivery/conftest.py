import io
import logging

import pytest
from django.test import Client

from psychoplastogens.delivery.log_formatting import OneLineFormatter


@pytest.fixture
def visitor():
    """A browser that is told of an error as readers are: by a page."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.fixture
def log():
    """What the site writes down, line by line, once it is called."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(OneLineFormatter())
    loggers = [logging.getLogger(), logging.getLogger("django"), logging.getLogger("django.server")]
    for logger in loggers:
        logger.addHandler(handler)
    yield lambda: written.getvalue().splitlines()
    for logger in loggers:
        logger.removeHandler(handler)
