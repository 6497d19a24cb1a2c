"""The picture of a step or walkthrough, as a reader has chosen to see it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.template import TemplateDoesNotExist
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from psychoplastogens.delivery.query_strings import build_query_string
from psychoplastogens.walkthrough import legend, scenes


class ScenePicture:
    """The scene of a Step or Walkthrough in a state: its first, if any, where `state` names none.

    `part` names a part that is shown alone: the others are pale. It is shown in a state that has
    it. `depth` is the query that keeps “more detail” in links.

    Parts are hidden or pale by their numbers: static/scene.css reads `hide-2 pale-5` in an element
    before the drawing, so that the drawing stays in the page while its state changes.
    """

    def __init__(self, pictured: Any, state: str = "", part: str = "", depth: str = ""):
        self.pictured = pictured
        self.depth = depth
        self.states = list(pictured.states.all()) if hasattr(pictured, "states") else []
        self.part = part if part in self.shown_parts else ""
        named = [one for one in self.states if one.slug == state] or self.states
        having = [one for one in self.states if self.part not in one.hidden.split()]
        both = [one for one in named if one in having] or having or named
        self.state: Any = next(iter(both), None)

    @cached_property
    def parts(self) -> list[str]:
        """The names of the parts, in the order of their numbers; none if its file is missing."""
        try:
            return scenes.get_scene_parts(self.pictured.scene)
        except TemplateDoesNotExist:
            return []

    @cached_property
    def shown_parts(self) -> list[str]:
        """The parts that can be shown alone."""
        try:
            return scenes.get_shown_parts(self.pictured.scene)
        except TemplateDoesNotExist:
            return []

    @property
    def has_links(self) -> bool:
        """Something in the drawing can be pressed."""
        return bool(self.shown_parts or scenes.has_state_rings(self.pictured.scene))

    @property
    def state_slug(self) -> str:
        """'' in a scene without states."""
        return self.state.slug if self.state else ""

    @property
    def can_change(self) -> bool:
        return bool(self.states or self.shown_parts)

    @cached_property
    def hidden(self) -> list[str]:
        return self.state.hidden.split() if self.state else []

    @cached_property
    def pale(self) -> list[str]:
        if self.part:
            return [part for part in self.parts if part != self.part]
        return self.state.pale.split() if self.state else []

    @property
    def classes(self) -> str:
        """What static/scene.css knows the state by."""
        numbers = {part: number for number, part in enumerate(self.parts, start=1)}
        return " ".join(
            f"{verb}-{numbers[part]}"
            for verb, parts in (("hide", self.hidden), ("pale", self.pale))
            for part in parts
            if part in numbers
        )

    @property
    def name_and_meaning(self) -> tuple[Any, Any]:
        """Of the part that is shown alone."""
        return legend.PARTS[self.part]

    @property
    def in_words(self) -> str:
        """All that is seen in this state."""
        return f"{self.pictured.alt} {self.state.alt if self.state else ''}".strip()

    @property
    def prefix(self) -> str:
        """It keeps the ids of this state apart from those of others on a page."""
        return f"{self.pictured.slug}-{self.state.slug}-"

    @property
    def last(self) -> ScenePicture:
        """The picture in its last state: the one that the title of a step tells of."""
        return self.in_state(self.states[-1]) if self.states else self

    def in_state(self, state: Any) -> ScenePicture:
        """The same picture in another of its states."""
        return ScenePicture(self.pictured, state.slug, depth=self.depth)

    @property
    def query(self) -> str:
        """The query of this picture: '' where it is as at first."""
        return build_query_string(state=self.state_slug, show=self.part)

    @property
    def address(self) -> str:
        """The page with this picture."""
        return self.pictured.get_absolute_url() + self.query

    @property
    def link(self) -> SafeString:
        """The attributes of a link to this picture: the page, and what htmx needs of it.

        A link to a part shows it in the state that the page has by then.
        """
        page = self.address
        if self.depth:
            page += ("&" if self.query else "?") + self.depth
        asked = build_query_string(show=self.part) or self.query
        return format_html(
            'href="{}#picture" hx-get="{}" hx-target="#picture-control"'
            ' hx-select="#picture-control"'
            ' hx-select-oob="#picture-state,#picture-said:innerHTML,#picture-words:innerHTML"{}',
            page,
            self.pictured.picture_fragment_url + asked,
            SafeString(' hx-include="#picture-state"' if self.part else ""),
        )

    @property
    def whole(self) -> ScenePicture:
        """The same state with no part shown alone."""
        return ScenePicture(self.pictured, self.state_slug, depth=self.depth)

    def link_state(self, slug: str) -> str | SafeString:
        """The attributes of a link in the drawing to another state; '' if there is none."""
        state = next((one for one in self.states if one.slug == slug), None)
        if not state:
            return ""
        words = gettext("Look closer: %(state)s") % {"state": state.label}
        return format_html(' aria-label="{}" {}', words, self.in_state(state).link)

    def link_part(self, name: str) -> str | SafeString:
        """The attributes of a link that shows a part alone; '' where there is no such part."""
        if name not in self.shown_parts:
            return ""
        return ScenePicture(self.pictured, self.state_slug, name, self.depth).link

    def render_part(self, name: str, is_link: bool = False) -> SafeString:
        """The attributes of a part in the drawing. They show its state without styles too."""
        lit = " lit" if name in getattr(self.pictured, "highlight", "").split() else ""
        shown = ""
        if name in self.hidden:
            shown = ' display="none"'
        elif name in self.pale:
            shown = ' opacity=".45"'
        number = self.parts.index(name) + 1
        link = self.link_part(name) if is_link else ""
        if link:
            link = format_html(' aria-label="{}" {}', legend.PARTS[name][0], link)
        return format_html(' class="p p{}{}"{}{}', number, lit, SafeString(shown), link)
