from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from psychoplastogens.content.fields import LinesField, ProseField, WordsField, split_lines
from psychoplastogens.content.models.prose_model import ProsePage
from psychoplastogens.content.rendering import markdown
from psychoplastogens.content.rendering.dates import format_month
from psychoplastogens.editorial.models import (
    ChoiceGroup,
    Part,
    Publishable,
    PublishableQuerySet,
    SearchGroup,
    SearchText,
)
from psychoplastogens.evidence.models import Finding, Source


class Standing(models.TextChoices):
    """Where a compound stands with the regulator. The mark is a stage in a plant's life."""

    APPROVED = "approved", "FDA approved"
    OFF_LABEL = "off_label", "Off-label"
    TRIALS = "trials", "In trials"
    STOPPED = "stopped", "Stopped"
    LAB = "lab", "Lab only"


FDA_COUNTRY = "US"
"""The country whose status `{{status:slug}}` shows: its words name the FDA."""
STATUS_WORDS = {
    Standing.APPROVED: gettext_noop("FDA approved as of %(month)s"),
    Standing.OFF_LABEL: gettext_noop("not FDA approved for this use as of %(month)s"),
    Standing.TRIALS: gettext_noop("not FDA approved as of %(month)s"),
    Standing.STOPPED: gettext_noop("not FDA approved for this use as of %(month)s"),
    Standing.LAB: gettext_noop("not FDA approved as of %(month)s"),
}
"""The words for a status in a sentence, after “is” or “was”."""
STATUS_UNAVAILABLE = gettext_noop("a drug whose FDA status we cannot give now")
"""The words without a published status; they keep the sentence whole."""


NOT_KNOWN = "Where nobody knows, write “Not known” and why. That needs no source."
SHORT_LINE = "At most 22 words, with sources. Where nobody knows, say so."


def _date_standing(as_of):
    """'As of April 2026.': a standing is never shown without its date."""
    return gettext("As of %(month)s.") % {"month": format_month(as_of)}


class CompoundQuerySet(PublishableQuerySet):
    def with_statuses(self):
        """With the statuses and their sources; `.has_numbers` if there are public findings."""
        statuses = Prefetch("statuses", CompoundStatus.objects.select_related("source"))
        numbers = Finding.objects.published().filter(compounds=OuterRef("pk"))
        return self.prefetch_related(statuses).annotate(has_numbers=Exists(numbers))

    def with_page_data(self):
        return self.with_statuses()

    def with_pictured(self):
        """With `.drawn`, the published findings that are pictured on the page of each."""
        drawn = Finding.objects.published().for_figures()
        return self.prefetch_related(Prefetch("pictured", drawn, to_attr="drawn"))

    def for_standing_list(self):
        """With no more than the list of medicines shows: names, and where each stands."""
        return self.only("slug", "name", "brand", "standing", "standing_note", "standing_as_of")

    def linked_to_faq(self, faq):
        return self.filter(faqs=faq)


class Compound(ProsePage, Publishable):
    """A compound that quickly changes how brain cells connect, or was said to."""

    fixture = "compounds"
    parts = ("statuses",)
    title_field = "name"
    route = "compounds/<slug:slug>/"
    url_name = "content:compound_detail"
    in_changes = is_shareable = True
    search_group = SearchGroup("compound", gettext_lazy("Medicines"), 1.2, order=3)
    choice_group = ChoiceGroup("Medicines", order=4)
    template_name = "content/compound_detail.html"
    feed_text_field = "key_points"
    timed_parts = ("pictured",)

    name = models.CharField(max_length=80)
    brand = models.CharField(max_length=80, blank=True, help_text="Shown in brackets: Spravato.")
    other_names = WordsField(help_text="Names people search for. No street names. One per line.")
    pronunciation = models.CharField(max_length=80, blank=True)
    family = models.CharField(max_length=120)
    formula = models.CharField(max_length=40, blank=True)
    standing = models.CharField(max_length=10, choices=Standing)
    standing_note = models.CharField(max_length=110, help_text="One line for lists.")
    standing_as_of = models.DateField(help_text="Date of the newest source that was read for it.")
    order = models.PositiveSmallIntegerField(default=0)
    summary = models.CharField(max_length=180, help_text="What it is and where it stands.")
    short_what = ProseField("what it is", help_text=SHORT_LINE)
    short_benefit = ProseField("may do", help_text=SHORT_LINE)
    short_risks = ProseField("risks", help_text=SHORT_LINE)
    short_not_for = ProseField("not for", help_text=SHORT_LINE)

    used_for = ProseField()
    taken = ProseField("how it is taken")
    time_course = ProseField("how soon, how long")
    experience = ProseField("does it change perception")
    visit_time = ProseField("time at a visit", help_text=NOT_KNOWN)
    cost = ProseField(help_text=NOT_KNOWN)
    where_given = ProseField("where", help_text=NOT_KNOWN)
    driving = ProseField(help_text=NOT_KNOWN)
    acts_on = ProseField()
    growth_evidence = ProseField("new connections: what was seen")
    not_for = ProseField("who needs care")

    what_it_is = ProseField()
    how_it_may_work = ProseField()
    studied_for = ProseField("what it is studied for")
    feels_like = ProseField("what it can feel like")
    risks = ProseField()
    not_known = ProseField("what is not known")
    questions_to_ask = LinesField(blank=True, help_text="One question per line.")

    pictured = models.ManyToManyField(
        Finding,
        blank=True,
        related_name="pictured_on_compounds",
        help_text="Drawn on the page. As many harms as benefits.",
    )
    findings = models.ManyToManyField(Finding, blank=True, related_name="compounds")

    has_numbers: bool
    """Set by `with_statuses()`."""
    drawn: list[Finding]
    """Set by `with_pictured()`."""

    objects: ClassVar = CompoundQuerySet.as_manager()

    LINES = (
        ("short_what", "What it is"),
        ("short_benefit", "May do"),
        ("short_risks", "Risks"),
        ("short_not_for", "Not for"),
    )
    # (field, anchor, heading): the same on every compound, so that links and record systems agree
    GLANCE = (
        ("used_for", "Used or studied for"),
        ("taken", "How it is taken"),
        ("visit_time", "Time at a visit"),
        ("cost", "Cost"),
        ("experience", "What it may feel like"),
        ("where_given", "Where"),
        ("driving", "Driving"),
        ("time_course", "How soon, how long"),
        ("acts_on", "Acts on"),
        ("growth_evidence", "New connections"),
        ("not_for", "Who needs care"),
    )
    COMPARED_ABOVE_NUMBERS = ("visit_time", "cost", "experience", "where_given", "driving")
    COMPARED_BELOW_NUMBERS = ("not_for", "taken", "time_course")
    SECTIONS = (
        ("what_it_is", "what-it-is", "What it is"),
        ("how_it_may_work", "how-it-may-work", "How it may work"),
        ("studied_for", "studied-for", "What it is studied for"),
        ("feels_like", "feels-like", "What it can feel like"),
        ("risks", "risks", "Risks"),
        ("not_known", "not-known", "What is not known"),
    )

    class Meta(Publishable.Meta):
        ordering = ["order", "name"]

    def get_full_title(self):
        return f"{self.name} ({self.brand})" if self.brand else self.name

    def get_other_names(self):
        return self.other_names

    def get_search_text(self):
        return SearchText(
            self.name,
            names=tuple(filter(None, (self.brand, *self.other_names))),
            summary=self.summary,
            prose=(self.standing_note, *self.prose_texts()),
        )

    def get_context(self, depth=""):
        from psychoplastogens.content.page_context import get_compound_context

        return get_compound_context(self)

    def build_sheet(self, parts=(), *, more=False):
        from psychoplastogens.content.sheets import build_compound_sheet

        return build_compound_sheet(self)

    def get_timed_texts(self):
        drawn = (markdown.draw_finding(finding.slug) for finding in self.pictured.all())
        return [self.summary, *self.prose_texts(), *drawn]

    def build_short_sheet(self):
        from psychoplastogens.content.sheets import build_short_compound_sheet

        return build_short_compound_sheet(self)

    @property
    def lines(self):
        """The lines that the page opens with: (label, text)."""
        return [(label, text) for field, label in self.LINES if (text := getattr(self, field))]

    @property
    def key_points(self):
        """The same lines as a list, for those who are shown nothing else."""
        return "\n".join(f"- **{label}:** {text.strip()}" for label, text in self.lines)

    @property
    def glance(self):
        return [(label, getattr(self, field)) for field, label in self.GLANCE]

    @property
    def sections(self):
        """(anchor, title, text); when to call is told apart from the risks."""
        texts = {field: getattr(self, field) for field, _, _ in self.SECTIONS}
        texts["risks"], _ = markdown.split_callouts(self.risks, *markdown.CALLS)
        return [(anchor, title, texts[field]) for field, anchor, title in self.SECTIONS]

    @property
    def when_to_call(self):
        _, calls = markdown.split_callouts(self.risks, *markdown.CALLS)
        return "\n".join(calls)

    @property
    def standing_date(self):
        return _date_standing(self.standing_as_of)

    @property
    def quotable_status(self):
        """The status that `{{status:slug}}` shows; None if there is no published one."""
        return CompoundStatus.objects.quotable([self.slug]).get(self.slug)

    def find_status_in(self, statuses):
        """The first of them that says what the compound's own standing and date say, or None."""
        own = (FDA_COUNTRY, self.standing, self.standing_as_of)
        told = ((status, (status.country, status.standing, status.as_of)) for status in statuses)
        return next((status for status, said in told if said == own), None)

    @property
    def questions(self):
        return split_lines(self.questions_to_ask)


class CompoundStatusQuerySet(models.QuerySet):
    def quotable(self, slugs):
        """{compound slug: the US status that agrees with the compound's own standing and date}.

        Only published compounds and sources; the first of several in order. One query.
        """
        read = self.filter(
            country=FDA_COUNTRY,
            standing=F("compound__standing"),
            as_of=F("compound__standing_as_of"),
            compound__in=Compound.objects.published().with_slugs(slugs),
            source__in=Source.objects.published(),
        )
        first_last = read.select_related("source", "compound").order_by("-order")
        return {status.compound.slug: status for status in first_last}


class CompoundStatus(Part):
    """What a country's regulator says, with the date of the source that was read."""

    compound = models.ForeignKey(Compound, on_delete=models.CASCADE, related_name="statuses")
    country = models.CharField(max_length=2, help_text="Two letters: US, GB, EU, AU.")
    standing = models.CharField(max_length=10, choices=Standing)
    text = models.CharField(max_length=300)
    as_of = models.DateField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")

    objects = CompoundStatusQuerySet.as_manager()

    class Meta(Part.Meta):
        verbose_name_plural = "status by country"

    def __str__(self):
        return f"{self.country}: {self.get_standing_display()}"

    @property
    def standing_date(self):
        return _date_standing(self.as_of)

    @property
    def words(self):
        """'not FDA approved as of April 2026': never without its date."""
        return gettext(STATUS_WORDS[self.standing]) % {"month": format_month(self.as_of)}
