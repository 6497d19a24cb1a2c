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

from psychoplastogens.content.schema_org import build_absolute_url
from psychoplastogens.infobutton import answers, feed, subtopics
from psychoplastogens.infobutton.code_systems import CODE_SYSTEMS, CODE_SYSTEMS_BY_KEY
from psychoplastogens.infobutton.request_parsing import JSON, XML, Parameters, parse_query

SANDBOX_FIELDS = ("system", "code", "subtopic", "reader", "type")
RECIPIENT_NAMES = {"PAT": gettext_lazy("The patient"), "PROV": gettext_lazy("A clinician")}
RESPONSE_TYPES = {XML: "Atom XML", JSON: "JSON"}


@dataclass(frozen=True)
class SandboxResult:
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
        return CODE_SYSTEMS

    @property
    def subtopics(self):
        return subtopics.SUBTOPICS

    @property
    def readers(self):
        return RECIPIENT_NAMES.items()

    @property
    def types(self):
        return RESPONSE_TYPES.items()


def run_sandbox(chosen: Mapping[str, str]) -> SandboxResult:
    """What the fields of the form ask for."""
    system = CODE_SYSTEMS_BY_KEY.get(chosen.get("system", ""), CODE_SYSTEMS[0])
    typed = chosen.get("code", "").strip()
    code = next(iter(system.read_codes(typed)), "")
    settled = {
        "system": system.key,
        "code": code,
        "subtopic": chosen["subtopic"]
        if chosen.get("subtopic") in subtopics.SUBTOPICS_BY_KEY
        else "",
        "reader": chosen["reader"] if chosen.get("reader") in RECIPIENT_NAMES else "PAT",
        "type": chosen["type"] if chosen.get("type") in RESPONSE_TYPES else XML,
    }
    if not settled["code"]:
        example = {"system": system.name, "example": system.example}
        problem = _("That is no code of %(system)s: they look like %(example)s.") % example
        return SandboxResult(**settled, problem=problem if typed else "")
    asked = {"mainSearchCriteria.v.cs": system.oid, "mainSearchCriteria.v.c": code}
    if settled["subtopic"]:
        key, value = subtopics.SUBTOPICS_BY_KEY[settled["subtopic"]].codes[0]
        asked |= {"subTopic.v.cs": CODE_SYSTEMS_BY_KEY[key].oid, "subTopic.v.c": value}
    asked["informationRecipient"] = settled["reader"]
    service = asked | {"knowledgeResponseType": settled["type"]}
    return SandboxResult(
        **settled,
        service=_build_url("infobutton:connect_service", service),
        application=_build_url("infobutton:connect_application", asked),
        answer=format_answer(
            answers.answer_query(parse_query(Parameters.from_pairs(asked.items()))), settled["type"]
        ),
    )


def _build_url(name: str, asked: Mapping[str, str]) -> str:
    return f"{build_absolute_url(reverse(name))}?{urlencode(asked, safe='/')}"


def format_answer(answered: answers.InfobuttonAnswer, kind: str) -> str:
    """The answer in lines, as if it were sent at the first moment of today."""
    today = datetime.combine(timezone.localdate(), time.min, timezone.get_default_timezone())
    data = feed.with_timestamp(feed.build_feed(answered), today)
    if kind == JSON:
        return json.dumps(data, indent=2, ensure_ascii=False)
    return feed.to_xml(data, indented=True).decode()
