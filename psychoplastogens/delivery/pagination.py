"""Long lists in pages: each page has an address of its own, and beyond the last there is none."""

from __future__ import annotations

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest

from psychoplastogens.delivery.query_strings import build_query_string


class ShortListPaginator(Paginator):
    """A paginator that takes one query where a single page holds all."""

    def __init__(self, items, per_page: int):
        self._first = list(items[: per_page + 1])
        super().__init__(self._first if len(self._first) <= per_page else items, per_page)

    def page(self, number) -> Page:
        page = super().page(number)
        if page.number == 1:
            page.object_list = self._first[: self.per_page]
        return page


def get_page_or_404(request: HttpRequest, paginator: Paginator) -> Page:
    """The page that the parameter `page` asks for. Raises Http404 where there is none."""
    try:
        return paginator.page(request.GET.get("page") or 1)
    except InvalidPage as error:
        raise Http404("The list has no such page.") from error


def build_list_query(**parameters: str) -> str:
    """The parameters of a list that have a value, as they stand before `page=` in its addresses."""
    query = build_query_string(**parameters)
    return f"{query[1:]}&" if query else ""
