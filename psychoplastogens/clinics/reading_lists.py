"""Reading lists that anybody can make: the pages are in the address. Nothing else is stored until
somebody asks for a short link (`SharedList`).

A page stands in the address as six letters, made from its kind and slug. They are the same in every
database, short enough for a text message, and tell nobody on the way what the list is about.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet, prefetch_related_objects
from django.urls import reverse

from psychoplastogens.clinics.models import PackItem, SharedList
from psychoplastogens.clinics.models.pack import QUESTION_LIST
from psychoplastogens.clinics.models.shared_list import MAX_PAGES, PAGE_CODE_LENGTH
from psychoplastogens.delivery.exceptions import PageGone
from psychoplastogens.delivery.page_store.policies import CONTENT
from psychoplastogens.editorial.models import (
    ContentVersion,
    OldAddress,
    Page,
    current_language,
    prefetch_pages,
)
from psychoplastogens.editorial.shortcuts import build_gone, deduplicate_gone
from psychoplastogens.short_links.models import CODE_ALPHABET, ShortLink

SHELF_LENGTH = 200
"""Pages of a kind that the builder shows at once. The others are found by their titles."""


def make_page_code(kind: str, name: str) -> str:
    """The letters that stand for a page in an address, from its kind and name (see Page)."""
    number = int.from_bytes(hashlib.sha256(f"{kind}:{name}".encode()).digest())
    letters = ""
    for _ in range(PAGE_CODE_LENGTH):
        number, at = divmod(number, len(CODE_ALPHABET))
        letters += CODE_ALPHABET[at]
    return letters


class ListablePage(NamedTuple):
    """A page that a list may hold.

    `model` and `key` are those of the page, None for the question list. `name` is the slug, of a
    section "guide/section". `group` is what it is shown under: the key of a section's guide, the
    topic of a question.
    """

    model: type[Page] | None
    key: UUID | None
    name: str
    title: str
    group: UUID | str

    @property
    def kind(self) -> str:
        return self.model.get_kind() if self.model else QUESTION_LIST

    @property
    def code(self) -> str:
        return make_page_code(self.kind, self.name)


def build_listable_page(page: Page, title: str = "") -> ListablePage:
    title = title or getattr(page, page.title_field)
    if not page.url_parent:
        return ListablePage(type(page), page.pk, page.slug, title, page.list_group)
    name = f"{page.owner.slug}/{page.slug}"
    return ListablePage(type(page), page.pk, name, title, page.owner.pk)


def build_question_list_page() -> ListablePage:
    return ListablePage(None, None, "", PackItem(question_list=True).title, "")


class ListablePages:
    """The pages that a list may hold, by the codes that lead to them, old ones included.

    `which` is "published", or "withdrawn" for the pages that were taken from readers. Each page is
    fetched once, and those that are asked for together in one query a kind.
    """

    def __init__(self, which: str = "published"):
        self._which = which
        self._keys = get_page_keys(which)
        self._pages: dict[str, ListablePage | None] = {}
        if which == "published":
            questions = build_question_list_page()
            self._pages[questions.code] = questions

    def find_by_codes(self, codes: Iterable[str]) -> list[ListablePage]:
        """The pages of these codes in their order, each once; other codes are left out."""
        codes = list(codes)
        self.fetch(codes)
        found = (self._pages.get(code) for code in codes)
        return list(dict.fromkeys(page for page in found if page))

    def fetch(self, codes: Iterable[str]) -> None:
        """Fetch the pages of these codes in one query a kind."""
        wanted: dict[type[Page], dict[UUID, list[str]]] = defaultdict(lambda: defaultdict(list))
        for code in codes:
            if code in self._keys and code not in self._pages:
                model, key = self._keys[code]
                wanted[model][key].append(code)
                self._pages[code] = None
        for model, codes_of in wanted.items():
            for page in list_model_pages(model, self._which).filter(pk__in=codes_of):
                self._pages |= dict.fromkeys(codes_of[page.pk], build_listable_page(page))


def list_model_pages(model: type[Page], which: str = "published") -> QuerySet:
    """The pages of a kind, without their texts, in the language of this request."""
    return model.list_pages(getattr(model.get_owner_model().objects, which)())


class Shelf(NamedTuple):
    """Pages of a kind to choose from. `is_cut`: there are more than it shows."""

    model: type[Page]
    pages: list[ListablePage]
    is_cut: bool


def list_shelf(model: type[Page], words: str = "") -> Shelf:
    """The first pages of a kind; with `words`, those whose title holds each of them."""
    found = list(model.search_titles(list_model_pages(model), words)[: SHELF_LENGTH + 1])
    # Out of its guide, a section says which it belongs to.
    shown = [(page, page.choice_title if words else "") for page in found[:SHELF_LENGTH]]
    pages = [build_listable_page(page, title) for page, title in shown]
    return Shelf(model, pages, len(found) > SHELF_LENGTH)


PageKeys = dict[str, tuple[type[Page], UUID]]
_page_keys: dict[tuple[str, str], tuple[int, PageKeys]] = {}
_build_lock = Lock()


def clear_page_keys() -> None:
    """Build anew for the next list. For tests, whose databases repeat version numbers."""
    _page_keys.clear()


def get_page_keys(which: str) -> PageKeys:
    """The model and key of the page that each code leads to, in the language of this request.

    No database finds a page by its code, which is a digest of its name. So all codes are kept in
    memory for as long as the content stays the same.
    """
    kind = (which, current_language())
    number, keys = _page_keys.get(kind, (None, {}))
    if number == ContentVersion.objects.get_watched()[CONTENT]:
        return keys
    with _build_lock:
        current = ContentVersion.objects.get_current()
        number, keys = _page_keys.get(kind, (None, {}))
        if number != current:
            keys = _build_page_keys(which)
            _page_keys[kind] = current, keys
        return keys


def _build_page_keys(which: str) -> PageKeys:
    """A name that a page has now goes before one that another page once had."""
    had = defaultdict(list)
    for key, slug in OldAddress.objects.order_by("-created_at").values_list("object_id", "slug"):
        had[key].append(slug)
    now: PageKeys = {}
    before: PageKeys = {}
    for model in PackItem.get_target_models():
        for key, slug, *owner in _list_names(model, which):
            owner_key, owner_slug = owner or (None, "")
            owners = [f"{one}/" for one in (owner_slug, *had[owner_key])] if owner else [""]
            names = [one + name for one in owners for name in (slug, *had[key])]
            codes = [make_page_code(model.get_kind(), name) for name in names]
            now.setdefault(codes[0], (model, key))
            for code in codes[1:]:
                before.setdefault(code, (model, key))
    return before | now


def _list_names(model: type[Page], which: str) -> QuerySet:
    """(key, slug) of each page of a kind; of a part also those of its record."""
    owner = (model.url_parent, f"{model.url_parent}__slug") if model.url_parent else ()
    return list_model_pages(model, which).values_list("pk", "slug", *owner)


@dataclass(frozen=True)
class ReadingList:
    """What an address of a list opens: `items` as in a clinic's list, though none is stored.

    `missing` counts the pages that are no longer here, `too_many` those beyond MOST.
    """

    pages: list[ListablePage]
    missing: int = 0
    too_many: int = 0

    @property
    def codes(self) -> str:
        return "".join(page.code for page in self.pages)

    @cached_property
    def items(self) -> list[PackItem]:
        """The lines of the list, with all that their titles, summaries and minutes need."""
        items = [
            PackItem(page_type=ContentType.objects.get_for_model(page.model), page_id=page.key)
            if page.model
            else PackItem(question_list=True)
            for page in self.pages
        ]
        prefetch_related_objects(items, prefetch_pages(PackItem.get_target_models(), timed=True))
        return items

    def get_absolute_url(self) -> str:
        return reverse("clinics:list_detail", args=[self.codes])

    @cached_property
    def short_link(self) -> ShortLink | None:
        """The link that somebody made for this list; of one page the link of that page."""
        if len(self.pages) == 1 and (page := self.items[0].page):
            return ShortLink.objects.find_for(page) or SharedList.objects.find_link(self.codes)
        return SharedList.objects.find_link(self.codes)


def get_withdrawal_reasons(codes: Iterable[str]) -> list[PageGone]:
    """Why pages of these codes were withdrawn, each reason once; for a part its guide's."""
    keys = dict.fromkeys(
        (page.model.get_owner_model(), page.group if page.model.url_parent else page.key)
        for page in ListablePages("withdrawn").find_by_codes(codes)
        if page.model and page.key
    )
    return deduplicate_gone(build_gone(model.objects.get(pk=key)) for model, key in keys)


def build_reading_list(pages: ListablePages, codes: Iterable[str]) -> ReadingList:
    """The list of these codes: no more than MOST pages, none twice."""
    codes = list(dict.fromkeys(codes))
    found = pages.find_by_codes(codes)
    missing = sum(not pages.find_by_codes([code]) for code in codes)
    return ReadingList(found[:MAX_PAGES], missing, max(0, len(found) - MAX_PAGES))
