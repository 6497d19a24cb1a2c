"""The WSGI application around Django that answers from what is stored."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import responses as REASONS
from time import time

from django.conf import settings

from psychoplastogens.delivery.page_store import disk, memory, requests, versions
from psychoplastogens.delivery.page_store.policies import STATIC_FILE
from psychoplastogens.delivery.page_store.rendering import (
    Rendered,
    WsgiApplication,
    build_stored_response,
    is_storable,
    render,
)
from psychoplastogens.delivery.page_store.requests import HeaderReader, StoreKey, Target
from psychoplastogens.delivery.page_store.responses import (
    Form,
    Reply,
    StoredResponse,
    accepts_coding,
)
from psychoplastogens.delivery.page_store.upkeep import Upkeep

NO_VERSION = "any"
"""Of static files, which depend on no content."""
WAIT_SECONDS = 5.0
"""How long a request waits for another that renders the same page, before it renders it itself."""
TURN_SECONDS = 0.25
"""How long a page waits for another one that is rendered. One takes 2 to 10 ms."""


@dataclass
class StoreCounts:
    """What the store did since the process started. Numbers only, of nobody in particular."""

    hits: int = 0
    misses: int = 0
    copies: int = 0
    """Responses served while the database was away, or in the place of a failed one."""
    passed: int = 0
    """Requests that the store does not answer."""


class Rendering:
    """A page that one thread renders and others wait for."""

    def __init__(self) -> None:
        self.done = threading.Event()


class PageStore:
    """A WSGI application: the stored response, or that of `application`, which is then stored.

    `find` alone is quick enough for an event loop: it looks into memory and nowhere else.
    """

    def __init__(
        self,
        application: WsgiApplication,
        max_bytes: int,
        copies: disk.CopyStore,
        watcher: versions.VersionWatcher | None = None,
    ) -> None:
        self.application = application
        self.watcher = watcher or versions.watcher
        self.memory = memory.MemoryStore(max_bytes)
        self.copies = copies
        self.counts = StoreCounts()
        self.upkeep = Upkeep(self)
        self._renderings: dict[StoreKey, Rendering] = {}
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def start(self) -> None:
        """Start the threads of this process if they are not running."""
        self.watcher.start()
        self.upkeep.start()

    def find(
        self, method: str, scheme: str, path: str, query: str, get_header: HeaderReader
    ) -> Reply | None:
        """The reply from memory to a request as it was sent; None where there is none."""
        if method not in ("GET", "HEAD"):
            return None
        entry = self.find_entry(scheme, path, query, get_header)
        if entry is None:
            return None
        if entry.shelf == memory.STATIC_FILES and get_header("range"):
            return None
        form = entry.find_form(get_header("accept-encoding")) or entry.plain_file
        if form is None:
            return None  # Unpacking takes too long for the event loop.
        return self.reply_with(entry, form, method, get_header)

    def has_to_unpack(
        self, method: str, scheme: str, path: str, query: str, get_header: HeaderReader
    ) -> bool:
        """Whether a client that accepts no coding asks for what is in memory."""
        if method not in ("GET", "HEAD") or accepts_coding(get_header("accept-encoding")):
            return False
        return self.find_entry(scheme, path, query, get_header) is not None

    def find_entry(
        self, scheme: str, path: str, query: str, get_header: HeaderReader
    ) -> StoredResponse | None:
        """The current response in memory for an address as it was sent."""
        host = requests.normalize_host(get_header("host") or "")
        # A plain tuple equals a StoreKey and is made in half the time.
        return self.get_current((requests.read_scheme(scheme, get_header), host, path, query))

    def reply_with(
        self, entry: StoredResponse, form: Form, method: str, get_header: HeaderReader
    ) -> Reply:
        entry.reads += 1
        entry.was_read = True
        if entry.depends_on and self.watcher.is_away:
            self.watcher.start()  # Its thread may have ended.
            return self.reply_with_copy(entry, form, method, get_header)
        self.counts.hits += 1
        return entry.build_reply(form, method, get_header)

    def reply_with_copy(
        self, entry: StoredResponse, form: Form, method: str, get_header: HeaderReader
    ) -> Reply:
        """The reply while the database is away: as of the last reading, or of the rendering."""
        self.counts.copies += 1
        as_of = self.watcher.read_time or entry.stored_at
        return entry.build_reply(form, method, get_header, as_of)

    def get_current(self, key: StoreKey | tuple[str, str, str, str]) -> StoredResponse | None:
        entry = self.memory.get(key)
        return entry if entry is not None and self.is_current(entry) else None

    def is_current(self, entry: StoredResponse) -> bool:
        """Whether `entry` may be served: its version is the one known, and its day is not over.

        While the database is away the day is not looked at: the page of yesterday is better than
        none.
        """
        known = self.watcher.get_token(entry.depends_on) if entry.depends_on else entry.version
        if not known or entry.version != known:
            return False
        return time() < entry.expires or (self.watcher.is_away and bool(entry.depends_on))

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        self.start()
        reply = self.answer(environ)
        if reply is None:
            self.counts.passed += 1
            return self.application(environ, start_response)
        status = f"{reply.status} {REASONS.get(reply.status, '')}"
        start_response(status, list(reply.headers))
        return [reply.body]

    def answer(self, environ: dict) -> Reply | None:
        """The reply to a WSGI request; None where it has to reach Django as it is."""
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD") or environ.get("SCRIPT_NAME"):
            return None

        def get_header(name: str) -> str | None:
            return environ.get("HTTP_" + name.upper().replace("-", "_"))

        key = requests.read_key(
            environ["wsgi.url_scheme"],
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            get_header,
        )
        target = requests.find_target(key) if key else None
        if target is None or (target.policy == STATIC_FILE and is_for_django(get_header)):
            return None
        return self.answer_target(target, method, get_header)

    def answer_target(self, target: Target, method: str, get_header: HeaderReader) -> Reply:
        entry = self.get_current(target.key) or self.load_copy(target) or self.render_once(target)
        accepted = get_header("accept-encoding")
        if isinstance(entry, StoredResponse):
            return self.reply_with(entry, entry.get_form(accepted), method, get_header)
        if entry.status >= 500 and (copy := self.load_last_good(target)):
            return self.reply_with_copy(copy, copy.get_form(accepted), method, get_header)
        return entry.to_reply(method)

    def load_copy(self, target: Target) -> StoredResponse | None:
        """What another process of this machine has rendered, or the last good copy."""
        if not target.policy.has_copies:
            return None
        if self.watcher.is_away:
            return self.load_last_good(target)
        version = self.watcher.get_token(target.policy.depends_on)
        copy = self.copies.load(target.key, version) if version else None
        if copy is None or copy.expires <= time():
            return None
        self.memory.put(target.key, copy)
        self.upkeep.compress_later(target.key, copy)
        return copy

    def load_last_good(self, target: Target) -> StoredResponse | None:
        """A copy of the version that this machine saw last, from disk."""
        if not target.policy.has_copies:
            return None
        depends_on = target.policy.depends_on
        if self.watcher.has_read:
            version = self.watcher.get_token(depends_on)
        else:
            version = self.copies.load_seen_version(depends_on)
        return self.copies.load(target.key, version, any_release=True) if version else None

    def load_former(self, target: Target) -> StoredResponse | None:
        """What any process of this machine made of the page before."""
        return self.copies.load_former(target.key) if target.policy.has_copies else None

    def render_once(self, target: Target) -> StoredResponse | Rendered:
        """Render the page, or wait for the thread that does so. What fails is not stored."""
        with self._lock:
            rendering = self._renderings.get(target.key)
            if is_first := rendering is None:
                rendering = self._renderings[target.key] = Rendering()
        if not is_first:
            rendering.done.wait(WAIT_SECONDS)
            return self.get_current(target.key) or self.render_and_store(target)
        try:
            # It may have been stored between the look into memory and the lock.
            return self.get_current(target.key) or self.render_and_store(target)
        finally:
            with self._lock:
                self._renderings.pop(target.key, None)
            rendering.done.set()

    @contextmanager
    def take_turn(self) -> Iterator[None]:
        """Let one page of a process be made at a time, but wait for a slow one no longer than that.

        Two at a time take longer than one after the other: at each query they lose Python's lock
        to each other, and who builds the search index waits for both.
        """
        has_turn = self._turn.acquire(timeout=TURN_SECONDS)
        try:
            yield
        finally:
            if has_turn:
                self._turn.release()

    def render_and_store(self, target: Target) -> StoredResponse | Rendered:
        is_static = target.policy == STATIC_FILE
        with self.take_turn():
            # Read before the rendering: what is published meanwhile makes the page newer than this
            # version says, never older.
            version = NO_VERSION if is_static else self.watcher.get_token(target.policy.depends_on)
            self.counts.misses += 1
            rendered = render(self.application, target.key)
        if not version or not is_storable(rendered) or (is_static and rendered.status != 200):
            return rendered
        previous = self.memory.get(target.key) or self.load_former(target)
        entry = build_stored_response(self.application, target, rendered, version, previous)
        entry.reads = previous.reads // 2 if previous else 0
        self.memory.put(target.key, entry)
        self.upkeep.save_later(target, entry)
        self.upkeep.compress_later(target.key, entry)
        return entry


def is_for_django(get_header: HeaderReader) -> bool:
    """Whether a request for a static file is one for a part of it, or for the plain one.

    It is kept compressed, and large ones would be unpacked for each request.
    """
    return bool(get_header("range")) or not accepts_coding(get_header("accept-encoding"))


def build_application(application: WsgiApplication) -> PageStore | WsgiApplication:
    """The store around the application of Django; without it where there is no room, or in DEBUG.

    There templates change under the server.
    """
    if settings.DEBUG or not settings.PAGE_STORE_MAX_BYTES:
        return application
    return PageStore(application, settings.PAGE_STORE_MAX_BYTES, open_copies())


def open_copies() -> disk.CopyStore:
    """The last good copies of this machine."""
    return disk.CopyStore(settings.DATA_DIR / "pages.sqlite3", settings.PAGE_STORE_DISK_BYTES)


def has_copies() -> bool:
    """Whether this machine could answer readers without its database."""
    copies = open_copies()
    return copies.path.exists() and bool(copies.list_keys())
