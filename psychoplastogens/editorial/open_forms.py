"""Who else has a page open in a form: told to colleagues, kept for a minute and a half."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list

# Three times as long as a form waits before it says again that it is open.
GONE_AFTER = timedelta(seconds=90)


class OpenFormQuerySet(models.QuerySet):
    def about(self, record):
        """The forms of `record` that are open now, the longest first."""
        kind = ContentType.objects.get_for_model(record)
        since = timezone.now() - GONE_AFTER
        return self.filter(content_type=kind, object_id=record.pk, seen_at__gte=since).order_by(
            "opened_at"
        )

    def see(self, record, user):
        """`user` has `record` open now; whoever was not heard of for long is forgotten."""
        now = timezone.now()
        with transaction.atomic():
            self.filter(seen_at__lt=now - GONE_AFTER).delete()
            kind = ContentType.objects.get_for_model(record)
            self.update_or_create(
                {"seen_at": now}, content_type=kind, object_id=record.pk, user=user
            )

    def leave(self, record, user):
        """`user` has closed it."""
        self.about(record).filter(user=user).delete()

    def of_others(self, record, user):
        return self.about(record).exclude(user=user).select_related("user")


class OpenForm(models.Model):
    """Somebody has a page open in its form, or a part of it, since `opened_at`."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(db_index=True)

    objects = OpenFormQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "user"], name="editorial_openform_once"
            )
        ]

    def __str__(self):
        return f"{self.user} since {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def who(self):
        return self.user.get_full_name() or self.user.get_username()

    @property
    def since(self):
        """“14:20”, with the day where that is not today."""
        opened = timezone.localtime(self.opened_at)
        is_today = opened.date() == timezone.localdate()
        return date_format(opened, "H:i" if is_today else "j F, H:i")


def presence(model_admin, request, key):
    """POST: this form is open (with `left`: it was closed). Answers with {"notice": who else}."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    page = model_admin.page_with(str(key))
    if page is None:
        raise Http404("There is no such record.")
    if not model_admin.has_change_permission(request, page):
        raise PermissionDenied
    if "left" in request.POST:
        OpenForm.objects.leave(page, request.user)
        return JsonResponse({"notice": ""})
    OpenForm.objects.see(page, request.user)
    return JsonResponse({"notice": notice(OpenForm.objects.of_others(page, request.user))})


def notice(others) -> str:
    """“Ada has this page open since 14:20.”, or nothing where nobody has."""
    others = list(others)
    if len(others) == 1:
        return f"{others[0].who} has this page open since {others[0].since}."
    names = [f"{other.who} (since {other.since})" for other in others]
    return f"{get_text_list(names, 'and')} have this page open." if names else ""
