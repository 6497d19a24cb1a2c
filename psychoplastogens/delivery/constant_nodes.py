"""Words and addresses of templates that depend on the language alone: each is rendered once."""

from collections.abc import Callable

from django.template.base import Node, Template, TokenType, Variable
from django.template.defaulttags import URLNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.urls import get_script_prefix
from django.utils.translation import get_language


def keep_constant_nodes(template: Template) -> None:
    """Let each constant node of `template` remember what it rendered.

    A page shows a hundred of them, and each looks its words up in the catalogs of its language.
    """
    for kind, is_constant in CONSTANT_NODES.items():
        for node in template.nodelist.get_nodes_by_type(kind):
            if is_constant(node):
                node.render = KeptRender(node)  # type: ignore[method-assign]


class KeptRender:
    """The `render` of a node, called once for each language and place of the site."""

    def __init__(self, node: Node):
        self._render = node.render
        self._kept: dict[tuple[str | None, str], str] = {}

    def __call__(self, context):
        key = (get_language(), get_script_prefix())
        if key not in self._kept:
            self._kept[key] = self._render(context)
        return self._kept[key]


def _is_constant_translation(node: TranslateNode) -> bool:
    words = node.filter_expression
    has_literal = isinstance(words.var, Variable) and isinstance(words.var.literal, str)
    return has_literal and not (words.filters or node.asvar or node.message_context)


def _is_constant_block(node: BlockTranslateNode) -> bool:
    depends = node.extra_context or node.plural or node.asvar or node.message_context
    return not depends and all(token.token_type == TokenType.TEXT for token in node.singular)


def _is_constant_url(node: URLNode) -> bool:
    depends = node.args or node.kwargs or node.asvar or node.view_name.filters
    return not depends and isinstance(node.view_name.var, str)


CONSTANT_NODES: dict[type[Node], Callable[..., bool]] = {
    TranslateNode: _is_constant_translation,
    BlockTranslateNode: _is_constant_block,
    URLNode: _is_constant_url,
}
"""{kind of node: what tells whether it depends on nothing but the language}."""
