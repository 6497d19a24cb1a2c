"""One address of each kind that anybody may ask for, for tests of the whole site.

`ONE_OF_EACH` must name every view but those of staff: tests/test_planted_words.py fails where one
is missing. The addresses are those of the starter content.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.urls import URLResolver, get_resolver, resolve

from tests import test_every_page as table

EXTRA_URLS = [
    *("/explainers/the-day-of-your-treatment/all/", "/how-ketamine-works/new-spines/"),
    *("/explainers/the-day-of-your-treatment/going-home/", "/conditions/ptsd/"),
    *("/compounds/ketamine/numbers/", "/questions/antidepressants/", "/search/fragment/?q=sleep"),
    *("/search/suggestions/fragment/?q=sleep", "/sitemap-content.xml", "/favicon.ico", "/metrics"),
    *("/questions/antidepressants/handout.pdf", "/s/7kr4h/", "/c/oakside/before/handout.pdf"),
    *(
        "/clinics/hand-out/?p=4vc64d",
        "/list/4vc64d/hand-out/email/",
        "/list/4vc64d/hand-out/qr.svg",
    ),
    "/how-ketamine-works/picture/fragment/?state=lock",
    *("/embed/how-ketamine-works/", "/embed/how-ketamine-works/new-spines/", "/c/"),
    "/decide/ketamine-for-depression/handout.pdf",
    *("/list/4vc64d/handout/clinic/", "/questions/antidepressants/handout/clinic/"),
    *("/compounds/ketamine/handout/clinic/", "/conditions/ptsd/handout/clinic/"),
    *("/explainers/for-families/handout/clinic/", "/how-ketamine-works/handout/clinic/"),
    *("/decide/ketamine-for-depression/handout/clinic/", "/list/4vc64d/visit/"),
    *("/list/4vc64d/hand-out/labels.pdf", "/for-clinics/join/", "/for-clinics/join/none/"),
    *("/for-clinics/invited/none/", "/c/oakside/logo/1b4e28ba-2fa1-41d2-883f-0016d3cca427.png"),
    *("/es/", "/es/none/"),
    *("/list/4vc64d/hand-out/short-link/", "/c/oakside/before/visit/"),
    "/compounds/ketamine/handout/copies/",
    *("/questions/antidepressants/handout/copies/", "/conditions/ptsd/handout/copies/"),
    *("/explainers/for-families/handout/copies/", "/how-ketamine-works/handout/copies/"),
    "/decide/ketamine-for-depression/handout/copies/",
    "/embed/explainers/the-day-of-your-treatment/going-home/",
    "/connect/service?mainSearchCriteria.v.c=F33&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90",
    "/connect/application?mainSearchCriteria.v.dn=ketamine",
    *("/cds-services", "/cds-services/patient-education", "/cds-services/order-education"),
]
PRIVATE_PREFIXES = ("admin/", "review/")


def iter_public_views(resolver: URLResolver | None = None, before: str = "") -> Iterator[Callable]:
    """Every view of the site but those of staff and of clinicians who review."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = before + str(entry.pattern)
        if path.startswith(PRIVATE_PREFIXES):
            continue
        if isinstance(entry, URLResolver):
            yield from iter_public_views(entry, path)
        else:
            yield entry.callback


def map_views_to_urls() -> dict[Callable, str]:
    """{view: an address of it with the query that it needs}."""
    addresses = [*EXTRA_URLS, *table.EVERYTHING, *table.HANDOUTS]
    return {resolve(urlsplit(address).path).func: address for address in reversed(addresses)}
