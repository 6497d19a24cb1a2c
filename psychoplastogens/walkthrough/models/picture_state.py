"""One of several ways in which readers see a picture: SceneState, OpeningState."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from psychoplastogens.content.fields import ProseField
from psychoplastogens.content.models.prose_model import ProseModel
from psychoplastogens.editorial.models import Part
from psychoplastogens.walkthrough import scenes


class PictureState(ProseModel, Part):
    """What a picture shows while a reader has chosen it. The first one comes first."""

    title_field = "label"
    PARTS: ClassVar = ("hidden", "pale")
    """The fields with names of parts of the scene."""

    label = models.CharField(max_length=24, help_text="Short: it stands on the control.")
    slug = models.SlugField(max_length=40, help_text="Names it in addresses: ?state=off.")
    sentence = ProseField(
        "said when it is shown", help_text="What changes, in a cited sentence or two."
    )
    alt = models.TextField(
        "picture in words",
        help_text="What is seen in this state, beside what is said of the picture as a whole.",
    )
    hidden = models.CharField(
        max_length=160,
        blank=True,
        help_text="Parts of the scene that it does not show, by their names there, with spaces "
        "between. A name that is not there is answered with those that are.",
    )
    pale = models.CharField(
        max_length=160, blank=True, help_text="Parts that are drawn pale, in the same way."
    )

    class Meta(Part.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug="") & ~Q(label=""),
                name="%(app_label)s_%(class)s_named",
                violation_error_message="A state needs a label and a name for its address.",
            )
        ]

    def __str__(self):
        return self.label

    def clean(self):
        super().clean()
        scene = self.pictured.scene
        found = {name: scenes.find_strange_part(scene, getattr(self, name)) for name in self.PARTS}
        if errors := {name: strange for name, strange in found.items() if strange}:
            raise ValidationError(errors)


class SceneState(PictureState):
    """A state of the picture of a step."""

    step = models.ForeignKey("walkthrough.Step", on_delete=models.CASCADE, related_name="states")

    class Meta(PictureState.Meta):
        constraints = [
            *PictureState.Meta.constraints,
            models.UniqueConstraint(
                fields=["step", "slug"],
                name="walkthrough_scenestate_once",
                violation_error_message="Two states of a picture cannot share an address.",
            ),
        ]

    @property
    def pictured(self):
        """What has the picture."""
        return self.step


class OpeningState(PictureState):
    """A state of the picture that a walkthrough begins with."""

    walkthrough = models.ForeignKey(
        "walkthrough.Walkthrough", on_delete=models.CASCADE, related_name="states"
    )

    class Meta(PictureState.Meta):
        constraints = [
            *PictureState.Meta.constraints,
            models.UniqueConstraint(
                fields=["walkthrough", "slug"],
                name="walkthrough_openingstate_once",
                violation_error_message="Two states of a picture cannot share an address.",
            ),
        ]

    @property
    def pictured(self):
        """What has the picture."""
        return self.walkthrough
