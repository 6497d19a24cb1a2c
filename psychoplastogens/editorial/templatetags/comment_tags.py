from django import template

register = template.Library()


@register.simple_tag
def get_change(board, row, difference, number):
    """The change that is hunk `number` of a field on a CommentBoard, or None."""
    return board.get_change(row, difference, number)


@register.simple_tag
def get_rest(board, row, difference):
    """The threads about a field that stand beside none of its changes."""
    return board.rest[row.key, difference.attribute]
