"""Structured data (schema.org, JSON-LD) of walkthroughs."""

from __future__ import annotations

from psychoplastogens.content.pages import Prose
from psychoplastogens.content.structured import Data, absolute, breadcrumbs, graph, web_page
from psychoplastogens.walkthrough.models import Step, Walkthrough


def walkthrough(record: Walkthrough, prose: Prose) -> Data:
    page = web_page(record, prose, description=record.summary)
    return graph(page, breadcrumbs((record.title, record.get_absolute_url())))


def step(record: Walkthrough, part: Step, prose: Prose) -> Data:
    path = part.get_absolute_url()
    page = web_page(record, prose, name=part.title, url=absolute(path))
    way = breadcrumbs((record.title, record.get_absolute_url()), (part.title, path))
    return graph(page, way)
