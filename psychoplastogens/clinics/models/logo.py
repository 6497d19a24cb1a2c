import uuid

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual


class Logo(models.Model):
    """A clinic's logo: a small PNG of ours, made by `clinics.logo_images`.

    In the database, so that a backup has it and every machine shows it. Another picture is another
    record, so its address never shows two.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    png = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("png"), 100_000), name="clinics_logo_is_small"
            ),
            models.CheckConstraint(
                condition=models.Q(width__range=(1, 480), height__range=(1, 160)),
                name="clinics_logo_size",
            ),
        ]

    def __str__(self):
        return f"{self.width} × {self.height}"
