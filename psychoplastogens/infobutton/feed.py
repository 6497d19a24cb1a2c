"""An answer as record systems read it: Atom, or the same as JSON (SOA guide, sections 4.2 and 4.4).

The JSON is made first, its members in the order that the schema of the Atom feed wants. The XML
is made from it, so the two cannot disagree: a text member is an attribute, `_value` is the text
of an element, a list is an element several times. Only the numbers of several subjects are left out
there: the schema does not know them, and their order says the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from psychoplastogens.content.changes import get_start_of_day
from psychoplastogens.content.schema_org import build_absolute_url
from psychoplastogens.delivery.characters import replace_invalid_xml_characters
from psychoplastogens.infobutton.answers import InfobuttonAnswer, Match
from psychoplastogens.infobutton.request_parsing import Criterion

FeedData = dict[str, Any]
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ATOM = "http://www.w3.org/2005/Atom"
PDF_CONTENT_TYPE = "application/pdf"
ATTRIBUTES = {"xsi": "xmlns:xsi", "base": "xml:base", "lang": "xml:lang"}
TAG_URI_YEAR = 2026
"""The year in the tags of entries (RFC 4151). It never changes, or every id would."""
# What would end a script element, or begin a tag, where a page holds the answer in itself.
SCRIPT_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>=&"}


def build_feed(answer: InfobuttonAnswer) -> FeedData:
    """The feed, all but `updated` the same for the same question and content."""
    with override(answer.language):
        feed: FeedData = {
            "xsi": XSI,
            "base": build_absolute_url("/"),
            "lang": answer.language,
            "title": _build_text(f"{settings.SITE_NAME} Connect"),
            "subtitle": _build_text(f"{settings.SITE_NAME} Connect{_describe_result(answer)}"),
            "author": {
                "name": {"_value": settings.SITE_NAME},
                "uri": {"_value": build_absolute_url("/")},
            },
            "updated": {"_value": ""},
            "category": _build_query_categories(answer),
            "id": {"_value": ""},
        }
        if not answer.pages:
            feed["link"] = [
                _build_link(reverse("search:search"), "related", _("Search"), answer.language)
            ]
            if other := answer.other_language:
                feed["link"].append(_build_link(other.address, "related", other.title, other.code))
        feed["entry"] = [_build_entry(match, answer) for match in answer.matches]
    feed["id"]["_value"] = f"urn:uuid:{answer.query.answer_id or _build_feed_uuid(feed)}"
    return {"feed": feed}


def with_timestamp(data: FeedData, now: datetime) -> FeedData:
    """`data` with the moment in which it is sent."""
    updated = {"_value": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    return {"feed": data["feed"] | {"updated": updated}}


def compute_feed_digest(data: FeedData, *form: str) -> str:
    """The same for two feeds of one form that differ only in id and the moment of sending."""
    said = {name: value for name, value in data["feed"].items() if name not in ("id", "updated")}
    return hashlib.sha256(json.dumps([said, *form]).encode()).hexdigest()[:32]


def get_last_modified(answer: InfobuttonAnswer) -> datetime | None:
    """When the newest page of the answer was last changed; None without a page."""
    days = [match.entry.updated for match in answer.matches]
    return get_start_of_day(max(days)) if days else None


def to_json(data: FeedData) -> str:
    return json.dumps(data, separators=(",", ":")).translate(SCRIPT_ESCAPES)


_NUMBERED_SCHEME = re.compile(r"(mainSearchCriteria\.v\.[a-z]+)[1-9]")


def to_xml(data: FeedData, indented: bool = False) -> bytes:
    root = ElementTree.Element("feed", {"xmlns": ATOM})
    _fill_element(root, data["feed"])
    if indented:
        ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _fill_element(element: ElementTree.Element, members: FeedData) -> None:
    for name, value in members.items():
        if name == "_value":
            element.text = replace_invalid_xml_characters(value)
        elif isinstance(value, str):
            if name == "scheme":
                value = _NUMBERED_SCHEME.sub(r"\1", value)
            element.set(ATTRIBUTES.get(name, name), replace_invalid_xml_characters(value))
        else:
            for one in value if isinstance(value, list) else [value]:
                _fill_element(ElementTree.SubElement(element, name), one)


def _build_text(value: str, kind: str = "text") -> FeedData:
    return {"_value": value, "type": kind}


def _describe_result(answer: InfobuttonAnswer) -> str:
    """What a subtitle says: " results for ICD-10-CM F33.2", ": no page for ...", and so on."""
    criteria = answer.query.criteria
    subjects = ", ".join(dict.fromkeys(filter(None, map(_describe_criterion, criteria))))
    if answer.pages:
        return " " + _("results for %s") % (subjects or _("your words"))
    if any(asked.sent_system and not asked.system for asked in criteria):
        return ": " + _("code system not supported")
    return ": " + _("no page for %s") % (subjects or _("your words"))


def _describe_criterion(asked: Criterion) -> str:
    if not asked.system:
        return asked.sent_code
    return f"{asked.system.label or asked.system.name} {asked.code or asked.sent_code}".strip()


def _build_query_categories(answer: InfobuttonAnswer) -> list[FeedData]:
    """What of the question was used, by the names of its parameters; nothing of a person."""
    query = answer.query
    pairs = []
    for asked in query.criteria:
        system = asked.sent_system
        if query.has_short_names and asked.system:
            system = asked.system.short
        if asked.text:
            pairs.append((f"mainSearchCriteria.v.ot{asked.suffix}", asked.text))
        if not asked.text or asked.sent_code or asked.name:
            pairs += _build_criterion_pairs(asked.sent_code, system, asked.name, asked.suffix)
    if query.task:
        pairs.append(("taskContext.c.c", query.task))
    if query.subtopic:
        code, system = query.sent_subtopic
        pairs += [("subTopic.v.c", code), ("subTopic.v.cs", system)]
    pairs.append(("informationRecipient", query.recipient))
    if query.languages:
        pairs.append(("informationRecipient.languageCode.c", answer.language))
    return [{"scheme": scheme, "term": term} for scheme, term in pairs]


def _build_criterion_pairs(
    code: str, system: str, name: str, suffix: str = ""
) -> list[tuple[str, str]]:
    return [
        (f"mainSearchCriteria.v.{part}{suffix}", term)
        for part, term in (("c", code), ("cs", system), ("dn", name))
    ]


def _build_entry(match: Match, answer: InfobuttonAnswer) -> FeedData:
    entry, reason = match.entry, match.reason
    system = reason.system.oid if reason.system else ""
    if answer.query.has_short_names and reason.system:
        system = reason.system.short
    by = _build_criterion_pairs(reason.code, system, reason.display) if reason.code else []
    pairs = [
        *by,
        ("informationRecipient", answer.query.recipient),
        ("relevanceScore", f"{reason.relevance:g}"),
    ]
    return {
        "lang": entry.language,
        "title": _build_text(entry.title),
        "link": _build_links(match),
        "id": {"_value": _build_entry_id(match)},
        "updated": {"_value": _format_day(entry.updated)},
        "summary": _build_text(entry.summary, "html"),
        "category": [{"scheme": scheme, "term": term} for scheme, term in pairs],
        "published": {"_value": _format_day(entry.published)},
    }


def _build_links(match: Match) -> list[FeedData]:
    """The page first, since clients open the first link; then it to print, and its sources."""
    entry = match.entry
    links = [_build_link(match.address, "alternate", entry.title, entry.language)]
    if entry.handout:
        shown = _("%(title)s, to print") % {"title": entry.title}
        links.append(
            _build_link(entry.handout, "alternate", shown, entry.language, PDF_CONTENT_TYPE)
        )
    return links + [
        _build_link(path, "via", title, entry.language) for title, path in entry.sources
    ]


def _build_link(path: str, rel: str, title: str, language: str, kind: str = "html") -> FeedData:
    return {
        "href": build_absolute_url(path),
        "rel": rel,
        "type": kind,
        "hreflang": language,
        "title": title,
    }


def _build_entry_id(match: Match) -> str:
    """An id that outlives new words and a new address (RFC 4151)."""
    host = urlsplit(settings.SITE_ORIGIN).hostname
    kind, key = match.entry.kind, match.entry.key
    return f"tag:{host},{TAG_URI_YEAR}:{kind}/{key}" if key else f"tag:{host},{TAG_URI_YEAR}:{kind}"


def _build_feed_uuid(feed: FeedData) -> str:
    """The same question has the same id, as Atom wants of a feed that is read again."""
    asked = json.dumps([feed["lang"], feed["category"]])
    return str(
        uuid5(NAMESPACE_URL, f"{build_absolute_url(reverse('infobutton:connect_service'))} {asked}")
    )


def _format_day(day: date) -> str:
    """The start of the day here (RFC 3339): its date is the one on the page."""
    return get_start_of_day(day).isoformat().replace("+00:00", "Z")
