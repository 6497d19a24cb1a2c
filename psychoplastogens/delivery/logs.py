"""Logs without people in them: one line an event, no query string, no address of a reader."""

import logging
import re

from django.conf import settings

QUERY = re.compile(r"\?\S*")
# Who has the address of a link for review can answer it.
SECRET = re.compile(r"(/review/)[^/\s\"'<>]+")


class OneLine(logging.Formatter):
    """Time, level, logger and message on one line; line ends and controls are written out."""

    def __init__(self):
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record):
        text = SECRET.sub(r"\1...", super().format(record))
        path = getattr(getattr(record, "request", None), "path", "")
        for folder in settings.NOT_LOGGED_BELOW:
            if path.startswith(folder):
                text = text.replace(path, f"{folder}...")
        if record.name == "django.server":  # The development server writes whole addresses.
            text = QUERY.sub("", text)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
