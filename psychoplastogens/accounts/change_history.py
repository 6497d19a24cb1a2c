"""The history of a record without revisions: as the histories of texts, the latest first."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry


class LatestFirstHistoryAdmin(admin.ModelAdmin):
    def get_paginator(self, request, queryset, per_page, *args, **kwargs):
        """Django's history names no order of its own: what it pages through is what it shows."""
        if queryset.model is LogEntry:
            queryset = queryset.order_by("-action_time", "-pk")
        return super().get_paginator(request, queryset, per_page, *args, **kwargs)
