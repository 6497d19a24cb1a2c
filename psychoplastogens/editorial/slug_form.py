"""Forms of records with a slug, which nobody has to type."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from psychoplastogens.editorial.counted_text import CountedModelForm
from psychoplastogens.editorial.free_slugs import find_free_slug
from psychoplastogens.editorial.models import get_title_field


class SluggedForms(Protocol):
    """A formset that knows the slugs of all of its forms, as they were typed or made."""

    @property
    def slugs(self) -> Collection[str]: ...


class SlugForm(CountedModelForm):
    """A form whose slug may be left empty: that of a saved record stays, a new one is made."""

    siblings: SluggedForms | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("slug"):
            field.required = False
            known = self.instance.slug
            left_empty = f"it stays “{known}”" if known else "it is made for you"
            field.help_text = f"{field.help_text} Left empty, {left_empty}."

    def clean(self):
        cleaned = super().clean()
        is_asked = "slug" in self.fields and "slug" not in self.errors
        if is_asked and not cleaned.get("slug"):
            cleaned["slug"] = self.instance.slug or self.make_slug(self.get_slug_words(cleaned))
        return cleaned

    def get_slug_words(self, cleaned: Mapping[str, Any]) -> str:
        """What a new slug is made of: the title."""
        return cleaned.get(get_title_field(type(self.instance))) or ""

    def make_slug(self, words: str) -> str:
        """A free slug; '' without words, which are asked for then."""
        also_taken = self.siblings.slugs if self.siblings else ()
        return find_free_slug(self.instance, words, also_taken) if words else ""
