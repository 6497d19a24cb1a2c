"""A field of the admin to choose one page of any kind: a list in groups, which needs no script."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.text import capfirst

from psychoplastogens.editorial.models import ChoiceGroup, Page, Publishable

Choices = list[tuple[str, str]]
LAST_GROUP = 100


def get_choice_group(model: type[Page]) -> ChoiceGroup:
    """The group of a kind of page."""
    label = capfirst(str(model._meta.verbose_name_plural))
    return model.choice_group or ChoiceGroup(label, LAST_GROUP)


def get_page_choices(
    targets: list[type[Page]],
    get_owners: Callable[[type[Publishable]], QuerySet],
    get_title: Callable[[Page], str],
) -> list[tuple[str, Choices]]:
    """(label of a group, [(value, title)]) for each kind, in one query a kind.

    `get_owners` chooses among the records of a model.
    """
    groups = []
    for model in sorted(targets, key=lambda model: get_choice_group(model).order):
        pages = model.list_pages(get_owners(model.get_owner_model()))
        choices = [(f"{model.get_kind()}:{page.pk}", get_title(page)) for page in pages]
        groups.append((get_choice_group(model).label, choices))
    return groups


class PagePointerForm(forms.ModelForm):
    """A form of a pointer. `page_choices` is set once for all forms of a request."""

    page_choices: list[tuple[str, Choices]] = []

    page = forms.ChoiceField()

    class Meta:
        # The generic key makes no field of a form: the one above has its name.
        exclude = ("page",)  # noqa: DJ006

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if chosen := self.get_page_value():
            self.initial["page"] = chosen
        self.fields["page"].choices = [("", "Choose a page"), *self.get_page_choices()]

    def get_page_choices(self) -> list[tuple[str, Choices]]:
        return self.page_choices

    def get_page_value(self) -> str:
        """The value of the page that the instance points at; '' where none is chosen yet."""
        return "{}:{}".format(*self.instance.page_key) if self.instance.page_id else ""

    def clean_page(self):
        kind, _, key = self.cleaned_data["page"].partition(":")
        models = {model.get_kind(): model for model in self._meta.model.get_target_models()}
        chosen = models.get(kind)
        self.instance.page_type = ContentType.objects.get_for_model(chosen) if chosen else None
        self.instance.page_id = UUID(key) if chosen else None
        return self.cleaned_data["page"]
