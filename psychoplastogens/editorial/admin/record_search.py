"""One search over all that an account may see in the admin: records, texts and drafts.

What is named as the query comes first, then what has words that begin as it does, in the title and
then elsewhere; letters within words come last. A record is found as in the list of its kind; a text
by words in any field of a page or a part, live or in an open draft. What readers find with the same
words is named too: their search knows synonyms and other forms of a word. The number of queries
depends on the kinds of records alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, attrgetter
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db import models
from django.db.models import Case, Q, When
from django.urls import NoReverseMatch
from django.utils.text import capfirst

from psychoplastogens.editorial.admin.record_pages import (
    get_list_url,
    get_open_url_or_blank,
    get_record_admin_url,
)
from psychoplastogens.editorial.models import (
    Page,
    Publishable,
    get_page_models,
    get_title_field,
    select_pages,
)
from psychoplastogens.editorial.word_beginnings import begin_words

MAX_QUERY_LENGTH = 400
"""Characters: a whole title."""
MAX_WORDS = 6
"""The first words of a query, which are looked for."""
SIGNS_AROUND_WORDS = '.,:;…“”"()?!'
MAX_OF_A_KIND = 8
NAMED, TITLE_WORDS, OTHER_WORDS, WITHIN_TITLE, WITHIN_WORDS = range(5)
MIN_KIND_LENGTH = 4
"""Letters of a query that may be the name of a kind."""
PAGES, EVIDENCE, OTHERS = "Pages", "Numbers and sources", "Everything else"
"""Groups of kinds. The admin of a kind says its own as `search_group`."""
READERS_FIND = "What readers find with these words"

ReadersSearch = Callable[[str], Iterable[tuple[str, UUID]]]
_readers_searches: list[ReadersSearch] = []


@dataclass(frozen=True)
class FoundRecord:
    """A record: its name, kind, a detail, the address of its form, and by what it is found.

    It `is_named` where readers read it, and the query is its whole title, or the last part of its
    address. `rank` is its place among the others: one of NAMED to WITHIN_WORDS.
    """

    name: str
    kind: str
    detail: str
    address: str
    is_named: bool = False
    rank: int = WITHIN_WORDS


@dataclass(frozen=True)
class FoundGroup:
    """Records of a group of kinds. `lists` are (title, address) of lists that hold more."""

    title: str
    records: list[FoundRecord] = field(default_factory=list)
    lists: list[tuple[str, str]] = field(default_factory=list)


def register_readers_search(search: ReadersSearch) -> ReadersSearch:
    """Decorator: `search(query)` yields kind and key of each page that readers find, best first."""
    _readers_searches.append(search)
    return search


def clean_query(typed: str) -> str:
    """What was typed, as long as a title may be, with one space between words."""
    return " ".join(typed[:MAX_QUERY_LENGTH].split())


def split_query(query: str) -> list[str]:
    """The words of a query, as many as are looked for, without signs around them."""
    words = (word.strip(SIGNS_AROUND_WORDS) for word in query.split())
    return [word for word in words if word][:MAX_WORDS]


def get_visible_admins(request) -> list[admin.ModelAdmin]:
    """The admins of all that the account may see."""
    registered = admin.site._registry.values()
    return [one for one in registered if one.has_view_permission(request)]


def find_records(request, query: str) -> list[FoundGroup]:
    """What the lists of the admin find, grouped as the admins of the kinds say."""
    words = split_query(query)
    groups = {title: FoundGroup(title) for title in (PAGES, EVIDENCE, OTHERS)}
    for model_admin in get_visible_admins(request):
        group = groups[getattr(model_admin, "search_group", OTHERS)]
        if is_kind_named(model_admin.model, query):
            group.records.append(_describe_kind(model_admin))
        group.records.extend(_find_own_pages(model_admin, request, words))
        if not model_admin.get_search_fields(request):
            continue
        rows = _search_list(model_admin, request, query)
        group.records.extend(_describe(model_admin, row, query) for row in rows[:MAX_OF_A_KIND])
        if len(rows) > MAX_OF_A_KIND:
            name = capfirst(str(model_admin.opts.verbose_name_plural))
            group.lists.append((name, _get_list_url(model_admin, words)))
    for group in groups.values():
        group.records.sort(key=attrgetter("rank"))
    pages = _add_what_readers_find(request, query, groups[PAGES])
    found = (*pages, groups[EVIDENCE], groups[OTHERS])
    return [group for group in found if group.records]


def _add_what_readers_find(request, query: str, shown: FoundGroup) -> list[FoundGroup]:
    """The pages that are `shown`, and the others that readers find with `query`.

    The latter come first if the best of all is among them.
    """
    found, is_first = FoundGroup(READERS_FIND), False
    keys = [key for search in _readers_searches for key in search(query)]
    pages = _fetch_pages(keys)
    addresses = {record.address for record in shown.records}
    for place, page in enumerate(pages[key] for key in keys if key in pages):
        kind = capfirst(str(page._meta.verbose_name))
        address = get_open_url_or_blank(request, page.owner)
        if address and address not in addresses:
            if page.url_parent:
                address += f"#part-{page.pk}"
            found.records.append(FoundRecord(str(page), kind, "", address))
            is_first |= place == 0
    return [found, shown] if is_first else [shown, found]


def _fetch_pages(keys: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], Page]:
    """{(kind, key): page}, with one query for each kind."""
    wanted = defaultdict(list)
    for kind, key in keys:
        wanted[kind].append(key)
    return {
        (model.get_kind(), page.pk): page
        for model in get_page_models()
        if model.get_kind() in wanted
        for page in select_pages(model._base_manager.filter(pk__in=wanted[model.get_kind()]))
    }


def is_kind_named(model: type[models.Model], query: str) -> bool:
    """Whether a kind is called so, in the admin or for readers: compounds are “Medicines”."""
    names = (str(model._meta.verbose_name_plural), _get_readers_name(model))
    wanted = query.casefold()
    is_long = len(wanted) >= MIN_KIND_LENGTH
    return is_long and any(name.casefold().startswith(wanted) for name in names)


def _get_readers_name(model: type[models.Model]) -> str:
    """What readers call a kind, '' where they have no list of it."""
    return str(getattr(getattr(model, "choice_group", None), "label", ""))


def _describe_kind(model_admin) -> FoundRecord:
    name = f"All {model_admin.opts.verbose_name_plural}"
    address, detail = _get_list_url(model_admin, []), _get_readers_name(model_admin.model)
    return FoundRecord(name, "List", detail, address, rank=NAMED)


def _find_own_pages(model_admin, request, words: list[str]) -> list[FoundRecord]:
    """What the admin of a kind offers beside its records: see OwnPage."""
    pages = getattr(model_admin, "get_own_pages", lambda request: ())(request)
    found = [page for page in pages if page.is_found_by(words)][:MAX_OF_A_KIND]
    return [FoundRecord(page.title, "Page", "", page.address, rank=NAMED) for page in found]


def _search_list(model_admin, request, query: str) -> list[models.Model]:
    """The first rows that the list of a kind finds, by their `found_by`: NAMED to WITHIN_WORDS.

    There is one more than are shown.
    """
    words = split_query(query)
    rows = model_admin.get_queryset(request)
    if related := model_admin.get_list_select_related(request):
        rows = rows.select_related(*related)
    rows, may_repeat = model_admin.get_search_results(request, rows, " ".join(words))
    if issubclass(model_admin.model, Publishable):
        rank = _build_rank(model_admin.model, model_admin.get_search_fields(request), query)
        rows = rows.annotate(found_by=rank).order_by("found_by", *rows.model._meta.ordering)
    return list((rows.distinct() if may_repeat else rows)[: MAX_OF_A_KIND + 1])


def _build_rank(model: type[models.Model], search_fields: Sequence[str], query: str) -> Case:
    title, words = get_title_field(model), split_query(query)
    own = [name for name in search_fields if "__" not in name and name.isidentifier()]
    is_named = Q(**{f"{title}__iexact": query}) | Q(slug__iexact=query.replace(" ", "-"))
    within = (Q(**{f"{title}__icontains": word}) for word in words)
    return Case(
        When(is_named, then=NAMED),
        When(begin_words([title], words), then=TITLE_WORDS),
        When(begin_words([title, *own], words), then=OTHER_WORDS),
        When(reduce(and_, within), then=WITHIN_TITLE),
        default=WITHIN_WORDS,
    )


def get_named_record(groups: list[FoundGroup]) -> FoundRecord | None:
    """The one record that a query names whole; None if there is none, or more."""
    named = [record for group in groups for record in group.records if record.is_named]
    return named[0] if len(named) == 1 else None


def _describe(model_admin, record: models.Model, query: str) -> FoundRecord:
    kind = capfirst(str(model_admin.opts.verbose_name))
    state = str(model_admin.state(record)) if isinstance(record, Publishable) else ""
    slug = getattr(record, "slug", "")
    details = filter(None, ["" if slug in str(record) else slug, state])
    try:
        address = get_record_admin_url(record)
    except NoReverseMatch:
        address = _get_list_url(model_admin, [])
    title = getattr(record, get_title_field(type(record)), "")
    is_named = isinstance(record, Publishable) and query.casefold() in (
        slug.casefold(),
        str(title).casefold(),
        str(record).casefold(),
    )
    rank = getattr(record, "found_by", WITHIN_WORDS)
    return FoundRecord(str(record), kind, " · ".join(details), address, is_named, rank)


def _get_list_url(model_admin, words: list[str]) -> str:
    """The list of a kind; with words, what it finds by them."""
    address = get_list_url(model_admin.opts)
    return f"{address}?{urlencode({SEARCH_VAR: ' '.join(words)})}" if words else address
