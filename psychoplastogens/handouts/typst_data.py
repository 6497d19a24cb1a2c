"""Prose as plain data: from the same safe HTML as the pages to the JSON that handout.typ draws.

A block is {"kind": "text" | "heading" | "list" | "callout" | "quote" | "rule" | ..., ...}. What
stands in a line is a string or {"kind": "bold" | "emphasis" | "code" | "link" | "cite" | "break"}.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from psychoplastogens.content.models import STATUS_UNAVAILABLE
from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.rendering.prose_renderer import ProseRenderer
from psychoplastogens.content.schema_org import build_absolute_url
from psychoplastogens.evidence.models import Finding, Subject
from psychoplastogens.handouts import inline_svg

Block = dict[str, Any]
Inline = str | dict[str, Any]
INLINE_TAGS = ("strong", "em", "code", "a", "br", "i")
INLINE_KINDS = {"strong": "bold", "em": "emphasis", "code": "code"}


@dataclass(frozen=True)
class MarkdownText:
    """Markdown of a record. It stands in a list of blocks, where its blocks will be."""

    markdown: str


@dataclass(frozen=True)
class CitationMark:
    """The number of a source; it stands in a list of what is in a line."""

    slug: str
    seen: str = ""


@dataclass
class HtmlElement:
    """An element of the safe HTML: what is in it, in order."""

    tag: str
    attributes: dict[str, str]
    inside: list[HtmlElement | str] = field(default_factory=list)


class _HtmlTreeParser(HTMLParser):
    """The tree of the safe HTML of content.rendering.markdown, which is well formed."""

    EMPTY = ("br", "hr")

    def __init__(self, html: str):
        super().__init__()
        self.open = [HtmlElement("root", {})]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        element = HtmlElement(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in self.EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag):
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data):
        self.open[-1].inside.append(data)


def _is_inline(part: HtmlElement | str) -> bool:
    if isinstance(part, str):
        return bool(part.strip())
    return part.tag in INLINE_TAGS and part.attributes.get("data-form") != "block"


class TypstDataWriter:
    """Writes the texts of one handout, whose sources are those of `page`.

    `heading` is the level of headings in the texts; the title of the handout has none.
    """

    def __init__(self, page: ProseRenderer, heading: int):
        self.page = page
        self.heading = heading
        self._said = ""

    def blocks(self, text: str) -> list[Block]:
        root = _HtmlTreeParser(markdown.render_with_placeholders(text or "")).open[0]
        return list(self._blocks(root.inside))

    def cite(self, slug: str, seen: str = "") -> Inline:
        """The number of a source; '' where readers may not see it. `seen` as in the text."""
        number = self.page.numbers.get(slug)
        if not number:
            return ""
        again = bool(seen) and seen == self._said
        self._said = seen or self._said
        return {"kind": "cite", "number": number, "seen": seen, "again": again}

    def _blocks(self, parts: list[HtmlElement | str]) -> Iterator[Block]:
        line: list[HtmlElement | str] = []
        for part in parts:
            if _is_inline(part) or (line and isinstance(part, str)):
                line.append(part)
                continue
            if line:
                yield self._text(line)
                line = []
            if isinstance(part, HtmlElement):
                yield from self._block(part)
        if line:
            yield self._text(line)

    def _text(self, parts: list[HtmlElement | str]) -> Block:
        self._said = ""
        return {"kind": "text", "of": list(self._line(parts))}

    def _block(self, element: HtmlElement) -> Iterator[Block]:
        match element.tag:
            case "p":
                yield self._text(element.inside)
            case "h3":
                yield self._text(element.inside) | {"kind": "heading", "level": self.heading}
            case "ul" | "ol":
                yield self._list(element)
            case "blockquote":
                yield {"kind": "quote", "of": list(self._blocks(element.inside))}
            case "hr":
                yield {"kind": "rule"}
            case "aside":
                name, inside = element.attributes["data-callout"], self._blocks(element.inside)
                yield {"kind": "callout", "name": name, "of": list(inside)}
            case "i":
                yield from self._finding(element.attributes["data-finding"])
            case _:
                yield from self._blocks(element.inside)

    def _list(self, element: HtmlElement) -> Block:
        items = [part for part in element.inside if isinstance(part, HtmlElement)]
        start = element.attributes.get("start", "1")
        return {
            "kind": "list",
            "start": int(start[:6]) if element.tag == "ol" and start.isdigit() else None,
            "ordered": element.tag == "ol",
            "items": [list(self._blocks(item.inside)) for item in items],
        }

    def _line(self, parts: list[HtmlElement | str]) -> Iterator[Inline]:
        for part in parts:
            if isinstance(part, str):
                yield part.replace("\n", " ")
            elif part.tag == "br":
                yield {"kind": "break"}
            elif part.tag == "a":
                yield self._link(part)
            elif part.tag in INLINE_KINDS:
                yield {"kind": INLINE_KINDS[part.tag], "of": list(self._line(part.inside))}
            else:
                yield from self._marker(part)

    def _link(self, element: HtmlElement) -> Inline:
        """A link; one to another site with its address spelled out, where paper would hide it."""
        address, of = element.attributes.get("href", ""), list(self._line(element.inside))
        if address.startswith("/"):
            address = build_absolute_url(address)
        if not address.startswith(("https:", "http:", "mailto:", "tel:", "sms:")):
            return {"kind": "plain", "of": of}
        return {"kind": "link", "to": address, "of": of, "shown": _get_printed_url(address, of)}

    def _marker(self, element: HtmlElement) -> Iterator[Inline]:
        marks = element.attributes
        if "data-cite" in marks:
            yield self.cite(marks["data-cite"], marks.get("data-seen", ""))
        elif "data-finding" in marks:
            yield from self._number(marks["data-finding"], marks.get("data-form", ""))
        elif "data-status" in marks:
            yield from self._status(marks["data-status"])
        else:
            yield from self._line(element.inside)

    def _status(self, slug: str) -> Iterator[Inline]:
        status = self.page.statuses.get(slug)
        if not status:
            yield gettext(STATUS_UNAVAILABLE)
            return
        yield status.words
        yield self.cite(status.source.slug)

    def _number(self, slug: str, form: str) -> Iterator[Inline]:
        """A Finding in a sentence, as content.rendering.prose_renderer writes it."""
        finding = self.page.findings.get(slug)
        if not finding:
            return
        if form in ("treated", "compared"):
            yield getattr(finding, form)
            return
        yield finding.sentence
        yield self._cite_of(finding)

    def _cite_of(self, finding: Finding) -> Inline:
        seen = finding.subject if finding.subject != Subject.NONE else ""
        return self.cite(finding.source.slug, seen)

    def _finding(self, slug: str) -> Iterator[Block]:
        """A Finding as sentence, picture and table, all from the same record."""
        finding = self.page.findings.get(slug)
        if not finding:
            return
        self._said = ""
        colour = "warn" if finding.kind == Finding.Kind.HARM else "accent"
        kind = gettext("Harm") if finding.kind == Finding.Kind.HARM else gettext("Help")
        yield {
            "kind": "finding",
            "harm": finding.kind == Finding.Kind.HARM,
            "title": f"{kind}: {finding.name}",
            "sentence": [finding.sentence, self._cite_of(finding)],
            "arms": [_build_arm(arm, colour) for arm in finding.arms],
            "otherwise": f"{finding.otherwise} {finding.population}.",
            "certainty": f"{finding.get_certainty_display()}.",
            "reason": " ".join(
                filter(None, (finding.certainty_reason, finding.note, finding.source.paid_by))
            ),
        }


def _get_printed_url(address: str, of: list[Inline]) -> str:
    shown = address.partition("://")[2].rstrip("/")
    words = "".join(part for part in of if isinstance(part, str))
    return "" if address.startswith(settings.SITE_ORIGIN) or shown in words else shown


def _build_arm(arm: tuple[int, str, int, int | None], colour: str) -> dict[str, Any]:
    """One group of a Finding: drawn as 100 figures, and as a row of a table."""
    per_100, who, total, events = arm
    took_part = gettext("%(events)s of %(total)s people") if events is not None else None
    return {
        "count": gettext("%(count)s of 100") % {"count": per_100},
        "who": who,
        "people": (took_part or gettext("%(total)s people")) % {"events": events, "total": total},
        "svg": inline_svg.render_icon_array(per_100, colour),
        "alt": gettext("%(count)s of 100 figures are filled in") % {"count": per_100},
    }


def iter_markdown(tree: Any) -> Iterator[str]:
    """Every text in a tree of data, in reading order; a Cite as the text that would cite it."""
    match tree:
        case MarkdownText(markdown):
            yield markdown or ""
        case CitationMark(slug, seen):
            yield f"[^{slug}:{seen}]" if seen else f"[^{slug}]"
        case dict():
            for part in tree.values():
                yield from iter_markdown(part)
        case list():
            for part in tree:
                yield from iter_markdown(part)


def render_tree(tree: Any, writer: TypstDataWriter) -> Any:
    """`tree` with each Text and Cite in it written out."""
    match tree:
        case dict():
            return {name: render_tree(part, writer) for name, part in tree.items()}
        case list():
            return [one for part in tree for one in _render_list_item(part, writer)]
        case CitationMark(slug, seen):
            return writer.cite(slug, seen)
    return tree


def _render_list_item(part: Any, writer: TypstDataWriter) -> list[Any]:
    return (
        writer.blocks(part.markdown)
        if isinstance(part, MarkdownText)
        else [render_tree(part, writer)]
    )
