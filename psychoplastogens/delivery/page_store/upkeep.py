"""The thread that writes copies to disk, and renders pages before somebody asks for them.

After a start and after each new version it renders what is read most, then all that was kept
before, then all that the sitemap names. One process of a machine does so at a time; the others
take the copies from disk.

It has the usual priority on purpose: a thread of a lower one could lose the processor while it
holds Python's lock, and every reader would wait for it. It rests between two pages instead.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict
from html import unescape
from queue import Empty, SimpleQueue
from time import monotonic, thread_time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import close_old_connections, connections

from psychoplastogens.delivery import metrics
from psychoplastogens.delivery.page_store import requests
from psychoplastogens.delivery.page_store.memory import PAGES, QUERIES
from psychoplastogens.delivery.page_store.requests import StoreKey, Target
from psychoplastogens.delivery.page_store.responses import StoredResponse, build_best_forms

if TYPE_CHECKING:
    from psychoplastogens.delivery.page_store.store import PageStore

TICK_SECONDS = 0.25
REST_RATIO = 3
"""How long it rests after a page, in times of the processor time it took: a quarter of one core."""
MAX_REST_SECONDS = 1.0
RETRY_SECONDS = 5.0
WRITE_SECONDS = 0.5
"""Between two writings of copies. Each waits for the disk, some 20 ms, for one or for many."""
WARM_UP_SECONDS = 3
"""How long a worker waits at most, before it listens, for what its first requests need."""
CRAWL_DELAY_SECONDS = 30
"""After the start of a process, before it renders what nobody has asked for: readers come first."""
DISK_SHELVES = (PAGES, QUERIES)
_LOCATION = re.compile(r"<loc>([^<]*)</loc>")

log = logging.getLogger(__name__)
_listeners: list[Callable[[], None]] = []


def register_change_listener(listener: Callable[[], None]) -> Callable[[], None]:
    """Decorator: call this function in the background at the start and after each new version."""
    _listeners.append(listener)
    return listener


class Upkeep:
    """What there is to do in the background of a process, and the thread that does it."""

    def __init__(self, store: PageStore) -> None:
        self.store = store
        self.planned: deque[StoreKey] = deque()
        self._queue: SimpleQueue[tuple[StoreKey, StoredResponse]] = SimpleQueue()
        self._to_compress: deque[tuple[StoreKey, StoredResponse]] = deque()
        self._has_changed = False
        self._has_crawled = True
        self._crawl_from = 0.0
        self._next_try = 0.0
        self._next_write = 0.0
        self.is_ready = threading.Event()
        """Set once a first request would wait for nothing that this process has to load."""
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._turn: int | None = None
        self._reported: dict[str, int] = {}
        store.watcher.on_change = self.handle_change

    def start(self) -> None:
        if self._thread and self._thread.is_alive():
            return
        with self._lock:
            if not (self._thread and self._thread.is_alive()):
                self._crawl_from = monotonic() + CRAWL_DELAY_SECONDS
                self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
                self._thread.start()

    def handle_change(self) -> None:
        """In the thread that reads the version: another one than before was read."""
        tokens = self.store.watcher.tokens
        self.store.memory.retire_others(tokens.values())
        self.store.copies.save_seen_versions(tokens)
        self._has_changed = True
        self._wake.set()

    def save_later(self, target: Target, entry: StoredResponse) -> None:
        """Have `entry` written to disk: pages, and what became of withdrawn and renamed ones.

        Anybody can make up the address of a 404 and what a redirect is asked with.
        """
        is_lasting = entry.status in (301, 410) and not target.key.query
        if target.policy.has_copies and (entry.shelf in DISK_SHELVES or is_lasting):
            self._queue.put((target.key, entry))

    def compress_later(self, key: StoreKey, entry: StoredResponse) -> None:
        """Have the page that `entry` is compressed as well as can be, once nobody waits for it."""
        if entry.has_fast_forms and entry.shelf == PAGES:
            self._to_compress.append((key, entry))

    def _run(self) -> None:
        while threading.main_thread().is_alive():
            rest = TICK_SECONDS
            try:
                rest = self.step()
            except Exception:  # Whatever a page raises, the next ones are made all the same.
                log.exception("A page could not be prepared")
            if rest >= TICK_SECONDS:
                self._wake.wait(rest)
                self._wake.clear()
            else:
                threading.Event().wait(rest)

    def step(self) -> float:
        """Do the next thing; return how many seconds to rest after it."""
        if monotonic() >= self._next_write:
            self.report_counts()
            self.write_copies()
            self._next_write = monotonic() + WRITE_SECONDS
        if self.store.watcher.is_away:
            self.is_ready.set()
            return TICK_SECONDS
        if self._has_changed and monotonic() >= self._next_try:
            self.handle_new_version()
            self.is_ready.set()
        if self._to_compress:
            return rest_after(lambda: self.compress(*self._to_compress.popleft()))
        if not self.planned and self.must_crawl() and self.take_turn():
            self._has_crawled = True
            self.planned.extend(self.read_sitemap())
        if not self.planned or not self.take_turn():
            self.end_turn()
            return TICK_SECONDS
        return rest_after(lambda: self.prepare(self.planned.popleft()))

    def must_crawl(self) -> bool:
        return not self._has_crawled and monotonic() >= self._crawl_from

    def handle_new_version(self) -> None:
        """What fails is tried again, after a pause."""
        self._next_try = monotonic() + RETRY_SECONDS
        self._has_changed = False
        requests.find_policy("/")  # Loads all views.
        self.plan()
        close_old_connections()
        try:
            for listener in _listeners:
                listener()
        except Exception:
            self._has_changed = True
            raise
        self._next_try = 0.0

    def plan(self) -> None:
        """What to render again, the most read first."""
        if not settings.PAGE_STORE_WARM_UP:
            return
        held = [key for key, _ in self.store.memory.list_most_read()]
        self.planned = deque(dict.fromkeys([*held, *self.store.copies.list_keys()]))
        self._has_crawled = False

    def compress(self, key: StoreKey, entry: StoredResponse) -> None:
        """Give `entry` the best forms: those that another process has made, or its own."""
        if not self.store.is_current(entry):
            return
        copy = self.store.copies.load_former(key)
        if copy and copy.digest == entry.digest and not copy.has_fast_forms:
            self.store.memory.take_best_forms(key, entry, copy.forms)
        elif self.store.memory.take_best_forms(key, entry, build_best_forms(entry)):
            self._queue.put((key, entry))

    def prepare(self, key: StoreKey) -> None:
        """Make the page current in memory: from disk, or else by rendering it."""
        target = requests.find_target(key)
        if target is None or target.key != key or not requests.normalize_host(key.host):
            return
        if not self.store.get_current(key):
            _ = self.store.load_copy(target) or self.store.render_once(target)

    def read_sitemap(self) -> list[StoreKey]:
        """The addresses that the sitemap names, as readers ask for them, and the sitemap."""
        origin = urlsplit(settings.SITE_ORIGIN)
        if not requests.normalize_host(origin.netloc):
            return []
        key = StoreKey(origin.scheme, origin.hostname or "", "/sitemap.xml")
        self.prepare(key)
        entry = self.store.memory.get(key)
        text = entry.get_plain_body().decode() if entry else ""
        paths = (urlsplit(unescape(found)).path for found in _LOCATION.findall(text))
        return [key._replace(path=path) for path in paths]

    def report_counts(self) -> None:
        """Bring to the metrics what the store has counted: a reader's request waits for nothing."""
        counted = asdict(self.store.counts)
        increases = {name: counted[name] - self._reported.get(name, 0) for name in counted}
        self._reported = counted
        metrics.record_page_store(increases, self.store.memory.bytes)

    def write_copies(self) -> None:
        entries: list[tuple[StoreKey, StoredResponse]] = []
        try:
            while len(entries) < 100:
                entries.append(self._queue.get_nowait())
        except Empty:
            pass
        if entries:
            self.store.copies.save(entries)

    def take_turn(self) -> bool:
        """Whether this process may render now: one of a machine at a time."""
        if self._turn:
            return True
        try:
            turn = os.open(f"{self.store.copies.path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError:
            return True  # Without a disk there is nothing to share.
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(turn)
            return False
        self._turn = turn
        return True

    def end_turn(self) -> None:
        if self._turn:
            os.close(self._turn)
            self._turn = None
            connections.close_all()


def rest_after(work: Callable[[], None]) -> float:
    """Do `work`; return how many seconds to rest after it."""
    started = thread_time()
    work()
    return min(REST_RATIO * (thread_time() - started), MAX_REST_SECONDS)
