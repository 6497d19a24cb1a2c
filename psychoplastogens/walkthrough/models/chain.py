"""What a reader takes away to see what follows: ChainLink, Experiment."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from psychoplastogens.content.fields import ProseField
from psychoplastogens.content.models.prose_model import ProseModel
from psychoplastogens.editorial.models import Part
from psychoplastogens.evidence.models import Subject
from psychoplastogens.walkthrough import scenes
from psychoplastogens.walkthrough.models.walkthrough import Step, Walkthrough


class ChainLink(ProseModel, Part):
    """A link of the chain that readers can take away: what it does, and in whom it was seen."""

    class Seen(models.TextChoices):
        YES = "yes", "Seen"
        SIGN = "sign", "Only a sign of it"
        NO = "no", "Not seen"

    parts = ("experiments",)
    citation_optional = Step.citation_optional

    walkthrough = models.ForeignKey(Walkthrough, on_delete=models.CASCADE, related_name="links")
    name = models.CharField(max_length=16, help_text="Short: it stands below its picture.")
    slug = models.SlugField(max_length=40, help_text="Names it in addresses: ?without=ampa.")
    picture = models.CharField(max_length=40, validators=[scenes.validate_link_picture])
    beside = models.BooleanField(
        default=False, help_text="Beside the chain: no link leads to it, and none comes after."
    )
    sentence = ProseField(help_text="What it does, in one or two cited sentences.")
    time = models.CharField(
        max_length=6, choices=Step.Time, blank=True, help_text="Where it stands on the clock."
    )
    without = ProseField(
        "said when it is taken away", help_text="What was seen then, in one cited sentence."
    )
    people = models.CharField("in people", max_length=4, choices=Seen, default=Seen.NO)
    seen_in_people = ProseField(blank=True)
    animals = models.CharField("in animals", max_length=4, choices=Seen, default=Seen.NO)
    seen_in_animals = ProseField(blank=True)
    cells = models.CharField("in cells", max_length=4, choices=Seen, default=Seen.NO)
    seen_in_cells = ProseField(blank=True)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["walkthrough", "slug"],
                name="walkthrough_chainlink_once",
                violation_error_message="Two links of a chain cannot share an address.",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: "no"}) | ~Q(**{f"seen_in_{name}": ""}),
                    name=f"walkthrough_chainlink_seen_in_{name}",
                    violation_error_message=f"Say what was seen in {name}.",
                )
                for name in ("people", "animals", "cells")
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """The chain without this link."""
        chain = reverse("walkthrough:chain_detail", args=[self.walkthrough.slug])
        return f"{chain}?without={self.slug}"

    seen = Step.seen


class Experiment(ProseModel, Part):
    """What was seen when somebody took a link away, and in whom."""

    class Effect(models.TextChoices):
        STOPPED = "stopped", _("It stopped.")
        WEAKER = "weaker", _("It was weaker.")
        STAYED = "stayed", _("It came all the same.")
        UNCLEAR = "unclear", _("It is unclear.")

    link = models.ForeignKey(ChainLink, on_delete=models.CASCADE, related_name="experiments")
    subject = models.CharField(
        "in whom",
        max_length=10,
        choices=[(s, s.label) for s in (Subject.PEOPLE, Subject.ANIMALS, Subject.CELLS)],
    )
    done = models.CharField("what was done", max_length=160)
    effect = models.CharField(
        "what became of the rest", max_length=7, choices=Effect, help_text="The chain fades by it."
    )
    result = ProseField("what was seen", help_text="With its source, numbers and strength.")

    class Meta(Part.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__in=["people", "animals", "cells"]),
                name="walkthrough_experiment_in_whom",
                violation_error_message="Say in whom: people, animals or cells.",
            )
        ]

    def __str__(self):
        return self.done
