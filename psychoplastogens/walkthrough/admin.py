from functools import partial
from typing import ClassVar

from django import forms
from django.contrib import admin

from psychoplastogens.content.admin_help import first_fieldset
from psychoplastogens.editorial.admin.drafting_admin import DraftingAdmin
from psychoplastogens.editorial.admin.drawn_choice import DrawnChoiceField
from psychoplastogens.editorial.admin.forms import DraftForm
from psychoplastogens.editorial.admin.publishable_admin import (
    STATUS_COLUMNS,
    STATUS_FIELDSET,
    PartInline,
    PublishableAdmin,
    PublishableForm,
)
from psychoplastogens.editorial.admin.unfinished_text import UnfinishedTextForm
from psychoplastogens.walkthrough import scenes
from psychoplastogens.walkthrough.chain import LENSES
from psychoplastogens.walkthrough.models import (
    ChainLink,
    Check,
    Experiment,
    Guess,
    OpeningState,
    SceneState,
    Step,
    Walkthrough,
)
from psychoplastogens.walkthrough.scene_choices import (
    ScenePartsField,
    draw_link_picture,
    draw_scene,
    draw_scene_again,
    join_ticked,
    list_ticked,
)


class StepForm(DraftForm):
    """Scenes are chosen from the files there are: a new drawing needs no change of the code."""

    scene = DrawnChoiceField(choices=scenes.get_scene_choices, draw=draw_scene)
    highlight = ScenePartsField(help_text="Parts of the scene to stress.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "highlight" in self.initial:
            step = self.instance
            self.initial["highlight"] = list_ticked(step.scene, step.highlight)

    def clean_highlight(self):
        return join_ticked(self.cleaned_data.get("scene", ""), self.cleaned_data["highlight"])


class WalkthroughForm(PublishableForm):
    scene = DrawnChoiceField(
        label="First picture",
        choices=lambda: [("", "None"), *scenes.get_scene_choices()],
        draw=draw_scene,
        required=False,
    )


class StepPartForm(UnfinishedTextForm):
    """The same drawings, which the walkthrough's own first picture has drawn on the page."""

    scene = DrawnChoiceField(choices=scenes.get_scene_choices, draw=draw_scene_again)


class StepInline(PartInline):
    """Just what a step needs; the rest is on its own form, behind “Change”."""

    model = Step
    form = StepPartForm
    show_change_link = True
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "slug", ("order", "time", "side_path"))}),
        (None, {"fields": ("plain", "scene", "caption", "alt")}),
    )


class LinkPictureForm(UnfinishedTextForm):
    """Pictures of links are chosen from the files there are, as scenes are."""

    picture = DrawnChoiceField(
        choices=partial(scenes.get_scene_choices, scenes.LINKS_FOLDER), draw=draw_link_picture
    )


class ChainLinkForm(LinkPictureForm, DraftForm):
    pass


class ChainLinkInline(PartInline):
    """A link of the chain; its experiments are on its own form, behind “Change”."""

    model = ChainLink
    form = LinkPictureForm
    show_change_link = True
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", ("order", "picture", "time", "beside"))}),
        (None, {"fields": ("sentence", "without")}),
    )


class PictureStateInline(PartInline):
    prepopulated_fields = {"slug": ("label",)}
    fieldsets = (
        (None, {"fields": (("order", "label", "slug"), "sentence", ("hidden", "pale"), "alt")}),
    )


class SceneStateInline(PictureStateInline):
    model = SceneState


class OpeningStateInline(PictureStateInline):
    model = OpeningState


@admin.register(Walkthrough)
class WalkthroughAdmin(PublishableAdmin):
    list_display = ("title", "order", *STATUS_COLUMNS)
    search_fields = ("slug", "title", "summary", "steps__title", "steps__plain")
    prepopulated_fields = {"slug": ("title",)}
    form = WalkthroughForm
    inlines = (OpeningStateInline, StepInline, ChainLinkInline)
    autocomplete_fields = ("guide",)
    fieldsets = (
        first_fieldset("title", "slug", "order", "summary", "key_points", "guide"),
        ("The first picture", {"fields": ("scene", "opening", "alt")}),
        STATUS_FIELDSET,
    )


class CheckInline(PartInline):
    model = Check
    max_num = 1
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "question",
                    *(name for letter in Check.ANSWERS for name in (letter, f"{letter}_because")),
                    "right",
                )
            },
        ),
    )


class GuessInline(PartInline):
    model = Guess
    max_num = 1
    autocomplete_fields = ("finding", "spine_change", "days_source")
    fieldsets = (
        (None, {"fields": ("question", "choices", "finding", "spine_change")}),
        ("Or how long", {"fields": ("days", "days_source", "days_sentence")}),
        (None, {"fields": ("afterword",)}),
    )


class OwnFormAdmin(DraftingAdmin):
    """A part with a form of its own. It is drafted and published with its walkthrough."""

    list_filter: ClassVar[tuple[str, ...]] = ("walkthrough",)
    list_select_related = ("walkthrough",)
    ordering = ("walkthrough", "order")
    readonly_fields = ("walkthrough",)  # A draft is of one page: moving it would change two.
    save_on_top = True

    class Media:
        css = {"all": ["editorial/admin.css"]}
        js = ["editorial/admin_inlines.js"]

    def has_add_permission(self, request):
        return False  # on the form of its walkthrough

    def has_delete_permission(self, request, obj=None):
        return False  # there too

    def get_view_on_site_url(self, obj=None):
        return obj.get_absolute_url() if obj and obj.walkthrough.is_published else None


@admin.register(Step)
class StepAdmin(OwnFormAdmin):
    """A step with all that it holds."""

    class Media:
        js = (forms.Script("walkthrough/scene_parts.js", type="module"),)

    form = StepForm
    list_display = ("title", "walkthrough", "order", "scene", "time", "side_path")
    list_filter = ("walkthrough", "scene", "time")
    search_fields = ("slug", "title", "plain", "more")
    autocomplete_fields = ("growth",)
    prepopulated_fields = {"slug": ("title",)}
    inlines = (SceneStateInline, GuessInline, CheckInline)
    fieldsets = (
        first_fieldset(
            "walkthrough", "title", "slug", ("order", "side_path", "time"), "plain", "more"
        ),
        ("The picture", {"fields": ("scene", "highlight", "caption", "alt")}),
        ("What has been seen", {"fields": ("seen_in_people", "seen_in_animals", "seen_in_cells")}),
        ("The growth figure", {"fields": ("growth",)}),
    )


class ExperimentInline(PartInline):
    model = Experiment
    fieldsets = ((None, {"fields": (("order", "subject", "effect"), "done", "result")}),)


@admin.register(ChainLink)
class ChainLinkAdmin(OwnFormAdmin):
    """A link of the chain, with what was seen when somebody took it away."""

    form = ChainLinkForm
    list_display = ("name", "walkthrough", "order", "picture", "beside")
    search_fields = ("slug", "name", "sentence")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (ExperimentInline,)
    fieldsets = (
        first_fieldset(
            "walkthrough",
            "name",
            "slug",
            ("order", "picture", "time", "beside"),
            "sentence",
            "without",
        ),
        (
            "What has been seen",
            {"fields": tuple(field for name in LENSES for field in (name, f"seen_in_{name}"))},
        ),
    )
