"""What a reader does step by step: Walkthrough, Step, Check."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext

from psychoplastogens.content.fields import ProseField
from psychoplastogens.content.models.explainer import GUIDES, Explainer, VisitMoment
from psychoplastogens.content.models.prose_model import ProseModel, ProsePage
from psychoplastogens.editorial.models import (
    ChoiceGroup,
    Part,
    Publishable,
    PublishableQuerySet,
    SearchText,
    SluggedModel,
)
from psychoplastogens.evidence.models import SpineChange
from psychoplastogens.walkthrough import scenes
from psychoplastogens.walkthrough.models.guess import Guess
from psychoplastogens.walkthrough.navigation import StepSequence

RESERVED_SLUGS = ("all", "chain", "clock", "fragment", "picture", "say-it-back")


class WalkthroughQuerySet(PublishableQuerySet):
    def with_steps(self):
        """With steps, their checks and states.

        `.studies` and `.guess` of a step are what the public may read.
        """
        studies = Prefetch(
            "steps__growth", SpineChange.objects.published().for_figures(), to_attr="studies"
        )
        guesses = Prefetch("steps__guesses", Guess.objects.answered(), to_attr="answered_guesses")
        return (
            self.with_tries()
            .with_guide()
            .prefetch_related("steps__checks", "steps__states", studies, guesses)
        )

    def with_tries(self):
        """`.has_chain`, `.has_cards` and `.has_clock` say what there is to try."""
        same = self.model.objects.filter(pk=OuterRef("pk"))
        clock = VisitMoment.objects.on_clock().filter(explainer=OuterRef("guide"))
        return self.annotate(
            has_chain=Exists(same.filter(links__isnull=False)),
            has_cards=Exists(same.filter(links__beside=False)),
            has_clock=Exists(clock),
        )

    def with_opening(self):
        """With the states of the first picture."""
        return self.prefetch_related("states")

    def with_other_views(self):
        return self.with_tries().prefetch_related("links")

    def with_chain(self):
        """With the links of the chain and their experiments."""
        return self.prefetch_related("links__experiments")

    def with_cards(self):
        """With the links that readers put in order, and the guide that comes next."""
        return self.with_chain().with_guide()

    def with_guide(self):
        """With the guide that it leads to; None where the public may not read that."""
        return self.prefetch_related(Prefetch("guide", Explainer.objects.published()))

    def with_clock(self):
        """With what its clock shows: the moments of its guide, its steps and links."""
        shown = self.with_guide().prefetch_related("guide__moments", "steps", "links")
        return shown.annotate(guide_slug=F("guide__slug"))

    def with_page_data(self):
        return self.with_steps().with_opening().prefetch_related("links")


class Walkthrough(ProsePage, Publishable):
    """Something explained step by step, each step with one picture and a page of its own."""

    fixture = "walkthroughs"
    parts = ("states", "steps", "links")
    page_parts = "steps"
    route = "<slug:slug>/"
    url_name = "walkthrough:walkthrough_detail"
    in_changes = is_shareable = True
    search_group = GUIDES
    choice_group = ChoiceGroup("Step by step", order=1)
    timed_parts = ("steps__growth", "links")
    handout_parameters = ("depth",)
    template_name = "walkthrough/walkthrough_detail.html"
    frame_template = "walkthrough/_walkthrough_frame.html"
    frame_styles = ("stem.css", "walkthrough.css")
    feed_text_field = "key_points"

    title = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    summary = models.CharField(max_length=180, help_text="Who it is for and what they get.")
    key_points = ProseField(help_text="Three or four cited points.")
    scene = models.CharField(
        "first picture", max_length=40, blank=True, validators=[scenes.validate_scene]
    )
    alt = models.TextField(
        "picture in words",
        blank=True,
        help_text="All that the picture shows, for those who cannot see it.",
    )
    opening = ProseField(
        blank=True,
        help_text="What the first picture shows: one short cited sentence under it. "
        "Leave it empty where the picture has states: each has its own.",
    )
    guide = models.ForeignKey(
        Explainer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="What the last step leads to. Its moments on the clock are set beside the steps.",
    )

    has_chain: bool
    has_cards: bool
    has_clock: bool
    """Set by `with_tries()`."""

    objects: ClassVar = WalkthroughQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["order", "title"]

    def clean(self):
        super().clean()
        try:
            found = resolve(f"/{self.slug}/").view_name
        except Resolver404:
            return  # SluggedModel says what is wrong with such a slug.
        if found != self.url_name:
            raise ValidationError({"slug": "Another page of the site has this address."})

    @property
    def picture_fragment_url(self):
        """Where its picture is fetched in another state."""
        return reverse("walkthrough:opening_fragment", args=[self.slug])

    def get_search_text(self):
        return SearchText(self.title, summary=self.summary, unquoted_prose=(self.key_points,))

    def get_other_views(self):
        views = []
        if self.has_chain:
            told = tuple(
                text for link in self.links.all() for text in (link.sentence, link.without)
            )
            found = SearchText(gettext("Take a link away"), prose=told, part_of=self.title)
            views.append((reverse("walkthrough:chain_detail", args=[self.slug]), found))
        if self.has_cards:
            summary = gettext("Put the cards in the order of the story, and take it to a visit.")
            found = SearchText(gettext("Say it back"), summary=summary, part_of=self.title)
            views.append((reverse("walkthrough:say_it_back", args=[self.slug]), found))
        if self.has_clock:
            summary = gettext("From the start to a week later, for people and brain cells.")
            found = SearchText(
                gettext("My treatment by the clock"), summary=summary, part_of=self.title
            )
            views.append((reverse("walkthrough:clock_detail", args=[self.slug]), found))
        return views

    def get_context(self, depth=""):
        from psychoplastogens.walkthrough.page_context import get_walkthrough_context

        return get_walkthrough_context(self, depth)

    def get_frame_context(self):
        from psychoplastogens.walkthrough.page_context import get_walkthrough_frame_context

        return get_walkthrough_frame_context(self)

    def build_sheet(self, parts=(), *, more=False):
        from psychoplastogens.walkthrough.sheets import build_walkthrough_sheet

        return build_walkthrough_sheet(self, more)

    def build_short_sheet(self):
        from psychoplastogens.walkthrough.sheets import build_short_walkthrough_sheet

        return build_short_walkthrough_sheet(self)

    def get_timed_texts(self):
        """Those of the main way, and of the page that it begins on."""
        main = [step for step in self.steps.all() if not step.side_path]
        steps = [text for step in main for text in step.get_timed_texts()]
        told = [link.sentence for link in self.links.all() if not link.beside]
        opening = [self.opening, *(state.sentence for state in self.states.all()[:1])]
        return [self.title, *opening, self.summary, *told, self.key_points, *steps]


class Step(ProsePage, SluggedModel, Part):
    """One step: a title that states the point, a picture, a plain text, and what was seen."""

    class Time(models.TextChoices):
        BEFORE = "before", "Before"
        DURING = "during", "During"
        HOURS_2 = "2h", "2 hours"
        HOURS_24 = "24h", "24 hours"
        HOURS_72 = "72h", "72 hours"
        WEEKS_2 = "2w", "2 weeks"

    url_parent = "walkthrough"
    route = "<slug:slug>/<slug:step>/"
    url_name = "walkthrough:step_detail"
    description_field = "plain"
    search_group = GUIDES
    frame_template = "walkthrough/_step_frame.html"
    frame_styles = ("walkthrough.css", "scene.css")
    frame_height = 920
    parts = ("states", "guesses", "checks")

    studies: list[SpineChange]
    """Set by `with_steps()`, as the next ones are."""
    answered_guesses: list[Guess]

    # That nothing was seen in people is no fact of a study.
    citation_optional = ("seen_in_people", "seen_in_animals", "seen_in_cells")

    walkthrough = models.ForeignKey(Walkthrough, on_delete=models.CASCADE, related_name="steps")
    title = models.CharField(max_length=120, help_text="States the point.")
    side_path = models.BooleanField(
        default=False, help_text="Beside the main way: not counted, offered after the last step."
    )
    scene = models.CharField(max_length=40, validators=[scenes.validate_scene])
    highlight = models.CharField(
        max_length=60,
        blank=True,
        help_text="Parts of the scene to stress, by their names there, with spaces between. "
        "A name that is not there is answered with those that are.",
    )
    time = models.CharField(
        max_length=6, choices=Time, blank=True, help_text="Where on the time line it stands."
    )
    plain = ProseField("plain text", help_text="Stands alone. 60 to 110 words.")
    more = ProseField(
        "more detail",
        blank=True,
        help_text="Folded until a reader chooses “More detail”. A handout can have it.",
    )
    caption = ProseField(help_text="One line under the picture, cited with its strength.")
    alt = models.TextField(
        "picture in words", help_text="All that the picture shows, for those who cannot see it."
    )
    seen_in_people = ProseField(blank=True)
    seen_in_animals = ProseField(blank=True)
    seen_in_cells = ProseField(blank=True)
    growth = models.ManyToManyField(
        SpineChange,
        blank=True,
        related_name="steps",
        help_text="With any, the step shows the growth figure, drawn from these studies.",
    )

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["walkthrough", "slug"],
                name="walkthrough_step_once",
                violation_error_message="Two steps of a walkthrough cannot share an address.",
            )
        ]

    @classmethod
    def find_numbered_part(cls, parts, text):
        return StepSequence(parts).get_step_by_number(text)

    def get_search_text(self):
        seen = (text for _, text in self.seen)
        return SearchText(
            self.title, prose=(self.plain, self.more, *seen), part_of=self.walkthrough.title
        )

    def get_frame_context(self):
        from psychoplastogens.walkthrough.page_context import get_step_frame_context

        return get_step_frame_context(self)

    def get_timed_texts(self):
        from psychoplastogens.walkthrough.growth_figure import filter_studies, get_moment

        studies = self.studies if "studies" in vars(self) else self.growth.all()
        shown = [study.in_words for study in filter_studies(get_moment(self.time), studies)]
        states = [state.sentence for state in self.states.all()]
        seen = [text for _, text in self.seen]
        return [self.title, *states, self.caption, self.plain, *seen, *shown]

    def clean(self):
        super().clean()
        if self.slug in RESERVED_SLUGS or self.slug.isdigit():
            raise ValidationError({"slug": "The site uses this address itself. Choose another."})
        scenes.validate_highlight(self.scene, self.highlight)

    def find_strange_part(self, names):
        strange = scenes.find_strange_part(self.scene, " ".join(names), scenes.get_shown_parts)
        return [strange] if strange else []

    @property
    def address_scope(self):
        return str(self.walkthrough_id or "")

    @property
    def picture_fragment_url(self):
        """Where its picture is fetched in another state."""
        return reverse("walkthrough:picture_fragment", args=[self.walkthrough.slug, self.slug])

    @property
    def guess(self):
        """What it asks readers to guess, or None. Needs `with_steps()`."""
        return next(iter(self.answered_guesses), None)

    @property
    def seen(self):
        """In whom or what something was seen, people first: (subject, text), where there is one."""
        texts = [
            (name, getattr(self, f"seen_in_{name}")) for name in ("people", "animals", "cells")
        ]
        return [(name, text) for name, text in texts if text]


def both_or_neither_filled(first, second):
    """Both texts are filled in, or neither."""
    return Q(**{first: "", second: ""}) | (~Q(**{first: ""}) & ~Q(**{second: ""}))


class Check(ProseModel, Part):
    """A question that lets readers put a step into their own words. No score, nothing stored."""

    ANSWERS = ("a", "b", "c", "d")

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="checks")
    question = models.CharField(max_length=200)
    a = models.CharField("answer a", max_length=200)
    a_because = ProseField("said to a", help_text="Kind, and says why. Never just “wrong”.")
    b = models.CharField("answer b", max_length=200)
    b_because = ProseField("said to b")
    c = models.CharField("answer c", max_length=200, blank=True)
    c_because = ProseField("said to c", blank=True)
    d = models.CharField("answer d", max_length=200, blank=True)
    d_because = ProseField("said to d", blank=True)
    right = models.CharField("right answer", max_length=1, choices=[(a, a) for a in ANSWERS])

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["step"],
                name="walkthrough_check_one_a_step",
                violation_error_message="A step has one check at most.",
            ),
            models.CheckConstraint(
                condition=~Q(a="") & ~Q(a_because="") & ~Q(b="") & ~Q(b_because=""),
                name="walkthrough_check_two_answers",
                violation_error_message="A check needs two answers, each with what is said to it.",
            ),
            *(
                models.CheckConstraint(
                    condition=both_or_neither_filled(answer, f"{answer}_because"),
                    name=f"walkthrough_check_{answer}_and_because",
                    violation_error_message=f"Fill in answer {answer} and what is said to it, "
                    "or neither.",
                )
                for answer in ("c", "d")
            ),
            models.CheckConstraint(
                condition=Q(d="") | ~Q(c=""),
                name="walkthrough_check_c_before_d",
                violation_error_message="Fill in answer c before d.",
            ),
            models.CheckConstraint(
                condition=Q(right__in=["a", "b"])
                | (Q(right="c") & ~Q(c=""))
                | (Q(right="d") & ~Q(d="")),
                name="walkthrough_check_right_is_an_answer",
                violation_error_message="The right answer must be one of those that are given.",
            ),
        ]

    def __str__(self):
        return self.question

    @property
    def answers(self):
        """(letter, words) of each answer that is given."""
        return [(letter, getattr(self, letter)) for letter in self.ANSWERS if getattr(self, letter)]

    def because(self, letter):
        """What is said to an answer; '' for one that is not offered."""
        return getattr(self, f"{letter}_because") if letter in dict(self.answers) else ""
