"""Trying the service on a page: the address that a record system would ask, and what it gets.

Only choices and sound codes are taken from the form and shown again: no request can put words of
its own onto a page of ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psychoplastogens.content.structured import absolute
from psychoplastogens.lookup.infobutton import answer, feed, subtopics
from psychoplastogens.lookup.infobutton.question import JSON, XML, Parameters, read
from psychoplastogens.lookup.infobutton.systems import BY_KEY, SYSTEMS

FIELDS = ("system", "code", "subtopic", "reader", "type")
READERS = {"PAT": gettext_lazy("The patient"), "PROV": gettext_lazy("A clinician")}
TYPES = {XML: "Atom XML", JSON: "JSON"}


@dataclass(frozen=True)
class Trial:
    """What was chosen, and what came of it. Without a code nothing was asked yet.

    `problem` is a sentence; `service` and `application` are whole addresses; `answer` is the body
    of the answer in readable lines.
    """

    system: str
    code: str
    subtopic: str
    reader: str
    type: str
    problem: str = ""
    service: str = ""
    application: str = ""
    answer: str = ""

    @property
    def systems(self):
        return SYSTEMS

    @property
    def subtopics(self):
        return subtopics.SUBTOPICS

    @property
    def readers(self):
        return READERS.items()

    @property
    def types(self):
        return TYPES.items()


def of(chosen: Mapping[str, str]) -> Trial:
    """What the fields of the form ask for."""
    system = BY_KEY.get(chosen.get("system", ""), SYSTEMS[0])
    typed = chosen.get("code", "").strip()
    code = system.normal(typed)
    settled = {
        "system": system.key,
        "code": code if system.is_sound(code) else "",
        "subtopic": chosen["subtopic"] if chosen.get("subtopic") in subtopics.BY_KEY else "",
        "reader": chosen["reader"] if chosen.get("reader") in READERS else "PAT",
        "type": chosen["type"] if chosen.get("type") in TYPES else XML,
    }
    if not settled["code"]:
        example = {"system": system.name, "example": system.example}
        problem = _("That is no code of %(system)s: they look like %(example)s.") % example
        return Trial(**settled, problem=problem if typed else "")
    asked = {"mainSearchCriteria.v.cs": system.oid, "mainSearchCriteria.v.c": code}
    if settled["subtopic"]:
        key, value = subtopics.BY_KEY[settled["subtopic"]].codes[0]
        asked |= {"subTopic.v.cs": BY_KEY[key].oid, "subTopic.v.c": value}
    asked["informationRecipient"] = settled["reader"]
    service = asked | {"knowledgeResponseType": settled["type"]}
    return Trial(
        **settled,
        service=_address("lookup:connect_service", service),
        application=_address("lookup:connect_application", asked),
        answer=readable(answer.to(read(Parameters.of(asked.items()))), settled["type"]),
    )


def _address(name: str, asked: Mapping[str, str]) -> str:
    return f"{absolute(reverse(name))}?{urlencode(asked, safe='/')}"


def readable(answered: answer.Answer, kind: str) -> str:
    """The answer in lines, as if it were sent at the first moment of today."""
    today = datetime.combine(timezone.localdate(), time.min, timezone.get_default_timezone())
    data = feed.stamped(feed.of(answered), today)
    if kind == JSON:
        return json.dumps(data, indent=2, ensure_ascii=False)
    return feed.as_xml(data, indented=True).decode()
