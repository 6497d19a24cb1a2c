"""Listening to a page: what it must never do."""

from urllib.parse import urlsplit

# Chromium says so where it cannot animate from one page to the next; the page is there.
NO_ANIMATION = ("Transition was aborted because of invalid state", "Transition was skipped")
OUR_HOSTS = {"127.0.0.1", "localhost", None}


class PageWatcher:
    """Listens to a page: errors in its console, exceptions, and requests to other hosts."""

    def __init__(self, page):
        self.errors, self.foreign, self.expected = [], [], set()
        page.on("console", self.hear)
        page.on("pageerror", self.see_exception)
        page.on("request", self.see_request)
        page.on("response", self.see_response)

    def hear(self, message):
        if message.type == "error":
            self.errors.append((message.location.get("url", ""), message.text))

    def see_exception(self, error):
        if not any(words in str(error) for words in NO_ANIMATION):
            self.errors.append(("", f"exception: {error}"))

    def see_request(self, request):
        if urlsplit(request.url).hostname not in OUR_HOSTS:
            self.foreign.append(f"request to another host: {request.url}")

    def see_response(self, response):
        """Who visits a page that is not there means to: Chromium's complaint is no error."""
        if response.request.is_navigation_request() and response.status >= 400:
            self.expected.add(response.url)

    def problems(self):
        unexpected = [(url, text) for url, text in self.errors if url not in self.expected]
        return [f"console: {text} ({url})" for url, text in unexpected] + self.foreign
