"""What we know and how well: Source and its LinkCheck, Finding (a number), SpineChange, Claim."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, Prefetch, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from psychoplastogens.editorial.models import (
    Page,
    Publishable,
    PublishableQuerySet,
    SearchGroup,
    SearchText,
)
from psychoplastogens.evidence.author_names import shorten_authors
from psychoplastogens.evidence.doi import validate_doi


class Subject(models.TextChoices):
    """What a study looked at. Cells, animals and people are never mixed up."""

    PEOPLE = "people", "People"
    ANIMALS = "animals", "Animals"
    CELLS = "cells", "Cells"
    NONE = "none", "Several, or not a study"


class SourceQuerySet(PublishableQuerySet):
    def of_kind(self, kind):
        return self.filter(kind=kind) if kind in Source.Kind.values else self

    def for_citing(self):
        """With no more than what a list of sources shows, in no order."""
        shown = ("slug", "kind", "title", "authors", "publisher", "year", "doi", "url")
        return self.only(*shown, "is_retracted").order_by()


class Source(Page, Publishable):
    """A paper, label, guideline or page that a fact of ours rests on."""

    class Kind(models.TextChoices):
        ARTICLE = "article", "Journal article"
        LABEL = "label", "Drug label"
        GUIDELINE = "guideline", "Guideline"
        REGISTRY = "registry", "Registry"
        PRESS = "press", "News or company statement"
        WEB = "web", "Web page"

    class Verified(models.TextChoices):
        SEEN = "seen", "The supporting text was read"
        FROM_KNOWLEDGE = "from_knowledge", "Not read for this site: cite with care"

    class Funding(models.TextChoices):
        MAKER = "maker", "The maker of the drug"
        PUBLIC = "public", "Public money"
        CHARITY = "charity", "A charity"
        MIXED = "mixed", "Several, of different kinds"
        NOT_STATED = "not_stated", "Not stated in what we read"

    fixture = "sources"
    route = "sources/<slug:slug>/"
    url_name = "content:source_detail"
    description_field = "supports"
    search_group = SearchGroup("source", gettext_lazy("Sources"), 0.3, order=8)

    kind = models.CharField(max_length=10, choices=Kind)
    subject = models.CharField(max_length=8, choices=Subject, default=Subject.NONE)
    title = models.CharField(max_length=400)
    authors = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=200, blank=True, help_text="Journal or publisher.")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    doi = models.CharField("DOI", max_length=120, blank=True, validators=[validate_doi])
    url = models.URLField("address", max_length=500, blank=True)
    supports = models.TextField(help_text="In one or two sentences: what it is cited for.")
    verified = models.CharField(max_length=16, choices=Verified, default=Verified.SEEN)
    seen_via = models.CharField(
        max_length=300, blank=True, help_text="If only a copy or a report of it was read: which."
    )
    is_retracted = models.BooleanField("retracted", default=False)
    funding = models.CharField(
        "who paid",
        max_length=10,
        choices=Funding,
        blank=True,
        help_text="Who paid for the study. Needed where a number from people rests on it.",
    )
    funder = models.CharField(
        max_length=120, blank=True, help_text="Its name. Needed where it is stated. Readers see it."
    )

    objects: ClassVar = SourceQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["authors", "year", "title"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(funding__in=["", "not_stated"], funder="")
                | Q(funding__in=["maker", "public", "charity", "mixed"]) & ~Q(funder=""),
                name="evidence_source_funder_named",
                violation_error_message="Choose who paid and name the funder; if what you "
                "read names none, choose “Not stated in what we read”.",
            ),
        ]

    def __str__(self):
        return f"{self.slug}: {self.title[:80]}"

    def get_search_text(self):
        text = f"{self.supports} {self.publisher} {self.year or ''}".strip()
        return SearchText(self.title, text=text)

    @property
    def link(self):
        """Where the source itself can be read, or ''."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def has_subject(self) -> bool:
        """Whether it looked at cells, animals or people alone; a draft may not say yet."""
        return self.subject not in ("", Subject.NONE)

    @property
    def paid_by(self):
        """Who paid, in the words that stand with a number; '' where it was not looked up."""
        return gettext(PAID_BY[self.funding]) % {"funder": self.funder} if self.funding else ""

    @property
    def first_author(self):
        """'Li N and others' for a paper by several; the publisher where no person is named."""
        return shorten_authors(self.authors) or self.publisher

    @property
    def short(self):
        """'Li N and others, 2010'."""
        return f"{self.first_author}, {self.year}" if self.year else self.first_author


PAID_BY = {
    Source.Funding.MAKER: gettext_noop("Paid for by the maker of the drug: %(funder)s."),
    Source.Funding.PUBLIC: gettext_noop("Paid for with public money: %(funder)s."),
    Source.Funding.CHARITY: gettext_noop("Paid for by a charity: %(funder)s."),
    Source.Funding.MIXED: gettext_noop("Paid for by several: %(funder)s."),
    Source.Funding.NOT_STATED: gettext_noop("Who paid for it is not stated in what we read."),
}

ARM_ENDINGS = ("", "_total", "_events", "_per100")
"""Of the fields of each group of a Finding."""
MAX_PEOPLE_PER_ARM = 1_000_000
"""Per arm of a study. More is a typing error, and would overflow the sums below."""


class FindingQuerySet(PublishableQuerySet):
    def with_source(self):
        return self.select_related("source")

    def for_figures(self):
        """With no more than a figure shows, and of the source who paid."""
        arms = [f"{arm}{end}" for arm in ("treatment", "comparator") for end in ARM_ENDINGS]
        told = ("name", "happened", "when", "both_groups", "kind", "subject", "population", "note")
        certain = ("certainty", "certainty_reason")
        source = ("source__slug", "source__funding", "source__funder")
        return self.select_related("source").only("slug", *told, *certain, *arms, *source)

    def pictured_on(self, record):
        return self.filter(pk__in=record.pictured.values("pk"))

    def shown_on(self, record, slugs=()):
        """Findings pictured on the page of `record`, and those with one of `slugs`.

        `.is_pictured` tells which is which.
        """
        pictured = Q(pk__in=record.pictured.values("pk"))
        annotated = self.annotate(is_pictured=ExpressionWrapper(pictured, BooleanField()))
        return annotated.filter(pictured | Q(slug__in=slugs))

    def about(self, record):
        """All findings of a compound or condition."""
        return self.filter(pk__in=record.findings.values("pk"))

    def from_source(self, source):
        return self.filter(source=source)


def per_100_fits(events, total, per_100):
    """A count out of 100 that its events and total give, to within rounding.

    A half may be rounded either way: |per_100 * total - 100 * events| <= total / 2, kept in
    whole numbers so that every database agrees.
    """
    twice_off = 2 * (F(per_100) * F(total) - 100 * F(events))
    return Q(**{f"{events}__isnull": True}) | Q(LessThanOrEqual(twice_off, F(total))) & Q(
        GreaterThanOrEqual(twice_off, -F(total))
    )


def fitting_per_100(events, total):
    """The counts out of 100 that `per_100_fits` allows: one, or two at an exact half."""
    lowest = -((total - 200 * events) // (2 * total))
    return range(lowest, (200 * events + total) // (2 * total) + 1)


class Finding(Publishable):
    """A number from a study: how many of 100 people, beside how many of 100 in comparison.

    Events and totals are people; where the source gives only a share, the events are empty. The
    sentence, the picture and the table are all made from this record.
    """

    class Kind(models.TextChoices):
        BENEFIT = "benefit", "Benefit"
        HARM = "harm", "Harm"

    class Certainty(models.TextChoices):
        HIGH = "high", gettext_lazy("Confidence: high")
        MODERATE = "moderate", gettext_lazy("Confidence: moderate")
        LOW = "low", gettext_lazy("Confidence: low")

    fixture = "findings"

    name = models.CharField(max_length=120, help_text="Heading of the picture.")
    happened = models.CharField(
        max_length=200,
        help_text="Fits: “After 4 weeks, 69 out of 100 people on Spravato ___.” "
        "For example: had their depression at least halved.",
    )
    when = models.CharField(max_length=80, help_text="Opens the sentence: After 4 weeks.")
    timeframe = models.CharField(max_length=80, help_text="The time of the count: 4 weeks.")
    kind = models.CharField(max_length=8, choices=Kind)
    subject = models.CharField(max_length=8, choices=Subject, default=Subject.PEOPLE)
    population = models.CharField(max_length=250, help_text="Who took part.")
    treatment = models.CharField(max_length=200, help_text="Follows “people”: on Spravato.")
    treatment_total = models.PositiveIntegerField()
    treatment_events = models.PositiveIntegerField(null=True, blank=True)
    treatment_per100 = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    comparator = models.CharField(max_length=200, help_text="Follows “people”, as above.")
    comparator_total = models.PositiveIntegerField()
    comparator_events = models.PositiveIntegerField(null=True, blank=True)
    comparator_per100 = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    both_groups = models.CharField(
        max_length=120,
        blank=True,
        help_text="One sentence: what both groups had. Everyone also took an antidepressant pill.",
    )
    certainty = models.CharField(max_length=8, choices=Certainty)
    certainty_reason = models.CharField(max_length=200, help_text="One sentence: why.")
    note = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="findings")
    order = models.PositiveSmallIntegerField(default=0)

    is_pictured: bool
    """Set by `shown_on()`."""

    objects: ClassVar = FindingQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["order", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            *(
                models.CheckConstraint(
                    condition=Q(
                        **{
                            f"{arm}_total__range": (1, MAX_PEOPLE_PER_ARM),
                            f"{arm}_per100__lte": 100,
                        }
                    ),
                    name=f"evidence_finding_{arm}_possible",
                    violation_error_message=f"{arm}: at least 1 person, at most a million, "
                    "and at most 100 out of 100.",
                )
                for arm in ("treatment", "comparator")
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{arm}_events__isnull": True})
                    | Q(**{f"{arm}_events__lte": F(f"{arm}_total")}),
                    name=f"evidence_finding_{arm}_events_fit",
                    violation_error_message=f"{arm}: more events than people.",
                )
                for arm in ("treatment", "comparator")
            ),
            *(
                models.CheckConstraint(
                    condition=per_100_fits(f"{arm}_events", f"{arm}_total", f"{arm}_per100"),
                    name=f"evidence_finding_{arm}_per100_fits",
                    violation_error_message=f"{arm}: the count out of 100 does not fit the events.",
                )
                for arm in ("treatment", "comparator")
            ),
            models.CheckConstraint(
                condition=~Q(comparator="") & ~Q(timeframe="") & ~Q(when="") & ~Q(happened=""),
                name="evidence_finding_compared_and_timed",
                violation_error_message="A number needs its comparator and its timeframe.",
            ),
        ]

    def __str__(self):
        return f"{self.slug}: {self.name}"

    def get_absolute_url(self):
        return self.source.get_absolute_url() + f"#{self.slug}"

    @property
    def treated(self):
        return out_of_100(self.treatment_per100)

    @property
    def compared(self):
        return out_of_100(self.comparator_per100)

    @property
    def sentence(self):
        """The number in short sentences, always with comparator and timeframe."""
        return (
            f"{self.when}, {self.treated} people {self.treatment} {self.happened}. "
            f"Of 100 people {self.comparator}, this was so for {self.comparator_per100}. "
            f"{self.both_groups}"
        ).rstrip()

    @property
    def confidence(self):
        """How sure we are of the number, and why."""
        return f"{self.get_certainty_display()}. {self.certainty_reason}"

    @property
    def otherwise(self):
        """The same number from the other side, so that gain and loss weigh the same."""
        treated, compared = 100 - self.treatment_per100, 100 - self.comparator_per100
        return f"For the other {treated} (and {compared}), this was not so."

    @property
    def arms(self):
        """Both groups, drawn and tabled alike: (out of 100, who, how many people took part)."""
        return tuple(
            tuple(getattr(self, f"{arm}{end}") for end in ("_per100", "", "_total", "_events"))
            for arm in ("treatment", "comparator")
        )


def out_of_100(per_100):
    return f"{per_100} out of 100"


class ClaimQuerySet(PublishableQuerySet):
    def with_verdict(self, verdict):
        return self.filter(verdict=verdict) if verdict in Claim.Verdict.values else self

    def with_sources(self):
        """With `.shown`, the sources that the public may read."""
        shown = Prefetch("sources", Source.objects.published(), to_attr="shown")
        return self.prefetch_related(shown)

    def using_source(self, source):
        return self.filter(sources=source)


class Claim(Page, Publishable):
    """A statement that people read and hear, checked: verdict, why, sources.

    Its address is a place on the list of claims.
    """

    class Verdict(models.TextChoices):
        SUPPORTED = "supported", "Holds up"
        NUANCE = "nuance", "True with limits"
        OUTDATED = "outdated", "Out of date"
        OVERSTATED = "overstated", "Says too much"
        UNSUPPORTED = "unsupported", "Not supported"

    fixture = "claims"
    title_field = "text"
    has_own_page = False
    search_group = SearchGroup("claim", gettext_lazy("Claims, checked"), 0.7, order=6)

    text = models.CharField(max_length=300, help_text="The claim in our own words.")
    verdict = models.CharField(max_length=12, choices=Verdict)
    why = models.TextField(help_text="One to three plain sentences.")
    sources = models.ManyToManyField(Source, related_name="claims")
    order = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar = ClaimQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["order", "slug"]

    def get_absolute_url(self):
        return reverse("content:claim_list") + f"#{self.slug}"

    def get_search_text(self):
        return SearchText(self.text, prose=(self.why,))


# Files of their own; here, because starter content is loaded in the order of the models.
from psychoplastogens.evidence.link_check import LinkCheck  # noqa: E402, F401
from psychoplastogens.evidence.spine_change import SpineChange  # noqa: E402, F401
