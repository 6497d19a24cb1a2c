"""Reading lists that anybody can make: the pages are in the address, and nothing is stored.

A page stands in the address as six letters, made from its kind and slug. They are the same in every
database, short enough for a text message, and tell nobody on the way what the list is about.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import methodcaller
from typing import NamedTuple
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import prefetch_related_objects
from django.urls import reverse

from psychoplastogens.clinics.models import PackItem
from psychoplastogens.clinics.models.pack import QUESTION_LIST
from psychoplastogens.delivery.exceptions import PageGone
from psychoplastogens.editorial.models import OldAddress, Page, prefetch_pages
from psychoplastogens.editorial.shortcuts import build_gone, deduplicate_gone
from psychoplastogens.short_links.models import CODE_ALPHABET

PAGE_CODE_LENGTH = 6
MAX_PAGES = 20
"""Pages of a list. Nobody reads more before a visit, and the address stays below 200 characters."""


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


class ListablePages:
    """Every page that a list may hold, and the codes that lead to them, old ones included.

    `which` is "published", or "withdrawn" for the pages that were taken from readers.
    """

    def __init__(self, which: str = "published"):
        questions = ListablePage(None, None, "", PackItem(question_list=True).title, "")
        always = [questions] if which == "published" else []
        self.all = [*always, *_iter_pages(methodcaller(which))]
        self._by_code = {page.code: page for page in reversed(self.all)}
        # A name that a page has now goes before one that another page once had.
        for page, name in _iter_old_names(self.all):
            self._by_code.setdefault(make_page_code(page.kind, name), page)

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def find_by_codes(self, codes: Iterable[str]) -> list[ListablePage]:
        """The pages of these codes in their order, each once; other codes are left out."""
        found = (self._by_code.get(code) for code in codes)
        return list(dict.fromkeys(page for page in found if page))

    def find_by_names(self, names: Iterable[str]) -> list[ListablePage]:
        """The pages of these "kind:name", as `coded`."""
        return self.find_by_codes(make_page_code(*name.split(":")) for name in names)


def _iter_pages(which: methodcaller) -> Iterator[ListablePage]:
    """Those of each kind, in one query a kind."""
    for model in PackItem.get_target_models():
        for page in model.list_pages(which(model.get_owner_model().objects)):
            name, group = page.slug, page.list_group
            if model.url_parent:
                name, group = f"{page.owner.slug}/{page.slug}", page.owner.pk
            yield ListablePage(model, page.pk, name, getattr(page, model.title_field), group)


def _iter_old_names(pages: list[ListablePage]) -> Iterator[tuple[ListablePage, str]]:
    """Each name that a page once had; a section by its guide's old slugs as well."""
    had = defaultdict(list)
    for key, slug in OldAddress.objects.order_by("-created_at").values_list("object_id", "slug"):
        had[key].append(slug)
    for page in pages:
        guide, _, slug = page.name.rpartition("/")
        slugs = [slug, *had[page.key]]
        guides = [f"{one}/" for one in (guide, *had[page.group])] if guide else [""]
        yield from ((page, one + slug) for one in guides for slug in slugs)


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

    @property
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
    missing = sum(code not in pages for code in codes)
    return ReadingList(found[:MAX_PAGES], missing, max(0, len(found) - MAX_PAGES))


def split_codes(codes: str) -> list[str]:
    """The codes that an address holds, in small letters; what is left over at its end is one."""
    return re.findall(f".{{1,{PAGE_CODE_LENGTH}}}", codes.lower())
