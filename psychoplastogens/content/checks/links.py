"""Do the links in the texts lead somewhere? Other sites are asked by `manage.py check_links`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

from django.apps import apps

from psychoplastogens.content import feeds, prose
from psychoplastogens.content.checks.page import Page
from psychoplastogens.content.models.written import Written, prose_fields
from psychoplastogens.editorial.checks import Problem, warning
from psychoplastogens.editorial.models import OldAddress
from psychoplastogens.editorial.rules import Rule
from psychoplastogens.evidence.links import lists_addresses
from psychoplastogens.evidence.models import LinkCheck

_HREF = re.compile(r'<a href="([^"]*)"')
_MAY_LINK = re.compile(r"\]\(|<https?:|<mailto:")


def links_in(text: str) -> list[str]:
    """The addresses that the links in a prose text lead to, as browsers get them."""
    if not _MAY_LINK.search(text):
        return []
    return [unescape(address) for address in _HREF.findall(prose.skeleton(text))]


@lists_addresses
def addresses_in_prose() -> Iterator[str]:
    for model in apps.get_models():
        if issubclass(model, Written):
            for texts in model.objects.values_list(*prose_fields(model)):
                for text in filter(None, texts):
                    yield from (link for link in links_in(text) if _is_outside(link))


def _is_outside(link: str) -> bool:
    return link.startswith(("https://", "http://"))


def dead(page: Page) -> Iterator[Problem]:
    """Links that do not answer, and links into this site that lead to no page."""
    links = [(passage.field, link) for passage in page.prose for link in links_in(passage.text)]
    yield from _outside([(field, link) for field, link in links if _is_outside(link)])
    yield from _inside([(field, link) for field, link in links if link.startswith("/")])


def _outside(links: list[tuple[str, str]]) -> Iterator[Problem]:
    if not links:
        return
    broken = LinkCheck.objects.of({link for _, link in links}).broken()
    known = {link.address: link for link in broken}
    for field, link in links:
        if link in known:
            message = f"{known[link].problem} {known[link].suggested_fix}"
            yield warning(Rule.LINKS, field, message, link)


def _inside(links: list[tuple[str, str]]) -> Iterator[Problem]:
    if not links:
        return
    there = {path for path, _ in feeds.addresses()}
    lost = [(field, link) for field, link in links if _page_of(link) not in there]
    slugs = {slug for _, link in lost for slug in _page_of(link).split("/") if slug}
    renamed = set(OldAddress.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    for field, link in lost:
        if not renamed & set(_page_of(link).split("/")):
            message = "There is no published page at this address. Correct it, or publish the page."
            yield warning(Rule.LINKS, field, message, link)


def _page_of(link: str) -> str:
    """The page that a link into this site leads to: without its query, and not one in print."""
    return urlsplit(link).path.removesuffix("all/")
