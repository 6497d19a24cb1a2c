"""Structured data (schema.org, JSON-LD) of walkthroughs."""

from __future__ import annotations

from psychoplastogens.content.schema_org import (
    JsonLd,
    build_absolute_url,
    build_breadcrumbs,
    build_graph,
    describe_web_page,
)
from psychoplastogens.walkthrough.models import Step, Walkthrough


def describe_walkthrough(record: Walkthrough) -> JsonLd:
    page = describe_web_page(record, description=record.summary)
    return build_graph(page, build_breadcrumbs((record.title, record.get_absolute_url())))


def describe_step(record: Walkthrough, part: Step) -> JsonLd:
    path = part.get_absolute_url()
    page = describe_web_page(record, name=part.title, url=build_absolute_url(path))
    way = build_breadcrumbs((record.title, record.get_absolute_url()), (part.title, path))
    return build_graph(page, way)
