"""Logs without people in them: one line an event, no query string, no address of a reader."""

import logging


class OneLine(logging.Formatter):
    """Time, level, logger and message on one line; line ends and controls are written out."""

    def __init__(self):
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record):
        text = super().format(record)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
