from django import template
from django.utils.html import format_html, format_html_join

from psychoplastogens.editorial.drafts.text_diff import SegmentKind
from psychoplastogens.editorial.review.cited_sources import CitedSource, get_cited_slug

register = template.Library()


@register.simple_tag
def get_change(board, row, difference, number):
    """The change that is hunk `number` of a field on a CommentBoard, or None."""
    return board.get_change(row, difference, number)


@register.simple_tag
def get_rest(board, row, difference):
    """The threads about a field that stand beside none of its changes."""
    return board.rest[row.key, difference.attribute]


@register.simple_tag
def has_comments(board, key, fields):
    """Whether anything was said, or is being typed, about one of these fields of a row."""
    attributes = {field.attribute for field in fields}
    changes = [one for one in board.changes.values() if one.row_id == key] if board else []
    said = [one for one in changes if one.attribute in attributes]
    beside = any(one.threads or (one.form and one.form.is_bound) for one in said)
    return beside or bool(board and any(board.rest.get((key, name)) for name in attributes))


@register.simple_tag
def show_segment(segment, cited):
    """A piece of a text: what changed has its marks, and a citation leads to its source.

    `cited` holds the sources by slug, or is empty where a page names none.
    """
    is_same = segment.kind == SegmentKind.EQUAL
    pieces = ((_show_piece(text, mark, is_same, cited),) for text, mark in segment.pieces)
    return format_html_join("", "{}", pieces)


def _show_piece(text: str, mark: str, is_same: bool, cited: dict[str, CitedSource]):
    is_marked = mark and not is_same
    shown = format_html('<mark class="is-{}">{}</mark>', mark, text) if is_marked else text
    source = cited.get(get_cited_slug(text)) if cited and mark == "citation" else None
    if source is None or not source.address:
        return shown
    return format_html(
        '<a href="{}" target="_blank" rel="noopener noreferrer" title="{}">{}</a>',
        *(source.address, source.label, shown),
    )
