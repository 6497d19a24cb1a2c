"""An answer as record systems read it: Atom, or the same as JSON (SOA guide, sections 4.2 and 4.4).

The JSON is made first, its members in the order that the schema of the Atom feed wants. The XML
is made from it, so the two cannot disagree: a text member is an attribute, `_value` is the text
of an element, a list is an element several times.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from psychoplastogens.content.structured import absolute
from psychoplastogens.delivery.xml import in_xml
from psychoplastogens.lookup.infobutton.answer import Answer, Match
from psychoplastogens.lookup.infobutton.question import Criterion

Data = dict[str, Any]
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ATOM = "http://www.w3.org/2005/Atom"
PDF = "application/pdf"
ATTRIBUTES = {"xsi": "xmlns:xsi", "base": "xml:base", "lang": "xml:lang"}
MINTED_IN = 2026
"""The year in the tags of entries (RFC 4151). It never changes, or every id would."""
# What would end a script element, or begin a tag, where a page holds the answer in itself.
IN_SCRIPT = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>=&"}


def of(answer: Answer) -> Data:
    """The feed, all but `updated` the same for the same question and content."""
    with override(answer.language):
        feed = {
            "xsi": XSI,
            "base": absolute("/"),
            "lang": answer.language,
            "title": _text(f"{settings.SITE_NAME} Connect"),
            "subtitle": _text(f"{settings.SITE_NAME} Connect{_about(answer)}"),
            "author": {"name": {"_value": settings.SITE_NAME}, "uri": {"_value": absolute("/")}},
            "updated": {"_value": ""},
            "category": _categories_of_question(answer),
            "id": {"_value": ""},
        }
        if not answer.pages:
            feed["link"] = [
                _link(reverse("lookup:search"), "related", _("Search"), answer.language)
            ]
        feed["entry"] = [_entry(match, answer) for match in answer.matches]
    feed["id"]["_value"] = f"urn:uuid:{answer.question.answer_id or _minted(feed)}"
    return {"feed": feed}


def stamped(data: Data, now: datetime) -> Data:
    """`data` with the moment in which it is sent."""
    updated = {"_value": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    return {"feed": data["feed"] | {"updated": updated}}


def fingerprint(data: Data, *form: str) -> str:
    """The same for two feeds of one form that differ only in id and the moment of sending."""
    said = {name: value for name, value in data["feed"].items() if name not in ("id", "updated")}
    return hashlib.sha256(json.dumps([said, *form]).encode()).hexdigest()[:32]


def newest(answer: Answer) -> datetime | None:
    """When the newest page of the answer was last changed; None without a page."""
    days = [match.entry.updated for match in answer.matches]
    return datetime.combine(max(days), time.min, UTC) if days else None


def as_json(data: Data) -> str:
    return json.dumps(data, separators=(",", ":")).translate(IN_SCRIPT)


def as_xml(data: Data, indented: bool = False) -> bytes:
    root = ElementTree.Element("feed", {"xmlns": ATOM})
    _fill(root, data["feed"])
    if indented:
        ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _fill(element: ElementTree.Element, members: Data) -> None:
    for name, value in members.items():
        if name == "_value":
            element.text = in_xml(value)
        elif isinstance(value, str):
            element.set(ATTRIBUTES.get(name, name), in_xml(value))
        else:
            for one in value if isinstance(value, list) else [value]:
                _fill(ElementTree.SubElement(element, name), one)


def _text(value: str, kind: str = "text") -> Data:
    return {"_value": value, "type": kind}


def _about(answer: Answer) -> str:
    """What a subtitle says: " results for ICD-10-CM F33.2", ": no page for ...", and so on."""
    criteria = answer.question.criteria
    subjects = ", ".join(dict.fromkeys(filter(None, map(_subject, criteria))))
    if answer.pages:
        return " " + _("results for %s") % (subjects or _("your words"))
    if any(asked.sent_system and not asked.system for asked in criteria):
        return ": " + _("code system not supported")
    return ": " + _("no page for %s") % (subjects or _("your words"))


def _subject(asked: Criterion) -> str:
    if not asked.system:
        return asked.sent_code
    return f"{asked.system.label or asked.system.name} {asked.code or asked.sent_code}".strip()


def _categories_of_question(answer: Answer) -> list[Data]:
    """What of the question was used, by the names of its parameters; nothing of a person."""
    question = answer.question
    pairs = []
    for asked in question.criteria:
        system = asked.sent_system
        if question.has_short_names and asked.system:
            system = asked.system.short
        if asked.text:
            pairs.append((f"mainSearchCriteria.v.ot{asked.suffix}", asked.text))
        if not asked.text or asked.sent_code or asked.name:
            pairs += _criterion(asked.sent_code, system, asked.name, asked.suffix)
    if question.task:
        pairs.append(("taskContext.c.c", question.task))
    if question.subtopic:
        code, system = question.sent_subtopic
        pairs += [("subTopic.v.c", code), ("subTopic.v.cs", system)]
    pairs.append(("informationRecipient", question.recipient))
    if question.languages:
        pairs.append(("informationRecipient.languageCode.c", answer.language))
    return [{"scheme": scheme, "term": term} for scheme, term in pairs]


def _criterion(code: str, system: str, name: str, suffix: str = "") -> list[tuple[str, str]]:
    return [
        (f"mainSearchCriteria.v.{part}{suffix}", term)
        for part, term in (("c", code), ("cs", system), ("dn", name))
    ]


def _entry(match: Match, answer: Answer) -> Data:
    entry, reason = match.entry, match.reason
    system = reason.system.oid if reason.system else ""
    if answer.question.has_short_names and reason.system:
        system = reason.system.short
    by = _criterion(reason.code, system, reason.display) if reason.code else []
    pairs = [
        *by,
        ("informationRecipient", answer.question.recipient),
        ("relevanceScore", f"{reason.relevance:g}"),
    ]
    return {
        "lang": entry.language,
        "title": _text(entry.title),
        "link": _links(match),
        "id": {"_value": _tag(match)},
        "updated": {"_value": _midnight(entry.updated)},
        "summary": _text(entry.summary, "html"),
        "category": [{"scheme": scheme, "term": term} for scheme, term in pairs],
        "published": {"_value": _midnight(entry.published)},
    }


def _links(match: Match) -> list[Data]:
    """The page first, since clients open the first link; then it to print, and its sources."""
    entry = match.entry
    links = [_link(match.address, "alternate", entry.title, entry.language)]
    if entry.handout:
        shown = _("%(title)s, to print") % {"title": entry.title}
        links.append(_link(entry.handout, "alternate", shown, entry.language, PDF))
    return links + [_link(path, "via", title, entry.language) for title, path in entry.sources]


def _link(path: str, rel: str, title: str, language: str, kind: str = "html") -> Data:
    return {
        "href": absolute(path),
        "rel": rel,
        "type": kind,
        "hreflang": language,
        "title": title,
    }


def _tag(match: Match) -> str:
    """An id that outlives new words and a new address (RFC 4151)."""
    host = urlsplit(settings.SITE_ORIGIN).hostname
    kind, key = match.entry.kind, match.entry.key
    return f"tag:{host},{MINTED_IN}:{kind}/{key}" if key else f"tag:{host},{MINTED_IN}:{kind}"


def _minted(feed: Data) -> str:
    """The same question has the same id, as Atom wants of a feed that is read again."""
    asked = json.dumps([feed["lang"], feed["category"]])
    return str(uuid5(NAMESPACE_URL, f"{absolute(reverse('lookup:connect_service'))} {asked}"))


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
