"""What is constant in a template is worked out once.

That is words that depend on the language alone, addresses that depend on the place of the site
alone, and the templates of `include`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.template.base import Node, Template, TokenType, Variable
from django.template.defaulttags import URLNode
from django.template.loader_tags import IncludeNode, construct_relative_path
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.urls import get_script_prefix
from django.utils.translation import get_language


def keep_constant_nodes(template: Template) -> None:
    """Let each constant node of `template` remember what it rendered.

    A page shows a hundred of them, and each looks its words up in the catalogs of its language.
    """
    for constant in CONSTANTS:
        for node in template.nodelist.get_nodes_by_type(constant.kind):
            if constant.holds_for(node):
                node.render = KeptRender(node, constant.get_key)  # type: ignore[method-assign]
    for node in template.nodelist.get_nodes_by_type(IncludeNode):
        keep_included_template(node)


class KeptRender:
    """The `render` of a node, called once for each value of `get_key()`."""

    def __init__(self, node: Node, get_key: Callable[[], str | None]):
        self._render = node.render
        self._get_key = get_key
        self._kept: dict[str | None, str] = {}

    def __call__(self, context):
        key = self._get_key()
        if key not in self._kept:
            self._kept[key] = self._render(context)
        return self._kept[key]


def keep_included_template(node: Any) -> None:
    """Let an IncludeNode that has the name of its template in quotes look for it once."""
    if isinstance(node.template.var, str) and not node.template.filters:
        node.template = KeptTemplate(
            construct_relative_path(node.origin.template_name, node.template.var)
        )


class KeptTemplate:
    """What an IncludeNode resolves: the template of this name."""

    def __init__(self, name: str):
        self._name = name
        self._template: Template | None = None

    def resolve(self, context):
        if self._template is None:
            self._template = context.template.engine.get_template(self._name)
        return self._template


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


class Constant(NamedTuple):
    """A kind of node, when it is constant, and what it depends on then."""

    kind: type[Node]
    holds_for: Callable[[Any], bool]
    get_key: Callable[[], str | None]


CONSTANTS = (
    Constant(TranslateNode, _is_constant_translation, get_language),
    Constant(BlockTranslateNode, _is_constant_block, get_language),
    Constant(URLNode, _is_constant_url, get_script_prefix),
)
