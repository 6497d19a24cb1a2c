"""CDS Hooks 2.0: a record system tells which chart or order is open and gets a card of links.

The request brings FHIR R4 resources along. Only codes and names of conditions, orders and medicines
are read of them; who the patient is, and where the record stands, is not. Nothing is asked back,
stored, counted or logged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psychoplastogens.content.schema_org import build_absolute_url
from psychoplastogens.infobutton.answers import InfobuttonAnswer, answer_query
from psychoplastogens.infobutton.request_parsing import (
    MAX_VALUE_LENGTHS,
    Criterion,
    InfobuttonError,
    InfobuttonQuery,
)

Resource = dict[str, Any]

MAX_RESOURCES, MAX_CODINGS = 200, 10
"""How many resources of a request are read, and how many codings of each."""
MAX_LINKS = 3
# Of a medicine a longer name may hold its name; a problem is only what is called so.
PROBLEMS, MEDICINES = "http://snomed.info/sct", ""
MAX_SUMMARY_LENGTH = 139
"""The specification wants fewer than 140 characters."""
CURRENT_CLINICAL_STATUSES = {"active", "recurrence", "relapse"}
DENIED_VERIFICATIONS = {"refuted", "entered-in-error"}
ENDED_STATUSES = {"cancelled", "entered-in-error", "stopped", "completed", "revoked", "not-taken"}


@dataclass(frozen=True)
class CdsService:
    """A service of ours: the hook that it answers, and what a record system sends along."""

    id: str
    hook: str
    title: str | Promise
    description: str | Promise
    prefetch: tuple[tuple[str, str], ...] = ()

    def describe(self) -> dict[str, Any]:
        described = {
            "hook": self.hook,
            "title": str(self.title),
            "description": str(self.description),
            "id": self.id,
        }
        return described | ({"prefetch": dict(self.prefetch)} if self.prefetch else {})


CDS_SERVICES = (
    CdsService(
        "patient-education",
        "patient-view",
        gettext_lazy("Pages for this patient"),
        gettext_lazy(
            "Links to pages about the conditions and medicines of the record, to hand out."
        ),
        (
            (
                "conditions",
                "Condition?patient={{context.patientId}}&clinical-status=active,recurrence,relapse",
            ),
            ("medications", "MedicationRequest?patient={{context.patientId}}&status=active"),
        ),
    ),
    CdsService(
        "order-education",
        "order-select",
        gettext_lazy("Pages about this order"),
        gettext_lazy("Links to pages about the medicine or treatment that is being ordered."),
    ),
)
CDS_SERVICES_BY_ID = {service.id: service for service in CDS_SERVICES}


def describe_services() -> dict[str, Any]:
    """The answer to discovery."""
    return {"services": [service.describe() for service in CDS_SERVICES]}


def answer_hook(service: CdsService, body: bytes) -> dict[str, Any]:
    """The cards for a request. Raises InfobuttonError where it cannot be read."""
    request = _parse_request(body)
    if request.get("hook") != service.hook:
        raise InfobuttonError(400, "wrong_hook", f"this service answers {service.hook}")
    resources = islice(_iter_resources(service, request), MAX_RESOURCES)
    criteria = [asked for resource in resources for asked in _iter_criteria(resource)]
    if not criteria:
        return {"cards": []}
    return {"cards": _build_cards(answer_query(InfobuttonQuery(tuple(dict.fromkeys(criteria)))))}


def _parse_request(body: bytes) -> Resource:
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        raise InfobuttonError(400, "unreadable", "send JSON in UTF-8") from None
    if not isinstance(request, dict):
        raise InfobuttonError(400, "unreadable", "send a JSON object")
    return request


def _build_cards(answer: InfobuttonAnswer) -> list[dict[str, Any]]:
    """One card with one to three links, who to call first where the record speaks of suicide."""
    matches = answer.matches[:MAX_LINKS]
    if not matches:
        return []
    titles = ", ".join(match.entry.title for match in matches)
    summary = _("To hand out: %s") % titles
    if len(summary) > MAX_SUMMARY_LENGTH:
        summary = f"{summary[: MAX_SUMMARY_LENGTH - 1]}…"
    links = [
        {"label": match.entry.title, "url": build_absolute_url(match.address), "type": "absolute"}
        for match in matches
    ]
    source = {"label": settings.SITE_NAME, "url": build_absolute_url("/")}
    return [{"summary": summary, "indicator": "info", "source": source, "links": links}]


def _iter_resources(service: CdsService, request: Resource) -> Iterator[Resource]:
    """What the record says now: nothing that was refuted, or that has ended."""
    found: Iterator[Resource] = _iter_selected_orders(_get_dict(request, "context"))
    if service.hook == "patient-view":
        parts = _get_dict(request, "prefetch").values()
        found = (resource for part in parts for resource in _unpack(part))
    return filter(_is_current, found)


def _iter_selected_orders(context: Resource) -> Iterator[Resource]:
    selected = {text for text in _get_list(context, "selections") if isinstance(text, str)}
    for order in _unpack(context.get("draftOrders")):
        if f"{order.get('resourceType')}/{order.get('id')}" in selected:
            yield order


def _unpack(part: Any) -> Iterator[Resource]:
    """The resources of a Bundle, or a resource that came alone."""
    if not isinstance(part, dict):
        return
    if part.get("resourceType") != "Bundle":
        yield part
        return
    for entry in _get_list(part, "entry"):
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            yield entry["resource"]


def _is_current(resource: Resource) -> bool:
    if resource.get("doNotPerform") or str(resource.get("status")) in ENDED_STATUSES:
        return False
    verified = _get_codes(resource, "verificationStatus")
    clinical = _get_codes(resource, "clinicalStatus")
    if verified & DENIED_VERIFICATIONS:
        return False
    return not clinical or bool(clinical & CURRENT_CLINICAL_STATUSES)


def _get_codes(resource: Resource, name: str) -> set[str]:
    codings = _get_list(_get_dict(resource, name), "coding")
    return {str(coding.get("code")) for coding in codings if isinstance(coding, dict)}


def _iter_criteria(resource: Resource) -> Iterator[Criterion]:
    """The subjects of a resource: its code, or the medicine that it names or holds."""
    kind = resource.get("resourceType")
    if kind in ("Condition", "ServiceRequest"):
        yield from _iter_codings(_get_dict(resource, "code"), PROBLEMS)
    elif kind in ("MedicationRequest", "MedicationStatement"):
        yield from _iter_codings(_get_dict(resource, "medicationCodeableConcept"), MEDICINES)
        reference = _get_dict(resource, "medicationReference").get("reference")
        for contained in _get_list(resource, "contained"):
            if isinstance(contained, dict) and reference == f"#{contained.get('id')}":
                yield from _iter_codings(_get_dict(contained, "code"), MEDICINES)


def _iter_codings(concept: Resource, named_in: str) -> Iterator[Criterion]:
    """Each coding of a concept, then its text as a name without a code."""
    for coding in _get_list(concept, "coding")[:MAX_CODINGS]:
        if isinstance(coding, dict):
            code, system = _get_text(coding, "code", "c"), _get_text(coding, "system", "cs")
            name = _get_text(coding, "display", "dn")
            if system and (code or name):
                yield Criterion("", code, system, name)
    if text := _get_text(concept, "text", "dn"):
        yield Criterion("", "", named_in, text)


def _get_dict(thing: Resource, name: str) -> Resource:
    value = thing.get(name)
    return value if isinstance(value, dict) else {}


def _get_list(thing: Resource, name: str) -> list[Any]:
    value = thing.get(name)
    return value if isinstance(value, list) else []


def _get_text(thing: Resource, name: str, part: str) -> str:
    """The text of a member; '' for none and for one that is too long to be a code or a name."""
    value = thing.get(name)
    return value if isinstance(value, str) and len(value) <= MAX_VALUE_LENGTHS[part] else ""
