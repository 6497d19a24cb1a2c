"""Exceptions by which a view says that its page moved or was withdrawn. Middleware answers them."""


class PageMoved(Exception):
    """The record has another address now: `new_url_kwargs` holds the URL arguments that changed.

    Middleware answers with a permanent redirect to the same view of the record.
    """

    def __init__(self, **new_url_kwargs):
        super().__init__(new_url_kwargs)
        self.new_url_kwargs = new_url_kwargs


class PageGone(Exception):
    """The record was withdrawn. Middleware answers 410 with a page that gives the `reason`.

    `instead` is the record to read in its place, or None; it has a get_absolute_url().
    """

    def __init__(self, reason, instead=None):
        super().__init__(reason)
        self.reason = reason
        self.instead = instead
