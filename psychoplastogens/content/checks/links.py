"""Do the links in the texts lead somewhere? Other sites are asked by `manage.py check_links`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.apps import apps

from psychoplastogens.content import sitemaps
from psychoplastogens.content.checks.checked_page import CheckedPage
from psychoplastogens.content.models.prose_model import ProseModel, get_prose_fields
from psychoplastogens.content.rendering import markdown
from psychoplastogens.editorial.models import OldAddress
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.editorial.workflow.checks import Problem, warning
from psychoplastogens.evidence.link_checker import address_provider
from psychoplastogens.evidence.models import LinkCheck

_MAY_LINK = re.compile(r"\]\(|<https?:|<mailto:")


def get_link_targets(text: str) -> list[str]:
    """The targets of the links in a prose text, as rendered."""
    if not _MAY_LINK.search(text):
        return []
    parts = (part for token in markdown.parse(text) for part in token.children or ())
    targets = [str(part.attrs["href"]) for part in parts if part.type == "link_open"]
    return [link for link in targets if urlsplit(link).scheme in {"", *markdown.URL_SCHEMES}]


@address_provider
def iter_prose_addresses() -> Iterator[str]:
    for model in apps.get_models():
        if issubclass(model, ProseModel):
            for texts in model._default_manager.values_list(*get_prose_fields(model)):
                for text in filter(None, texts):
                    yield from (link for link in get_link_targets(text) if _is_outside(link))


def _is_outside(link: str) -> bool:
    return link.startswith(("https://", "http://"))


def check_dead_links(page: CheckedPage) -> Iterator[Problem]:
    """External links that are broken, and internal links to no page."""
    links = [
        (passage.field, link) for passage in page.prose for link in get_link_targets(passage.text)
    ]
    yield from _check_external_links([(field, link) for field, link in links if _is_outside(link)])
    yield from _check_internal_links(
        [(field, link) for field, link in links if link.startswith("/")]
    )


def _check_external_links(links: list[tuple[str, str]]) -> Iterator[Problem]:
    if not links:
        return
    broken = LinkCheck.objects.for_addresses({link for _, link in links}).broken()
    known = {link.address: link for link in broken}
    for field, link in links:
        if link in known:
            message = f"{known[link].problem} {known[link].suggested_fix}"
            yield warning(CheckRule.LINKS, field, message, link)


def _check_internal_links(links: list[tuple[str, str]]) -> Iterator[Problem]:
    if not links:
        return
    there = sitemaps.get_listed_paths()
    lost = [(field, link) for field, link in links if _get_page_path(link) not in there]
    slugs = {slug for _, link in lost for slug in _get_page_path(link).split("/") if slug}
    renamed = set(OldAddress.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    for field, link in lost:
        if not renamed & set(_get_page_path(link).split("/")):
            message = "There is no published page at this address. Correct it, or publish the page."
            yield warning(CheckRule.LINKS, field, message, link)


def _get_page_path(link: str) -> str:
    """The path of the page that an internal link leads to, without query, and not of its PDF."""
    return urlsplit(link).path.removesuffix("all/")
