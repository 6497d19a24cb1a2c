"""Asking as record systems do, and reading what they get."""

import json
from urllib.parse import urlencode
from xml.etree import ElementTree

from jsonschema import Draft202012Validator

SERVICE, APPLICATION = "/connect/service", "/connect/application"
ICD, SNOMED, RXNORM, MESH = (f"2.16.840.1.113883.6.{arc}" for arc in (90, 96, 88, 177))
ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
JSON = {"knowledgeResponseType": "application/json"}

# The order of the schema that comes with the SOA guide: an xs:sequence.
FEED = "title subtitle author updated category id link rights generator entry".split()
FEED += "contributor icon logo".split()
ENTRY = "title link id updated author contributor summary content category published".split()
ENTRY += "rights source".split()


# Those of the values that the schema allows which an answer of ours may hold.
SCHEMES = {
    *(f"mainSearchCriteria.v.{part}" for part in ("c", "cs", "dn", "ot")),
    *("subTopic.v.c", "subTopic.v.cs", "taskContext.c.c", "relevanceScore"),
    *("informationRecipient", "informationRecipient.languageCode.c"),
}


def criterion(code="", system=ICD, suffix="", **more):
    """The parameters of one subject: `criterion("F33", suffix=1, dn="Sorrow")`."""
    parts = {"c": code, "cs": system, **more}
    return {f"mainSearchCriteria.v.{part}{suffix}": value for part, value in parts.items() if value}


def ask(client, *parameters, address=SERVICE, **headers):
    """The answer to a GET with these parameters; each is a dict."""
    merged = {name: value for part in parameters for name, value in part.items()}
    return client.get(f"{address}?{urlencode(merged)}", headers=headers)


def feed_of(response):
    assert response.status_code == 200, response.content
    return json.loads(response.content)["feed"]


def titles(response):
    return [entry["title"]["_value"] for entry in feed_of(response)["entry"]]


def links(response):
    return [entry["link"][0]["href"] for entry in feed_of(response)["entry"]]


def categories(thing):
    return {category["scheme"]: category["term"] for category in thing["category"]}


def assert_in_order(element, order):
    """That an XML element's children stand in the order of a sequence, and are all of it."""
    names = [child.tag.removeprefix(ATOM) for child in element]
    assert names == sorted(names, key=order.index)


def sound_xml(response):
    """The feed in the answer, after everything that the schema says of it."""
    feed = ElementTree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    assert_in_order(feed, FEED)
    counts = [len(feed.findall(f"{ATOM}{name}")) for name in ("title", "updated", "id", "author")]
    assert counts == [1, 1, 1, 1]
    assert feed.get(XML_LANG)
    for entry in feed.findall(f"{ATOM}entry"):
        assert_in_order(entry, ENTRY)
        assert entry.get(XML_LANG)
        assert entry.findall(f"{ATOM}link")
    for link in feed.iter(f"{ATOM}link"):
        assert set(link.attrib) == {"href", "rel", "type", "hreflang", "title"}
    for category in feed.iter(f"{ATOM}category"):
        assert set(category.attrib) == {"scheme", "term"}
        assert category.get("scheme") in SCHEMES
    return feed


VALUE = {
    "type": "object",
    "properties": {"_value": {"type": "string"}, "type": {"enum": ["text", "html"]}},
    "required": ["_value"],
    "additionalProperties": False,
}
MOMENT = {
    "type": "object",
    "properties": {
        "_value": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
    },
    "required": ["_value"],
    "additionalProperties": False,
}


def _list_of(names):
    properties = {name: {"type": "string", "minLength": 1} for name in names}
    if "term" in properties:
        properties["term"] = {"type": "string"}
    item = {"type": "object", "properties": properties, "required": list(names)}
    return {"type": "array", "items": item | {"additionalProperties": False}}


LINKS = _list_of(("href", "rel", "type", "hreflang", "title"))
CATEGORIES = _list_of(("scheme", "term"))


def _object(properties, optional=()):
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


TEXT = {"type": "string", "minLength": 1}
SHAPE = _object(
    {
        "feed": _object(
            {
                "xsi": {"const": "http://www.w3.org/2001/XMLSchema-instance"},
                "base": {"type": "string", "pattern": "^https?://.*/$"},
                "lang": {"type": "string", "pattern": "^[a-z]{2}$"},
                "title": VALUE,
                "subtitle": VALUE,
                "author": _object({"name": VALUE, "uri": VALUE}),
                "updated": MOMENT,
                "category": CATEGORIES,
                "id": _object(
                    {"_value": {"type": "string", "pattern": "^urn:uuid:[0-9a-f-]{36}$"}}
                ),
                "link": LINKS,
                "entry": {
                    "type": "array",
                    "items": _object(
                        {
                            "lang": TEXT,
                            "title": VALUE,
                            "link": LINKS | {"minItems": 1},
                            "id": _object({"_value": {"type": "string", "pattern": "^tag:"}}),
                            "updated": MOMENT,
                            "summary": VALUE,
                            "category": CATEGORIES,
                            "published": MOMENT,
                        }
                    ),
                },
            },
            optional=("link",),
        )
    }
)
Draft202012Validator.check_schema(SHAPE)


def sound_json(data):
    """`data`, after it was found to have the shape that the SOA guide gives it (section 4.4)."""
    Draft202012Validator(SHAPE).validate(data)
    return data
