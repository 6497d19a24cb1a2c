"""Signed links by which clinicians without an account review one revision."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from psychoplastogens.editorial.models.reviewer import Reviewer
from psychoplastogens.editorial.models.revision import Revision

REVIEW_LINK_DAYS = 14


class ReviewLink(models.Model):
    """A link by which a clinician without an account reviews one revision.

    The address holds the signed key of this row. The link ends after REVIEW_LINK_DAYS days, or
    when it is revoked or used, or when the revision leaves review.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="links")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    was_mailed = models.BooleanField(default=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    SALT = "editorial.ReviewLink"

    class Meta:
        ordering = ["-made_at"]

    def __str__(self):
        return f"{self.reviewer}, until {self.expires_at:%Y-%m-%d}"

    def save(self, *args, **kwargs):
        self.expires_at = self.expires_at or self.made_at + timedelta(days=REVIEW_LINK_DAYS)
        super().save(*args, **kwargs)

    @property
    def state(self):
        """One line for staff: until when it is open, or why it is closed."""
        return self.closed_reason or f"Open until {date_format(self.expires_at.date())}."

    @property
    def requester_name(self):
        """The name of the user who made the link; “admin of Understory” where there is none."""
        unnamed = f"{self.made_by.get_username()} of {settings.SITE_NAME}"
        return self.made_by.get_full_name() or unnamed

    @property
    def token(self):
        """The last part of its address: the signed key of this row."""
        return signing.Signer(salt=self.SALT).sign(self.pk.hex)

    @classmethod
    def from_token(cls, token):
        """Return the link with this token in whatever state, or None if the signature is wrong."""
        try:
            key = uuid.UUID(signing.Signer(salt=cls.SALT).unsign(token))
        except (signing.BadSignature, ValueError):
            return None
        links = cls.objects.select_related("revision", "reviewer", "made_by")
        return links.filter(pk=key).first()

    @property
    def closed_reason(self):
        """Why the link can no longer be used, in words for the clinician; '' while it can."""
        if self.answered_at:
            return "It was answered already."
        if self.revoked_at:
            return "It was taken back by the team."
        if self.expires_at <= timezone.now():
            return "Its time is over."
        if self.revision.state != Revision.State.IN_REVIEW:
            return "The text has changed since, or was decided already."
        return ""
