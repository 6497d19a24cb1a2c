"""Responses that middleware treats differently."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.loader import render_to_string


class OneOffResponse(HttpResponse):
    """A response that nobody else asks for just now: the page store does not keep it."""


def render_one_off(request, template_name: str, context: dict) -> OneOffResponse:
    """Like django.shortcuts.render."""
    return OneOffResponse(render_to_string(template_name, context, request))
