"""From what people typed to safe HTML: nh3 cleans what Markdown made of it.

Additions show records, not typed HTML, and their renderers escape. So nh3 sees plain Markdown with
a cut where each addition stands, and what it returns is safe and is rendered once per text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import nh3
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from psychoplastogens.content.rendering import markdown

CUT = "<!---->"
"""Divides HTML that is cleaned as a whole. Nobody can type it: `<` in a text is escaped."""
_TAGS = {
    *("p", "ul", "ol", "li", "strong", "em", "h2", "h3", "a", "br", "hr", "blockquote", "code"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]
_ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    **dict.fromkeys(["table", "thead", "tbody", "tr"], {"role"}),
    "th": {"role", "scope"},
    "td": {"role", "data-label"},
}


def clean_parts(
    html: str, tags: set[str], attributes: Mapping[str, set[str]], **options: Any
) -> list[str]:
    """Safe HTML: the parts of `html` between its cuts, cleaned as one document."""
    return nh3.clean(
        html,
        tags=tags,
        attributes=attributes,
        url_schemes=markdown.URL_SCHEMES,
        link_rel=None,
        strip_comments=False,
        **options,
    ).split(CUT)


class _MarkdownRenderer(RendererHTML):
    """The HTML of plain Markdown. An addition leaves a cut, and is added to env["additions"]."""

    def __init__(self):
        super().__init__()
        self.rules |= dict.fromkeys(markdown.ADDITIONS, self._cut)

    def _cut(self, tokens, index, options, env):
        env["additions"].append(tokens[index])
        return CUT


_RENDERER = _MarkdownRenderer()


@lru_cache(maxsize=4_096)
def parse_to_html(text: str, heading: int = 3, is_line: bool = False) -> tuple[Token, ...]:
    """Tokens of `text` for pages: additions, and between them `html_block` with safe HTML.

    `heading` is the level of headings. With `is_line`, a text of one paragraph loses its <p>.
    """
    tokens = markdown.parse(text)
    if is_line and [token.type for token in tokens[:4]] == _PARAGRAPH:
        tokens = tokens[1:2]
    if f"h{heading}" != markdown.HEADING_TAG:
        tokens = tuple(_set_level(token, heading) for token in tokens)
    env: dict[str, list[Token]] = {"additions": []}
    html = markdown.render(tokens, _RENDERER, env)
    first, *parts = clean_parts(html, _TAGS, _ATTRIBUTES)
    row = [_build_html_token(first)]
    for addition, part in zip(env["additions"], parts, strict=True):
        row += [addition, _build_html_token(part)]
    return tuple(token for token in row if token.type in markdown.ADDITIONS or token.content)


def _set_level(token: Token, level: int) -> Token:
    return token.copy(tag=f"h{level}") if token.tag == markdown.HEADING_TAG else token


def _build_html_token(html: str) -> Token:
    return Token("html_block", "", 0, content=html, block=True)
