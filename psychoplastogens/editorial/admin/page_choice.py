"""Choices of the admin among many pages: Django's select with a search, for more than foreign keys.

A form holds the chosen one alone. A view answers what is typed, in the form of Django's own.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, get_select2_language
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import JsonResponse
from django.urls import path
from django.utils.text import capfirst

from psychoplastogens.editorial.counted_text import CountedModelForm
from psychoplastogens.editorial.models import ChoiceGroup, Page, Publishable

LAST_GROUP = 100
MAX_FOUND = 20
"""Pages of a kind that a search shows."""
MORE_FOUND = {"text": "There are more. Type more of the title.", "disabled": True}


class SearchSelect(forms.Select):
    """A select whose options are searched at `url`. Its `choices` are no more than the chosen."""

    def __init__(self, url: Any, attrs: dict[str, Any] | None = None):
        super().__init__(attrs)
        self.url = url

    @property
    def media(self) -> forms.Media:
        return AutocompleteSelect(None, admin.site).media

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {
            "class": "admin-autocomplete",
            "data-ajax--cache": "true",
            "data-ajax--delay": 250,
            "data-ajax--type": "GET",
            "data-ajax--url": str(self.url),
            "data-theme": "admin-autocomplete",
            "data-allow-clear": json.dumps(not self.is_required),
            "data-placeholder": "Search by words of the title",
            "lang": get_select2_language(),
        }

    def show_chosen(self, value: Any, title: str) -> None:
        """Offer nothing but this one, and none."""
        chosen = [(value, title)] if value else []
        self.choices = [("", ""), *chosen]


def get_choice_group(model: type[Page]) -> ChoiceGroup:
    """The group of a kind of page."""
    label = capfirst(str(model._meta.verbose_name_plural))
    return model.choice_group or ChoiceGroup(label, LAST_GROUP)


class PageChoiceField(forms.CharField):
    """A page of any kind, as "<kind>:<key>". `url` answers the search."""

    default_error_messages = {
        "required": "Choose a page.",
        "invalid_choice": "Select a valid choice: search for a page by words of its title.",
    }

    def __init__(self, url: Any, **options: Any):
        super().__init__(widget=SearchSelect(url), **options)


def _is_within_words(found: list[Page]) -> bool:
    """Whether what was typed stands only within words of these titles, the best first."""
    return any(getattr(page, "holds_within", 0) for page in found[:1])


class PagePointerForm(CountedModelForm):
    """A form of a pointer, with a PageChoiceField `page`."""

    class Meta:
        # The generic key makes no field of a form: the field of forms has its name.
        exclude = ("page",)  # noqa: DJ006

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if chosen := self.get_page_value():
            self.initial["page"] = chosen
        value = self["page"].value()
        title = self.get_chosen_title() if value == chosen else self.find_title(value)
        self.fields["page"].widget.show_chosen(title and value, title)

    @classmethod
    def get_owners(cls, model: type[Publishable]) -> QuerySet:
        """The records of a model that can be chosen, or whose parts can."""
        return model.objects.all()

    @classmethod
    def get_title(cls, page: Page) -> str:
        return page.choice_title

    @classmethod
    def list_pages(cls, model: type[Page]) -> QuerySet:
        return model.list_pages(cls.get_owners(model.get_owner_model()))

    @classmethod
    def search_pages(cls, words: str) -> list[dict[str, Any]]:
        """The pages whose title holds each word, in groups, as select2 takes them.

        Groups in which words begin as they were typed come first.
        """
        groups = []
        targets = cls._meta.model.get_target_models()
        found_of = {
            model: list(model.search_titles(cls.list_pages(model), words)[: MAX_FOUND + 1])
            for model in sorted(targets, key=lambda model: get_choice_group(model).order)
        }
        for model, found in sorted(found_of.items(), key=lambda pair: _is_within_words(pair[1])):
            shown: list[dict[str, Any]] = [
                {"id": f"{model.get_kind()}:{page.pk}", "text": cls.get_title(page)}
                for page in found[:MAX_FOUND]
            ]
            shown += [MORE_FOUND] if len(found) > MAX_FOUND else []
            groups += [{"text": get_choice_group(model).label, "children": shown}] if shown else []
        return groups

    def find_page(self, value: str) -> Page | None:
        """The page with this value, if it can be chosen."""
        kind, _, key = value.partition(":")
        models = {model.get_kind(): model for model in self._meta.model.get_target_models()}
        try:
            return self.list_pages(models[kind]).filter(pk=UUID(key)).first()
        except (KeyError, ValueError):
            return None

    def find_title(self, value: Any) -> str:
        """What the field shows for a value that was sent; '' where that cannot be chosen."""
        page = self.find_page(value) if value else None
        return self.get_title(page) if page else ""

    def get_page_value(self) -> str:
        """The value of the page that the instance points at; '' where none is chosen yet."""
        return "{}:{}".format(*self.instance.page_key) if self.instance.page_id else ""

    def get_chosen_title(self) -> str:
        """What the field shows for the page that the instance points at."""
        page = self.instance.page
        return self.get_title(page) if page else ""

    def clean_page(self):
        value = self.cleaned_data["page"]
        if value != self.get_page_value():
            self.choose(value)
        return value

    def choose(self, value: str) -> None:
        """Let the instance point at the page with this value. Raises ValidationError."""
        page = self.find_page(value)
        if page is None:
            field = self.fields["page"]
            raise forms.ValidationError(field.error_messages["invalid_choice"], "invalid_choice")
        self.instance.page_type = ContentType.objects.get_for_model(type(page))
        self.instance.page_id = page.pk


class PageChoiceAdmin(admin.ModelAdmin):
    """An admin whose form, or that of its lines, is `page_form`: it answers the search of it."""

    page_form: type[PagePointerForm]

    def get_urls(self):
        view = self.admin_site.admin_view(self.search_pages)
        name = f"{self.opts.app_label}_{self.opts.model_name}_pages"
        return [path("pages/", view, name=name), *super().get_urls()]

    def search_pages(self, request):
        """`?term=` are words of a title."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        found = self.page_form.search_pages(request.GET.get("term", ""))
        return JsonResponse({"results": found, "pagination": {"more": False}})
