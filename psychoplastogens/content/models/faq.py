from typing import ClassVar

from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from psychoplastogens.content.fields import ProseField
from psychoplastogens.content.models.compound import Compound
from psychoplastogens.content.models.condition import Condition
from psychoplastogens.content.models.prose_model import ProsePage
from psychoplastogens.content.rendering.first_sentence import get_first_sentence
from psychoplastogens.editorial.models import (
    ChoiceGroup,
    Publishable,
    PublishableQuerySet,
    SearchGroup,
    SearchText,
    Status,
)


class Topic(Publishable):
    """A group of questions."""

    fixture = "topics"

    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(Publishable.Meta):
        ordering = ["order", "name"]

    def __str__(self):
        return self.name

    @property
    def public_name(self):
        """The name, or neutral words while the topic is unpublished."""
        return self.name if self.is_published else gettext("More questions")

    @property
    def public_slug(self):
        return self.slug if self.is_published else ""

    def get_absolute_url(self):
        return reverse("content:faq_list") + f"?topic={self.slug}"


class FaqQuerySet(PublishableQuerySet):
    def on_topic(self, slug):
        return self.filter(topic__slug=slug) if slug else self

    def matching(self, words):
        """FAQs whose question or answer holds each of the words."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(Q(question__icontains=word) | Q(answer__icontains=word))
        return found

    def with_topic(self):
        return self.select_related("topic").order_by("topic__order", "topic__slug", "order", "slug")

    def with_page_data(self):
        return self.with_topic()

    def next_on_topic(self, faq):
        """The other questions of its topic with their answers, those after it first."""
        is_before = Q(order__lt=faq.order) | Q(order=faq.order, slug__lt=faq.slug)
        others = (
            self.filter(topic=faq.topic_id).exclude(pk=faq.pk).only("slug", "question", "answer")
        )
        return others.order_by(Case(When(is_before, then=1), default=0), "order", "slug")

    def about_compound(self, compound):
        return self.filter(compounds=compound)

    def about_condition(self, condition):
        return self.filter(conditions=condition)


class Faq(ProsePage, Publishable):
    """A question people ask, answered in a few plain sentences."""

    fixture = "faqs"
    title_field = "question"
    route = "questions/<slug:slug>/"
    url_name = "content:faq_detail"
    in_changes = is_shareable = True
    search_group = SearchGroup("faq", gettext_lazy("Questions"), 1.0, order=1)
    choice_group = ChoiceGroup("Questions people ask", order=6)
    template_name = "content/faq_detail.html"
    feed_text_field = description_field = "answer"
    citation_optional = ("do_now",)

    question = models.CharField(max_length=200)
    answer = ProseField(help_text="The first sentence answers. Cite with [^source].")
    do_now = ProseField(
        "do this now",
        blank=True,
        help_text="Optional. One thing to do, in a sentence or two. Shown below the first sentence "
        "of the answer, which says why.",
    )
    # A draft is kept without one.
    topic = models.ForeignKey(
        Topic,
        on_delete=models.PROTECT,
        related_name="faqs",
        null=True,
        error_messages={"blank": "Choose the topic under which readers find it."},
    )
    order = models.PositiveSmallIntegerField(default=0)
    compounds = models.ManyToManyField(Compound, blank=True, related_name="faqs")
    conditions = models.ManyToManyField(Condition, blank=True, related_name="faqs")

    objects: ClassVar = FaqQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = "question"
        ordering = ["order", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(topic__isnull=False),
                name="content_faq_published_on_a_topic",
            ),
        ]

    @classmethod
    def pages_of(cls, owners):
        return owners.with_topic()

    @property
    def list_group(self):
        return self.topic.public_name if self.topic else ""

    def get_timed_texts(self):
        return [self.question, *self.prose_texts()]

    @property
    def gist(self):
        """What the answer says first, without markup; "" where it begins with something else."""
        return get_first_sentence(self.answer)

    def get_search_text(self):
        return SearchText(self.question, prose=(self.answer, self.do_now))

    def get_context(self, depth=""):
        from psychoplastogens.content.page_context import get_faq_context

        return get_faq_context(self)

    def build_sheet(self, parts=(), *, more=False):
        from psychoplastogens.content.sheets import build_faq_sheet

        return build_faq_sheet(self)
