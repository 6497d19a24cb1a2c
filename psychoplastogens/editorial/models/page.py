"""What every page says of itself, so that no app keeps a list of the kinds of pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise

from psychoplastogens.editorial.models.publishable import Publishable, get_related_model
from psychoplastogens.editorial.word_beginnings import begin_words

MAX_TITLE_WORDS = 8


@dataclass(frozen=True)
class SearchGroup:
    """A group of search results, shown under one heading.

    `key` stands in addresses. `weight` is how much its hits count where it is decided which group
    comes first; the others follow by `order`, the most useful first.
    """

    key: str
    label: str | Promise
    weight: float
    order: int


@dataclass(frozen=True)
class ChoiceGroup:
    """A group of pages, one kind, in a field of the admin where staff choose one of all kinds."""

    label: str
    order: int


@dataclass(frozen=True)
class SearchText:
    """What a search finds a page by.

    `names` are other names of what `title` names. `prose` is Markdown; `unquoted_prose` is found
    too, but never quoted. `text` is plain words. `part_of` is the title of the page above.
    """

    title: str
    names: tuple[str, ...] = ()
    summary: str = ""
    prose: tuple[str, ...] = ()
    unquoted_prose: tuple[str, ...] = ()
    text: str = ""
    part_of: str = ""


class Page(models.Model):
    """What a reader can open: a publishable record, or a part of one with an address of its own.

    A model says here, once, what the other apps ask of its pages. They iterate over
    `get_page_models()`. The methods import what renders a page when they are called: it imports
    the models.
    """

    slug: models.SlugField

    title_field = "title"
    """The field that holds the title."""
    route = ""
    """Its URL below the root, as `path()` takes it; a part has the slug of its record before."""
    url_name = ""
    """The name of the view at `route`."""
    url_parent = ""
    """The foreign key of a part to its record; '' for a record."""
    page_parts = ""
    """The relation to those parts that are pages; '' where there are none."""

    description_field = "summary"
    """The field whose first sentence describes the page to search engines and in previews."""

    has_own_page = True
    """Whether its address is a page, which the sitemap names, and no place on that of others."""
    in_changes = False
    """Whether the list of changes and its feed name it; parts change with their record."""
    search_group: SearchGroup | None = None

    is_shareable = False
    """Whether clinics hand it out: in a reading list, on paper, as the answer to a code."""
    choice_group: ChoiceGroup | None = None
    """Where staff choose a shareable page; None for a last group with the name of the model."""
    timed_parts: tuple[str, ...] = ()
    """The relations whose texts `minutes` measures."""
    handout_parameters: tuple[str, ...] = ()
    """The query parameters of its handout: "depth", and "section" where parts can be chosen."""
    template_name = ""
    """The template of a shareable page, which a reading list shows too."""
    frame_template = ""
    """The partial of its frame on other sites; '' where it cannot be framed."""
    frame_styles: tuple[str, ...] = ()
    frame_height = 720
    """CSS pixels that suit most of its frames."""
    feed_text_field = ""
    """The field that a summary for record systems is cut from; '' where they get none."""
    do_now = ""
    """One thing that its reader can do, as Markdown; '' where there is nothing."""

    class Meta:
        abstract = True

    def __str__(self):
        return getattr(self, self.title_field)

    def get_absolute_url(self):
        return self.get_path(*([self.owner.slug] if self.url_parent else []), self.slug)

    @classmethod
    def get_path(cls, *slugs: str) -> str:
        """The path of the page with these slugs, those of the record first."""
        return _reverse(get_script_prefix(), cls.url_name, *slugs)

    @classmethod
    def get_kind(cls) -> str:
        """The name of the kind in codes of reading lists and in ids of feeds: it never changes."""
        name = cls._meta.model_name
        assert name is not None  # Every model has one.
        return name

    @classmethod
    def get_owner_model(cls) -> type[Publishable]:
        """The model of the publishable records."""
        parent = cls._meta.get_field(cls.url_parent) if cls.url_parent else None
        owner = get_related_model(parent) if parent else cls
        assert issubclass(owner, Publishable)  # Whatever readers open belongs to such a record.
        return owner

    @classmethod
    def pages_of(cls, owners: models.QuerySet) -> models.QuerySet:
        """The pages of these publishable records, in the order in which people look for one."""
        if not cls.url_parent:
            return owners
        pages = cls._default_manager.filter(**{f"{cls.url_parent}__in": owners})
        order = (cls.url_parent, *(cls._meta.ordering or ()))
        return pages.select_related(cls.url_parent).order_by(*order)

    @classmethod
    def list_pages(cls, owners: models.QuerySet) -> models.QuerySet:
        """The pages of these records as a list names them: in order, without their texts."""
        texts = _get_text_fields(cls)
        if cls.url_parent:
            texts += [f"{cls.url_parent}__{name}" for name in _get_text_fields(owners.model)]
        return cls.pages_of(owners).defer(*texts)

    @classmethod
    def search_titles(cls, pages: models.QuerySet, words: str) -> models.QuerySet:
        """Those of `pages` whose title, or that of the record of a part, holds each word.

        Those in which each begins a word come first: their `.holds_within` is 0, and 1 of others.
        It takes the first MAX_TITLE_WORDS.
        """
        fields, owner = [cls.title_field], cls.get_owner_model()
        if cls.url_parent and issubclass(owner, Page):
            fields.append(f"{cls.url_parent}__{owner.title_field}")
        wanted = words.split()[:MAX_TITLE_WORDS]
        for word in wanted:
            holds = (models.Q(**{f"{field}__icontains": word}) for field in fields)
            pages = pages.filter(reduce(or_, holds))
        if wanted:
            order = pages.query.order_by or cls._meta.ordering or ()
            begins = models.When(begin_words(fields, wanted), then=0)
            pages = pages.annotate(holds_within=models.Case(begins, default=1))
            pages = pages.order_by("holds_within", *order)
        return pages

    @classmethod
    def published_pages(cls) -> models.QuerySet:
        """The pages of this model that readers may open, in the language of this request."""
        owners = cls.get_owner_model().objects.published()
        return cls.pages_of(owners) if cls.url_parent else owners.with_page_data()

    @classmethod
    def find_numbered_part(cls, parts: list, text: str):
        """The part that an address names by its number, or None."""
        return None

    @property
    def part_pages(self) -> list:
        """The parts that are pages, in order."""
        return list(getattr(self, self.page_parts).all()) if self.page_parts else []

    @property
    def owner(self) -> Publishable:
        """The publishable record that decides whether readers may open the page."""
        owner = getattr(self, self.url_parent) if self.url_parent else self
        assert isinstance(owner, Publishable)
        return owner

    @property
    def list_group(self) -> str:
        """What lists of all pages show it under, within its kind; '' for nothing."""
        return ""

    @property
    def choice_title(self) -> str:
        """The title in a choice of pages: that of a part names its record."""
        return f"{self.owner}: {self}" if self.url_parent else str(self)

    def get_full_title(self) -> str:
        """The title with what the thing is sold as, for those who see nothing else of the page."""
        return str(self)

    def get_other_names(self) -> list[str]:
        """Other names of what the page is about."""
        return []

    @property
    def list_summary(self) -> str:
        """One line below the title in a reading list; '' where the title says enough."""
        return getattr(self, "summary", "")

    def get_feed_text(self) -> str:
        """The Markdown that a summary for record systems is cut from."""
        return getattr(self, self.feed_text_field)

    def get_search_text(self) -> SearchText:
        raise NotImplementedError

    def get_other_views(self) -> list[tuple[str, SearchText]]:
        """(path, what a search finds it by) of other pages that show it.

        The sitemap and search name them too.
        Needs `with_page_data()`, or `with_other_views()` of its queryset, which does less.
        """
        return []

    def get_context(self, depth: str = "") -> dict[str, Any]:
        """What `template_name` shows. Needs `with_page_data()`."""
        raise NotImplementedError

    def get_frame_context(self) -> dict[str, Any]:
        """What `frame_template` shows. Needs `with_page_data()`."""
        raise NotImplementedError

    def build_sheet(self, parts: list | tuple = (), *, more: bool = False):
        """Its Sheet in a full handout: whole, or only these parts; `more` adds the detail.

        Needs `with_page_data()`.
        """
        raise NotImplementedError

    def build_short_sheet(self):
        """Its Sheet in a handout of one sheet of paper. Needs `with_page_data()`."""
        return self.build_sheet()


@lru_cache(maxsize=4_096)
def _reverse(script_prefix: str, url_name: str, *slugs: str) -> str:
    """The path of a page below the prefix. Cached: a page links to some hundred others."""
    return reverse(url_name, args=slugs)


def _get_text_fields(model: type[models.Model]) -> list[str]:
    fields = model._meta.concrete_fields
    return [field.name for field in fields if isinstance(field, models.TextField)]


def get_page_models() -> list[type[Page]]:
    """Every model of pages, by name: one order for all that iterates over them."""
    found = [model for model in apps.get_models() if issubclass(model, Page)]
    return sorted(found, key=lambda model: (model._meta.model_name, model._meta.app_label))
